/** What keeps a corporation from ending: value in its wallet, a purchase that waits, a list under way. */
import { keyPrefix, recordOf } from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import type { CorporateRefusal } from './corporate-refusal.ts'
import type { Corporation } from './corporation-records.ts'

/** Newest first; what waits is among the newest, because purchases and lists end within days. */
const LOOKED_AT_MAX = 100

export async function openAffairs(
  deps: Pick<CorporateDeps, 'registry' | 'ledger' | 'clock'>,
  { issuerId, corporationId, walletId, state }: Corporation,
): Promise<CorporateRefusal | undefined> {
  if (state === 'applied') return undefined
  const { registry, ledger } = deps
  const prefix = keyPrefix.ofCorporation(corporationId)
  const lists = await registry.listByKey(issuerId, 'hand_out', prefix, LOOKED_AT_MAX)
  const isHanding = lists
    .map((each) => recordOf('hand_out', each).body)
    .some((handOut) => ['sending', 'stopping', 'sent'].includes(handOut.state))
  if (isHanding) return 'hand_outs_open'
  const stored = await registry.listByKey(issuerId, 'corporate_purchase', prefix, LOOKED_AT_MAX)
  for (const each of stored) {
    const { operationId } = recordOf('corporate_purchase', each).body
    const purchase = await ledger.purchase(issuerId, operationId)
    if (purchase?.state === 'reserved') return 'purchase_pending'
  }
  const now = deps.clock()
  const lots = await ledger.lots(issuerId, walletId)
  const holds = lots.some((lot) => lot.expiresAt > now && lot.remainingWon + lot.heldWon > 0)
  return holds ? 'value_left' : undefined
}
