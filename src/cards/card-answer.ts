/** The answer to a card request: one of five verdicts, where the money comes from, and what is left. */
import type { DeclineReason, Instant, Won } from '../base/base.ts'
import type { FallbackPreference } from '../issuing/issuing.ts'
import type { CardVerdict, MoneySource } from './card-message.ts'

/** Reasons that only the card path knows, besides those of the ledger and of policy. */
export const cardOnlyReasons = [
  // The key came before with another card, merchant or amount: somebody's trace numbers repeat.
  'key_reused',
  // Positive statements: this voucher has nothing to do with the sale.
  'merchant_not_registered',
  'card_not_linked',
  // Stand-in.
  'standin_limit_exceeded',
  // Nobody can know.
  'core_unreachable',
  'standin_forbidden',
  'standin_snapshot_too_old',
  'standin_store_full',
  'gateway_busy',
  'signed_off',
  'totals_differ',
] as const
export type CardReason = DeclineReason | (typeof cardOnlyReasons)[number]

export interface CardAnswer {
  readonly verdict: CardVerdict
  /** Absent where all was approved. */
  readonly reason?: CardReason
  /** Voucher money: all of an approved sale, a part of a partly approved one, what a cancellation gave back. */
  readonly voucherWon: Won
  /** What the card company may take from the account: the rest of a partial approval, all where not applicable. */
  readonly accountWon: Won
  readonly source: MoneySource
  /** Voucher money that is left and could be spent at this merchant. */
  readonly remainingWon?: Won
  /** When `remainingWon` was known, where it is not of this very moment. */
  readonly remainingAt?: Instant
  /** Six digits, the same however often the message is repeated; of approvals only. */
  readonly approvalCode?: string
  readonly decidedBy: 'core' | 'standin' | 'gateway'
  /** With `unknown`: what the cardholder chose for it, where we know. */
  readonly onUnknown?: FallbackPreference
}
