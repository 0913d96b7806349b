/** What the core told, as the store in memory keeps it: records, cards, wallets and how far the feed came. */
import { sumWon, won, type IssuerId, type WalletId, type Won } from '../base/base.ts'
import type { CardLink, FedRecord, FedWallet } from '../cards/cards.ts'
import { fileUnder, setIn, type UndoLog } from './memory-rows.ts'
import type { StoredFeed, StoredPosition, StoreBatch, StoreReading, WalletRef } from './store.ts'

/** A position covers what was told before the seal before it: see `StoredPosition.notBefore`. */
export const SEALS_UNTIL_COVERED = 2
/** Positions kept of an issuer. */
export const POSITIONS_KEPT_MAX = 1_000

interface Told<Row> {
  readonly row: Row
  readonly generation: number
}
interface IssuerRow {
  readonly freshFrom: number
  /** The newest position when all of the issuer was told. */
  readonly freshSegment: number
  readonly cumulativeWonMax: Won
  readonly boundWon: number
}

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
export interface MemoryFeedRows extends FeedReading, FeedWriting {
  totals(): { cards: number; wallets: number; boundWon: Won }
  /** Removes rows that a newer synchronisation passed over. */
  sweep(rowsMax: number): number
}

const NEW_ISSUER: IssuerRow = {
  freshFrom: 0,
  freshSegment: -SEALS_UNTIL_COVERED,
  cumulativeWonMax: won(0),
  boundWon: 0,
}

/** All that the core told. */
interface Shelves {
  readonly log: UndoLog
  readonly records: Map<string, Told<FedRecord>>
  readonly cards: Map<string, Map<IssuerId, Told<CardLink & { readonly version: number }>>>
  readonly wallets: Map<string, Told<FedWallet>>
  readonly issuers: Map<IssuerId, IssuerRow>
  /** Newest first. */
  readonly positions: Map<IssuerId, readonly StoredPosition[]>
  readonly doubted: Map<string, WalletRef & { readonly segment: number }>
  readonly doubtedOf: Map<IssuerId, Set<string>>
  readonly feed: Map<'feed', StoredFeed>
  cardCount: number
}

export function createMemoryFeedRows(log: UndoLog): MemoryFeedRows {
  const shelves: Shelves = {
    log,
    records: new Map(),
    cards: new Map(),
    wallets: new Map(),
    issuers: new Map(),
    positions: new Map(),
    doubted: new Map(),
    doubtedOf: new Map(),
    feed: new Map(),
    cardCount: 0,
  }
  return {
    ...reading(shelves),
    ...recordWriting(shelves),
    ...walletWriting(shelves),
    ...positionWriting(shelves),
    totals() {
      // Sums of won.
      const bounds = [...shelves.issuers.values()].map((row) => row.boundWon as Won)
      const { cardCount, wallets } = shelves
      return { cards: cardCount, wallets: wallets.size, boundWon: sumWon(bounds) }
    },
    sweep: (rowsMax) => sweep(shelves, rowsMax),
  }
}

function issuerRow({ issuers }: Shelves, issuerId: IssuerId): IssuerRow {
  return issuers.get(issuerId) ?? NEW_ISSUER
}

function changeIssuer(shelves: Shelves, issuerId: IssuerId, change: Partial<IssuerRow>): void {
  const row = issuerRow(shelves, issuerId)
  setIn(shelves.log, shelves.issuers, issuerId, { ...row, ...change })
}

/** Whether a row counts: told since its issuer was told afresh. */
function counts(
  shelves: Shelves,
  issuerId: IssuerId,
  { generation }: { readonly generation: number },
): boolean {
  return generation >= issuerRow(shelves, issuerId).freshFrom
}

function segmentOf({ positions }: Shelves, issuerId: IssuerId): number {
  return positions.get(issuerId)?.[0]?.segment ?? 0
}

function reading(shelves: Shelves): FeedReading {
  const { cards, wallets, records, positions, doubted } = shelves
  return {
    cards: (partnerId, cardToken) =>
      [...(cards.get(`${partnerId}/${cardToken}`)?.values() ?? [])]
        .filter((told) => counts(shelves, told.row.issuerId, told))
        .map(({ row: { version: _version, ...link } }) => link)
        .toSorted((a, b) => a.issuerId - b.issuerId),
    wallet(ref) {
      const told = wallets.get(walletText(ref))
      return told !== undefined && counts(shelves, ref.issuerId, told) ? told.row : undefined
    },
    records: () =>
      [...records.values()]
        .filter((told) => counts(shelves, told.row.issuerId, told))
        .map(({ row }) => row)
        .toSorted(byPlace),
    feed: () => shelves.feed.get('feed'),
    positions: () =>
      [...positions].flatMap(([issuerId, [newest]]) => {
        const from = issuerRow(shelves, issuerId).freshSegment + SEALS_UNTIL_COVERED
        return newest !== undefined && newest.segment >= from ? [newest] : []
      }),
    positionsOf: (issuerId) => positions.get(issuerId) ?? [],
    doubtful: (limit) =>
      [...doubted.values()]
        .slice(0, limit)
        .map(({ issuerId, walletId }) => ({ issuerId, walletId })),
  }
}

function recordWriting(shelves: Shelves): Pick<FeedWriting, 'putRecord' | 'putCard' | 'putFeed'> {
  const { log, records, cards } = shelves
  return {
    putRecord(record, generation) {
      const place = placeOf(record)
      const known = records.get(place)
      if (known !== undefined && known.generation >= generation) {
        if (known.row.version > record.version) return false
      }
      setIn(log, records, place, { row: record, generation })
      return true
    },
    putCard(link, version, generation) {
      const place = `${link.partnerId}/${link.cardToken}`
      const ofCard = cards.get(place) ?? new Map()
      const known = ofCard.get(link.issuerId)
      if (known !== undefined && known.generation >= generation && known.row.version > version) {
        return
      }
      setIn(log, cards, place, ofCard)
      setIn(log, ofCard, link.issuerId, { row: { ...link, version }, generation })
      if (known === undefined) countCards(shelves, 1)
    },
    putFeed: (row) => setIn(log, shelves.feed, 'feed', row),
  }
}

function countCards(shelves: Shelves, change: number): void {
  shelves.cardCount += change
  shelves.log.push(() => (shelves.cardCount -= change))
}

function walletWriting(
  shelves: Shelves,
): Pick<FeedWriting, 'putWallet' | 'doubt' | 'setCumulativeMax'> {
  const { log, wallets } = shelves
  return {
    putWallet(wallet, generation) {
      bind(shelves, wallet, wallet)
      setIn(log, wallets, walletText(wallet), { row: wallet, generation })
    },
    doubt({ issuerId, walletId }) {
      const text = walletText({ issuerId, walletId })
      const segment = segmentOf(shelves, issuerId)
      setIn(log, shelves.doubted, text, { issuerId, walletId, segment })
      fileUnder(log, shelves.doubtedOf, { key: issuerId, item: text, isIn: true })
    },
    setCumulativeMax(issuerId, cumulativeWonMax) {
      let boundWon = 0
      for (const { row } of wallets.values()) {
        if (row.issuerId === issuerId) boundWon += boundOf(row, cumulativeWonMax)
      }
      changeIssuer(shelves, issuerId, { cumulativeWonMax, boundWon })
    },
  }
}

/** Keeps the issuer's bound while a wallet changes, or goes. */
function bind(shelves: Shelves, ref: WalletRef, now: FedWallet | undefined): void {
  const { cumulativeWonMax, boundWon } = issuerRow(shelves, ref.issuerId)
  const was = boundOf(shelves.wallets.get(walletText(ref))?.row, cumulativeWonMax)
  const is = boundOf(now, cumulativeWonMax)
  changeIssuer(shelves, ref.issuerId, { boundWon: boundWon - was + is })
}

function boundOf(wallet: FedWallet | undefined, most: Won): number {
  return wallet === undefined ? 0 : Math.min(heldWon(wallet), most)
}

function positionWriting(shelves: Shelves): Pick<FeedWriting, 'putPosition' | 'startAfresh'> {
  const { log, positions } = shelves
  return {
    putPosition(position) {
      const { issuerId, segment } = position
      const older = (positions.get(issuerId) ?? []).filter((each) => each.segment < segment)
      const kept = [position, ...older].slice(0, POSITIONS_KEPT_MAX)
      setIn(log, positions, issuerId, kept)
      forgetDoubt(shelves, issuerId, segment - SEALS_UNTIL_COVERED)
    },
    startAfresh(issuerId, generation) {
      const freshSegment = segmentOf(shelves, issuerId)
      changeIssuer(shelves, issuerId, { freshFrom: generation, freshSegment })
      forgetDoubt(shelves, issuerId, Number.POSITIVE_INFINITY)
    },
  }
}

function forgetDoubt(
  { log, doubted, doubtedOf }: Shelves,
  issuerId: IssuerId,
  until: number,
): void {
  for (const text of doubtedOf.get(issuerId) ?? []) {
    if (doubted.get(text)!.segment > until) continue
    setIn(log, doubted, text, undefined)
    fileUnder(log, doubtedOf, { key: issuerId, item: text, isIn: false })
  }
}

function sweep(shelves: Shelves, rowsMax: number): number {
  const { log, issuers, wallets, records, cards } = shelves
  let removed = 0
  // Mostly nobody was told afresh, and there is nothing to look for.
  if ([...issuers.values()].every(({ freshFrom }) => freshFrom <= 1)) return removed
  for (const [text, told] of wallets) {
    if (removed >= rowsMax || counts(shelves, told.row.issuerId, told)) continue
    bind(shelves, told.row, undefined)
    setIn(log, wallets, text, undefined)
    removed += 1
  }
  for (const [text, told] of records) {
    if (removed >= rowsMax || counts(shelves, told.row.issuerId, told)) continue
    setIn(log, records, text, undefined)
    removed += 1
  }
  for (const ofCard of cards.values()) {
    for (const [issuerId, told] of ofCard) {
      if (removed >= rowsMax || counts(shelves, issuerId, told)) continue
      setIn(log, ofCard, issuerId, undefined)
      countCards(shelves, -1)
      removed += 1
    }
  }
  return removed
}

export function heldWon({ lots }: Pick<FedWallet, 'lots'>): number {
  return lots.reduce((sum, lot) => sum + lot.remainingWon, 0)
}

function walletText({ issuerId, walletId }: { issuerId: IssuerId; walletId: WalletId }): string {
  return `${issuerId}/${walletId}`
}

/** Every version of terms counts, of all else the newest. */
function placeOf({ issuerId, kind, recordId, version }: FedRecord): string {
  return `${issuerId}/${kind}/${recordId}${kind === 'terms' ? `/${version}` : ''}`
}

function byPlace(a: FedRecord, b: FedRecord): number {
  return (
    a.issuerId - b.issuerId ||
    (a.kind < b.kind ? -1 : Number(a.kind > b.kind)) ||
    a.recordId - b.recordId ||
    a.version - b.version
  )
}
