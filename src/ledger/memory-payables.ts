/** What the in-memory ledger owes to merchants and card companies, what settles it, and what clearing reads. */
import {
  businessDate,
  sumWon,
  won,
  type Instant,
  type IssuerId,
  type PartnerId,
  type Won,
} from '../base/base.ts'
import type { CardReading, CardSettlementRequest, LedgerReading } from './ledger.ts'
import type { OutletDay } from './reading.ts'
import {
  recordedOperation,
  isHoldClosed,
  type Books,
  type OperationRow,
  type Verdict,
} from './memory-books.ts'
import { addPayout } from './memory-payouts.ts'

/** Pays what is owed and never more. A cancellation that comes after it may leave the partner owing. */
export function decideSettlement(
  books: Books,
  request: CardSettlementRequest,
  bookedAt: Instant,
): Verdict {
  const { operationId, payout, card, amountWon } = request
  const exceeds = amountWon > clearingWon(books, card.partnerId)
  const decline = request.refusal ?? (exceeds ? 'settlement_exceeds_clearing' : undefined)
  if (decline === undefined && payout !== undefined) {
    addPayout(books, { operationId, payout, amountWon }, bookedAt)
  }
  const debit = { debitKind: 'card_clearing', debitId: card.partnerId } as const
  const credit = { creditKind: 'settlement_in_transit', creditId: 0 } as const
  return {
    kind: 'card_settlement',
    channel: 'system',
    decline,
    amountWon,
    card,
    movements: decline === undefined ? [{ ...debit, ...credit, amountWon }] : [],
  }
}

function clearingWon(books: Books, partnerId: PartnerId): Won {
  const rows = [...books.operations.values()].filter((row) => row.card?.partnerId === partnerId)
  return sumWon(
    rows
      .flatMap((row) => row.transfers)
      .flatMap(({ debitKind, creditKind, amountWon }) => {
        if (creditKind === 'card_clearing') return [amountWon]
        return debitKind === 'card_clearing' ? [won(0 - amountWon)] : []
      }),
  )
}

/** What is owed or on its way, and card operations. */
export function readingPayables(
  readBooks: (issuerId: IssuerId) => Books,
): CardReading & Pick<LedgerReading, 'awaitsPurchase' | 'merchantPayable' | 'merchantDays'> {
  return {
    async awaitsPurchase(issuerId, walletId) {
      const reserved = [...readBooks(issuerId).reserved.values()].flat()
      return reserved.some((row) => row.walletId === walletId)
    },
    async merchantPayable(issuerId, merchantId) {
      const rows = [...readBooks(issuerId).operations.values()].filter(
        (row) =>
          row.merchantId === merchantId && row.decline === undefined && row.card === undefined,
      )
      return sumWon(
        rows.flatMap(({ kind, amountWon }) => {
          if (kind === 'payment' || kind === 'capture') return [amountWon]
          return kind === 'cancellation' || kind === 'payout' ? [won(0 - amountWon)] : []
        }),
      )
    },
    async merchantDays(issuerId, merchantId, { from, until }) {
      const rows = [...readBooks(issuerId).operations.values()]
        .filter((row) => row.merchantId === merchantId && row.decline === undefined)
        .filter(({ bookedAt }) => bookedAt >= from && bookedAt < until)
        .filter(({ kind }) => isTaken(kind) || kind === 'cancellation')
      const groups = Map.groupBy(rows, (row) => `${businessDate(row.bookedAt)} ${row.outletId}`)
      return [...groups.values()].map(outletDay).toSorted(byDayAndOutlet)
    },
    async cardOperations(issuerId, { partnerId, businessDate }, { after, limit }) {
      const books = readBooks(issuerId)
      return [...books.operations.values()]
        .filter(({ card }) => card?.partnerId === partnerId && card.businessDate === businessDate)
        .filter(({ operationId }) => after === undefined || operationId > after)
        .toSorted((one, other) => (one.operationId < other.operationId ? -1 : 1))
        .slice(0, limit)
        .map((row) => recordedOperation(books, row))
    },
    async openCardHolds(issuerId, before, limit) {
      const books = readBooks(issuerId)
      return [...books.operations.values()]
        .filter((row) => isOpenCardHold(books, row) && row.bookedAt < before)
        .toSorted(
          (one, other) =>
            one.bookedAt - other.bookedAt || (one.operationId < other.operationId ? -1 : 1),
        )
        .slice(0, limit)
        .map((row) => recordedOperation(books, row))
    },
    async cardClearing(issuerId, partnerId) {
      return clearingWon(readBooks(issuerId), partnerId)
    },
  }
}

function isOpenCardHold(books: Books, row: OperationRow): boolean {
  const isCardHold = row.kind === 'hold' && row.card !== undefined && row.decline === undefined
  return isCardHold && !isHoldClosed(books, row.operationId)
}

function isTaken(kind: OperationRow['kind']): boolean {
  return kind === 'payment' || kind === 'capture'
}

/** @param rows of one day and outlet, at least one */
function outletDay(rows: readonly OperationRow[]): OutletDay {
  const taken = rows.filter(({ kind }) => isTaken(kind))
  const given = rows.filter(({ kind }) => !isTaken(kind))
  return {
    day: businessDate(rows[0]!.bookedAt),
    outletId: rows[0]!.outletId,
    payments: taken.length,
    paymentsWon: sumWon(taken.map(({ amountWon }) => amountWon)),
    cancellations: given.length,
    cancellationsWon: sumWon(given.map(({ amountWon }) => amountWon)),
  }
}

/** Without an outlet last, as PostgreSQL sorts what is null. */
function byDayAndOutlet(one: OutletDay, other: OutletDay): number {
  if (one.day !== other.day) return one.day < other.day ? -1 : 1
  const last = Number.MAX_SAFE_INTEGER
  return (one.outletId ?? last) - (other.outletId ?? last)
}
