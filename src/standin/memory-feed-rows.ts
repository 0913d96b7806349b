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

export function createMemoryFeedRows(log: UndoLog): MemoryFeedRows {
  const records = new Map<string, Told<FedRecord>>()
  const cards = new Map<string, Map<IssuerId, Told<CardLink & { version: number }>>>()
  const wallets = new Map<string, Told<FedWallet>>()
  const issuers = new Map<IssuerId, IssuerRow>()
  const positions = new Map<IssuerId, readonly StoredPosition[]>()
  const doubted = new Map<string, WalletRef & { readonly segment: number }>()
  const doubtedOf = new Map<IssuerId, Set<string>>()
  const feed = new Map<'feed', StoredFeed>()
  let cardCount = 0

  const issuerRow = (issuerId: IssuerId): IssuerRow => issuers.get(issuerId) ?? NEW_ISSUER
  const counts = (issuerId: IssuerId, { generation }: { generation: number }): boolean =>
    generation >= issuerRow(issuerId).freshFrom
  const segmentOf = (issuerId: IssuerId): number => positions.get(issuerId)?.[0]?.segment ?? 0
  const changeIssuer = (issuerId: IssuerId, change: Partial<IssuerRow>): void =>
    setIn(log, issuers, issuerId, { ...issuerRow(issuerId), ...change })
  const boundOf = (wallet: FedWallet | undefined, max: Won): number =>
    wallet === undefined ? 0 : Math.min(heldWon(wallet), max)
  const unbind = (wallet: FedWallet, now: FedWallet | undefined): void => {
    const row = issuerRow(wallet.issuerId)
    const before = wallets.get(walletText(wallet))
    const was = before === undefined ? 0 : boundOf(before.row, row.cumulativeWonMax)
    const is = boundOf(now, row.cumulativeWonMax)
    changeIssuer(wallet.issuerId, { boundWon: row.boundWon - was + is })
  }
  const forgetDoubt = (issuerId: IssuerId, until: number): void => {
    for (const text of doubtedOf.get(issuerId) ?? []) {
      if (doubted.get(text)!.segment > until) continue
      setIn(log, doubted, text, undefined)
      fileUnder(log, doubtedOf, { key: issuerId, item: text, isIn: false })
    }
  }

  return {
    cards: (partnerId, cardToken) =>
      [...(cards.get(`${partnerId}/${cardToken}`)?.values() ?? [])]
        .filter((told) => counts(told.row.issuerId, told))
        .map(({ row: { version: _version, ...link } }) => link)
        .toSorted((a, b) => a.issuerId - b.issuerId),
    wallet: (ref) => {
      const told = wallets.get(walletText(ref))
      return told !== undefined && counts(ref.issuerId, told) ? told.row : undefined
    },
    records: () =>
      [...records.values()]
        .filter((told) => counts(told.row.issuerId, told))
        .map(({ row }) => row)
        .toSorted(byPlace),
    feed: () => feed.get('feed'),
    positions: () =>
      [...positions].flatMap(([issuerId, [newest]]) =>
        newest !== undefined &&
        newest.segment >= issuerRow(issuerId).freshSegment + SEALS_UNTIL_COVERED
          ? [newest]
          : [],
      ),
    positionsOf: (issuerId) => positions.get(issuerId) ?? [],
    doubtful: (limit) =>
      [...doubted.values()]
        .slice(0, limit)
        .map(({ issuerId, walletId }) => ({ issuerId, walletId })),
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
      if (known !== undefined) return
      cardCount += 1
      log.push(() => (cardCount -= 1))
    },
    putWallet(wallet, generation) {
      unbind(wallet, wallet)
      setIn(log, wallets, walletText(wallet), { row: wallet, generation })
    },
    doubt({ issuerId, walletId }) {
      const text = walletText({ issuerId, walletId })
      setIn(log, doubted, text, { issuerId, walletId, segment: segmentOf(issuerId) })
      fileUnder(log, doubtedOf, { key: issuerId, item: text, isIn: true })
    },
    putFeed: (row) => setIn(log, feed, 'feed', row),
    putPosition(position) {
      const { issuerId, segment } = position
      const older = (positions.get(issuerId) ?? []).filter((each) => each.segment < segment)
      const kept = [position, ...older].slice(0, POSITIONS_KEPT_MAX)
      setIn(log, positions, issuerId, kept)
      forgetDoubt(issuerId, segment - SEALS_UNTIL_COVERED)
    },
    startAfresh(issuerId, generation) {
      changeIssuer(issuerId, { freshFrom: generation, freshSegment: segmentOf(issuerId) })
      forgetDoubt(issuerId, Number.POSITIVE_INFINITY)
    },
    setCumulativeMax(issuerId, cumulativeWonMax) {
      let boundWon = 0
      for (const { row } of wallets.values()) {
        if (row.issuerId === issuerId) boundWon += boundOf(row, cumulativeWonMax)
      }
      changeIssuer(issuerId, { cumulativeWonMax, boundWon })
    },
    totals: () => ({
      cards: cardCount,
      wallets: wallets.size,
      boundWon: sumWon([...issuers.values()].map((row) => row.boundWon as Won)), // Sums of won.
    }),
    sweep(rowsMax) {
      let removed = 0
      for (const [text, told] of wallets) {
        if (removed >= rowsMax || counts(told.row.issuerId, told)) continue
        unbind(told.row, undefined)
        setIn(log, wallets, text, undefined)
        removed += 1
      }
      for (const [text, told] of records) {
        if (removed >= rowsMax || counts(told.row.issuerId, told)) continue
        setIn(log, records, text, undefined)
        removed += 1
      }
      for (const ofCard of cards.values()) {
        for (const [issuerId, told] of ofCard) {
          if (removed >= rowsMax || counts(issuerId, told)) continue
          setIn(log, ofCard, issuerId, undefined)
          cardCount -= 1
          log.push(() => (cardCount += 1))
          removed += 1
        }
      }
      return removed
    },
  }
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
