/**
 * A cancellation gives back what was taken last, first, and never passes over what is left there: a loss of stand-in,
 * then lot by lot.
 */
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { Report } from './sales.ts'

interface Part {
  /** `lot 61`, `standin_loss 0`. */
  readonly account: string
  leftWon: number
}

/** Plays all cancellations again, in the order in which they were recorded. */
export function checkRefundOrder(snapshot: LedgerSnapshot, report: Report): void {
  const partsOf = new Map<string, Part[]>()
  for (const { operationId, kind, decline, targetId, transfers } of snapshot.operations) {
    if (decline !== undefined) continue
    if (kind === 'payment' || kind === 'capture') {
      const paid = transfers.filter((transfer) => transfer.creditKind !== 'lot')
      const parts = paid.map(({ debitKind, debitId, amountWon }) => {
        const kind = debitKind === 'standin_loss' ? debitKind : 'lot'
        return { account: `${kind} ${debitId}`, leftWon: amountWon }
      })
      partsOf.set(operationId, parts.toReversed())
    }
    if (kind !== 'cancellation' || targetId === undefined) continue
    for (const { creditKind, creditId, amountWon } of transfers) {
      const next = partsOf.get(targetId)?.find((part) => part.leftWon > 0)
      const account = `${creditKind} ${creditId}`
      if (next?.account !== account || next.leftWon < amountWon) {
        report(operationId, `gives ${amountWon} back to ${account} out of turn`)
        break
      }
      next.leftWon -= amountWon
    }
  }
}
