/**
 * Movements: what moves money beside paying, buying and expiry. Policy decides each of them elsewhere, on lots and
 * payouts as it read them, and names every line; the ledger posts the lines only while those lots and payouts are
 * still as policy saw them. So no rule of refunds, gifts or settlement stands in SQL, and none is decided on what is no
 * longer true.
 */
import type {
  Instant,
  IssuerId,
  LotId,
  LotKind,
  MerchantId,
  OperationId,
  PotDraw,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'
import type { AccountKind, Transfer } from './account.ts'
import type { LotSources, Outcome, RequestBase } from './ledger.ts'
import type { NewPayout, PayoutStep } from './payout.ts'

/**
 * Every kind of movement, with the accounts that it may move money between, debit first.
 * - `purchase_cancellation` (구매취소): a lot that was not used is handed back; target: the purchase.
 * - `refund` (환급): what is left of lots is paid back to the member, less the funders' support.
 * - `gift`, `gift_acceptance`, `gift_return` (선물): target of the latter two: the gift.
 * - `cashback`, `cashback_return` (캐시백): target: the payment that earned it.
 * - `clawback` (환수): what is left of a granted lot goes back to its funders; target: the issue of the lot.
 * - `payout` (정산): a merchant is paid what it is owed, less its fee.
 * - `payout_confirmation`, `payout_return`, `payout_retry`: what the bank said of a payout; target: what caused it.
 * - `funder_payment` (보조금 교부): a funder pays what it owes.
 * - `unidentified_deposit`, `deposit_return`, `deposit_assignment`: money that came in and nobody expected.
 * - `fund_interest` (운영자금 이자), `income_payout`: what the fund earned, and what the issuer takes out of it.
 */
export const movementAccounts = {
  purchase_cancellation: [
    ['lot', 'settlement_in_transit'],
    ['lot', 'subsidy_receivable'],
  ],
  refund: [
    ['lot', 'settlement_in_transit'],
    ['lot', 'subsidy_receivable'],
  ],
  gift: [['lot', 'gift_transit']],
  gift_acceptance: [['gift_transit', 'lot']],
  gift_return: [['gift_transit', 'lot']],
  cashback: [['subsidy_receivable', 'lot']],
  cashback_return: [['lot', 'subsidy_receivable']],
  clawback: [['lot', 'subsidy_receivable']],
  payout: [
    ['merchant_payable', 'settlement_in_transit'],
    ['merchant_payable', 'merchant_fee'],
  ],
  payout_confirmation: [['settlement_in_transit', 'operating_fund']],
  payout_return: [['settlement_in_transit', 'returned_payout']],
  payout_retry: [['returned_payout', 'settlement_in_transit']],
  funder_payment: [['operating_fund', 'subsidy_receivable']],
  unidentified_deposit: [['operating_fund', 'unidentified_deposit']],
  deposit_return: [['unidentified_deposit', 'settlement_in_transit']],
  deposit_assignment: [['unidentified_deposit', 'subsidy_receivable']],
  fund_interest: [['operating_fund', 'fund_interest']],
  income_payout: [
    ['breakage', 'settlement_in_transit'],
    ['merchant_fee', 'settlement_in_transit'],
    ['fund_interest', 'settlement_in_transit'],
  ],
} as const satisfies Record<string, readonly (readonly [AccountKind, AccountKind])[]>
export type MovementKind = keyof typeof movementAccounts
export const movementKinds = Object.keys(movementAccounts) as readonly MovementKind[] // The table's own keys.

/** Operations that make lots; every other credit to a lot gives something back to it. */
export const issuingKinds = ['issue', 'gift_acceptance', 'cashback'] as const

/** A lot that a movement takes from, as policy saw it. */
export interface SeenLot {
  walletId: WalletId
  lotId: LotId
  remainingWon: Won
  heldWon: Won
}

/** A lot that a movement makes; its face is what the lines credit to it. */
export interface NewLot {
  lotId: LotId
  programId: ProgramId
  kind: LotKind
  expiresAt: Instant
}

/** What the wallet may hold of some programs together after the movement; else `holding_cap_exceeded`. */
export interface HoldingCap {
  programIds: readonly ProgramId[]
  capWon: Won
}

export interface MovementRequest extends RequestBase {
  kind: MovementKind
  /** Whose movement it is; new lots are made in this wallet. */
  walletId?: WalletId
  merchantId?: MerchantId
  targetId?: OperationId
  /** In the order of moving; at least one. The operation's amount is their sum. */
  lines: readonly Omit<Transfer, 'line'>[]
  /** Every lot that a line debits, each once. */
  seen?: readonly SeenLot[]
  newLots?: readonly NewLot[]
  /** Asked where new lots are made. */
  holdingCaps?: readonly HoldingCap[]
  /** Gives back what a purchase took of its month's quota, of the member's cap and of funders' pots. */
  returnsSaleOf?: OperationId
  /** What it takes of funders' pots, or gives back (below zero), each named once; else `budget_exhausted`. */
  draws?: readonly PotDraw[]
  /** Made in the same commit, for what the lines credit to `settlement_in_transit`. */
  payout?: NewPayout
  /** Taken in the same commit. */
  payoutStep?: PayoutStep
}

/**
 * `changed` records nothing: a lot or the payout is not as policy saw it, or a target was moved by another key before
 * (a gift is ended once, a purchase cancelled once). Whoever asked reads again and decides again; the same key may be
 * posted later.
 */
export type MovementOutcome = Outcome | { status: 'changed' }

/** The part of the ledger that is about movements. */
export interface Movements {
  /**
   * Set-based and idempotent like every method of the ledger. Declines: `wallet_unknown`, `holding_cap_exceeded`,
   * `budget_exhausted`, and a refusal that policy found. Lines outside `movementAccounts`, or that
   * take more than a lot was seen to have, are Bugs.
   */
  move(
    issuerId: IssuerId,
    requests: readonly MovementRequest[],
    at: Instant,
  ): Promise<MovementOutcome[]>
  /** Where lots' value came from when they were issued, in the order asked; `undefined`: no such lot. */
  lotOrigins(
    issuerId: IssuerId,
    lotIds: readonly LotId[],
  ): Promise<readonly (LotOrigin | undefined)[]>
}

/** The issue of a lot. */
export interface LotOrigin {
  lotId: LotId
  walletId: WalletId
  programId: ProgramId
  kind: LotKind
  issuedBy: OperationId
  issuedAt: Instant
  expiresAt: Instant
  /** Set where the lot was bought. */
  purchaseId: OperationId | undefined
  /** Its parts add up to the face, but of gifts, whose value came from another lot: all are zero. */
  sources: LotSources
}
