/** What every settlement with a card company must be, whatever the books say: both implementations ask it. */
import { assert } from '../base/base.ts'
import type { CardSettlementRequest } from './ledger.ts'

/** Bugs of the caller. What policy refused needs no payout. */
export function assertSettlement({
  refusal,
  amountWon,
  payout,
  card,
}: CardSettlementRequest): void {
  if (refusal !== undefined) return
  assert(amountWon > 0, 'a settlement is above zero')
  assert(payout !== undefined, 'what is settled with a card company is paid out')
  const { kind, id } = payout.beneficiary
  assert(
    kind === 'card_company' && id === card.partnerId,
    'a card company is paid what it is settled',
  )
}
