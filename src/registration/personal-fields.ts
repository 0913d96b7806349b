/**
 * What is personal in records, by kind: these fields and natural keys lie beside the record, under a salted hash in
 * it, and can be erased although the record is sealed. After that a field reads as it stands here.
 *
 * A card link keeps its person's name in full: gateways are fed from it, and what they hold must be what is sealed.
 */
import { ERASED, ERASED_DAY, type IssuerId } from '../base/base.ts'
import type { RecordKind } from './registry.ts'

type ErasedValues = Readonly<Record<string, unknown>>

export const personalRecordFields: Partial<Record<RecordKind, ErasedValues>> = {
  member: {
    personId: ERASED,
    name: ERASED,
    birthDate: ERASED_DAY,
    phone: ERASED,
    accountToken: null,
  },
  device: { personId: ERASED },
  consent: { device: ERASED, subject: null },
  gift: { phone: ERASED, message: null },
  refund_request: { words: ERASED, decisionWords: null },
  appeal: { words: ERASED, answer: null },
  report: { description: ERASED, messages: [], attachments: [] },
  notice: { facts: {} },
  tax_setting: { cashReceiptNumber: ERASED },
  confirmation: { pinHash: '', passkeys: [] },
}

const PERSONAL_KEY = /^(?:person|phone):/

/** True for a natural key that leads from a person to a record. */
export function isPersonalKey(kind: RecordKind, key: string): boolean {
  return personalRecordFields[kind] !== undefined && PERSONAL_KEY.test(key)
}

/** What a record has in place of a personal value: the hash of its salt, its field and itself. */
const HASH = /^sha256:[0-9a-f]{64}$/

/** The body of a record with what was erased said to be so. */
export function withErased(kind: RecordKind, body: unknown): unknown {
  const erased = personalRecordFields[kind]
  if (erased === undefined || typeof body !== 'object' || body === null) return body
  const gone = Object.entries(erased).filter(([field]) => {
    const value: unknown = Reflect.get(body, field)
    return typeof value === 'string' && HASH.test(value)
  })
  return gone.length === 0 ? body : { ...body, ...Object.fromEntries(gone) }
}

/** True where nothing personal is left in the body of a kind. */
export function isErased(kind: RecordKind, body: unknown): boolean {
  return Object.entries(personalRecordFields[kind] ?? {}).every(([field, erased]) => {
    const value: unknown = Reflect.get(Object(body), field) ?? null
    return value === null || JSON.stringify(value) === JSON.stringify(erased)
  })
}

/** Erases what is personal in records for good; the records stay, and so do their seals. */
export interface PersonalErasure {
  /** Again: nothing is left to erase. @returns how many versions lost something */
  erasePersonal(issuerId: IssuerId, kind: RecordKind, recordIds: readonly number[]): Promise<number>
}
