/** A cancellation gives back to the lot that was taken last, first, and never passes over what is left there. */
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { Report } from './sales.ts'

interface Part {
  readonly lotId: number
  leftWon: number
}

/** Plays all cancellations again, in the order in which they were recorded. */
export function checkRefundOrder(snapshot: LedgerSnapshot, report: Report): void {
  const partsOf = new Map<string, Part[]>()
  for (const { operationId, kind, decline, targetId, transfers } of snapshot.operations) {
    if (decline !== undefined) continue
    if (kind === 'payment' || kind === 'capture') {
      const paid = transfers.filter((transfer) => transfer.creditKind === 'merchant_payable')
      partsOf.set(
        operationId,
        paid
          .map((transfer) => ({ lotId: transfer.debitId, leftWon: transfer.amountWon }))
          .toReversed(),
      )
    }
    if (kind !== 'cancellation' || targetId === undefined) continue
    for (const { creditId, amountWon } of transfers) {
      const next = partsOf.get(targetId)?.find((part) => part.leftWon > 0)
      if (next?.lotId !== creditId || next.leftWon < amountWon) {
        report(operationId, `gives ${amountWon} back to lot ${creditId} out of turn`)
        break
      }
      next.leftWon -= amountWon
    }
  }
}
