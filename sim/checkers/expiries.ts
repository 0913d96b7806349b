/**
 * What expires: a lot that can no longer be spent, under the keys that are made from it, one after the other; and when
 * all is at rest nothing is left in any lot that has expired.
 */
import type { IssuerId, LotId } from '../../src/base/base.ts'
import { expiryRequest, type LedgerSnapshot } from '../../src/ledger/ledger.ts'
import { sha256 } from '../crypto-ports.ts'
import type { Report } from './sales.ts'

/**
 * @param now true time: no clock of the city is ahead of it
 * @param restedAt since when all is at rest: what had expired by then is empty
 */
export function checkExpiries(
  snapshot: LedgerSnapshot,
  { issuerId, now, restedAt }: { issuerId: IssuerId; now: number; restedAt: number | undefined },
  report: Report,
): void {
  const lots = new Map<number, LedgerSnapshot['lots'][0]>(
    snapshot.lots.map((lot) => [lot.lotId, lot]),
  )
  const times = new Map<LotId, number>()
  for (const { operationId, kind, transfers } of snapshot.operations) {
    if (kind !== 'expiry') continue
    for (const { debitId } of transfers) {
      const lot = lots.get(debitId)
      if (lot === undefined) {
        report(operationId, `expires lot ${debitId}, which does not exist`)
        continue
      }
      const { walletId, lotId, expiresAt } = lot
      const before = times.get(lotId) ?? 0
      times.set(lotId, before + 1)
      const due = { walletId, lotId, expiresAt, times: before }
      if (expiryRequest(sha256, issuerId, due).operationId !== operationId) {
        report(operationId, `expires lot ${lotId} under a key that is not that of its expiry`)
      }
      if (expiresAt > now) report(operationId, `expires lot ${lotId} before its time`)
    }
  }
  if (restedAt === undefined) return
  for (const { lotId, expiresAt, remainingWon } of snapshot.lots) {
    if (expiresAt > restedAt || remainingWon === 0) continue
    report(`lot ${lotId}`, `has expired, and ${remainingWon} won are left in it`)
  }
}
