/** Answers and sales in SQLite. */
import { won, type BusinessDate, type IssuerId, type WalletId, type Won } from '../base/base.ts'
import type { CardAnswer, CardRequest } from '../cards/cards.ts'
import {
  releasedSale,
  type SaleDecider,
  type ShownSales,
  type StoreBatch,
  type StoredAnswer,
  type StoredSale,
  type StoreReading,
} from '../standin/standin.ts'
import {
  jsonOf,
  maybeNumber,
  maybeText,
  numberOf,
  textOf,
  type Row,
  type Statements,
} from './sqlite-store-rows.ts'

export interface SaleCounts {
  outstandingWon: number
  /** Of that, what the fed lots may lack already. */
  outstandingSeenWon: number
  /** Sales that a page of the feed may release; mostly none. */
  settled: number
}

type SaleMethods = Pick<
  StoreReading & StoreBatch,
  | 'answered'
  | 'approvedByCoreSince'
  | 'putAnswer'
  | 'sale'
  | 'openSales'
  | 'putSale'
  | 'releaseSales'
>
export interface SqliteSales extends SaleMethods {
  pruneAnswers(before: number, rowsMax: number): number
  pruneSales(bounds: { before: number; today: BusinessDate; rowsMax: number }): number
}

export function createSqliteSales(sql: Statements, counts: SaleCounts): SqliteSales {
  const putSale = (sale: StoredSale): void => putSaleIn(sql, counts, sale)
  return {
    ...answers(sql),
    sale: (key) => saleIn(sql, key),
    openSales: ({ issuerId, walletId }) =>
      sql
        .all(
          `select * from sale where issuer_id = ? and wallet_id = ? and open = 1
           order by decided_at, key`,
          issuerId,
          walletId,
        )
        .map(saleOf),
    putSale,
    releaseSales(shown) {
      if (counts.settled === 0) return
      for (const row of settledRows(sql, shown)) putSale(releasedSale(saleOf(row)))
    },
    pruneSales: (bounds) => pruneSales(sql, counts, bounds),
  }
}

function saleIn(sql: Statements, key: string): StoredSale | undefined {
  const row = sql.get('select * from sale where key = ?', key)
  return row && saleOf(row)
}

function putSaleIn(sql: Statements, counts: SaleCounts, sale: StoredSale): void {
  const before = saleIn(sql, sale.key)
  counts.outstandingWon += owedWon(sale) - owedWon(before)
  counts.outstandingSeenWon += owedSeenWon(sale) - owedSeenWon(before)
  counts.settled += isSettled(sale) - isSettled(before)
  sql.run(
    'insert or replace into sale values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    sale.key,
    sale.issuerId,
    sale.walletId,
    sale.fingerprint,
    sale.decidedBy,
    sale.decidedAt,
    sale.day,
    sale.approvedWon,
    sale.returnedWon,
    sale.seenMinWon,
    sale.seenMaxWon,
    JSON.stringify(sale.tenders),
    sale.outstanding ? 1 : 0,
    sale.settledAt ?? null,
    sale.settledCoreAt === undefined ? null : Math.ceil(sale.settledCoreAt),
    sale.open ? 1 : 0,
  )
}

function settledRows(sql: Statements, shown: ShownSales): readonly Row[] {
  const coreBefore = Math.floor(shown.coreBefore)
  if ('wallet' in shown) {
    const { issuerId, walletId } = shown.wallet
    return sql.all(
      `select * from sale where issuer_id = ? and wallet_id = ? and open = 1
         and settled_at is not null and settled_core_at <= ?`,
      issuerId,
      walletId,
      coreBefore,
    )
  }
  return sql.all(
    `select * from sale where settled_at is not null
       and (settled_core_at <= ? or settled_at <= ?)`,
    coreBefore,
    Math.floor(shown.ownBefore),
  )
}

/** Nothing is owed for it, and the fed lots show it. */
const OVER = `outstanding = 0 and settled_at is null
  and seen_min_won = approved_won - returned_won and seen_max_won = seen_min_won`

function pruneSales(
  sql: Statements,
  counts: SaleCounts,
  { before, today, rowsMax }: { before: number; today: BusinessDate; rowsMax: number },
): number {
  sql.run(
    `update sale set open = 0 where key in (
       select key from sale where open = 1 and ${OVER} and day < ? limit ?)`,
    today,
    rowsMax,
  )
  const removed = sql.all(
    `delete from sale where key in (
       select key from sale where decided_at < ?
         and (decided_by = 'peer' or (open = 0 and day < ? and ${OVER})) limit ?)
     returning settled_at`,
    Math.floor(before),
    today,
    rowsMax,
  )
  counts.settled -= removed.filter((row) => row['settled_at'] !== null).length
  return removed.length
}

function answers(sql: Statements) {
  return {
    answered: (key: string) => {
      const row = sql.get('select * from answered where key = ?', key)
      return row && answerOf(row)
    },
    approvedByCoreSince: ((since, { after, limit }) =>
      sql
        .all(
          `select * from answered where of_core = 1 and answered_at >= ?
             and (answered_at, key) > (?, ?) order by answered_at, key limit ?`,
          Math.floor(since),
          after?.answeredAt ?? -1,
          after?.key ?? '',
          limit,
        )
        .map(answerOf)) satisfies StoreReading['approvedByCoreSince'],
    putAnswer: (stored: StoredAnswer) => {
      const { key, fingerprint, answeredAt, answer, request, issuerId } = stored
      const ofCore = request !== undefined && answer.decidedBy === 'core'
      sql.run(
        'insert or replace into answered values (?, ?, ?, ?, ?, ?, ?)',
        key,
        fingerprint,
        answeredAt,
        issuerId ?? null,
        JSON.stringify(answer),
        request === undefined ? null : JSON.stringify(request),
        ofCore ? 1 : 0,
      )
    },
    pruneAnswers: (before: number, rowsMax: number) =>
      sql.run(
        `delete from answered where key in (
           select key from answered a where answered_at < ? and not exists (
             select 1 from notice n where n.sale_key = a.key and n.taken_at is null) limit ?)`,
        Math.floor(before),
        rowsMax,
      ),
  }
}

function owedSeenWon(sale: StoredSale | undefined): number {
  return Math.min(owedWon(sale), sale?.seenMaxWon ?? 0)
}

function isSettled(sale: StoredSale | undefined): number {
  return sale?.settledAt === undefined ? 0 : 1
}

function owedWon(sale: StoredSale | undefined): number {
  return sale?.outstanding === true && sale.decidedBy === 'standin'
    ? sale.approvedWon - sale.returnedWon
    : 0
}

export function answerOf(row: Row): StoredAnswer {
  const issuerId = maybeNumber(row, 'issuer_id')
  return {
    key: textOf(row, 'key'),
    fingerprint: textOf(row, 'fingerprint'),
    answeredAt: numberOf(row, 'answered_at'),
    // All of it was written from these types.
    answer: jsonOf(row, 'answer') as CardAnswer,
    ...(maybeText(row, 'request') === undefined
      ? {}
      : { request: jsonOf(row, 'request') as CardRequest }),
    ...(issuerId === undefined ? {} : { issuerId: issuerId as IssuerId }),
  }
}

export function saleOf(row: Row): StoredSale {
  const settledAt = maybeNumber(row, 'settled_at')
  const settledCoreAt = maybeNumber(row, 'settled_core_at')
  return {
    key: textOf(row, 'key'),
    // Ids, day, decider and tenders were written from their types.
    issuerId: numberOf(row, 'issuer_id') as IssuerId,
    walletId: numberOf(row, 'wallet_id') as WalletId,
    fingerprint: textOf(row, 'fingerprint'),
    decidedBy: textOf(row, 'decided_by') as SaleDecider,
    decidedAt: numberOf(row, 'decided_at'),
    day: textOf(row, 'day') as BusinessDate,
    approvedWon: wonOf(row, 'approved_won'),
    returnedWon: wonOf(row, 'returned_won'),
    seenMinWon: wonOf(row, 'seen_min_won'),
    seenMaxWon: wonOf(row, 'seen_max_won'),
    tenders: jsonOf(row, 'tenders') as StoredSale['tenders'],
    outstanding: numberOf(row, 'outstanding') === 1,
    ...(settledAt === undefined ? {} : { settledAt }),
    ...(settledCoreAt === undefined ? {} : { settledCoreAt }),
    open: numberOf(row, 'open') === 1,
  }
}

function wonOf(row: Row, column: string): Won {
  return won(numberOf(row, column))
}
