/** What the ledger holds under one card key, and what of it still stands. */
import {
  won,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Sha256,
  type Won,
} from '../base/base.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import type { CardKey } from './card-message.ts'
import {
  cardOperationId,
  cardOperationParts,
  holdParts,
  takingParts,
  undoingOf,
  type CardOperationPart,
  type HoldPart,
  type TakingPart,
} from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'

/** The recorded operations of one key with one issuer, those that were declined too. */
export interface SaleBooks {
  readonly issuerId: IssuerId
  readonly operations: ReadonlyMap<CardOperationPart, RecordedOperation>
}

/** Money that was taken under a key and not given back yet. */
export interface StandingPart {
  readonly part: TakingPart
  readonly operationId: OperationId
  readonly merchantId: MerchantId
  readonly leftWon: Won
}

/** A hold that no operation of its own key has closed. */
export interface OpenHold {
  readonly part: HoldPart
  readonly operationId: OperationId
  readonly heldWon: Won
}

/** The parts of a cancellation stand under its own key, all others under the sale's. */
export interface SaleKeys {
  readonly key: CardKey
  readonly cancellationKey?: CardKey
}

const ownParts = ['cancellation', 'second_cancellation'] as const
const saleParts = cardOperationParts.filter((part) => !ownParts.some((own) => own === part))

/** One read of the ledger. */
export async function findBooks(
  {
    ledger,
    sha256,
  }: { readonly ledger: Pick<CardDeskDeps['ledger'], 'find'>; readonly sha256: Sha256 },
  issuerId: IssuerId,
  keys: SaleKeys,
): Promise<SaleBooks> {
  const named = namedOperations(keys, sha256)
  const found = await ledger.find(
    issuerId,
    named.map(({ operationId }) => operationId),
  )
  const operations = new Map<CardOperationPart, RecordedOperation>()
  for (const [index, { part }] of named.entries()) {
    const operation = found[index]
    if (operation !== undefined) operations.set(part, operation)
  }
  return { issuerId, operations }
}

function namedOperations(
  { key, cancellationKey }: SaleKeys,
  sha256: Sha256,
): { part: CardOperationPart; operationId: OperationId }[] {
  const idsOf = (ownKey: CardKey, parts: readonly CardOperationPart[]) =>
    parts.map((part) => ({ part, operationId: cardOperationId(ownKey, part, sha256) }))
  return [
    ...idsOf(key, saleParts),
    ...(cancellationKey === undefined ? [] : idsOf(cancellationKey, ownParts)),
  ]
}

/** The operation of a part where it was posted. */
export function posted(books: SaleBooks, part: CardOperationPart): RecordedOperation | undefined {
  const operation = books.operations.get(part)
  return operation?.decline === undefined ? operation : undefined
}

export function declineOf(books: SaleBooks, part: CardOperationPart): RecordedOperation['decline'] {
  return books.operations.get(part)?.decline
}

/** What took money and still has some of it, the main part of the sale first. */
export function standingParts(books: SaleBooks): readonly StandingPart[] {
  return takingParts.flatMap((part) => {
    const operation = posted(books, part)
    if (operation === undefined || operation.merchantId === undefined) return []
    if (operation.kind !== 'payment' && operation.kind !== 'capture') return []
    const leftWon = won(operation.amountWon - operation.cancelledWon)
    const { operationId, merchantId } = operation
    return leftWon > 0 ? [{ part, operationId, merchantId, leftWon }] : []
  })
}

export function openHold(books: SaleBooks): OpenHold | undefined {
  const closed = new Set(
    [...books.operations.values()]
      .filter(({ kind, decline }) => decline === undefined && /^(?:capture|release)$/.test(kind))
      .map(({ targetId }) => targetId),
  )
  for (const part of holdParts) {
    const hold = posted(books, part)
    if (hold?.kind !== 'hold' || closed.has(hold.operationId)) continue
    return { part, operationId: hold.operationId, heldWon: hold.amountWon }
  }
  return undefined
}

/** What the newest hold of the key held, open or closed. */
export function lastHeldWon(books: SaleBooks): Won {
  const holds = holdParts.map((part) => posted(books, part))
  return holds.find((operation) => operation?.kind === 'hold')?.amountWon ?? won(0)
}

export function isUndone(books: SaleBooks, part: TakingPart): boolean {
  const byQuestion = part === 'sale' && posted(books, 'question_reversal') !== undefined
  return byQuestion || posted(books, undoingOf[part]) !== undefined
}

/** True where the partner took the sale or a part of it back: no advice of it can be posted any more. */
export function isTakenBack(books: SaleBooks): boolean {
  return declineOf(books, 'advice') === 'reversed_first' || isUndone(books, 'advice')
}

/** True where anything was ever taken under the key. */
export function tookAnything(books: SaleBooks): boolean {
  return takingParts.some((part) => posted(books, part) !== undefined)
}

/** True where the sale was posted, then taken back as a whole. */
export function isReversed(books: SaleBooks): boolean {
  return (
    takingParts.some((part) => part !== 'conversion' && isUndone(books, part)) &&
    openHold(books) === undefined &&
    standingParts(books).every(({ part }) => part === 'conversion')
  )
}
