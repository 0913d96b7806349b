/**
 * The bank port of virtual accounts (가상계좌): a number that takes one exact amount once, until an instant, and refuses
 * everything else. The bank's word ends it: what was never opened or has run out is closed for good.
 */
import type { Instant, IssuerId, OperationId, Won } from '../base/base.ts'

export interface VirtualAccountOrder {
  /** The purchase's own operation id: the bank keeps one account for it, however often it is asked. */
  readonly accountId: OperationId
  readonly issuerId: IssuerId
  /** The only amount that the account takes. */
  readonly amountWon: Won
  /** The first instant at which nothing can be paid in any more. */
  readonly expiresAt: Instant
}

/**
 * - `open`: a deposit is awaited.
 * - `deposited`: the amount came, by that deposit.
 * - `closed`: it was never opened or has been closed or run out without a deposit, and none will be taken.
 * - `refused`: the bank opens none.
 */
export type VirtualAccountAnswer =
  | { readonly status: 'open'; readonly bankCode: string; readonly accountNumber: string }
  | { readonly status: 'deposited'; readonly depositId: string }
  | { readonly status: 'closed' }
  | { readonly status: 'refused' }

/** Money that came to a virtual account and of which the bank has not been told that we have it. */
export interface VirtualDeposit {
  readonly depositId: string
  readonly accountId: OperationId
  readonly amountWon: Won
}

/** All throw the Faults `bank_unavailable` (certainly not sent) or `bank_answer_lost`, which say nothing of money. */
export interface VirtualAccounts {
  /** Opens the account of a purchase. The same order again tells how the account stands. */
  open(order: VirtualAccountOrder): Promise<VirtualAccountAnswer>
  /** Lets the account take nothing more, unless it is paid; one that the bank never saw is closed before it opens. */
  close(accountId: OperationId): Promise<VirtualAccountAnswer>
  /** What was not taken yet, the oldest first. Told again and again until it is taken. */
  deposits(issuerId: IssuerId, limit: number): Promise<readonly VirtualDeposit[]>
  /** Says that we have a deposit, whatever we did with it. Again: as it is. */
  take(depositId: string): Promise<void>
  /** Sends a deposit back to the account that it came from, once, however often it is asked. */
  giveBack(depositId: string): Promise<'returned' | 'refused'>
}
