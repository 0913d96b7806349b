/** Pots in the in-memory ledger. */
import { assert, won, type DeclineReason, type OperationId, type PotDraw } from '../base/base.ts'
import { type Books, type PotDrawRow } from './memory-books.ts'

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
