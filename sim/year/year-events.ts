/**
 * What happens in the scripted year: what people wish, in the order of time, and what they were told. This list is all
 * that the recalculation gets; it never sees the ledger.
 */

/** Programs of the town, by their part in the story. */
export const programNames = ['voucher', 'cashback', 'allowance', 'relief', 'festival'] as const
export type ProgramName = (typeof programNames)[number]
export type StipendName = 'allowance' | 'relief'

/** Members and shops are numbers from 0; what an event refers to is an earlier event's number. */
export type Wish = Commerce | Office | Desk

/** Of members, shops and whoever pays into the fund. */
type Commerce =
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
  /** The same with nothing deducted. A ground that nobody can see an officer refuses. */
  | {
      readonly what: 'refund_in_full'
      readonly purchase: number
      readonly ground: 'small_remainder' | 'adverse_change'
    }
  /** Cashback of later payments waits for the button, or comes by itself. */
  | { readonly what: 'choose_cashback'; readonly member: number; readonly byButton: boolean }
  /** The button: all that waits becomes money. */
  | { readonly what: 'press_button'; readonly member: number }
  /** The next file of the kind comes spoiled before it comes right, or right and then once more. */
  | { readonly what: 'bank_slip'; readonly file: 'statement' | 'result'; readonly slip: BankSlip }

export const bankSlips = [
  'encoding',
  'truncated',
  'line_twice',
  'wrong_total',
  'other_bank',
  'file_twice',
] as const
export type BankSlip = (typeof bankSlips)[number]

/** Of whoever grants stipends, and of those on the lists or left out of them. */
type Office =
  /** Somebody becomes a member. They come in the order of their numbers. */
  | { readonly what: 'join'; readonly member: number }
  /** A list is uploaded and run dry. */
  | {
      readonly what: 'list'
      readonly program: StipendName
      readonly round: string
      readonly lines: readonly ListLine[]
      readonly flaw?: ListFlaw
    }
  /** The same file of an earlier event once more. */
  | { readonly what: 'list_again'; readonly list: number }
  /** Proposed by the first officer and approved by one of them; then granted. */
  | { readonly what: 'release'; readonly list: number; readonly approver: Officer }
  | {
      readonly what: 'appeal'
      readonly list: number
      readonly member: number
      readonly claimedWon: number
    }
  /** Accepted by the first officer and confirmed by the second; `null`: refused. */
  | { readonly what: 'answer_appeal'; readonly appeal: number; readonly amountWon: number | null }
  /** One line's grant is taken back. Proposed by the first officer. */
  | {
      readonly what: 'claw_back'
      readonly list: number
      readonly line: number
      readonly approver: Officer
    }

export type Officer = 1 | 2

export interface ListLine {
  /** The office's own number of the person. */
  readonly reference: string
  /** A member, somebody who becomes one later, or nobody. */
  readonly person: number
  /** Named by the member's number, or by name, birth date and telephone. */
  readonly by: 'number' | 'person'
  readonly amountWon: number
}

/** What is wrong with the file, in its last line where it is in one line only. */
export const listFlaws = ['amount', 'twice', 'total', 'issuer', 'encoding', 'cut_off'] as const
export type ListFlaw = (typeof listFlaws)[number]

/** Of officers who change programs. */
type Desk =
  | { readonly what: 'propose'; readonly change: YearChange; readonly officer: Officer }
  /** `proposal` is the event that proposed, or the stop that waits to be confirmed. */
  | { readonly what: 'approve'; readonly proposal: number; readonly officer: Officer }
  /** Withdrawn by the proposer, rejected by the other. */
  | { readonly what: 'turn_down'; readonly proposal: number; readonly officer: Officer }
  | ({ readonly what: 'stop_at_once'; readonly officer: Officer } & YearStop)

export type YearChange =
  | ({ readonly kind: 'terms'; readonly program: ProgramName; readonly fromDay: number } & (
      | { readonly rateBasisPoints: number }
      | { readonly monthlyCapWon: number }
    ))
  | ({ readonly kind: 'stop' } & YearStop)

export interface YearStop {
  readonly program: ProgramName
  readonly saleStopped: boolean
  readonly paymentStopped: boolean
}

export type WishOf<What extends Wish['what']> = Extract<Wish, { what: What }>

/** Every kind of event, for whoever asks whether all of them happened. */
export const wishNames = Object.keys({
  buy: true,
  pay: true,
  cancel_payment: true,
  gift: true,
  answer_gift: true,
  subsidize: true,
  deposit: true,
  cancel_purchase: true,
  refund: true,
  refund_in_full: true,
  choose_cashback: true,
  press_button: true,
  bank_slip: true,
  join: true,
  list: true,
  list_again: true,
  release: true,
  appeal: true,
  answer_appeal: true,
  claw_back: true,
  propose: true,
  approve: true,
  turn_down: true,
  stop_at_once: true,
} satisfies Record<Wish['what'], true>)

export interface YearEvent {
  /** Its place in the list, from 0. */
  readonly number: number
  /** From 0. */
  readonly day: number
  /** UTC milliseconds; no two events share an instant. */
  readonly at: number
  readonly wish: Wish
}

/** The answer as the person got it: done, with the sums that count, or the reason why not. */
export type Told =
  | { readonly status: 'done'; readonly won: Readonly<Record<string, number>> }
  | { readonly status: 'declined'; readonly reason: string }

export const declined = (reason: string): Told => ({ status: 'declined', reason })
export const done = (won: Readonly<Record<string, number>> = {}): Told => ({ status: 'done', won })

/** A sentence for whoever has to look; the year is then worth nothing. */
export interface YearViolation {
  readonly day: number
  readonly sentence: string
}
