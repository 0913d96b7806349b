/** Notices in SQLite: numbered in the order of recording, waiting until the core took them. */
import {
  isPartnersReversal,
  type NewNotice,
  type StoreBatch,
  type StoredNotice,
  type StoreReading,
  type TakenReceipt,
} from '../standin/standin.ts'
import {
  jsonOf,
  maybeNumber,
  numberOf,
  textOf,
  type Row,
  type Statements,
} from './sqlite-store-rows.ts'

export interface NoticeCounts {
  waiting: number
  lastSeq: number
}

type NoticeMethods = Pick<
  StoreReading & StoreBatch,
  | 'notice'
  | 'waiting'
  | 'waitingIn'
  | 'isSaleWaiting'
  | 'isReversed'
  | 'oldestWaitingAt'
  | 'takenSince'
  | 'addNotice'
  | 'markAttempted'
  | 'markTaken'
  | 'tellAnew'
>
export interface SqliteNotices extends NoticeMethods {
  pruneTaken(before: number, rowsMax: number): number
}

export function createSqliteNotices(sql: Statements, counts: NoticeCounts): SqliteNotices {
  return { ...noticeReading(sql), ...noticeWriting(sql, counts) }
}

function noticeReading(
  sql: Statements,
): Pick<
  StoreReading,
  | 'notice'
  | 'waiting'
  | 'waitingIn'
  | 'isSaleWaiting'
  | 'isReversed'
  | 'oldestWaitingAt'
  | 'takenSince'
> {
  return {
    notice(name) {
      const row = sql.get('select * from notice where name = ?', name)
      return row && noticeOf(row)
    },
    waiting: (after, limit) =>
      sql
        .all(
          'select * from notice where taken_at is null and seq > ? order by seq limit ?',
          after,
          limit,
        )
        .map(noticeOf),
    waitingIn: (group, limit) =>
      sql
        .all(
          `select * from notice where group_name = ? and taken_at is null order by seq limit ?`,
          group,
          limit,
        )
        .map(noticeOf),
    isSaleWaiting: (saleKey) =>
      sql.get('select 1 from notice where sale_key = ? and taken_at is null limit 1', saleKey) !==
      undefined,
    isReversed: (saleKey) =>
      sql.get('select 1 from notice where sale_key = ? and reversal = 1 limit 1', saleKey) !==
      undefined,
    oldestWaitingAt() {
      const row = sql.get('select noted_at from notice where taken_at is null order by seq limit 1')
      return row && numberOf(row, 'noted_at')
    },
    takenSince: (since, { after, limit }) =>
      sql
        .all(
          'select * from notice where taken_at >= ? and seq > ? order by seq limit ?',
          Math.floor(since),
          after,
          limit,
        )
        .map(noticeOf),
  }
}

function noticeWriting(
  sql: Statements,
  counts: NoticeCounts,
): Pick<SqliteNotices, 'addNotice' | 'markAttempted' | 'markTaken' | 'tellAnew' | 'pruneTaken'> {
  return {
    addNotice(notice: NewNotice) {
      counts.lastSeq += 1
      const changed = sql.run(
        `insert into notice values (?, ?, ?, ?, ?, ?, 0, null, null, ?) on conflict do nothing`,
        counts.lastSeq,
        notice.name,
        notice.group,
        notice.saleKey,
        notice.notedAt,
        JSON.stringify(notice.notice),
        isPartnersReversal(notice) ? 1 : 0,
      )
      if (changed === 0) {
        counts.lastSeq -= 1
        return undefined
      }
      counts.waiting += 1
      return counts.lastSeq
    },
    markAttempted(seqs, attempted) {
      for (const seq of seqs) {
        sql.run('update notice set attempted = ? where seq = ?', attempted ? 1 : 0, seq)
      }
    },
    markTaken(seq, at, receipt) {
      counts.waiting -= sql.run(
        'update notice set taken_at = ?, receipt = ? where seq = ? and taken_at is null',
        at,
        JSON.stringify(receipt),
        seq,
      )
    },
    tellAnew(seq) {
      const row = sql.get('select taken_at from notice where seq = ?', seq)
      if (row === undefined) return
      counts.lastSeq += 1
      sql.run(
        'update notice set seq = ?, taken_at = null, receipt = null where seq = ?',
        counts.lastSeq,
        seq,
      )
      if (row['taken_at'] !== null) counts.waiting += 1
    },
    pruneTaken: (before, rowsMax) =>
      sql.run(
        'delete from notice where seq in (select seq from notice where taken_at < ? limit ?)',
        Math.floor(before),
        rowsMax,
      ),
  }
}

export function noticeOf(row: Row): StoredNotice {
  const takenAt = maybeNumber(row, 'taken_at')
  return {
    seq: numberOf(row, 'seq'),
    name: textOf(row, 'name'),
    group: textOf(row, 'group_name'),
    saleKey: textOf(row, 'sale_key'),
    notedAt: numberOf(row, 'noted_at'),
    // Both were written from these types.
    notice: jsonOf(row, 'notice') as StoredNotice['notice'],
    attempted: numberOf(row, 'attempted') === 1,
    ...(takenAt === undefined ? {} : { takenAt, receipt: jsonOf(row, 'receipt') as TakenReceipt }),
  }
}
