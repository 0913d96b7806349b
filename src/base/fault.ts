/**
 * The world failed: a time-out, no primary, a malformed peer. Not a decline (a value, not thrown)
 * and not a bug (an assertion).
 */

/**
 * What the caller may believe about the operation that met the fault.
 * - `did_not_happen`: certain; nothing was written. Repeating with the same key is safe.
 * - `may_have_happened`: the answer was lost; only an enquiry by the same key can tell.
 */
export const faultCertainties = ['did_not_happen', 'may_have_happened'] as const
export type FaultCertainty = (typeof faultCertainties)[number]

/** Every fault the product can meet; each has one certainty and one owner who finds out. */
export const faultTable = {
  postgres_unavailable: {
    certainty: 'did_not_happen',
    owner: 'the client repeats with the same key',
  },
  postgres_answer_lost: {
    certainty: 'may_have_happened',
    owner: 'the client enquires by its key; a repeat with the same key is answered once',
  },
  postgres_disk_full: {
    certainty: 'did_not_happen',
    owner: 'the operator frees the volume; the client repeats with the same key',
  },
  postgres_refused: {
    certainty: 'did_not_happen',
    owner: 'the developers: a constraint held where a function should have declined',
  },
  wallet_busy: { certainty: 'did_not_happen', owner: 'the client repeats with the same key' },
  queue_full: { certainty: 'did_not_happen', owner: 'the client repeats later with the same key' },
  shutting_down: { certainty: 'did_not_happen', owner: 'the client repeats with the same key' },
  bank_unavailable: {
    certainty: 'did_not_happen',
    owner: 'the purchase is abandoned and its quota returned',
  },
  bank_answer_lost: {
    certainty: 'may_have_happened',
    owner: 'the purchase resolver enquires at the bank until it knows',
  },
  core_unavailable: {
    certainty: 'did_not_happen',
    owner: 'the card gateway stands in within its limits',
  },
  core_refused: {
    certainty: 'did_not_happen',
    owner: 'the operator: gateway and core do not understand each other; their versions may differ',
  },
  core_answer_lost: {
    certainty: 'may_have_happened',
    owner: 'the card gateway stands in, and tells the core by the same key until it has taken it',
  },
  standin_store_full: {
    certainty: 'did_not_happen',
    owner: 'the operator frees the volume; the gateway approves nothing alone until then',
  },
  standin_store_failed: {
    certainty: 'may_have_happened',
    owner: 'the operator looks at the disk; the gateway approves nothing alone until then',
  },
  card_company_unavailable: {
    certainty: 'did_not_happen',
    owner:
      'the member repeats: linking, changing and unlinking a card come out the same however often',
  },
  clearing_file_missing: {
    certainty: 'did_not_happen',
    owner: 'the operator puts the file back, from the partner or from a copy; clearing goes on',
  },
  schema_too_new: { certainty: 'did_not_happen', owner: 'the operator starts the newer program' },
} as const satisfies Record<string, { certainty: FaultCertainty; owner: string }>
export type FaultCode = keyof typeof faultTable

/** An expected failure of the world. `message` is internal and is logged, never shown. */
export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  constructor(code: FaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
  get certainty(): FaultCertainty {
    return faultTable[this.code].certainty
  }
}
