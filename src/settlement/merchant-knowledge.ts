/** Where a merchant's money goes, from what the municipality and the owner decided. */
import type { MerchantStatus } from '../acquiring/acquiring.ts'
import type { PayoutAccount } from '../ledger/ledger.ts'
import type { HeldReason, Payee } from './merchant-settlement.ts'

/** The account for a settlement day: the merchant's own, or that of an exchange agent who may redeem for it. */
export type AccountAnswer =
  | { readonly status: 'payable'; readonly account: PayoutAccount }
  | { readonly status: 'unpayable'; readonly because: Exclude<HeldReason, 'suspended'> }

/** A suspended merchant waits whatever its account is; a closed one is still paid what it took. */
export function payeeOf(status: MerchantStatus | undefined, answer: AccountAnswer): Payee {
  if (status === 'suspended') return { status: 'held', reason: 'suspended' }
  if (answer.status === 'unpayable') return { status: 'held', reason: answer.because }
  return { status: 'payable', account: answer.account, closed: status === 'closed' }
}
