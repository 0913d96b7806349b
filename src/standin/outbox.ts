/**
 * Brings notices to the core until it has taken them: in sets, over several lanes, in order within a group, again and
 * again with growing pauses. It stops while the breaker is open, and after a long silence it tells no faster than the
 * core can bear. A wallet that somebody waits for comes first.
 */
import { Fault, type Clock } from '../base/base.ts'
import { NOTICES_MAX, type CardDesk, type CardNotice, type NoticeReceipt } from '../cards/cards.ts'
import type { AskedCore, CoreBreaker } from './core-breaker.ts'
import { pauseMs, withinTime, type EdgeOptions, type Timers } from './edge-deps.ts'
import { createOutboxWindow } from './outbox-window.ts'
import type { SaleBook } from './sale-book.ts'
import type { StandInStore, StoredNotice, TakenReceipt } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface Outbox {
  /** Something was added, or the core may be asked again. */
  wake(): void
  /** Delivers what waits in these groups before all else. True once nothing of them waits any more. */
  emptied(groups: readonly string[]): Promise<boolean>
  /** Tells the core about what could not be recorded. @throws Faults where it was not taken */
  tellAtOnce(notice: CardNotice): Promise<void>
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
/** While probes are under way, the next look. */
const PROBE_PAUSE_MS = 50

export function createOutbox(deps: OutboxDeps): Outbox {
  const { store, breaker, clock, timers, options } = deps
  const window = createOutboxWindow(store)
  let running = 0
  let isDue = false
  let isStopped = false
  let failures = 0
  let pausedUntil = 0
  /** Spreads sets so that no more notices a second are told than the bound. */
  let nextSetAt = 0
  let callOff: (() => void) | undefined
  let idle = Promise.withResolvers<void>()

  const plan = (): void => {
    if (isDue || isStopped) return
    isDue = true
    deps.afterTurn(() => {
      isDue = false
      pump()
    })
  }
  const planAt = (at: number, now: number): void => {
    callOff?.()
    callOff = timers.after(Math.max(1, at - now), plan)
  }

  const pump = (): void => {
    while (!isStopped && running < options.outboxLanes) {
      const now = clock()
      const hurry = window.hasUrgent()
      const isWaiting = hurry || store.totals().waiting > window.takenUnrecorded(now)
      if (!isWaiting) return
      // A pause longer than any that is drawn means that the clock was set back.
      if (pausedUntil - now > options.outboxPauseMsMax) pausedUntil = now
      if (nextSetAt - now > 1_000) nextSetAt = now
      if (!breaker.lets(now)) {
        window.giveUpUrgent()
        return planAt(Math.max(breaker.opensAt(now), now + PROBE_PAUSE_MS), now)
      }
      const earliest = hurry ? now : Math.max(pausedUntil, nextSetAt)
      if (earliest > now) return planAt(earliest, now)
      // A core that may still be down is probed by one notice, not by a hundred of doubtful fate.
      const sizeMax = breaker.state(now) === 'closed' ? NOTICES_MAX : 1
      const set = window.draw(sizeMax, now)
      if (set.length === 0) {
        const resumesAt = window.resumesAt(now)
        return resumesAt === undefined ? undefined : planAt(resumesAt, now)
      }
      const ticket = breaker.ask(undefined, now)
      if (ticket === undefined) {
        window.putBack(set)
        return planAt(now + PROBE_PAUSE_MS, now)
      }
      nextSetAt = Math.max(now, nextSetAt) + (set.length * 1_000) / options.noticesPerSecondMax
      running += 1
      void tell(set, ticket).finally(() => {
        running -= 1
        if (running === 0) idle.resolve()
        plan()
      })
    }
  }

  const tell = async (set: readonly StoredNotice[], ticket: AskedCore): Promise<void> => {
    const fresh = set.filter((notice) => !notice.attempted)
    const newlySeen = await mark(fresh)
    let receipts: readonly NoticeReceipt[]
    try {
      receipts = await take(set.map(({ notice }) => notice))
    } catch (error) {
      ticket.ended(false, clock())
      failures += 1
      const bounds = { firstMs: options.outboxPauseMs, mostMs: options.outboxPauseMsMax }
      pausedUntil = clock() + pauseMs(failures, bounds, deps.random)
      deps.log('outbox.not_taken', { notices: set.length, because: wordOf(error) })
      if (error instanceof Fault && error.certainty === 'did_not_happen') {
        await unmark(fresh, newlySeen)
      }
      return window.failed(set)
    }
    ticket.ended(true, clock())
    failures = 0
    pausedUntil = 0
    await noteTaken(set, receipts)
  }

  /** Whether a notice may have arrived decides what the feed may show of it. Gives the sales that it is new for. */
  const mark = async (notices: readonly StoredNotice[]): Promise<readonly string[]> => {
    if (notices.length === 0) return []
    return unlessUnwritable(
      deps.writes.add((batch) => {
        batch.markAttempted(seqsOf(notices), true)
        return notices.flatMap(({ notice, saleKey }) =>
          notice.kind === 'advise' && deps.book.markSeen(batch, saleKey, true) ? [saleKey] : [],
        )
      }),
      [],
    )
  }
  const unmark = async (
    notices: readonly StoredNotice[],
    newlySeen: readonly string[],
  ): Promise<void> => {
    if (notices.length === 0) return
    await unlessUnwritable(
      deps.writes.add((batch) => {
        batch.markAttempted(seqsOf(notices), false)
        for (const saleKey of newlySeen) deps.book.markSeen(batch, saleKey, false)
      }),
      undefined,
    )
  }

  const take = async (notices: readonly CardNotice[]): Promise<readonly NoticeReceipt[]> => {
    const answer = deps.core.take(notices)
    // Late or refused answers of a call that was given up are of no use.
    answer.catch(() => undefined)
    const inTime = await withinTime(answer, SET_MS_MAX, timers)
    if (inTime === undefined) throw new Fault('core_answer_lost', 'no receipt came in time')
    if (inTime.value.length !== notices.length) {
      throw new Fault('core_answer_lost', 'there is not one receipt for each notice')
    }
    return inTime.value
  }

  const noteTaken = async (
    set: readonly StoredNotice[],
    receipts: readonly NoticeReceipt[],
  ): Promise<void> => {
    const taken: { notice: StoredNotice; receipt: TakenReceipt }[] = []
    const later: StoredNotice[] = []
    set.forEach((notice, index) => {
      const receipt = receipts[index]!
      if (receipt.status === 'taken') taken.push({ notice, receipt })
      else later.push(notice)
    })
    window.later(later, clock(), (count) =>
      pauseMs(count, { firstMs: 500, mostMs: 60_000 }, deps.random),
    )
    if (taken.length === 0) return
    let againAt: number | undefined
    try {
      await deps.writes.add((batch) => {
        for (const { notice, receipt } of taken) {
          deps.book.settle(batch, notice.seq, notice.saleKey, receipt)
        }
      })
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      // Told again once the store may take it, which is harmless: until then it counts as waiting.
      againAt = clock() + AGAIN_MS
      timers.after(AGAIN_MS, plan)
    }
    window.taken(
      taken.map(({ notice }) => notice),
      againAt,
    )
    for (const { notice, receipt } of taken) deps.onTaken(notice, receipt)
  }

  return {
    wake: plan,
    async emptied(groups) {
      if (isStopped || !breaker.lets(clock())) return false
      const done = window.hurry(groups)
      plan()
      return done
    },
    async tellAtOnce(notice) {
      const ticket = breaker.ask(undefined, clock())
      if (ticket === undefined) throw new Fault('core_unavailable', 'the core is not asked now')
      let receipt: NoticeReceipt | undefined
      try {
        ;[receipt] = await take([notice])
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
    },
    async stop() {
      isStopped = true
      callOff?.()
      window.giveUpUrgent()
      if (running === 0) return
      idle = Promise.withResolvers<void>()
      await withinTime(idle.promise, STOP_MS_MAX, timers)
    },
  }
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
