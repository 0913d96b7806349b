/** Pots in the in-memory ledger, and what officers look at of programs. */
import {
  assert,
  won,
  type DeclineReason,
  type IssuerId,
  type OperationId,
  type PotDraw,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import { lotsOf, type Books, type PotDrawRow } from './memory-books.ts'
import type { ProgramReading } from './program-reading.ts'

/** Whether the pots have what is to be drawn; what is given back always fits. */
export function drawDecline(
  books: Books,
  draws: readonly PotDraw[] = [],
): DeclineReason | undefined {
  const fits = draws.every(
    ({ potId, amountWon, limitWon }) =>
      amountWon < 0 || (books.potUses.get(potId) ?? 0) + amountWon <= limitWon,
  )
  return fits ? undefined : 'budget_exhausted'
}

export function recordDraws(
  books: Books,
  operationId: OperationId,
  draws: readonly Pick<PotDraw, 'potId' | 'amountWon'>[] = [],
): void {
  for (const { potId, amountWon } of draws) {
    const usedWon = won((books.potUses.get(potId) ?? 0) + amountWon)
    assert(usedWon >= 0, 'a pot gets back no more than was drawn')
    books.potUses.set(potId, usedWon)
    const known = books.potDraws.find(
      (one) => one.operationId === operationId && one.potId === potId,
    )
    assert(known === undefined, 'an operation is about a pot once')
    books.potDraws.push({ operationId, potId, amountWon })
  }
}

/** What an operation drew. */
export function drawsOf(books: Books, operationId: OperationId): readonly PotDrawRow[] {
  return books.potDraws.filter((draw) => draw.operationId === operationId)
}

/** All that an operation drew goes back. */
export function returnDraws(books: Books, of: OperationId, by: OperationId): void {
  const back = drawsOf(books, of).map(({ potId, amountWon }) => ({
    potId,
    amountWon: won(0 - amountWon),
  }))
  recordDraws(books, by, back)
}

export function readingPrograms(readBooks: (issuerId: IssuerId) => Books): ProgramReading {
  return {
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
