/**
 * Tells card gateways what they need to stand in for this core: records, and the lots of wallets that were touched. One
 * loop looks at the database for all gateways.
 *
 * In commit order, and nothing is lost:
 *
 * - A look is one snapshot of the database: what was committed before something it saw, it saw too. Pages follow
 *   looks, and a wallet is read after the look that found it, so a later page shows it later. Two wallets that were
 *   touched one after the other can only change places inside one page.
 * - A look asks for what no look before was given, operation by operation and not by clocks; so an operation that was
 *   booked early and committed late is found when it is committed. To be cheap, most looks only go through what was
 *   booked lately (`NEAR_MS`); every so often one goes through everything that is not sealed, and is given what those
 *   could not see.
 * - Nothing can be booked at or before a seal's boundary any more: the sealer waited for every transaction that might
 *   have. So a look through everything after the seals that were read *before* it has seen all that those seals cover,
 *   and only then are these seals told, as positions. Whoever starts again from a position is told what lies after it.
 * - A seal's hash that is not in the chain, a chain that shrank, or fewer transactions than before mean that the
 *   database was replaced by an older copy. The tail then gets another life, and every gateway synchronises.
 *
 * A look that fails is followed by one through everything that is not sealed: what it came across is asked for again,
 * however long ago that was booked.
 */
import { OPERATOR, Fault, type Clock, type Instant, type IssuerId } from '../base/base.ts'
import { FED_WALLETS_PAGE, type CardFeed, type FedRecord, type FedWallet } from '../cards/cards.ts'
import type { RecordKind, StoredRecord } from '../registration/registration.ts'
import type {
  CardFeedReading,
  JournalFloor,
  SealMark,
  TouchedWallets,
} from './card-feed-reading.ts'
import {
  fedKinds,
  isFed,
  linkedWallets,
  positionOf,
  synchronise,
  uniqueRefs,
} from './card-feed-synchronise.ts'
import { chunked, createCardFeedTail, type CardFeedTail } from './card-feed-tail.ts'

export type {
  CardFeedReading,
  JournalFloor,
  SealMark,
  TouchedWallets,
} from './card-feed-reading.ts'

/** Between two looks: how much later than the ledger a gateway is at best. */
export const CARD_FEED_EVERY_MS = 200
/** What is not sealed is gone through as a whole after this long, or ten times as long as it took, up to a bound. */
export const FULL_LOOK_EVERY_MS = 2_000
const FULL_LOOK_SHARE = 10
/** A gateway believes that pages as of five seconds later show whatever was committed, late or not. */
export const FULL_LOOK_EVERY_MS_MAX = 4_000
/** Far longer than a posting takes from its time to its commit; what takes longer waits for the next full look. */
export const NEAR_MS = 1_500
/** Versions told, so that a follower that looks back does not tell them again; telling twice would do no harm. */
const TOLD_MAX = 50_000

export interface CardFeedJob extends CardFeed {
  /** Takes in a version of a record, from the follower or from who has just written it. */
  record(issuerId: IssuerId, version: StoredRecord & { readonly kind: RecordKind }): void
  /** One look at the database; not called again before it has ended. */
  look(): Promise<void>
}

export interface CardFeedOptions {
  readonly reading: CardFeedReading
  readonly issuers: () => readonly { readonly issuerId: IssuerId }[]
  /** A name that no other life of any core bears. */
  readonly newLife: () => string
  readonly clock: Clock
  /** Told when the database turned out to be an older copy. */
  readonly onReplaced?: () => void
}

export function createCardFeed(options: CardFeedOptions): CardFeedJob {
  const feed: Feed = {
    options,
    tail: createCardFeedTail(options.newLife),
    waiting: new Map(),
    told: new Set(),
    progress: undefined,
  }
  const { tail } = feed
  return {
    record(issuerId, { kind, recordId, version, body }) {
      if (isFed(kind)) take(feed, { issuerId, kind, recordId, version, body })
    },
    async look() {
      const now = options.clock()
      const { progress } = feed
      if (progress === undefined) return begin(feed, now)
      // Until it has succeeded: after a look that failed, the next reaches back as far as any.
      feed.progress = { ...progress, nextFullAt: 0 }
      return now >= progress.nextFullAt
        ? lookAtAll(feed, progress, now)
        : lookNear(feed, progress, now)
    },
    tail: (after, waitMs) => tail.read(after, waitMs),
    synchronise(known, doubtful) {
      if (feed.progress === undefined) {
        throw new Fault('postgres_unavailable', 'the feed has not seen the database yet')
      }
      return synchronise({
        reading: options.reading,
        issuerIds: issuerIdsOf(options),
        begins: { coreLife: tail.life(), next: tail.next(), asOf: tail.asOf() },
        known,
        doubtful,
      })
    },
  }
}

interface Feed {
  readonly options: CardFeedOptions
  readonly tail: CardFeedTail
  /** Versions not yet told. */
  readonly waiting: Map<string, FedRecord>
  readonly told: Set<string>
  /** `undefined` until the first look of a life. */
  progress: Progress | undefined
}

/** Where the looks of one life have got to. */
interface Progress {
  readonly marks: ReadonlyMap<IssuerId, SealMark>
  /** The reading of the last look. */
  readonly snapshot: string
  readonly transactions: number
  readonly nextFullAt: Instant
}

/** Where it all begins: what is committed from here on will be told. */
async function begin(feed: Feed, now: Instant): Promise<void> {
  const { reading } = feed.options
  const marks = marksOf(await reading.seals())
  const { snapshot, transactions } = await reading.touchedWallets([])
  feed.tail.push({ wallets: [], records: [], seals: [] }, now)
  feed.progress = { marks, snapshot, transactions, nextFullAt: now }
}

async function lookNear(feed: Feed, known: Progress, now: Instant): Promise<void> {
  const floors = floorsOf(feed, known.marks).map(({ issuerId, after }) => ({
    issuerId,
    after: Math.max(after, now - NEAR_MS),
  }))
  const touched = await feed.options.reading.touchedWallets(floors, known.snapshot)
  if (touched.transactions < known.transactions) return startAgain(feed)
  await tell(feed, { touched, seals: [], now })
  const { snapshot, transactions } = touched
  feed.progress = { ...known, snapshot, transactions }
}

async function lookAtAll(feed: Feed, known: Progress, now: Instant): Promise<void> {
  const { reading, clock } = feed.options
  const seals = await reading.seals()
  if (!(await goesOn(reading, known.marks, seals))) return startAgain(feed)
  const grown = seals.filter(({ issuerId, segment }) => {
    return segment > (known.marks.get(issuerId)?.segment ?? 0)
  })
  // What the follower may not have brought yet, and the new seals cover.
  for (const { issuerId } of grown) {
    const after = known.marks.get(issuerId)?.untilAt ?? 0
    for await (const page of reading.recordsSince(issuerId, fedKinds, after)) {
      for (const record of page) take(feed, record)
    }
  }
  const floors = floorsOf(feed, known.marks)
  const touched = await reading.touchedWallets(floors, known.snapshot)
  if (touched.transactions < known.transactions) return startAgain(feed)
  await tell(feed, { touched, seals: grown, now })
  const { snapshot, transactions } = touched
  const pauseMs = Math.max(FULL_LOOK_EVERY_MS, (clock() - now) * FULL_LOOK_SHARE)
  const nextFullAt = now + Math.min(pauseMs, FULL_LOOK_EVERY_MS_MAX)
  feed.progress = { marks: marksOf(seals), snapshot, transactions, nextFullAt }
}

/** Reads the wallets and pushes a page; nothing counts as told before all of it could be read. */
async function tell(
  { options, tail, waiting, told }: Feed,
  news: { touched: TouchedWallets; seals: readonly SealMark[]; now: Instant },
): Promise<void> {
  const records = [...waiting.values()]
  const refs = uniqueRefs([...news.touched.wallets, ...linkedWallets(records)])
  const wallets: FedWallet[] = []
  for (const part of chunked(refs, FED_WALLETS_PAGE)) {
    wallets.push(...(await options.reading.wallets(part)))
  }
  tail.push({ wallets, records, seals: news.seals.map(positionOf) }, news.now)
  for (const record of records) {
    waiting.delete(placeOf(record))
    rememberTold(told, placeOf(record))
  }
}

function take({ waiting, told }: Feed, record: FedRecord): void {
  const place = placeOf(record)
  if (!told.has(place)) waiting.set(place, record)
}

function startAgain(feed: Feed): void {
  feed.progress = undefined
  // A version number may stand for something else now.
  feed.told.clear()
  feed.tail.renew()
  feed.options.onReplaced?.()
}

function issuerIdsOf({ issuers }: CardFeedOptions): readonly IssuerId[] {
  return [OPERATOR, ...issuers().map(({ issuerId }) => issuerId)]
}

function marksOf(seals: readonly SealMark[]): ReadonlyMap<IssuerId, SealMark> {
  return new Map(seals.map((seal) => [seal.issuerId, seal]))
}

function floorsOf(
  { options }: Feed,
  marks: ReadonlyMap<IssuerId, SealMark>,
): readonly JournalFloor[] {
  return issuerIdsOf(options).map((issuerId) => {
    return { issuerId, after: marks.get(issuerId)?.untilAt ?? 0 }
  })
}

/** Whether every chain that we knew is the beginning of the chain that stands there now. */
async function goesOn(
  reading: Pick<CardFeedReading, 'knownSeals'>,
  marks: ReadonlyMap<IssuerId, SealMark>,
  seals: readonly SealMark[],
): Promise<boolean> {
  const newest = marksOf(seals)
  const passed: SealMark[] = []
  for (const mark of marks.values()) {
    const now = newest.get(mark.issuerId)
    if (now === undefined || now.segment < mark.segment) return false
    if (now.segment > mark.segment) passed.push(mark)
    else if (now.hash !== mark.hash) return false
  }
  if (passed.length === 0) return true
  return (await reading.knownSeals(passed.map(positionOf))).length === passed.length
}

function placeOf({ issuerId, kind, recordId, version }: FedRecord): string {
  return `${issuerId}/${kind}/${recordId}/${version}`
}

function rememberTold(told: Set<string>, place: string): void {
  told.add(place)
  const [oldest] = told
  if (told.size > TOLD_MAX && oldest !== undefined) told.delete(oldest)
}
