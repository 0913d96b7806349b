/**
 * A gateway's store in one SQLite file: WAL with full synchronisation, so that what a commit wrote is on the disk when
 * it returns, whatever dies next. One process owns the file; others may read it.
 */
import { DatabaseSync } from 'node:sqlite'
import { assert, Fault, type IssuerId, type PartnerId, type Won } from '../base/base.ts'
import type {
  StandInMode,
  StandInStore,
  StoreBatch,
  StoredAnswer,
  StoredNotice,
  StoredSale,
  StoreReading,
} from '../standin/standin.ts'
import { createSqliteFeed } from './sqlite-store-feed.ts'
import { createSqliteNotices, noticeOf } from './sqlite-store-notices.ts'
import { createStatements, numberOf, textOf, type Statements } from './sqlite-store-rows.ts'
import { answerOf, createSqliteSales, saleOf } from './sqlite-store-sales.ts'
import { prepareSchema, readSchema, STORE_VERSION } from './sqlite-store-schema.ts'

/** Pages of the file kept in memory by SQLite. */
const CACHE_KIB = 128 * 1024
/** The WAL is worked into the file after so many pages of 4 KiB: seldom enough not to be felt by an answer. */
const CHECKPOINT_PAGES = 4_000
/** While all is told afresh the same pages change again and again: worked in later, each is written once for many. */
const BULK_CHECKPOINT_PAGES = 64_000
/** Wallets and cards told in one commit that make it a bulk. */
const BULK_ROWS = 1_000
const WAL_BYTES_KEPT = 64 * 1024 * 1024
/** How long a reader in another process may keep us waiting; nobody else writes. */
const BUSY_MS = 250

export interface SqliteStoreReading extends StoreReading {
  answers(): Iterable<StoredAnswer>
  notices(): Iterable<StoredNotice>
  sales(): Iterable<StoredSale>
  close(): void
}

/** @throws Faults: `standin_store_failed` where the file cannot be used, `schema_too_new`, `standin_store_full` */
export function openSqliteStore(path: string): StandInStore {
  const release = takeOwnership(path)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: BUSY_MS })
    database.exec(`
      pragma journal_mode = wal;
      pragma synchronous = full;
      pragma cache_size = -${CACHE_KIB};
      pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
      pragma journal_size_limit = ${WAL_BYTES_KEPT};
      pragma temp_store = memory;
    `)
    prepareSchema(database)
    return storeOver(database, release)
  } catch (error) {
    database?.close()
    release()
    throw storeFault(error)
  }
}

/** For other processes: what is committed, without writing or owning anything. @throws Faults */
export function readSqliteStore(path: string): SqliteStoreReading {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 10 * BUSY_MS })
    const version = readSchema(database)
    if (version !== STORE_VERSION) {
      throw new Fault('standin_store_failed', `the store has version ${version} yet`)
    }
    return readingOver(database)
  } catch (error) {
    database?.close()
    throw storeFault(error)
  }
}

function storeOver(database: DatabaseSync, release: () => void): StandInStore {
  const sql = createStatements(database)
  const counts = countRows(sql)
  const { batch, forget } = batchOver(sql, counts)
  const begin = database.prepare('begin immediate')
  const end = database.prepare('commit')
  let isInside = false
  let isClosed = false
  let checkpointPages = CHECKPOINT_PAGES
  const paceCheckpoints = (rowsTold: number): void => {
    const pages = rowsTold >= BULK_ROWS ? BULK_CHECKPOINT_PAGES : CHECKPOINT_PAGES
    if (pages === checkpointPages) return
    checkpointPages = pages
    database.exec(`pragma wal_autocheckpoint = ${pages}`)
  }
  return {
    ...batch,
    commit(write) {
      assert(!isInside, 'a commit stands within no other')
      if (isClosed) throw new Fault('standin_store_failed', 'the store is closed')
      const before = { ...counts }
      isInside = true
      try {
        begin.run()
        const result = write(batch)
        end.run()
        paceCheckpoints(counts.told - before.told)
        return result
      } catch (error) {
        Object.assign(counts, before)
        forget()
        rollBack(database)
        throw storeFault(error)
      } finally {
        isInside = false
      }
    },
    close() {
      if (isClosed) return
      isClosed = true
      database.close()
      release()
    },
  }
}

interface Counts {
  /** Wallets and cards told since the start. */
  told: number
  cards: number
  wallets: number
  waiting: number
  lastSeq: number
  outstandingWon: number
  outstandingSeenWon: number
  settled: number
  boundWon: number
}

function countRows(sql: Statements): Counts {
  const one = (query: string): number => numberOf(sql.get(query)!, 'n')
  return {
    told: 0,
    cards: one('select count(*) as n from card'),
    wallets: one('select count(*) as n from wallet'),
    waiting: one('select count(*) as n from notice where taken_at is null'),
    lastSeq: one('select coalesce(max(seq), 0) as n from notice'),
    outstandingSeenWon: one(
      `select coalesce(sum(min(approved_won - returned_won, seen_max_won)), 0) as n from sale
       where open = 1 and outstanding = 1 and decided_by = 'standin'`,
    ),
    settled: one('select count(*) as n from sale where settled_at is not null'),
    boundWon: one(
      `select coalesce(sum(min(w.held_won, i.cumulative_won_max)), 0) as n
       from wallet w join issuer i on i.issuer_id = w.issuer_id`,
    ),
    outstandingWon: one(
      `select coalesce(sum(approved_won - returned_won), 0) as n from sale
       where open = 1 and outstanding = 1 and decided_by = 'standin'`,
    ),
  }
}

function batchOver(
  sql: Statements,
  counts: Counts,
): { readonly batch: StoreBatch; readonly forget: () => void } {
  const { forget, sweep, ...feed } = createSqliteFeed(sql, counts)
  const { pruneAnswers, pruneSales, ...sales } = createSqliteSales(sql, counts)
  const { pruneTaken, ...notices } = createSqliteNotices(sql, counts)
  const batch: StoreBatch = {
    ...feed,
    ...sales,
    ...notices,
    orders: () =>
      sql.all('select * from standin_order order by partner_id, issuer_id').map((row) => {
        const partnerId = numberOf(row, 'partner_id')
        const issuerId = numberOf(row, 'issuer_id')
        return {
          // 0 stands for all of them; the others were written from their brands.
          ...(partnerId === 0 ? {} : { partnerId: partnerId as PartnerId }),
          ...(issuerId === 0 ? {} : { issuerId: issuerId as IssuerId }),
          mode: textOf(row, 'mode') as StandInMode,
          by: textOf(row, 'ordered_by'),
          at: numberOf(row, 'ordered_at'),
          reason: textOf(row, 'reason'),
        }
      }),
    putOrder({ partnerId = 0, issuerId = 0, mode, by, at, reason }) {
      if (mode === 'automatic') {
        const place = 'partner_id = ? and issuer_id = ?'
        sql.run(`delete from standin_order where ${place}`, partnerId, issuerId)
        return
      }
      sql.run(
        'insert or replace into standin_order values (?, ?, ?, ?, ?, ?)',
        partnerId,
        issuerId,
        mode,
        by,
        at,
        reason,
      )
    },
    totals: () => ({
      cards: counts.cards,
      wallets: counts.wallets,
      waiting: counts.waiting,
      outstandingWon: counts.outstandingWon as Won, // A sum of won.
      boundWon: (counts.boundWon + counts.outstandingSeenWon) as Won,
    }),
    prune({ before, today, rowsMax }) {
      let removed = pruneTaken(before, rowsMax)
      removed += pruneAnswers(before, rowsMax - removed)
      removed += pruneSales({ before, today, rowsMax: rowsMax - removed })
      return removed + sweep(Math.max(0, rowsMax - removed))
    },
  }
  return { batch, forget }
}

function readingOver(database: DatabaseSync): SqliteStoreReading {
  const sql = createStatements(database)
  const counts = countRows(sql)
  const batch: StoreReading = batchOver(sql, counts).batch
  return {
    ...batch,
    *answers() {
      for (const row of sql.each('select * from answered order by key')) yield answerOf(row)
    },
    *notices() {
      for (const row of sql.each('select * from notice order by seq')) yield noticeOf(row)
    },
    *sales() {
      for (const row of sql.each('select * from sale order by key')) yield saleOf(row)
    },
    totals: () => batchOver(sql, countRows(sql)).batch.totals(),
    close: () => database.close(),
  }
}

/**
 * One writer for each file: the lock is SQLite's own on a small file beside it, which the kernel drops when the process
 * dies, however it dies.
 */
function takeOwnership(path: string): () => void {
  let owner: DatabaseSync | undefined
  try {
    owner = new DatabaseSync(`${path}.owner`, { timeout: 0 })
    owner.exec('begin exclusive')
  } catch (error) {
    owner?.close()
    if (resultOf(error) === BUSY) {
      throw new Fault('standin_store_failed', 'another process has the store open', {
        cause: error,
      })
    }
    throw storeFault(error)
  }
  const held = owner
  return () => held.close()
}

function rollBack(database: DatabaseSync): void {
  // SQLite may have rolled back already: on a full disk it does.
  if (!database.isTransaction) return
  try {
    database.exec('rollback')
  } catch {
    // The commit's own error says what is wrong; a file that cannot even roll back says it again next time.
  }
}

const BUSY = 5
const FULL = 13
const IO_ERROR = 10
/** The shared memory of the WAL could not grow, or be mapped: there is no room for it. */
const IO_ERROR_SHM_SIZE = 4_874
const IO_ERROR_SHM_MAP = 5_386
const words: Readonly<Record<number, string>> = {
  5: 'another process keeps the store busy',
  8: 'the store may only be read',
  10: 'the disk of the store fails',
  11: 'the store is corrupt',
  14: 'the store cannot be opened',
  26: 'the file is not a database',
}

/** SQLite's primary result code; `undefined` for anything else. */
function resultOf(error: unknown): number | undefined {
  const code = extendedResultOf(error)
  // The low byte is the primary code (sqlite.org/rescode.html).
  return code === undefined ? undefined : code % 256
}

function extendedResultOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || Reflect.get(error, 'code') !== 'ERR_SQLITE_ERROR') {
    return undefined
  }
  const code: unknown = Reflect.get(error, 'errcode')
  return typeof code === 'number' ? code : undefined
}

/** What SQLite meets is the world failing; anything else is passed on as it is. */
function storeFault(error: unknown): unknown {
  const result = resultOf(error)
  if (result === undefined) return error
  const extended = extendedResultOf(error)
  const isFull =
    result === FULL ||
    (result === IO_ERROR && (extended === IO_ERROR_SHM_SIZE || extended === IO_ERROR_SHM_MAP))
  if (isFull) {
    return new Fault('standin_store_full', 'there is no room for the store', { cause: error })
  }
  const word = words[result] ?? `the store fails with SQLite’s code ${result}`
  return new Fault('standin_store_failed', word, { cause: error })
}
