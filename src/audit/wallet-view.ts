/** One wallet's books with the look-ups that several checkers need, made once for all of them. */
import type { BookLot, BookOperation, BookTransfer, Complaint, WalletBook } from './books.ts'

export interface WalletView extends WalletBook {
  readonly operationById: ReadonlyMap<string, BookOperation>
  readonly lotById: ReadonlyMap<number, BookLot>
  /** Operations that were not declined, by what they target. */
  readonly postedByTarget: ReadonlyMap<string, readonly BookOperation[]>
}

/** A rule about one wallet. */
export type WalletChecker = (wallet: WalletView) => Complaint[]

export function viewWallet(book: WalletBook): WalletView {
  const postedByTarget = new Map<string, BookOperation[]>()
  for (const operation of book.operations) {
    if (operation.targetId === undefined || !isPosted(operation)) continue
    const others = postedByTarget.get(operation.targetId)
    if (others === undefined) postedByTarget.set(operation.targetId, [operation])
    else others.push(operation)
  }
  return {
    ...book,
    operationById: new Map(book.operations.map((operation) => [operation.operationId, operation])),
    lotById: new Map(book.lots.map((lot) => [lot.lotId, lot])),
    postedByTarget,
  }
}

/** Whether the operation was carried out. */
export function isPosted(operation: BookOperation): boolean {
  return operation.decline === undefined
}

/** What the transfers that `choose` gives an id for move, by that id. */
export function sumBy(
  transfers: Iterable<BookTransfer>,
  choose: (transfer: BookTransfer) => number | undefined,
): Map<number, number> {
  const sums = new Map<number, number>()
  for (const transfer of transfers) {
    const id = choose(transfer)
    if (id !== undefined) sums.set(id, (sums.get(id) ?? 0) + transfer.amountWon)
  }
  return sums
}

export function sum(amounts: Iterable<number>): number {
  let total = 0
  for (const amount of amounts) total += amount
  return total
}

/** `payment 0190…`: an operation as a finding names it. */
export function named(operation: BookOperation): string {
  return `${operation.kind} ${operation.operationId}`
}
