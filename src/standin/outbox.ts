/**
 * Brings notices to the core until it has taken them: in sets, over several lanes, in order within a group, again and
 * again with growing pauses. It stops while the breaker is open, and after a long silence it tells no faster than the
 * core can bear. A wallet that somebody waits for comes first.
 */
import { Fault, type Clock, type Instant } from '../base/base.ts'
import { NOTICES_MAX, type CardDesk, type CardNotice, type NoticeReceipt } from '../cards/cards.ts'
import type { AskedCore, CoreBreaker } from './core-breaker.ts'
import { pauseMs, withinTime, type EdgeOptions, type Timers } from './edge-deps.ts'
import { createOutboxWindow, type OutboxWindow } from './outbox-window.ts'
import type { SaleBook } from './sale-book.ts'
import type { StandInStore, StoredNotice, TakenReceipt } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface Outbox {
  /** Something was added, or the core may be asked again. */
  wake(): void
  /** The store takes writes again: what could not be noted as taken is told once more, and noted. */
  catchUp(): void
  /** Delivers what waits in these groups before all else. True once nothing of them waits any more. */
  emptied(groups: readonly string[]): Promise<boolean>
  /** Tells the core about what could not be recorded. @throws Faults where it was not taken */
  tellAtOnce(notice: CardNotice): Promise<void>
  /** Whether the core may have posted a sale that could not be marked as such, because the store took no writes. */
  toldUnmarked(saleKey: string): boolean
  /** The core may have forgotten what it took: receipts that are still on their way say nothing any more. */
  coreReplaced(): void
  stop(): Promise<void>
}

export interface OutboxDeps {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly core: CardDesk
  readonly breaker: CoreBreaker
  readonly book: SaleBook
  readonly clock: Clock
  readonly timers: Timers
  readonly afterTurn: (run: () => void) => void
  readonly random: () => number
  readonly options: EdgeOptions
  readonly log: (fact: string, details: Record<string, string | number>) => void
  /** Told of each notice that the core took. */
  readonly onTaken: (notice: StoredNotice, receipt: TakenReceipt) => void
}

/** A set that the core does not answer for so long is told again. */
const SET_MS_MAX = 10_000
/** For sets under way when it is stopped: whatever becomes of them, they are told again by the next process. */
const STOP_MS_MAX = 1_000
/** What was taken and could not be written down is told again after so long. */
const AGAIN_MS = 30_000
/** A notice that the core cannot read is set aside for longer: only a newer program will mend that. */
const REFUSED_PAUSES = { firstMs: 60_000, mostMs: 600_000 } as const
/** A group whose notice was not taken pauses. */
const LATER_PAUSES = { firstMs: 500, mostMs: 60_000 } as const
/** While probes are under way, the next look. */
const PROBE_PAUSE_MS = 50

export function createOutbox(deps: OutboxDeps): Outbox {
  const self: Post = {
    deps,
    window: createOutboxWindow(deps.store),
    running: 0,
    isDue: false,
    isStopped: false,
    failures: 0,
    setMax: NOTICES_MAX,
    pausedUntil: 0,
    nextSetAt: 0,
    replacements: 0,
    unmarked: new Set(),
    callOff: undefined,
    whenIdle: undefined,
  }
  const { breaker, clock } = deps
  return {
    wake: () => plan(self),
    catchUp() {
      self.window.tellUnrecorded()
      plan(self)
    },
    async emptied(groups) {
      if (self.isStopped || !breaker.lets(clock())) return false
      const done = self.window.hurry(groups)
      plan(self)
      return done
    },
    tellAtOnce: (notice) => tellAtOnce(deps, notice),
    toldUnmarked: (saleKey) => self.unmarked.has(saleKey),
    coreReplaced: () => void (self.replacements += 1),
    async stop() {
      self.isStopped = true
      self.callOff?.()
      self.window.giveUpUrgent()
      if (self.running === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      self.whenIdle = resolve
      await withinTime(promise, STOP_MS_MAX, deps.timers)
    },
  }
}

interface Post {
  readonly deps: OutboxDeps
  readonly window: OutboxWindow
  /** Sets under way. */
  running: number
  isDue: boolean
  isStopped: boolean
  /** Sets in a row that were not taken, and until when nothing is sent because of it. */
  failures: number
  /** Halved after a set that the core could not read, until the notice that is to blame stands alone. */
  setMax: number
  pausedUntil: Instant
  /** Spreads sets so that no more notices a second are told than the bound. */
  nextSetAt: Instant
  /** How often the core turned out to be another, or to have another history. */
  replacements: number
  /** Sales whose advice may have arrived without having been marked before. */
  readonly unmarked: Set<string>
  callOff: (() => void) | undefined
  whenIdle: (() => void) | undefined
}

function plan(self: Post): void {
  if (self.isDue || self.isStopped) return
  self.isDue = true
  self.deps.afterTurn(() => {
    self.isDue = false
    while (sendsAnother(self)) self.running += 1
  })
}

function planAt(self: Post, at: Instant, now: Instant): void {
  self.callOff?.()
  self.callOff = self.deps.timers.after(Math.max(1, at - now), () => plan(self))
}

/** Sends a set where there is one, a lane and leave; plans the next look where time is what is missing. */
function sendsAnother(self: Post): boolean {
  const { window } = self
  const { store, breaker, clock, options } = self.deps
  if (self.isStopped || self.running >= options.outboxLanes) return false
  const now = clock()
  const hurry = window.hasUrgent()
  if (!hurry && store.totals().waiting <= window.takenUnrecorded(now)) return false
  if (!breaker.lets(now)) {
    window.giveUpUrgent()
    planAt(self, Math.max(breaker.opensAt(now), now + PROBE_PAUSE_MS), now)
    return false
  }
  const earliest = hurry ? now : earliestAt(self, now)
  if (earliest > now) {
    planAt(self, earliest, now)
    return false
  }
  // A core that may still be down is probed by one notice, not by a hundred of doubtful fate.
  const set = window.draw(breaker.state(now) === 'closed' ? self.setMax : 1, now)
  if (set.length === 0) {
    const resumesAt = window.resumesAt(now)
    if (resumesAt !== undefined) planAt(self, resumesAt, now)
    return false
  }
  const ticket = breaker.ask(undefined, now)
  if (ticket === undefined) {
    window.putBack(set)
    planAt(self, now + PROBE_PAUSE_MS, now)
    return false
  }
  self.nextSetAt =
    Math.max(now, self.nextSetAt) + (set.length * 1_000) / options.noticesPerSecondMax
  void tell(self, set, ticket).finally(() => {
    self.running -= 1
    if (self.running === 0) self.whenIdle?.()
    plan(self)
  })
  return true
}

/** When pause and bound allow the next set. */
function earliestAt(self: Post, now: Instant): Instant {
  // A pause longer than any that is drawn means that the clock was set back.
  if (self.pausedUntil - now > self.deps.options.outboxPauseMsMax) self.pausedUntil = now
  if (self.nextSetAt - now > 1_000) self.nextSetAt = now
  return Math.max(self.pausedUntil, self.nextSetAt)
}

async function tell(self: Post, set: readonly StoredNotice[], ticket: AskedCore): Promise<void> {
  const { deps } = self
  const { clock, options } = deps
  const fresh = set.filter((notice) => !notice.attempted)
  // Of what was told before without a mark nobody can say any more that it certainly did not arrive.
  const first = fresh.filter(({ saleKey }) => !self.unmarked.has(saleKey))
  const newlySeen = await mark(self, fresh)
  const { replacements } = self
  let receipts: readonly NoticeReceipt[]
  try {
    receipts = await take(
      deps,
      set.map(({ notice }) => notice),
    )
  } catch (error) {
    if (error instanceof Fault && error.code === 'core_refused') {
      ticket.ended(true, clock())
      await unmark(self, first, newlySeen)
      return setAside(self, set)
    }
    ticket.ended(false, clock())
    self.failures += 1
    const bounds = { firstMs: options.outboxPauseMs, mostMs: options.outboxPauseMsMax }
    self.pausedUntil = clock() + pauseMs(self.failures, bounds, deps.random)
    deps.log('outbox.not_taken', { notices: set.length, because: wordOf(error) })
    if (error instanceof Fault && error.certainty === 'did_not_happen') {
      await unmark(self, first, newlySeen)
    }
    return self.window.failed(set)
  }
  ticket.ended(true, clock())
  self.failures = 0
  self.setMax = Math.min(NOTICES_MAX, self.setMax * 2)
  self.pausedUntil = 0
  await noteTaken(self, set, receipts, replacements)
}

/** One notice that the core cannot read must not keep the others of its set from being told. */
function setAside(self: Post, set: readonly StoredNotice[]): void {
  const { clock, random, log } = self.deps
  if (set.length > 1) {
    self.setMax = Math.ceil(set.length / 2)
    return self.window.failed(set)
  }
  log('outbox.refused', { notices: 1, seq: set[0]!.seq, kind: set[0]!.notice.kind })
  self.window.later(set, clock(), (count) => pauseMs(count, REFUSED_PAUSES, random))
}

/** Whether a notice may have arrived decides what the feed may show of it. Gives the sales that it is new for. */
async function mark(
  { deps, unmarked }: Post,
  notices: readonly StoredNotice[],
): Promise<readonly string[]> {
  if (notices.length === 0) return []
  const { writes, book } = deps
  const advised = advisedOf(notices)
  const newlySeen = await unlessUnwritable(
    writes.add((batch) => {
      batch.markAttempted(seqsOf(notices), true)
      return advised.filter((saleKey) => book.markSeen(batch, saleKey, true))
    }),
    undefined,
  )
  for (const saleKey of advised) {
    if (newlySeen === undefined) unmarked.add(saleKey)
    else unmarked.delete(saleKey)
  }
  return newlySeen ?? []
}

/** They certainly did not arrive. */
async function unmark(
  { deps, unmarked }: Post,
  notices: readonly StoredNotice[],
  newlySeen: readonly string[],
): Promise<void> {
  if (notices.length === 0) return
  const { writes, book } = deps
  const advised = advisedOf(notices)
  for (const saleKey of advised) unmarked.delete(saleKey)
  await unlessUnwritable(
    writes.add((batch) => {
      batch.markAttempted(seqsOf(notices), false)
      for (const saleKey of advised) {
        if (newlySeen.includes(saleKey)) book.markSeen(batch, saleKey, false)
      }
    }),
    undefined,
  )
}

async function take(
  { core, timers }: OutboxDeps,
  notices: readonly CardNotice[],
): Promise<readonly NoticeReceipt[]> {
  const answer = core.take(notices)
  // Late or refused answers of a call that was given up are of no use.
  answer.catch(() => undefined)
  const inTime = await withinTime(answer, SET_MS_MAX, timers)
  if (inTime === undefined) throw new Fault('core_answer_lost', 'no receipt came in time')
  if (inTime.value.length !== notices.length) {
    throw new Fault('core_answer_lost', 'there is not one receipt for each notice')
  }
  return inTime.value
}

async function noteTaken(
  self: Post,
  set: readonly StoredNotice[],
  receipts: readonly NoticeReceipt[],
  replacements: number,
): Promise<void> {
  const { writes, book, clock, timers, random, onTaken } = self.deps
  const taken: { notice: StoredNotice; receipt: TakenReceipt }[] = []
  const later: StoredNotice[] = []
  set.forEach((notice, index) => {
    const receipt = receipts[index]!
    if (receipt.status === 'taken') taken.push({ notice, receipt })
    else later.push(notice)
  })
  self.window.later(later, clock(), (count) => pauseMs(count, LATER_PAUSES, random))
  if (taken.length === 0) return
  const notices = taken.map(({ notice }) => notice)
  let againAt: Instant | undefined
  try {
    const isOfNow = await writes.add((batch) => {
      // Here and not before: what is told again to a core that was replaced was read from the store before this.
      if (self.replacements !== replacements) return false
      for (const { notice, receipt } of taken) {
        if (self.unmarked.has(notice.saleKey)) book.markSeen(batch, notice.saleKey, true)
        book.settle(batch, notice.seq, notice.saleKey, receipt)
      }
      return true
    })
    if (!isOfNow) return self.window.failed(notices)
    for (const saleKey of advisedOf(notices)) self.unmarked.delete(saleKey)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    // Told again once the store may take it, which is harmless: until then it counts as waiting.
    againAt = clock() + AGAIN_MS
    timers.after(AGAIN_MS, () => plan(self))
  }
  self.window.taken(notices, againAt)
  for (const { notice, receipt } of taken) onTaken(notice, receipt)
}

async function tellAtOnce(deps: OutboxDeps, notice: CardNotice): Promise<void> {
  const { breaker, clock } = deps
  const ticket = breaker.ask(undefined, clock())
  if (ticket === undefined) throw new Fault('core_unavailable', 'the core is not asked now')
  let receipt: NoticeReceipt | undefined
  try {
    ;[receipt] = await take(deps, [notice])
  } catch (error) {
    ticket.ended(false, clock())
    throw error instanceof Fault
      ? error
      : new Fault('core_answer_lost', 'the core failed', { cause: error })
  }
  ticket.ended(true, clock())
  if (receipt?.status !== 'taken') {
    throw new Fault('core_answer_lost', 'the core did not take the notice')
  }
}

function advisedOf(notices: readonly StoredNotice[]): readonly string[] {
  return notices.flatMap(({ notice, saleKey }) => (notice.kind === 'advise' ? [saleKey] : []))
}

function seqsOf(notices: readonly StoredNotice[]): readonly number[] {
  return notices.map(({ seq }) => seq)
}

/** A store that takes no writes does not keep us from telling: being told again is harmless. */
async function unlessUnwritable<Value>(write: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await write
  } catch (error) {
    if (error instanceof Fault) return otherwise
    throw error
  }
}

function wordOf(error: unknown): string {
  if (error instanceof Fault) return error.code
  return error instanceof Error ? error.name : 'unknown'
}
