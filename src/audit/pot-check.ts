/**
 * Funders' pots: what an operation drew is no more than funders gave for it, what undoes a benefit gives back what the
 * benefit drew, and what a pot says was drawn is the sum of its draws.
 */
import type { BookDraw, BookOperation, Complaint, IssuerBooks } from './books.ts'
import type { IssuerTotals } from './issuer-check.ts'
import { isPosted, named, sum, sumBy, type WalletView } from './wallet-view.ts'

export function checkDraws(wallet: WalletView): Complaint[] {
  return wallet.operations.flatMap((operation) =>
    drawProblems(wallet, operation).map((sentence) => ({ where: named(operation), sentence })),
  )
}

function drawProblems(wallet: WalletView, operation: BookOperation): string[] {
  const draws = operation.draws ?? []
  if (!isPosted(operation)) return draws.length === 0 ? [] : ['was declined and drew from a pot']
  const undone = undoneBy(wallet, operation)
  if (undone !== undefined) {
    const isAll = sameDraws(
      draws,
      (undone.draws ?? []).map(({ potId, amountWon }) => ({ potId, amountWon: -amountWon })),
    )
    return isAll ? [] : [`does not give back what ${named(undone)} drew`]
  }
  const takenWon = sum(draws.map(({ amountWon }) => Math.max(amountWon, 0)))
  const fundedWon = fundedBy(wallet, operation)
  return takenWon > fundedWon
    ? [`drew ${takenWon} won from pots, funders gave ${fundedWon} for it`]
    : []
}

/** The purchase that an operation ends without a lot, or whose sale it gives back. */
function undoneBy(wallet: WalletView, operation: BookOperation): BookOperation | undefined {
  const returned = wallet.purchases.find(
    ({ saleReturnedBy }) => saleReturnedBy === operation.operationId,
  )
  const purchaseId =
    returned?.purchaseId ??
    (operation.kind === 'purchase_abandonment' ? operation.targetId : undefined)
  return purchaseId === undefined ? undefined : wallet.operationById.get(purchaseId)
}

/** What funders owe for it. */
function fundedBy(wallet: WalletView, { operationId, kind, transfers }: BookOperation): number {
  if (kind === 'purchase') {
    const purchase = wallet.purchases.find(({ purchaseId }) => purchaseId === operationId)
    if (purchase === undefined) return 0
    const { nationalWon, provinceWon, cityWon } = purchase
    return nationalWon + provinceWon + cityWon
  }
  const funded = sumBy(transfers, ({ debitKind, debitId }) =>
    debitKind === 'subsidy_receivable' ? debitId : undefined,
  )
  return sum(funded.values())
}

function sameDraws(some: readonly BookDraw[], others: readonly BookDraw[]): boolean {
  const text = (draws: readonly BookDraw[]): string =>
    draws
      .map(({ potId, amountWon }) => `${potId} ${amountWon}`)
      .toSorted()
      .join('; ')
  return text(some) === text(others)
}

/** What each pot says against what operations drew. A stored zero is the same as none. */
export async function checkPotUses(
  books: Pick<IssuerBooks, 'potUses'>,
  totals: Pick<IssuerTotals, 'drawnWon'>,
): Promise<Complaint[]> {
  const complaints: Complaint[] = []
  const left = new Map(totals.drawnWon)
  for await (const { potId, amountWon } of books.potUses()) {
    const drawnWon = left.get(potId) ?? 0
    if (drawnWon !== amountWon) {
      const sentence = `says ${amountWon} won were drawn, the operations say ${drawnWon}`
      complaints.push({ where: `pot ${potId}`, sentence })
    }
    left.delete(potId)
  }
  for (const [potId, drawnWon] of left) {
    if (drawnWon === 0) continue
    complaints.push({
      where: `pot ${potId}`,
      sentence: `is missing, the operations drew ${drawnWon} won`,
    })
  }
  return complaints
}
