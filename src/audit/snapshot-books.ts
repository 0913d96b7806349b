/** The books of the in-memory ledger, so that a simulation is held to the same checkers as the nightly audit. */
import type { LedgerSnapshot } from '../ledger/ledger.ts'
import type { BookOperation, IssuerBooks, WalletBook } from './books.ts'

/** Everything is in memory: for simulations and tests. */
export function booksOfSnapshot(issuerId: number, snapshot: LedgerSnapshot): IssuerBooks {
  const operations: BookOperation[] = snapshot.operations
    .toSorted((one, other) => one.bookedAt - other.bookedAt)
    .map((operation) => ({ ...operation, partnerId: operation.card?.partnerId }))
  const byWallet = Map.groupBy(operations, (operation) => operation.walletId)
  const lots = Map.groupBy(snapshot.lots, (lot): number => lot.walletId)
  const closed = new Set(snapshot.closedLots)
  const purchases = Map.groupBy(snapshot.purchases, (purchase): number => purchase.walletId)
  const sales = Map.groupBy(snapshot.memberSales, (sale): number => sale.walletId)
  const openings = Map.groupBy(snapshot.wallets, (wallet): number => wallet.walletId)
  const walletIds = new Set([...openings.keys(), ...byWallet.keys(), ...lots.keys()])
  for (const walletId of [...purchases.keys(), ...sales.keys()]) walletIds.add(walletId)
  const bookOf = (walletId: number | undefined): WalletBook => ({
    walletId,
    openings: walletId === undefined ? 0 : (openings.get(walletId)?.length ?? 0),
    operations: byWallet.get(walletId) ?? [],
    lots: ofWallet(lots, walletId).map((lot) => ({
      ...lot,
      closed: closed.has(lot.lotId),
      issuedBy: undefined,
    })),
    purchases: ofWallet(purchases, walletId).map(({ sources, ...purchase }) => ({
      ...purchase,
      ...sources,
    })),
    memberSales: ofWallet(sales, walletId).map(({ programId, month, boughtWon }) => ({
      programId,
      month,
      amountWon: boughtWon,
    })),
  })
  return {
    issuerId,
    async *wallets() {
      for (const walletId of walletIds) yield bookOf(walletId)
    },
    async *programSales() {
      for (const { programId, month, soldWon } of snapshot.programSales) {
        yield { programId, month, amountWon: soldWon }
      }
    },
    // Transfers stand inside their operations, and keys are those of a map.
    async *strayTransfers() {},
    async *repeatedKeys() {},
  }
}

function ofWallet<Row>(rows: ReadonlyMap<number, Row[]>, walletId: number | undefined): Row[] {
  return walletId === undefined ? [] : (rows.get(walletId) ?? [])
}
