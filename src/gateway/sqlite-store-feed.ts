/** What the core told, in SQLite: records, cards, wallets, and how far the feed came. */
import type { CardLinkId, IssuerId, MemberId, PartnerId, WalletId } from '../base/base.ts'
import type { CardLink, FedRecord } from '../cards/cards.ts'
import { fallbackPreferences } from '../issuing/issuing.ts'
import { cardSpendings } from '../registration/registration.ts'
import {
  SEALS_UNTIL_COVERED,
  type StoredPosition,
  type StoreReading,
  type WalletRef,
} from '../standin/standin.ts'
import {
  createLimits,
  feedWriting,
  type FeedCounts,
  type FeedWriting,
} from './sqlite-store-feed-writing.ts'
import { unpackLots } from './sqlite-store-lots.ts'
import {
  bytesOf,
  jsonOf,
  maybeNumber,
  numberOf,
  textOf,
  type Row,
  type Statements,
} from './sqlite-store-rows.ts'
import { createSweep } from './sqlite-store-sweep.ts'

type FeedReading = Pick<
  StoreReading,
  'cards' | 'wallet' | 'records' | 'feed' | 'positions' | 'positionsOf' | 'doubtful'
>

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
