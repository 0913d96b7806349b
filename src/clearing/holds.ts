/** Holds that nobody completed: after the partner's days the money is let go, and a case says so. */
import {
  assert,
  DAY_MS,
  derivedOperationId,
  requestHash,
  won,
  type IssuerId,
} from '../base/base.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import { closeOpen } from './clearing-cases.ts'
import type { ClearingDeps } from './clearing-deps.ts'

const PAGE = 200

/** One issuer's holds of all partners. @returns how many were let go */
export async function releaseOldHolds(deps: ClearingDeps, issuerId: IssuerId): Promise<number> {
  const now = deps.clock()
  const daysOf = new Map(deps.partners().map(({ partnerId, holdDays }) => [partnerId, holdDays]))
  const before = now - Math.min(...daysOf.values()) * DAY_MS
  if (daysOf.size === 0) return 0
  const holds = await deps.reading.openCardHolds(issuerId, before, PAGE)
  let released = 0
  for (const hold of holds) {
    const days = hold.card && daysOf.get(hold.card.partnerId)
    if (days === undefined || hold.bookedAt >= now - days * DAY_MS) continue
    if (await release(deps, issuerId, hold)) released += 1
  }
  return released
}

/** The case comes first: a hold that is let go is listed no more. */
async function release(
  deps: ClearingDeps,
  issuerId: IssuerId,
  { operationId: holdId, amountWon, bookedAt, card }: RecordedOperation,
): Promise<boolean> {
  await deps.casebook.openCase({
    issuerId,
    caseKind: 'hold_expired',
    subject: holdId,
    owner: 'operator',
    facts: { amountWon, heldAt: bookedAt, ...(card && { partnerId: card.partnerId }) },
  })
  const hash = requestHash(deps.sha256, ['hold_expired', holdId])
  const [outcome] = await deps.ledger.closeHolds(
    issuerId,
    [
      {
        operationId: derivedOperationId(hash),
        requestHash: hash,
        holdId,
        amountWon: won(0),
        actor: 'hold_expired',
        ...(card && { card }),
      },
    ],
    deps.clock(),
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'posted') return true
  await closeOpen(deps, issuerId, 'hold_expired', holdId, 'completed in time after all')
  return false
}
