/** What whoever hands a lot back is answered. */
import type { DeclineReason, FundedAmount, LotId, Won } from '../base/base.ts'
import type { MemberMoneyRefusal } from '../issuing/issuing.ts'

export type ReturnAnswer =
  | {
      readonly status: 'returned'
      readonly lotId: LotId
      /** What left the lot: the parts below together. */
      readonly amountWon: Won
      readonly memberWon: Won
      readonly fundedWon: readonly FundedAmount[]
    }
  | MoneyRefused
  /** By the ledger, under this key for ever. */
  | { readonly status: 'declined'; readonly reason: DeclineReason }
  | { readonly status: 'key_reused' }

export interface MoneyRefused {
  readonly status: 'refused'
  readonly reason: MemberMoneyRefusal
}

export function refused(reason: MemberMoneyRefusal): MoneyRefused {
  return { status: 'refused', reason }
}
