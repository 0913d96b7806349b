/** What officers and buyers look at of programs, over the in-memory ledger. */
import { won, type IssuerId, type ProgramId, type WalletId } from '../base/base.ts'
import { lotsOf, type Books } from './memory-books.ts'
import { drawsOf } from './memory-pots.ts'
import { countPurchases } from './memory-purchases.ts'
import type { ProgramReading } from './program-reading.ts'

export function readingPrograms(readBooks: (issuerId: IssuerId) => Books): ProgramReading {
  return {
    purchaseCounts: async (issuerId, asked, at) => countPurchases(readBooks(issuerId), asked, at),
    async programSales(issuerId, month) {
      const sales = [...readBooks(issuerId).programSales.values()]
      return new Map(
        sales
          .filter((sale) => sale.month === month)
          .map(({ programId, soldWon }) => [programId, soldWon]),
      )
    },
    async programHoldings(issuerId, programId) {
      const held = holdersOf(readBooks(issuerId), programId)
      const remainingWon = held.reduce((sum, { heldWon }) => sum + heldWon, 0)
      return { wallets: held.length, remainingWon: won(remainingWon) }
    },
    async programHolders(issuerId, programId, { after = 0, limit }) {
      const books = readBooks(issuerId)
      return holdersOf(books, programId)
        .filter(({ walletId }) => walletId > after)
        .slice(0, limit)
        .map(({ walletId }) => ({ walletId, memberId: books.wallets.get(walletId)!.memberId }))
    },
    async spendable(issuerId, asked, at) {
      const books = readBooks(issuerId)
      return asked.map(({ walletId, programId }) =>
        won(
          lotsOf(books, walletId)
            .filter((lot) => lot.programId === programId && lot.expiresAt > at)
            .reduce((sum, { remainingWon }) => sum + remainingWon, 0),
        ),
      )
    },
    async potDraws(issuerId, operationIds) {
      const books = readBooks(issuerId)
      return operationIds.map((operationId) =>
        drawsOf(books, operationId).map(({ potId, amountWon }) => ({ potId, amountWon })),
      )
    },
    async potUses(issuerId, potIds) {
      const { potUses } = readBooks(issuerId)
      return new Map([...potUses].filter(([potId]) => potIds.includes(potId)))
    },
  }
}

/** Wallets with anything left of the program, by id. */
function holdersOf(
  books: Books,
  programId: ProgramId,
): readonly { walletId: WalletId; heldWon: number }[] {
  return [...books.wallets.keys()]
    .toSorted((a, b) => a - b)
    .map((walletId) => ({
      walletId,
      heldWon: lotsOf(books, walletId)
        .filter((lot) => lot.programId === programId && !books.closedLots.has(lot.lotId))
        .reduce((sum, lot) => sum + lot.remainingWon + lot.heldWon, 0),
    }))
    .filter(({ heldWon }) => heldWon > 0)
}
