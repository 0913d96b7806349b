/**
 * Follows what the core tells: the tail while it can, a synchronisation where the tail does not reach. What it hears
 * goes into the store in small commits, so that no answer waits long behind them; where it stands is written down last,
 * so that a page that was half taken is taken again, which does no harm.
 */
import { Fault, type Clock, type Instant } from '../base/base.ts'
import { DOUBTFUL_WALLETS_MAX, type CardFeed, type TailPage } from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createCoreClock } from './core-clock.ts'
import { pauseMs, withinTime, type EdgeFact, type EdgeOptions, type Timers } from './edge-deps.ts'
import { createFeedIntake, TAIL_ROWS_OF_COMMIT } from './feed-intake.ts'
import { readSynchronisation, type SyncedIssuer } from './feed-synchronisation.ts'
import type { Knowledge } from './settling.ts'
import type { StandInStore } from './store.ts'
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
/** A page as of so much later than a sale by the core's own clock shows it, even where its wallet was not told again. */
const TOLD_WITHIN_MS = 5_000

export function createFeedFollower(deps: FeedFollowerDeps): FeedFollower {
  const { store, clock, timers, options } = deps
  const coreClock = createCoreClock()
  const intake = createFeedIntake(deps)
  let heardAt: Instant | undefined =
    store.feed()?.complete === true ? store.feed()?.heardAt : undefined
  let state: ReturnType<FeedFollower['state']> = 'cut_off'
  let isStopped = false
  let failures = 0
  let ended: Promise<void> | undefined
  /** Waiting for the core or for a pause to pass: nothing is lost by ending now. */
  let isIdle = true
  let resume: (() => void) | undefined

  const run = async (): Promise<void> => {
    isIdle = false
    while (!isStopped) {
      try {
        await step()
        failures = 0
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        failures += 1
        if (state !== 'cut_off') say('feed.cut_off', 'warn', { because: error.code })
        state = 'cut_off'
        const bounds = { firstMs: options.feedPauseMs, mostMs: options.feedPauseMsMax }
        await pause(pauseMs(failures, bounds, deps.random))
      }
    }
  }

  const step = async (): Promise<void> => {
    const place = store.feed()
    if (place?.complete !== true) return synchronise()
    const askedAt = clock()
    const { coreLife, next } = place
    const waitMs = options.tailWaitMs + options.tailGraceMs
    const call = faultsOf(deps.feed.tail({ coreLife, next }, options.tailWaitMs))
    call.catch(() => undefined)
    isIdle = true
    const inTime = await withinTime(call, waitMs, timers)
    isIdle = false
    if (isStopped) return
    if (inTime === undefined) throw new Fault('core_answer_lost', 'the feed is silent')
    const page = inTime.value
    if (page === undefined || page.coreLife !== coreLife) return synchronise()
    await takePage(page, askedAt)
    if (state !== 'following') say('feed.following', 'info', { life: coreLife })
    state = 'following'
  }

  const pause = async (ms: number): Promise<void> => {
    isIdle = true
    await new Promise<void>((resolve) => {
      const callOff = timers.after(ms, resolve)
      resume = () => {
        callOff()
        resolve()
      }
    })
    isIdle = false
  }

  const takePage = async (page: TailPage, askedAt: Instant): Promise<void> => {
    const { asOf, next, coreLife, seals } = page
    const heard = coreClock.heard({ asOf, receivedAt: clock() })
    const generation = store.feed()?.generation ?? 0
    const rowsOfCommit = TAIL_ROWS_OF_COMMIT
    const told = { generation, asOf, isDoubtful: () => true, rowsOfCommit }
    await intake.takeRecords(page.records, told)
    await intake.takeWallets(page.wallets, told)
    const notBefore = heardAt ?? 0
    await deps.writes.add((batch) => {
      const known = new Map(batch.positions().map((each) => [each.issuerId, each]))
      for (const seal of seals) {
        if (known.get(seal.issuerId)?.segment === seal.segment) continue
        if (batch.positionsOf(seal.issuerId)[0]?.segment === seal.segment) continue
        batch.putPosition({ ...seal, notBefore })
      }
      batch.releaseSales({ coreBefore: asOf - TOLD_WITHIN_MS, ownBefore: askedAt - SHOWN_AFTER_MS })
      batch.putFeed({ coreLife, next, asOf, heardAt: heard, generation, complete: true })
    })
    heardAt = heard
  }

  const synchronise = async (): Promise<void> => {
    state = 'synchronising'
    const before = store.feed()
    const offered = store.positions()
    const doubtful = store.doubtful(DOUBTFUL_WALLETS_MAX + 1)
    const known = doubtful.length > DOUBTFUL_WALLETS_MAX ? [] : offered
    say('feed.synchronising', 'info', { known: known.length, doubtful: doubtful.length })
    coreClock.forget()
    const offeredIds = new Set(known.map(({ issuerId }) => issuerId))
    const synced = await readSynchronisation({
      items: deps.feed.synchronise(known, known.length === 0 ? [] : doubtful),
      generation: (before?.generation ?? 0) + 1,
      wasOffered: (issuerId) => offeredIds.has(issuerId),
      positionsOf: (issuerId) => store.positionsOf(issuerId),
      silenceMsMax: options.syncSilenceMsMax,
      intake,
      timers,
      clock,
      writes: deps.writes,
      stopped: () => isStopped,
    })
    if (synced === undefined) return
    const isNewLife = before !== undefined && before.coreLife !== synced.coreLife
    if (synced.issuers.some((issuer) => issuer.afresh)) intake.rebuildDirectory()
    const isReplaced = synced.issuers.some((issuer) => issuer.isOtherHistory)
    if (isNewLife || isReplaced) {
      say('feed.core_replaced', 'warn', { newLife: isNewLife, newHistory: isReplaced })
      await deps.onCoreReplaced({ issuers: synced.issuers, isNewLife })
    }
    heardAt = coreClock.heard({ asOf: synced.asOf, receivedAt: synced.begunAt })
    const { coreLife, next, asOf, generation } = synced
    const feed = { coreLife, next, asOf, heardAt, generation, complete: true }
    await deps.writes.add((batch) => batch.putFeed(feed))
    coreClock.forget()
    state = 'following'
    say('feed.synchronised', 'info', { wallets: store.totals().wallets })
  }

  const say = (fact: string, level: EdgeFact['level'], details: EdgeFact['details']): void =>
    deps.log({ fact, level, details })

  return {
    start() {
      ended ??= run()
    },
    async stop() {
      isStopped = true
      resume?.()
      if (ended !== undefined && !isIdle) await withinTime(ended, options.tailGraceMs, timers)
    },
    directory: intake.directory,
    knowledge: () => ({
      heardAt,
      coreTime: (at) => coreClock.coreTime(at),
      toldSince: intake.toldSince,
    }),
    state: () => state,
  }
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
