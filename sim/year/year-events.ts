/**
 * What happens in the scripted year: what people wish, in the order of time, and what they were told. This list is all
 * that the recalculation gets; it never sees the ledger.
 */

/** Programs of the town, by their part in the story. */
export const programNames = ['voucher', 'cashback', 'allowance', 'relief', 'festival'] as const
export type ProgramName = (typeof programNames)[number]

/** Members and shops are numbers from 0; what an event refers to is an earlier event's number. */
export type Wish =
  | {
      readonly what: 'buy'
      readonly member: number
      readonly program: ProgramName
      readonly faceWon: number
    }
  | {
      readonly what: 'pay'
      readonly member: number
      readonly shop: number
      readonly amountWon: number
    }
  /** By the shop; without an amount all that is left. */
  | { readonly what: 'cancel_payment'; readonly payment: number; readonly amountWon?: number }
  | {
      readonly what: 'grant'
      readonly member: number
      readonly program: ProgramName
      readonly amountWon: number
    }
  /** A present to another member's telephone number. */
  | {
      readonly what: 'gift'
      readonly member: number
      readonly to: number
      readonly program: ProgramName
      readonly amountWon: number
    }
  /** What its receiver makes of it; who says nothing lets it go back. */
  | { readonly what: 'answer_gift'; readonly gift: number; readonly accepts: boolean }
  /** A funder pays into the fund, as an officer said that it would. */
  | { readonly what: 'subsidize'; readonly funder: 0 | 1 | 2; readonly amountWon: number }
  /** Money comes into the fund that nobody ordered: interest, or a stranger's. */
  | { readonly what: 'deposit'; readonly from: 'interest' | 'stranger'; readonly amountWon: number }
  /** An unused lot is handed back; named by the event that bought it. */
  | { readonly what: 'cancel_purchase'; readonly purchase: number }
  /** What is left of a lot is paid back. */
  | { readonly what: 'refund'; readonly purchase: number }

export type WishOf<What extends Wish['what']> = Extract<Wish, { what: What }>

export interface YearEvent {
  /** Its place in the list, from 0. */
  readonly number: number
  /** From 0. */
  readonly day: number
  /** UTC milliseconds. */
  readonly at: number
  readonly wish: Wish
}

/** The answer as the person got it: done, with the sums that count, or the reason why not. */
export type Told =
  | { readonly status: 'done'; readonly won: Readonly<Record<string, number>> }
  | { readonly status: 'declined'; readonly reason: string }

export const declined = (reason: string): Told => ({ status: 'declined', reason })

/** A sentence for whoever has to look; the year is then worth nothing. */
export interface YearViolation {
  readonly day: number
  readonly sentence: string
}
