/** A request for a full refund from its opening to its end, as one complete table; SPEC.md holds the same table. */

/** `opened` waits for an officer, `approved` for the ledger; the others are ends. */
export const refundRequestStates = ['opened', 'approved', 'refused', 'paid', 'void'] as const
export type RefundRequestState = (typeof refundRequestStates)[number]

/**
 * - `approve`, `refuse`: an officer has decided, or the system where the ground is known to it.
 * - `refunded`: the ledger has posted the refund, and the payout with it.
 * - `nothing_left`: the member has used, given or handed back the rest in the meantime.
 */
export const refundRequestEvents = ['approve', 'refuse', 'refunded', 'nothing_left'] as const
export type RefundRequestEvent = (typeof refundRequestEvents)[number]

/** `refund`: post it; `tell`: the member is told the end; `reject`: whoever asked is told that it is decided. */
export const refundRequestActions = ['refund', 'tell', 'reject', 'nothing'] as const
export type RefundRequestAction = (typeof refundRequestActions)[number]

export interface RefundRequestStep {
  readonly state: RefundRequestState
  readonly action: RefundRequestAction
}

const ended = (state: 'refused' | 'paid' | 'void') =>
  ({
    approve: { state, action: 'reject' },
    refuse: { state, action: 'reject' },
    refunded: { state, action: 'nothing' },
    nothing_left: { state, action: 'nothing' },
  }) as const satisfies Readonly<Record<RefundRequestEvent, RefundRequestStep>>

/** Every state × every event: a forgotten cell does not compile. */
export const refundRequestTable: Readonly<
  Record<RefundRequestState, Readonly<Record<RefundRequestEvent, RefundRequestStep>>>
> = {
  opened: {
    approve: { state: 'approved', action: 'refund' },
    refuse: { state: 'refused', action: 'tell' },
    // Only what was approved is posted, so these cannot come.
    refunded: { state: 'opened', action: 'nothing' },
    nothing_left: { state: 'opened', action: 'nothing' },
  },
  approved: {
    approve: { state: 'approved', action: 'refund' },
    refuse: { state: 'approved', action: 'reject' },
    refunded: { state: 'paid', action: 'tell' },
    nothing_left: { state: 'void', action: 'tell' },
  },
  refused: ended('refused'),
  paid: ended('paid'),
  void: ended('void'),
}

export function nextRefundRequestStep(
  state: RefundRequestState,
  event: RefundRequestEvent,
): RefundRequestStep {
  return refundRequestTable[state][event]
}
