/** What the core told, in SQLite: records, cards, wallets, and how far the feed came. */
import type { CardLinkId, IssuerId, MemberId, PartnerId, WalletId } from '../base/base.ts'
import type { CardLink, FedRecord } from '../cards/cards.ts'
import { fallbackPreferences } from '../issuing/issuing.ts'
import { cardSpendings } from '../registration/registration.ts'
import {
  heldWon,
  POSITIONS_KEPT_MAX,
  SEALS_UNTIL_COVERED,
  type StoreBatch,
  type StoredPosition,
  type StoreReading,
  type WalletRef,
} from '../standin/standin.ts'
import { packLots, unpackLots } from './sqlite-store-lots.ts'
import {
  bytesOf,
  jsonOf,
  maybeNumber,
  numberOf,
  textOf,
  type Row,
  type Statements,
} from './sqlite-store-rows.ts'

const INSERT_WALLET = 'insert into wallet values (?, ?, ?, ?, ?)'
const INSERT_CARD = 'insert into card values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

type FeedReading = Pick<
  StoreReading,
  'cards' | 'wallet' | 'records' | 'feed' | 'positions' | 'positionsOf' | 'doubtful'
>
type FeedWriting = Pick<
  StoreBatch,
  | 'putRecord'
  | 'putCard'
  | 'putWallet'
  | 'doubt'
  | 'putFeed'
  | 'putPosition'
  | 'startAfresh'
  | 'setCumulativeMax'
>

/** Kept in memory because they are asked with every status; taken back with a commit that fails. */
export interface FeedCounts {
  cards: number
  wallets: number
  /** Σ over wallets of min(held, their issuer's highest cumulative limit). */
  boundWon: number
}

export interface SqliteFeed extends FeedReading, FeedWriting {
  sweep(rowsMax: number): number
  /** A commit failed: what is remembered of issuers may never have been written. */
  forget(): void
}

export function createSqliteFeed(sql: Statements, counts: FeedCounts): SqliteFeed {
  const limits = createLimits(sql)
  return {
    ...feedReading(sql),
    ...feedWriting(sql, counts, limits),
    sweep: createSweep(sql, counts, limits),
    forget: limits.forget,
  }
}

/** The highest cumulative limit of each issuer, remembered because every wallet that is told needs it. */
interface Limits {
  of(issuerId: number): number
  forget(): void
}

function createLimits(sql: Statements): Limits {
  const known = new Map<number, number>()
  return {
    of(issuerId) {
      const remembered = known.get(issuerId)
      if (remembered !== undefined) return remembered
      const row = sql.get('select cumulative_won_max from issuer where issuer_id = ?', issuerId)
      const read = row === undefined ? 0 : numberOf(row, 'cumulative_won_max')
      known.set(issuerId, read)
      return read
    },
    forget: () => known.clear(),
  }
}

function feedReading(sql: Statements): FeedReading {
  return {
    cards: (partnerId, cardToken) =>
      sql
        .all(
          `select c.* from card c left join issuer i on i.issuer_id = c.issuer_id
           where c.partner_id = ? and c.card_token = ? and c.generation >= coalesce(i.fresh_from, 0)
           order by c.issuer_id`,
          partnerId,
          cardToken,
        )
        .map(cardOf),
    wallet({ issuerId, walletId }) {
      const row = sql.get(
        `select w.lots from wallet w left join issuer i on i.issuer_id = w.issuer_id
         where w.issuer_id = ? and w.wallet_id = ? and w.generation >= coalesce(i.fresh_from, 0)`,
        issuerId,
        walletId,
      )
      return row && { issuerId, walletId, lots: unpackLots(bytesOf(row, 'lots')) }
    },
    *records() {
      const rows = sql.each(
        `select r.* from record r left join issuer i on i.issuer_id = r.issuer_id
         where r.generation >= coalesce(i.fresh_from, 0)
         order by r.issuer_id, r.kind, r.record_id, r.slot`,
      )
      for (const row of rows) yield recordOf(row)
    },
    feed() {
      const row = sql.get('select * from feed where one = 1')
      return (
        row && {
          coreLife: textOf(row, 'core_life'),
          next: numberOf(row, 'next'),
          asOf: numberOf(row, 'as_of'),
          heardAt: numberOf(row, 'heard_at'),
          generation: numberOf(row, 'generation'),
          complete: numberOf(row, 'complete') === 1,
        }
      )
    },
    positions: () =>
      sql
        .all(
          `select p.* from position p left join issuer i on i.issuer_id = p.issuer_id
           where p.segment = (select max(segment) from position where issuer_id = p.issuer_id)
             and p.segment >= coalesce(i.fresh_segment, ?) + ?`,
          -SEALS_UNTIL_COVERED,
          SEALS_UNTIL_COVERED,
        )
        .map(positionOf),
    positionsOf: (issuerId) =>
      sql
        .all('select * from position where issuer_id = ? order by segment desc', issuerId)
        .map(positionOf),
    doubtful: (limit) => sql.all('select * from doubtful limit ?', limit).map(refOf),
  }
}

function feedWriting(sql: Statements, counts: FeedCounts, limits: Limits): FeedWriting {
  const openIssuer = (issuerId: IssuerId): void => {
    sql.run(
      `insert into issuer values (?, 0, ?, 0) on conflict do nothing`,
      issuerId,
      -SEALS_UNTIL_COVERED,
    )
  }
  const segmentOf = (issuerId: IssuerId): number => {
    const row = sql.get('select max(segment) as s from position where issuer_id = ?', issuerId)
    return (row && maybeNumber(row, 's')) ?? 0
  }
  const forgetDoubt = (issuerId: IssuerId, until: number): void => {
    sql.run('delete from doubtful where issuer_id = ? and segment <= ?', issuerId, until)
  }
  return {
    putRecord({ issuerId, kind, recordId, version, body }, generation) {
      const slot = kind === 'terms' ? version : 0
      const changed = sql.run(
        `insert into record values (?, ?, ?, ?, ?, ?, ?)
         on conflict do update set
           version = excluded.version, generation = excluded.generation, body = excluded.body
         where record.generation < excluded.generation or record.version <= excluded.version`,
        ...[issuerId, kind, recordId, slot, version, generation, JSON.stringify(body)],
      )
      return changed > 0
    },
    putCard(link, version, generation) {
      const values = [
        ...[link.partnerId, link.cardToken, link.issuerId, link.linkId, version, generation],
        ...[link.walletId, link.memberId, link.personId, link.lastFour],
        cardSpendings.indexOf(link.spending),
        link.onUnknown === null ? null : fallbackPreferences.indexOf(link.onUnknown),
        link.active ? 1 : 0,
      ]
      // Most are new: one descent for these.
      const isNew = sql.run(`${INSERT_CARD} on conflict do nothing`, ...values) === 1
      if (isNew) {
        counts.cards += 1
        return
      }
      sql.run(
        `update card set
           link_id = ?4, version = ?5, generation = ?6, wallet_id = ?7, member_id = ?8,
           person_id = ?9, last_four = ?10, spending = ?11, on_unknown = ?12, active = ?13
         where partner_id = ?1 and card_token = ?2 and issuer_id = ?3
           and (generation < ?6 or version <= ?5)`,
        ...values,
      )
    },
    putWallet({ issuerId, walletId, lots }, generation) {
      const held = heldWon({ lots })
      const values = [issuerId, walletId, generation, held, packLots(lots)]
      const most = limits.of(issuerId)
      const isNew = sql.run(`${INSERT_WALLET} on conflict do nothing`, ...values) === 1
      counts.boundWon += Math.min(held, most)
      if (isNew) {
        counts.wallets += 1
        return
      }
      const before = sql.get(
        'select held_won from wallet where issuer_id = ? and wallet_id = ?',
        issuerId,
        walletId,
      )!
      counts.boundWon -= Math.min(numberOf(before, 'held_won'), most)
      sql.run(INSERT_WALLET.replace('insert', 'insert or replace'), ...values)
    },
    doubt({ issuerId, walletId }) {
      sql.run(
        'insert or replace into doubtful values (?, ?, ?)',
        issuerId,
        walletId,
        segmentOf(issuerId),
      )
    },
    putFeed({ coreLife, next, asOf, heardAt, generation, complete }) {
      sql.run(
        'insert or replace into feed values (1, ?, ?, ?, ?, ?, ?)',
        ...[coreLife, next, asOf, Math.floor(heardAt), generation, complete ? 1 : 0],
      )
    },
    putPosition({ issuerId, segment, hash, notBefore }) {
      sql.run('delete from position where issuer_id = ? and segment >= ?', issuerId, segment)
      sql.run(
        'insert into position values (?, ?, ?, ?)',
        issuerId,
        segment,
        hash,
        Math.floor(notBefore),
      )
      sql.run(
        `delete from position where issuer_id = ? and segment < (
           select segment from position where issuer_id = ? order by segment desc limit 1 offset ?)`,
        ...[issuerId, issuerId, POSITIONS_KEPT_MAX - 1],
      )
      forgetDoubt(issuerId, segment - SEALS_UNTIL_COVERED)
    },
    startAfresh(issuerId, generation) {
      openIssuer(issuerId)
      sql.run(
        'update issuer set fresh_from = ?, fresh_segment = ? where issuer_id = ?',
        ...[generation, segmentOf(issuerId), issuerId],
      )
      forgetDoubt(issuerId, Number.MAX_SAFE_INTEGER)
    },
    setCumulativeMax(issuerId, cumulativeWonMax) {
      openIssuer(issuerId)
      const before = limits.of(issuerId)
      if (before === cumulativeWonMax) return
      const { change } = sql.get(
        `select coalesce(sum(min(held_won, ?) - min(held_won, ?)), 0) as change
         from wallet where issuer_id = ?`,
        ...[cumulativeWonMax, before, issuerId],
      )!
      counts.boundWon += Number(change)
      sql.run(
        'update issuer set cumulative_won_max = ? where issuer_id = ?',
        cumulativeWonMax,
        issuerId,
      )
      limits.forget()
    },
  }
}

/** Rows looked at for each that may be removed: what was passed over is rare. */
const LOOKED_AT = 4

function createSweep(
  sql: Statements,
  counts: FeedCounts,
  limits: Limits,
): (rowsMax: number) => number {
  const tables = [walletSweep(sql, counts, limits), cardSweep(sql, counts), recordSweep(sql)]
  /** The table that is walked through, and the generation it is done for. */
  let turn = 0
  let sweptFor = 0
  return (rowsMax) => {
    const row = sql.get('select coalesce(max(fresh_from), 0) as g from issuer')!
    const freshest = numberOf(row, 'g')
    const table = tables[turn]
    if (sweptFor === freshest || table === undefined || rowsMax <= 0) return 0
    const { removed, isAtEnd } = table(rowsMax * LOOKED_AT)
    if (isAtEnd) turn += 1
    if (turn === tables.length) {
      turn = 0
      sweptFor = freshest
    }
    return removed
  }
}

/** Walks on from where it stood, and removes what its issuer's newest synchronisation passed over. */
type Sweep = (lookedAt: number) => { readonly removed: number; readonly isAtEnd: boolean }

function walletSweep(sql: Statements, counts: FeedCounts, limits: Limits): Sweep {
  let from: [number, number] = [-1, -1]
  return (limit) => {
    const rows = sql.all(
      `select w.issuer_id, w.wallet_id, w.held_won,
         w.generation < coalesce(i.fresh_from, 0) as passed
       from wallet w left join issuer i on i.issuer_id = w.issuer_id
       where (w.issuer_id, w.wallet_id) > (?, ?) order by w.issuer_id, w.wallet_id limit ?`,
      ...from,
      limit,
    )
    const passed = rows.filter((row) => row['passed'] === 1)
    for (const row of passed) {
      const { issuerId, walletId } = refOf(row)
      sql.run('delete from wallet where issuer_id = ? and wallet_id = ?', issuerId, walletId)
      counts.boundWon -= Math.min(numberOf(row, 'held_won'), limits.of(issuerId))
    }
    counts.wallets -= passed.length
    const last = rows.at(-1)
    const isAtEnd = rows.length < limit || last === undefined
    from = isAtEnd ? [-1, -1] : [numberOf(last, 'issuer_id'), numberOf(last, 'wallet_id')]
    return { removed: passed.length, isAtEnd }
  }
}

function cardSweep(sql: Statements, counts: FeedCounts): Sweep {
  let from: [number, string, number] = [-1, '', -1]
  return (limit) => {
    const rows = sql.all(
      `select c.partner_id, c.card_token, c.issuer_id,
         c.generation < coalesce(i.fresh_from, 0) as passed
       from card c left join issuer i on i.issuer_id = c.issuer_id
       where (c.partner_id, c.card_token, c.issuer_id) > (?, ?, ?)
       order by c.partner_id, c.card_token, c.issuer_id limit ?`,
      ...from,
      limit,
    )
    const placeOf = (row: Row): [number, string, number] => [
      numberOf(row, 'partner_id'),
      textOf(row, 'card_token'),
      numberOf(row, 'issuer_id'),
    ]
    const passed = rows.filter((row) => row['passed'] === 1)
    for (const row of passed) {
      sql.run(
        'delete from card where partner_id = ? and card_token = ? and issuer_id = ?',
        ...placeOf(row),
      )
    }
    counts.cards -= passed.length
    const last = rows.at(-1)
    const isAtEnd = rows.length < limit || last === undefined
    from = isAtEnd ? [-1, '', -1] : placeOf(last)
    return { removed: passed.length, isAtEnd }
  }
}

/** Records are few beside wallets and cards: all at once. */
function recordSweep(sql: Statements): Sweep {
  return () => {
    const removed = sql.run(
      `delete from record where generation < coalesce(
         (select fresh_from from issuer i where i.issuer_id = record.issuer_id), 0)`,
    )
    return { removed, isAtEnd: true }
  }
}

function cardOf(row: Row): CardLink {
  const onUnknown = maybeNumber(row, 'on_unknown')
  return {
    // All ids were written from their brands.
    issuerId: numberOf(row, 'issuer_id') as IssuerId,
    linkId: numberOf(row, 'link_id') as CardLinkId,
    partnerId: numberOf(row, 'partner_id') as PartnerId,
    cardToken: textOf(row, 'card_token'),
    lastFour: textOf(row, 'last_four'),
    memberId: numberOf(row, 'member_id') as MemberId,
    walletId: numberOf(row, 'wallet_id') as WalletId,
    personId: textOf(row, 'person_id'),
    spending: cardSpendings[numberOf(row, 'spending')]!,
    onUnknown: onUnknown === undefined ? null : fallbackPreferences[onUnknown]!,
    active: numberOf(row, 'active') === 1,
  }
}

function recordOf(row: Row): FedRecord {
  return {
    issuerId: numberOf(row, 'issuer_id') as IssuerId, // Written from a brand.
    kind: textOf(row, 'kind') as FedRecord['kind'], // Written from a record.
    recordId: numberOf(row, 'record_id'),
    version: numberOf(row, 'version'),
    body: jsonOf(row, 'body'),
  }
}

function positionOf(row: Row): StoredPosition {
  return {
    issuerId: numberOf(row, 'issuer_id') as IssuerId, // Written from a brand.
    segment: numberOf(row, 'segment'),
    hash: textOf(row, 'hash'),
    notBefore: numberOf(row, 'not_before'),
  }
}

function refOf(row: Row): WalletRef {
  return {
    issuerId: numberOf(row, 'issuer_id') as IssuerId, // Written from a brand.
    walletId: numberOf(row, 'wallet_id') as WalletId,
  }
}
