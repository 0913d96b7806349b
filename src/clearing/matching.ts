/**
 * Matching (매입 대사): the lines of a card company's file against the ledger's card operations of one business date. A
 * sale is matched where all that the ledger moved under its card key comes to what the line says.
 */
import {
  sumWon,
  won,
  type OperationId,
  type PartnerId,
  type Sha256,
  type Won,
} from '../base/base.ts'
import {
  approvalCode,
  cardActors,
  cardOperationId,
  cardOperationParts,
  type CardKey,
  type CardOperationPart,
} from '../cards/cards.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import { lineKey } from './files/card-files.ts'
import type { ClearingLine } from './files/line-layouts.ts'

/** A line of the file with the key that the ledger may have booked it under. */
export interface ClearedLine {
  readonly line: ClearingLine
  readonly key: CardKey
  /** What a case about it is named by: the id of the sale, or of the cancellation. */
  readonly subject: OperationId
}

const ofCancellation: readonly CardOperationPart[] = ['cancellation', 'second_cancellation']
/** A conversion is in no clearing file: the card company learns of it by the refund that it is to make. */
const ofConversion: readonly CardOperationPart[] = ['conversion', 'conversion_reversal']
const ofSale: readonly CardOperationPart[] = cardOperationParts.filter(
  (part) => !ofCancellation.includes(part) && !ofConversion.includes(part),
)

export function clearedLine(partnerId: PartnerId, line: ClearingLine, sha256: Sha256): ClearedLine {
  const key: CardKey = lineKey(partnerId, line)
  const main = line.entry === 'sale' ? 'sale' : 'cancellation'
  return { line, key, subject: cardOperationId(key, main, sha256) }
}

/** All operations under a line's key: of a sale also what took it back because nobody knew its outcome. */
export function lineIds({ line, key }: ClearedLine, sha256: Sha256): readonly OperationId[] {
  const parts = line.entry === 'sale' ? ofSale : ofCancellation
  return parts.map((part) => cardOperationId(key, part, sha256))
}

/** True where the line bears the approval code that we give: what it tells of was approved by us. */
export function bearsOurCode({ line, subject }: ClearedLine): boolean {
  return line.approvalCode === approvalCode(subject)
}

/** What a date comes to for one issuer. */
export interface ClearedSums {
  readonly salesCount: number
  readonly salesWon: Won
  readonly cancellationsCount: number
  readonly cancellationsWon: Won
  /** Paid after the fact and refunded to accounts: in no file of the card company's, but owed to it. */
  readonly conversionsCount: number
  readonly conversionsWon: Won
}

export const nothingCleared: ClearedSums = {
  salesCount: 0,
  salesWon: won(0),
  cancellationsCount: 0,
  cancellationsWon: won(0),
  conversionsCount: 0,
  conversionsWon: won(0),
}

export function netWon(sums: ClearedSums): Won {
  return sumWon([sums.salesWon, won(0 - sums.cancellationsWon), sums.conversionsWon])
}

export function plusLine(sums: ClearedSums, { entry, voucherWon }: ClearingLine): ClearedSums {
  return entry === 'sale'
    ? {
        ...sums,
        salesCount: sums.salesCount + 1,
        salesWon: sumWon([sums.salesWon, voucherWon]),
      }
    : {
        ...sums,
        cancellationsCount: sums.cancellationsCount + 1,
        cancellationsWon: sumWon([sums.cancellationsWon, voucherWon]),
      }
}

export interface AmountDifference {
  readonly of: ClearedLine
  readonly ledgerWon: Won
}

/** In the ledger, owed by its word, and in no file. */
export interface UnlistedOperation {
  readonly operation: RecordedOperation
  /** Above zero for a sale, below for a cancellation. */
  readonly ledgerWon: Won
}

export interface IssuerMatching {
  readonly sums: ClearedSums
  readonly matched: readonly ClearedLine[]
  readonly differing: readonly AmountDifference[]
  readonly unlisted: readonly UnlistedOperation[]
  /** Unlisted cancellations of sales of another date: right if that sale was not listed either. */
  readonly orphans: readonly UnlistedOperation[]
  /** Unlisted sales that cancellations of other dates gave back wholly. */
  readonly undone: readonly RecordedOperation[]
}

/** @param lines by the ids of what was booked under their keys */
export function matchIssuer(
  lines: ReadonlyMap<OperationId, ClearedLine>,
  operations: readonly RecordedOperation[],
): IssuerMatching {
  const owed = operations.filter(isOwed)
  const byLine = Map.groupBy(
    owed.filter(({ actor }) => !isOfConversion(actor)),
    ({ operationId }) => lines.get(operationId),
  )
  const unlisted = byLine.get(undefined) ?? []
  byLine.delete(undefined)
  const conversions = owed.filter(({ actor }) => isOfConversion(actor))
  let sums: ClearedSums = {
    ...nothingCleared,
    conversionsCount: conversions.filter(({ kind }) => kind === 'payment').length,
    conversionsWon: sumWon(conversions.map(signedWon)),
  }
  const [matched, differing]: [ClearedLine[], AmountDifference[]] = [[], []]
  for (const [line, found] of byLine) {
    if (line === undefined) continue
    const ledgerWon = lineWon(line, found)
    if (ledgerWon === line.line.voucherWon) {
      matched.push(line)
      sums = plusLine(sums, line.line)
    } else differing.push({ of: line, ledgerWon })
  }
  return { sums, matched, differing, ...sortUnlisted(unlisted, owed) }
}

/** What the ledger moved under a line's key, as the line counts it: cancellations too are above zero. */
export function lineWon({ line }: ClearedLine, operations: readonly RecordedOperation[]): Won {
  const total = sumWon(operations.filter(isOwed).map(signedWon))
  return line.entry === 'sale' ? total : won(0 - total)
}

function isOfConversion(actor: string | undefined): boolean {
  return actor === cardActors.conversion || actor === cardActors.conversionReversal
}

/** A hold owes nothing until it is captured, and a decline never did. */
function isOwed({ decline, kind }: RecordedOperation): boolean {
  return decline === undefined && ['payment', 'capture', 'cancellation'].includes(kind)
}

function signedWon({ kind, amountWon }: RecordedOperation): Won {
  return kind === 'cancellation' ? won(0 - amountWon) : amountWon
}

/** A sale that was taken back before the file was written is in no file, and nothing is owed for it. */
function sortUnlisted(
  unlisted: readonly RecordedOperation[],
  owed: readonly RecordedOperation[],
): Pick<IssuerMatching, 'unlisted' | 'orphans' | 'undone'> {
  const isUnlisted = new Set(unlisted.map(({ operationId }) => operationId))
  const ofThisDate = new Map(owed.map((operation) => [operation.operationId, operation]))
  const undoing = Map.groupBy(
    owed.filter(({ kind }) => kind === 'cancellation'),
    ({ targetId }) => targetId,
  )
  const found: {
    unlisted: UnlistedOperation[]
    orphans: UnlistedOperation[]
    undone: RecordedOperation[]
  } = { unlisted: [], orphans: [], undone: [] }
  for (const operation of unlisted) {
    const { operationId, kind, targetId } = operation
    if (kind === 'cancellation') {
      const ledgerWon = signedWon(operation)
      const target = targetId === undefined ? undefined : ofThisDate.get(targetId)
      if (target === undefined) found.orphans.push({ operation, ledgerWon })
      else if (!isUnlisted.has(target.operationId)) found.unlisted.push({ operation, ledgerWon })
      continue
    }
    const given = undoing.get(operationId) ?? []
    const listedWon = sumWon(
      given.filter((each) => !isUnlisted.has(each.operationId)).map((each) => each.amountWon),
    )
    const ledgerWon = won(operation.amountWon - operation.cancelledWon + listedWon)
    if (ledgerWon !== 0) found.unlisted.push({ operation, ledgerWon })
    else if (sumWon(given.map((each) => each.amountWon)) < operation.cancelledWon) {
      found.undone.push(operation)
    }
  }
  return found
}
