/** What a replay found, as it stands in docs/pictures/outage.json and as the pictures draw it. */

export interface OutageHourCount {
  /** `15:00` in Korea. */
  readonly label: string
  readonly cutShare: number
  /** Paid from the voucher by the core's own answer. */
  readonly byCore: number
  /** Paid from the voucher by stand-in. */
  readonly byStandIn: number
  /** The account paid, after a positive statement that the voucher has nothing to do with the sale. */
  readonly byAccount: number
  /** Nobody paid. */
  readonly declined: number
  /** What a platform without stand-in would have taken from people's accounts instead of their vouchers. */
  readonly wrongWithout: number
}

export interface OutageReport {
  readonly answered: number
  readonly standin_approved: number
  readonly declined: number
  readonly declined_because: Readonly<Record<string, number>>
  readonly wrong_debits: number
  readonly repaired: number
  readonly unreconciled: number
  readonly reconciled_s: number
  readonly loss_won: number
  readonly exposure_max_won: number
  readonly exposure_bound_won: number
  readonly without_standin: { readonly wrong_debits: number; readonly unanswered: number }
  readonly issuers: number
  readonly cards: number
  /** One second of the replay stands for so many of that day. */
  readonly time_factor: number
  readonly simulated: readonly string[]
  readonly hours: readonly OutageHourCount[]
}
