/** The bank port: what we ask of the bank that debits a member's account for a purchase. */
import type { IssuerId, OperationId, Won } from '../base/base.ts'

/** Why a bank refuses. `debit_closed`: an enquiry had closed this id before the debit arrived. */
export const bankRefusals = [
  'account_unknown',
  'account_stopped',
  'insufficient_balance',
  'limit_exceeded',
  'debit_closed',
] as const
export type BankRefusal = (typeof bankRefusals)[number]

/**
 * - `debited` and `refused` are final.
 * - `pending`: the bank has the debit and has not decided.
 * - `unknown_debit`: the bank never saw it, and from this answer on never will (see `enquire`).
 */
export type DebitAnswer =
  | { readonly status: 'debited' }
  | { readonly status: 'refused'; readonly reason: BankRefusal }
  | { readonly status: 'pending' }
  | { readonly status: 'unknown_debit' }

export interface DebitOrder {
  /** The purchase's own operation id: a bank answers one id once, however often it is asked. */
  readonly debitId: OperationId
  readonly issuerId: IssuerId
  /** Stands for the member's account; the account number itself stays with the bank. */
  readonly accountToken: string
  readonly amountWon: Won
  /** The consent to debits by which it is ordered (전자금융거래법 §15), as id text. */
  readonly consentId?: string
}

export interface BankDebit {
  /**
   * Orders a debit. The same order again is answered as the first time.
   * @throws Fault `bank_unavailable` (the order was certainly not sent) or `bank_answer_lost`
   */
  debit(order: DebitOrder): Promise<DebitAnswer>
  /**
   * Asks what became of a debit. `unknown_debit` closes the id at the bank: an order that arrives
   * late under it is refused with `debit_closed`. Without that a purchase could be given up and
   * then debited.
   * @throws Fault `bank_unavailable` or `bank_answer_lost`; neither says anything about the debit
   */
  enquire(debitId: OperationId): Promise<DebitAnswer>
}
