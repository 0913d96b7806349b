/**
 * Follows what the core tells: the tail while it can, a synchronisation where the tail does not reach. What it hears
 * goes into the store in small commits, so that no answer waits long behind them; where it stands is written down last,
 * so that a page that was half taken is taken again, which does no harm.
 */
import { Fault, type Clock, type Instant } from '../base/base.ts'
import { DOUBTFUL_WALLETS_MAX, type CardFeed, type TailPage } from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createCoreClock, type CoreClock } from './core-clock.ts'
import { pauseMs, withinTime, type EdgeFact, type EdgeOptions, type Timers } from './edge-deps.ts'
import { createFeedIntake, TAIL_ROWS_OF_COMMIT, type FeedIntake } from './feed-intake.ts'
import {
  readSynchronisation,
  takeOver,
  type Synchronised,
  type SyncedIssuer,
} from './feed-synchronisation.ts'
import type { Knowledge } from './settling.ts'
import type { StandInStore, StoredFeed } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface FeedFollower {
  start(): void
  stop(): Promise<void>
  directory(): RecordDirectory
  knowledge(): Knowledge
  state(): 'following' | 'synchronising' | 'cut_off'
}

export interface FeedFollowerDeps {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly feed: CardFeed
  readonly clock: Clock
  readonly timers: Timers
  readonly random: () => number
  readonly options: EdgeOptions
  readonly log: (fact: EdgeFact) => void
  /** The core that was synchronised with may have forgotten what it had answered. */
  readonly onCoreReplaced: (change: CoreReplacement) => Promise<void>
}

/** What is known of a core that began another life, or another history. */
export interface CoreReplacement {
  readonly issuers: readonly SyncedIssuer[]
  readonly isNewLife: boolean
}

/** A page asked for this long after a sale was settled shows it, whatever the two clocks say. */
const SHOWN_AFTER_MS = 60_000
/** A page as of so much later than a sale, by the core's clock, shows it even where its wallet was not told again. */
const TOLD_WITHIN_MS = 5_000
/** Before the first synchronisation has ended. */
const NOTHING_HEARD = { coreLife: '', next: 0, asOf: 0, heardAt: 0, complete: false } as const

export function createFeedFollower(deps: FeedFollowerDeps): FeedFollower {
  const known = deps.store.feed()
  const self: Following = {
    deps,
    coreClock: createCoreClock(),
    intake: createFeedIntake(deps),
    heardAt: known?.complete === true ? known.heardAt : undefined,
    state: 'cut_off',
    isStopped: false,
    isIdle: true,
    resume: undefined,
    ended: undefined,
  }
  return {
    start() {
      self.ended ??= run(self)
    },
    async stop() {
      self.isStopped = true
      self.resume?.()
      if (self.ended === undefined || self.isIdle) return
      await withinTime(self.ended, deps.options.tailGraceMs, deps.timers)
    },
    directory: self.intake.directory,
    knowledge: () => ({
      heardAt: self.heardAt,
      coreTime: (at) => self.coreClock.coreTime(at),
      toldSince: self.intake.toldSince,
    }),
    state: () => self.state,
  }
}

interface Following {
  readonly deps: FeedFollowerDeps
  readonly coreClock: CoreClock
  readonly intake: FeedIntake
  heardAt: Instant | undefined
  state: ReturnType<FeedFollower['state']>
  isStopped: boolean
  /** Waiting for the core or for a pause to pass: nothing is lost by ending now. */
  isIdle: boolean
  resume: (() => void) | undefined
  ended: Promise<void> | undefined
}

async function run(self: Following): Promise<void> {
  const { options, random } = self.deps
  const bounds = { firstMs: options.feedPauseMs, mostMs: options.feedPauseMsMax }
  let failures = 0
  self.isIdle = false
  while (!self.isStopped) {
    try {
      await step(self)
      failures = 0
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      failures += 1
      if (self.state !== 'cut_off') say(self, 'feed.cut_off', 'warn', { because: error.code })
      self.state = 'cut_off'
      await pause(self, pauseMs(failures, bounds, random))
    }
  }
}

async function step(self: Following): Promise<void> {
  const { store, clock, feed, timers, options } = self.deps
  const place = store.feed()
  if (place?.complete !== true) return synchronise(self)
  const askedAt = clock()
  const { coreLife, next } = place
  const call = faultsOf(feed.tail({ coreLife, next }, options.tailWaitMs))
  call.catch(() => undefined)
  self.isIdle = true
  const inTime = await withinTime(call, options.tailWaitMs + options.tailGraceMs, timers)
  self.isIdle = false
  if (self.isStopped) return
  if (inTime === undefined) throw new Fault('core_answer_lost', 'the feed is silent')
  const page = inTime.value
  if (page === undefined || page.coreLife !== coreLife) return synchronise(self)
  await takePage(self, page, askedAt)
  if (self.state !== 'following') say(self, 'feed.following', 'info', { life: coreLife })
  self.state = 'following'
}

async function pause(self: Following, ms: number): Promise<void> {
  self.isIdle = true
  await new Promise<void>((resolve) => {
    const callOff = self.deps.timers.after(ms, resolve)
    self.resume = () => {
      callOff()
      resolve()
    }
  })
  self.isIdle = false
}

async function takePage(self: Following, page: TailPage, askedAt: Instant): Promise<void> {
  const { store, writes, clock } = self.deps
  const { asOf, next, coreLife, seals } = page
  const heardAt = self.coreClock.heard({ asOf, receivedAt: clock() })
  const generation = store.feed()?.generation ?? 0
  const rowsOfCommit = TAIL_ROWS_OF_COMMIT
  const told = { generation, asOf, isDoubtful: () => true, rowsOfCommit }
  await self.intake.takeRecords(page.records, told)
  await self.intake.takeWallets(page.wallets, told)
  // The page before this one did not know these seals yet.
  const notBefore = self.heardAt ?? 0
  await writes.add((batch) => {
    for (const seal of seals) {
      if (batch.positionsOf(seal.issuerId)[0]?.segment === seal.segment) continue
      batch.putPosition({ ...seal, notBefore })
    }
    batch.releaseSales({ coreBefore: asOf - TOLD_WITHIN_MS, ownBefore: askedAt - SHOWN_AFTER_MS })
    batch.putFeed({ coreLife, next, asOf, heardAt, generation, complete: true })
  })
  self.heardAt = heardAt
}

async function synchronise(self: Following): Promise<void> {
  const { store, writes, feed, options, timers, clock } = self.deps
  self.state = 'synchronising'
  const before = store.feed()
  const doubtful = store.doubtful(DOUBTFUL_WALLETS_MAX + 1)
  const known = doubtful.length > DOUBTFUL_WALLETS_MAX ? [] : store.positions()
  const offered = new Set(known.map(({ issuerId }) => issuerId))
  say(self, 'feed.synchronising', 'info', { known: known.length, doubtful: doubtful.length })
  self.coreClock.forget()
  const generation = (before?.generation ?? 0) + 1
  // One that breaks off must not lend its number to the next, which may be of a core that has forgotten what it told.
  await writes.add((batch) => batch.putFeed({ ...(before ?? NOTHING_HEARD), generation }))
  const synced = await readSynchronisation({
    items: feed.synchronise(known, known.length === 0 ? [] : doubtful),
    generation,
    wasOffered: (issuerId) => offered.has(issuerId),
    positionsOf: (issuerId) => store.positionsOf(issuerId),
    silenceMsMax: options.syncSilenceMsMax,
    intake: self.intake,
    timers,
    clock,
    stopped: () => self.isStopped,
  })
  if (synced === undefined) return
  await noteReplacement(self, before, synced)
  const { coreLife, next, asOf } = synced
  const heardAt = self.coreClock.heard({ asOf, receivedAt: synced.begunAt })
  await writes.add((batch) => {
    takeOver(batch, synced)
    batch.putFeed({ coreLife, next, asOf, heardAt, generation, complete: true })
  })
  if (synced.issuers.some((issuer) => issuer.afresh)) self.intake.rebuildDirectory()
  self.heardAt = heardAt
  // It took long: the pages to come tell better how the clocks stand.
  self.coreClock.forget()
  self.state = 'following'
  say(self, 'feed.synchronised', 'info', { wallets: store.totals().wallets })
}

/** A core of another life, or with another history, may have forgotten what it answered. */
async function noteReplacement(
  self: Following,
  before: StoredFeed | undefined,
  synced: Synchronised,
): Promise<void> {
  const { issuers } = synced
  // Answers that were given before the first synchronisation may be another life's as well.
  const isNewLife = before?.coreLife !== synced.coreLife
  const isReplaced = issuers.some((issuer) => issuer.isOtherHistory)
  if (!isNewLife && !isReplaced) return
  if (before?.complete === true) {
    say(self, 'feed.core_replaced', 'warn', { newLife: isNewLife, newHistory: isReplaced })
  }
  await self.deps.onCoreReplaced({ issuers, isNewLife })
}

function say(
  self: Following,
  fact: string,
  level: EdgeFact['level'],
  details: EdgeFact['details'],
): void {
  self.deps.log({ fact, level, details })
}

/** Whatever the port throws is the world failing, not a reason to end. */
async function faultsOf<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('core_answer_lost', 'the feed failed', { cause: error })
  }
}
