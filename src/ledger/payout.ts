/**
 * Payouts: money that has left an account of the ledger and is on its way to a bank account. A payout comes to be in
 * the commit of the movement that put its money in transit, and takes every step in the commit of the movement that
 * the bank's word causes, so that books and payouts cannot tell two stories.
 */
import type {
  BusinessDate,
  Instant,
  IssuerId,
  MemberId,
  MerchantId,
  OperationId,
  PartnerId,
  PayoutId,
  Won,
} from '../base/base.ts'

/**
 * - `due`: to be told to the bank on its day.
 * - `sent`: stands in a payout file; the bank has not spoken.
 * - `paid`: the bank has paid it. An end.
 * - `returned`: the bank gave it back; its money waits in `returned_payout` for a retry (`due` again, next attempt).
 * - `parked`: tried too often, or without hope; a case's to decide, then `due` again.
 */
export const payoutStates = ['due', 'sent', 'paid', 'returned', 'parked'] as const
export type PayoutState = (typeof payoutStates)[number]

export const beneficiaryKinds = ['merchant', 'member', 'card_company', 'issuer'] as const

/** Whom it is for, by kind: a merchant's settlement, a member's refund, a card company, or the issuer itself. */
export type Beneficiary =
  | { kind: 'merchant'; id: MerchantId }
  | { kind: 'member'; id: MemberId }
  | { kind: 'card_company'; id: PartnerId }
  | { kind: 'issuer'; id: 0 }

/** Where to: the bank (금융기관 코드, three digits), the number or the bank's own token, and the holder's name. */
export interface PayoutAccount {
  bankCode: string
  accountNumber: string
  holderName: string
}

export interface NewPayout {
  payoutId: PayoutId
  beneficiary: Beneficiary
  account: PayoutAccount
  /** The business day on which it is to be told to the bank. */
  dueOn: BusinessDate
}

/** A step of a payout, taken only from the state and attempt that were seen. */
export interface PayoutStep {
  payoutId: PayoutId
  from: PayoutState
  attempt: number
  to: PayoutState
  /** On the way back to `due`: the next day to try, with the account as it is then. The attempt counts up. */
  retry?: { dueOn: BusinessDate; account: PayoutAccount }
  /** The bank's reason, of a return. */
  reason?: string
}

/** A payout as it stands. */
export interface Payout extends NewPayout {
  amountWon: Won
  /** The movement that put its money in transit. */
  causedBy: OperationId
  state: PayoutState
  /** 1 for the first. */
  attempt: number
  /** The file that it was told in last. */
  fileName: string | undefined
  reason: string | undefined
  createdAt: Instant
  changedAt: Instant
}

/** Payouts by id, rising; after one of them. */
export interface PayoutPage {
  state?: PayoutState
  /** Due on or before this day. */
  dueUntil?: BusinessDate
  fileName?: string
  beneficiary?: Beneficiary
  after?: PayoutId
  limit: number
}

export interface Payouts {
  payouts(issuerId: IssuerId, page: PayoutPage): Promise<readonly Payout[]>
  payout(issuerId: IssuerId, payoutId: PayoutId): Promise<Payout | undefined>
  /**
   * Puts payouts that are due by a day into a file of that name, at most `limit`, those with the lowest ids: `due`
   * becomes `sent`. The same file name again changes nothing. @returns how many stand in that file
   */
  assignFile(
    issuerId: IssuerId,
    file: { name: string; dueUntil: BusinessDate; limit: number },
    at: Instant,
  ): Promise<number>
}
