/**
 * The canonical model of card messages: what every partner's format is translated into at the gateway's door, and the
 * only thing the rest of the house knows. No ISO 8583 field number and no telegram offset is known past this page.
 */
import type { BusinessDate, Instant, PartnerId, Won } from '../base/base.ts'

/** `authorization` holds now and is completed later (0100); `financial` debits at once (0200). */
export const cardClasses = ['authorization', 'financial', 'cancellation', 'enquiry'] as const
export type CardClass = (typeof cardClasses)[number]

/**
 * What makes a card message one message however often it is sent: acquirer (DE 32), terminal (DE 41), trace number
 * (STAN, DE 11), local date (DE 13 with its year) and class. Repeats bear the key of the original.
 */
export interface CardKey {
  readonly partnerId: PartnerId
  readonly acquirer: string
  readonly terminal: string
  /** Six digits. */
  readonly stan: string
  readonly localDate: BusinessDate
  readonly cardClass: CardClass
}

/** One sale as the terminal saw it. A reversal, completion or cancellation repeats that of its original. */
export interface CardSale {
  readonly key: CardKey
  /** The partner's token for the card, 8–32 letters and digits; never a PAN. */
  readonly cardToken: string
  /** 15 characters: the ten digits of the business number and five of the outlet, `00000` for the only one. */
  readonly merchantNumber: string
  /** What the terminal asked for. */
  readonly amountWon: Won
  /** The terminal's local time. */
  readonly at: Instant
  /** Terminal and cardholder allow that the account pays the rest (복합결제). */
  readonly partialAllowed: boolean
}

/** What may be answered with a no. */
export type CardRequest =
  | { readonly kind: 'authorize'; readonly sale: CardSale }
  | { readonly kind: 'pay'; readonly sale: CardSale }
  /** Business cancellation (승인취소) under a key of its own; the amount absent: all that is left. */
  | {
      readonly kind: 'cancel'
      readonly key: CardKey
      readonly original: CardSale
      readonly amountWon?: Won
    }
  | {
      readonly kind: 'enquire_balance'
      readonly key: CardKey
      readonly cardToken: string
      readonly merchantNumber: string
      readonly at: Instant
    }
  | { readonly kind: 'compare_totals'; readonly totals: CardTotals }

export type SaleRequest = Extract<CardRequest, { readonly sale: CardSale }>

/** Counts and sums of one partner and business date, approved voucher money only (0500, DE 74–89). */
export interface CardTotals {
  readonly partnerId: PartnerId
  readonly date: BusinessDate
  readonly payments: CountAndSum
  readonly cancellations: CountAndSum
  readonly reversals: CountAndSum
}
export interface CountAndSum {
  readonly count: number
  readonly sumWon: Won
}

/**
 * Who decided what an advice tells.
 * - `core`: our core, told again because its memory of it may be lost (a restored database).
 * - `standin`: our gateway, while the core could not be asked.
 * - `partner`: the card company on the voucher's behalf, by agreement.
 * - `provisional_debit`: nobody could know, and by the cardholder's choice the account was debited: 사후전환 is due.
 */
export const advisedBy = ['core', 'standin', 'partner', 'provisional_debit'] as const
export type AdvisedBy = (typeof advisedBy)[number]

/** What has happened already and may not be refused: it is taken, however late, often or out of order it comes. */
export type CardNotice =
  | {
      readonly kind: 'advise'
      readonly sale: CardSale
      readonly by: AdvisedBy
      /** Voucher money that was approved; for `provisional_debit`: what the account paid. */
      readonly approvedWon: Won
      readonly decidedAt: Instant
    }
  /** The goods went out: `sale` is the authorization's, `amountWon` what is really due (0220). */
  | {
      readonly kind: 'complete'
      readonly sale: CardSale
      readonly amountWon: Won
      readonly decidedAt: Instant
    }
  /** Undo because the outcome is unknown to the sender (망취소, 0400/0420); `keepWon` of DE 95, usually zero. */
  | {
      readonly kind: 'reverse'
      readonly sale: CardSale
      readonly keepWon: Won
      readonly decidedAt: Instant
      /**
       * `gateway`: our own gateway takes back what it asked the core without hearing an answer. The sale goes on
       * without us and may still be told as a provisional debit. Absent: the partner took the whole sale back.
       */
      readonly by?: 'gateway'
    }
  /** A cancellation that stand-in granted. */
  | {
      readonly kind: 'cancelled'
      readonly key: CardKey
      readonly original: CardSale
      readonly amountWon: Won
      readonly decidedAt: Instant
    }

/** The sale that a notice is about. */
export function saleOfNotice(notice: CardNotice): CardSale {
  return notice.kind === 'cancelled' ? notice.original : notice.sale
}

export const cardVerdicts = [
  'approved',
  'partially_approved',
  'not_applicable',
  'declined',
  'unknown',
] as const
/** The five answers of the card path; the table of SPEC.md says what the card company does with each. */
export type CardVerdict = (typeof cardVerdicts)[number]

/** Who pays. */
export const moneySources = ['voucher', 'voucher_and_account', 'account', 'none'] as const
export type MoneySource = (typeof moneySources)[number]
