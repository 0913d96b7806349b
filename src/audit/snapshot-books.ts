/** The books of the in-memory ledger, so that a simulation is held to the same checkers as the nightly audit. */
import type { LedgerSnapshot } from '../ledger/ledger.ts'
import type { BookOperation, BookPayout, IssuerBooks, WalletBook } from './books.ts'
import { movedBy } from './payout-check.ts'

/** Everything is in memory: for simulations and tests. */
export function booksOfSnapshot(issuerId: number, snapshot: LedgerSnapshot): IssuerBooks {
  const draws = Map.groupBy(snapshot.potDraws, (draw) => draw.operationId)
  const operations: BookOperation[] = snapshot.operations
    .toSorted((one, other) => one.bookedAt - other.bookedAt)
    .map((operation) => ({
      ...operation,
      partnerId: operation.card?.partnerId,
      draws: draws.get(operation.operationId) ?? [],
    }))
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
    async *potUses() {
      for (const { potId, usedWon } of snapshot.potUses) yield { potId, amountWon: usedWon }
    },
    async *payouts() {
      yield* payoutBooks(snapshot)
    },
    async *payoutFiles() {
      yield* snapshot.payoutFiles
    },
    // Transfers stand inside their operations, steps were taken by payouts, and keys are those of a map.
    async *strayPayoutSteps() {},
    async *strayDraws() {
      const known = new Set(operations.map(({ operationId }) => operationId))
      for (const { operationId } of snapshot.potDraws) {
        if (!known.has(operationId)) yield operationId
      }
    },
    async *strayTransfers() {},
    async *repeatedKeys() {},
  }
}

function payoutBooks({ payouts, payoutSteps, operations }: LedgerSnapshot): BookPayout[] {
  const operationById = new Map(operations.map((operation) => [operation.operationId, operation]))
  const stepsOf = Map.groupBy(payoutSteps, ({ payoutId }) => payoutId)
  return payouts.map(({ dueOn, account, ...payout }) => ({
    ...payout,
    destination: { dueOn, ...account },
    steps: (stepsOf.get(payout.payoutId) ?? []).map((step) => {
      const operation = operationById.get(step.operationId)
      return {
        ...step,
        bookedAt: operation?.bookedAt,
        ...movedBy(operation?.transfers ?? [], payout.payoutId),
        destination: step.dueOn && step.account && { dueOn: step.dueOn, ...step.account },
      }
    }),
  }))
}

function ofWallet<Row>(rows: ReadonlyMap<number, Row[]>, walletId: number | undefined): Row[] {
  return walletId === undefined ? [] : (rows.get(walletId) ?? [])
}
