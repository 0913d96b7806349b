/** Takes what the core told into SQLite. */
import type { IssuerId } from '../base/base.ts'
import { fallbackPreferences } from '../issuing/issuing.ts'
import { cardSpendings } from '../registration/registration.ts'
import {
  heldWon,
  POSITIONS_KEPT_MAX,
  SEALS_UNTIL_COVERED,
  type StoreBatch,
} from '../standin/standin.ts'
import { packLots } from './sqlite-store-lots.ts'
import { maybeNumber, numberOf, type Statements } from './sqlite-store-rows.ts'

const INSERT_WALLET = 'insert into wallet values (?, ?, ?, ?, ?)'
const REPLACE_WALLET = 'insert or replace into wallet values (?, ?, ?, ?, ?)'
const INSERT_CARD = 'insert into card values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'

export type FeedWriting = Pick<
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
  /** Wallets and cards told. */
  told: number
  cards: number
  wallets: number
  /** Σ over wallets of min(held, their issuer's highest cumulative limit). */
  boundWon: number
}

export function feedWriting(sql: Statements, counts: FeedCounts, limits: Limits): FeedWriting {
  return {
    ...recordWriting(sql, counts),
    ...walletWriting(sql, counts, limits),
    ...positionWriting(sql),
  }
}

/** The highest cumulative limit of each issuer, remembered because every wallet that is told needs it. */
export interface Limits {
  of(issuerId: number): number
  forget(): void
}

export function createLimits(sql: Statements): Limits {
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

function recordWriting(
  sql: Statements,
  counts: FeedCounts,
): Pick<FeedWriting, 'putRecord' | 'putCard' | 'putFeed'> {
  return {
    putRecord({ issuerId, kind, recordId, version, body }, generation) {
      const slot = kind === 'terms' ? version : 0
      const changed = sql.run(
        `insert into record values (?, ?, ?, ?, ?, ?, ?)
         on conflict do update set
           version = excluded.version, generation = excluded.generation, body = excluded.body
         where record.generation < excluded.generation or record.version <= excluded.version`,
        issuerId,
        kind,
        recordId,
        slot,
        version,
        generation,
        JSON.stringify(body),
      )
      return changed > 0
    },
    putCard(link, version, generation) {
      counts.told += 1
      const values = [
        link.partnerId,
        link.cardToken,
        link.issuerId,
        link.linkId,
        version,
        generation,
        link.walletId,
        link.memberId,
        link.personId,
        link.lastFour,
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
    putFeed({ coreLife, next, asOf, heardAt, generation, complete }) {
      sql.run(
        'insert or replace into feed values (1, ?, ?, ?, ?, ?, ?)',
        coreLife,
        next,
        asOf,
        Math.floor(heardAt),
        generation,
        complete ? 1 : 0,
      )
    },
  }
}

function walletWriting(
  sql: Statements,
  counts: FeedCounts,
  limits: Limits,
): Pick<FeedWriting, 'putWallet' | 'doubt' | 'setCumulativeMax'> {
  return {
    putWallet({ issuerId, walletId, lots }, generation) {
      counts.told += 1
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
      sql.run(REPLACE_WALLET, ...values)
    },
    doubt({ issuerId, walletId }) {
      sql.run(
        'insert or replace into doubtful values (?, ?, ?)',
        issuerId,
        walletId,
        segmentOf(sql, issuerId),
      )
    },
    setCumulativeMax(issuerId, cumulativeWonMax) {
      openIssuer(sql, issuerId)
      const before = limits.of(issuerId)
      if (before === cumulativeWonMax) return
      const { change } = sql.get(
        `select coalesce(sum(min(held_won, ?) - min(held_won, ?)), 0) as change
         from wallet where issuer_id = ?`,
        cumulativeWonMax,
        before,
        issuerId,
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

function positionWriting(sql: Statements): Pick<FeedWriting, 'putPosition' | 'startAfresh'> {
  return {
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
        issuerId,
        issuerId,
        POSITIONS_KEPT_MAX - 1,
      )
      forgetDoubt(sql, issuerId, segment - SEALS_UNTIL_COVERED)
    },
    startAfresh(issuerId, generation) {
      openIssuer(sql, issuerId)
      sql.run(
        'update issuer set fresh_from = ?, fresh_segment = ? where issuer_id = ?',
        generation,
        segmentOf(sql, issuerId),
        issuerId,
      )
      forgetDoubt(sql, issuerId, Number.MAX_SAFE_INTEGER)
    },
  }
}

function openIssuer(sql: Statements, issuerId: IssuerId): void {
  sql.run(
    'insert into issuer values (?, 0, ?, 0) on conflict do nothing',
    issuerId,
    -SEALS_UNTIL_COVERED,
  )
}

function segmentOf(sql: Statements, issuerId: IssuerId): number {
  const row = sql.get('select max(segment) as s from position where issuer_id = ?', issuerId)
  return (row && maybeNumber(row, 's')) ?? 0
}

function forgetDoubt(sql: Statements, issuerId: IssuerId, until: number): void {
  sql.run('delete from doubtful where issuer_id = ? and segment <= ?', issuerId, until)
}
