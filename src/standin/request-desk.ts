/**
 * A request's way through the gateway: known, joined, asked of the core in time, or decided here; recorded, answered.
 * SPEC.md holds the table of it.
 */
import { Fault, won, type Clock, type PartnerId, type Sha256 } from '../base/base.ts'
import {
  answerProblem,
  cardKeyText,
  type CardAnswer,
  type CardDesk,
  type CardNotice,
  type CardRequest,
} from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { refusal } from './answers.ts'
import type { AskedCore, CoreBreaker } from './core-breaker.ts'
import type { StandInMode, StandInOrder } from './edge-desk.ts'
import { withinTime, type EdgeFact, type EdgeOptions, type Timers } from './edge-deps.ts'
import { requestFingerprint } from './fingerprints.ts'
import { modeFor } from './orders.ts'
import type { Outbox } from './outbox.ts'
import type { SaleBook } from './sale-book.ts'
import { keyOf, saleOf, whereaboutsOf, type KeyedRequest, type Whereabouts } from './sale-facts.ts'
import {
  settle,
  type CoreWord,
  type Knowledge,
  type Settled,
  type SettlingDeps,
} from './settling.ts'
import type { StandInStore, StoreBatch } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface RequestDesk {
  answer(request: CardRequest): Promise<CardAnswer>
  /** A notice about a sale was recorded: what was answered without a record no longer stands for it. */
  noteTaken(notice: CardNotice): void
  /** A notice about a sale cannot be recorded: what was answered without a record is not written down without it. */
  notePassed(notice: CardNotice): void
  /** There is room again: what was answered without a record is written down. */
  writeDown(): Promise<void>
  /** Waits for those under way; further ones are answered `gateway_busy`. */
  stop(): Promise<void>
}

export interface RequestDeskDeps {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly core: CardDesk
  readonly breaker: CoreBreaker
  readonly outbox: Outbox
  readonly book: SaleBook
  readonly clock: Clock
  readonly timers: Timers
  readonly sha256: Sha256
  readonly options: EdgeOptions
  readonly directory: () => RecordDirectory
  readonly knowledge: () => Knowledge
  readonly orders: () => readonly StandInOrder[]
  readonly count: (what: string) => void
  readonly log: (fact: string, level: EdgeFact['level'], details: EdgeFact['details']) => void
  /** Told of each sale whose answer was recorded. */
  readonly onSale: (saleKey: string) => void
}

interface Given {
  readonly fingerprint: string
  readonly answer: Promise<CardAnswer>
}

/** An answer that could not be recorded when it was given. */
interface Unrecorded extends Given {
  /** Absent where more became of it than is known here. */
  readonly write?: (batch: StoreBatch) => void
}

/** Answers given while the store took no writes, remembered for their repeats. */
const UNRECORDED_MAX = 20_000
/** Of them in one commit, so that no answer waits long behind it. */
const WRITTEN_DOWN_AT_ONCE = 250
const NOT_ASKED: CoreWord = { heard: 'nothing' }

export function createRequestDesk(deps: RequestDeskDeps): RequestDesk {
  const self: Counter = { deps, underWay: new Map(), unrecorded: new Map(), isStopped: false }
  return {
    answer: (request) => answer(self, request),
    noteTaken(notice) {
      if (notice.kind !== 'cancelled') self.unrecorded.delete(cardKeyText(notice.sale.key))
    },
    notePassed(notice) {
      if (notice.kind === 'cancelled') return
      const key = cardKeyText(notice.sale.key)
      const known = self.unrecorded.get(key)
      if (known === undefined) return
      const { fingerprint, answer: given } = known
      self.unrecorded.set(key, { fingerprint, answer: given })
    },
    writeDown: () => writeDown(self),
    async stop() {
      self.isStopped = true
      await Promise.allSettled([...self.underWay.values()].map((each) => each.answer))
    },
  }
}

interface Counter {
  readonly deps: RequestDeskDeps
  /** By card key. */
  readonly underWay: Map<string, Given>
  readonly unrecorded: Map<string, Unrecorded>
  isStopped: boolean
}

async function answer(self: Counter, request: CardRequest): Promise<CardAnswer> {
  const { deps, underWay } = self
  const { count, options } = deps
  if (request.kind === 'compare_totals') return compareTotals(deps, request)
  const key = cardKeyText(keyOf(request))
  const fingerprint = requestFingerprint(request, deps.sha256)
  const given = underWay.get(key) ?? self.unrecorded.get(key) ?? storedAnswer(deps.store, key)
  if (given !== undefined) {
    if (given.fingerprint !== fingerprint) {
      count('key_reused')
      return refusal('declined', 'key_reused', 'gateway')
    }
    count('repeat')
    return given.answer
  }
  if (self.isStopped || underWay.size >= options.requestsMax) {
    count('unknown.gateway_busy')
    return refusal('unknown', 'gateway_busy', 'gateway')
  }
  const made = decide(self, request).finally(() => underWay.delete(key))
  underWay.set(key, { fingerprint, answer: made })
  return made
}

function storedAnswer(store: StandInStore, key: string): Given | undefined {
  const stored = store.answered(key)
  return stored && { fingerprint: stored.fingerprint, answer: Promise.resolve(stored.answer) }
}

function modeOf(
  { orders }: RequestDeskDeps,
  request: KeyedRequest,
  { wallet }: Whereabouts,
): StandInMode {
  const { partnerId } = keyOf(request)
  return modeFor(orders(), { partnerId, issuerId: wallet?.issuerId })
}

async function decide(self: Counter, request: KeyedRequest): Promise<CardAnswer> {
  const { deps } = self
  const place = whereaboutsOf(saleOf(request), deps.store, deps.directory(), deps.clock())
  const isForced = modeOf(deps, request, place) === 'forced'
  const word = isForced ? NOT_ASKED : await askCore(deps, request, place)
  const settled = await record(self, request, word)
  const { verdict, reason, decidedBy } = settled.answer
  deps.count(`${decidedBy}.${verdict}${reason === undefined ? '' : `.${reason}`}`)
  deps.onSale(cardKeyText(saleOf(request).key))
  // An advice or a reversal may wait now.
  if (word.heard === 'nothing') deps.outbox.wake()
  return settled.answer
}

async function record(self: Counter, request: KeyedRequest, word: CoreWord): Promise<Settled> {
  const { deps } = self
  try {
    return await deps.writes.add((batch) => {
      // The ruling may point at another issuer than when the core was asked: it is that issuer's order that holds.
      const place = whereaboutsOf(saleOf(request), batch, deps.directory(), deps.clock())
      return settle(batch, request, word, modeOf(deps, request, place), settlingOf(deps))
    })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return withoutRecord(self, request, word)
  }
}

function settlingOf(deps: RequestDeskDeps): SettlingDeps {
  const { believed, keptMs } = deps.options
  return { ...deps, toldUnmarked: deps.outbox.toldUnmarked, believed, keptMs }
}

/** The core's word passes; nothing is approved alone, because nobody would remember it. */
function withoutRecord(self: Counter, request: KeyedRequest, word: CoreWord): Settled {
  const { outbox, clock, log } = self.deps
  if (word.heard === 'answer') return remember(self, request, word)
  const unknown = refusal('unknown', 'standin_store_full', 'gateway')
  // A repeat of what nothing was decided about is asked anew, or the money could never be given back.
  if (request.kind !== 'pay' && request.kind !== 'authorize') {
    return { answer: unknown, isKept: false }
  }
  const nothing = { heard: 'nothing', answer: unknown } as const
  if (word.mayHavePostedSince === undefined) return remember(self, request, nothing)
  const { sale } = request
  const takeBack = {
    kind: 'reverse',
    sale,
    keepWon: won(0),
    by: 'gateway',
    decidedAt: clock(),
  } as const
  const settled = remember(self, request, nothing, takeBack)
  // Now if it can be, else as soon as there is room. The partner reverses too, or tells us that the account paid.
  outbox.tellAtOnce(takeBack).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error
    log('reversal.not_told', 'warn', { because: error.code })
  })
  return settled
}

function remember(
  self: Counter,
  request: KeyedRequest,
  word: { readonly heard: CoreWord['heard']; readonly answer: CardAnswer },
  owed?: CardNotice,
): Settled {
  const { unrecorded, deps } = self
  const { heard, answer: given } = word
  const fingerprint = requestFingerprint(request, deps.sha256)
  const key = cardKeyText(keyOf(request))
  const answeredAt = deps.clock()
  // As of when it was given: a restored core is told of it in that order.
  const then = { ...settlingOf(deps), clock: () => answeredAt }
  const write = (batch: StoreBatch): void => {
    if (heard === 'answer') {
      settle(batch, request, { heard, answer: given }, 'automatic', then)
      return
    }
    batch.putAnswer({ key, fingerprint, answeredAt, answer: given })
    if (owed === undefined) return
    const { wallet } = whereaboutsOf(saleOf(request), batch, deps.directory(), answeredAt)
    deps.book.note(batch, owed, wallet)
  }
  unrecorded.set(key, { fingerprint, answer: Promise.resolve(given), write })
  for (const oldest of unrecorded.keys()) {
    if (unrecorded.size <= UNRECORDED_MAX) break
    unrecorded.delete(oldest)
  }
  return { answer: given, isKept: false }
}

async function writeDown({ deps, unrecorded }: Counter): Promise<void> {
  for (;;) {
    const due = [...unrecorded].filter(([, { write }]) => write !== undefined)
    const some = due.slice(0, WRITTEN_DOWN_AT_ONCE)
    if (some.length === 0) return
    try {
      await deps.writes.add((batch) => {
        for (const [key, each] of some) if (unrecorded.get(key) === each) each.write?.(batch)
      })
    } catch (error) {
      // It is full again; the next time that there is room this is taken up.
      if (error instanceof Fault) return
      throw error
    }
    for (const [key, each] of some) if (unrecorded.get(key) === each) unrecorded.delete(key)
    // Something may be owed to the core for them.
    deps.outbox.wake()
  }
}

async function askCore(
  deps: RequestDeskDeps,
  request: KeyedRequest,
  place: Whereabouts,
): Promise<CoreWord> {
  const { store, outbox, clock } = deps
  const wholeMs = waitMs(deps, keyOf(request).partnerId)
  const endsAt = clock() + wholeMs
  // A clock that is set back meanwhile must not make anybody wait for longer.
  const leftMs = (): number => Math.min(wholeMs, endsAt - clock())
  if (store.isReversed(cardKeyText(saleOf(request).key)) && request.kind !== 'cancel') {
    return NOT_ASKED
  }
  const isOwing = store.totals().waiting > 0
  if (isOwing && place.groups.some((group) => store.waitingIn(group, 1).length > 0)) {
    const inTime = await withinTime(outbox.emptied(place.groups), leftMs(), deps.timers)
    if (inTime?.value !== true) {
      deps.count('notices_first.in_vain')
      return NOT_ASKED
    }
  }
  const ms = leftMs()
  const ticket = ms > 0 ? deps.breaker.ask(place.wallet?.issuerId, clock()) : undefined
  return ticket === undefined ? NOT_ASKED : ask(deps, request, ticket, ms)
}

async function ask(
  deps: RequestDeskDeps,
  request: CardRequest,
  ticket: AskedCore,
  leftMs: number,
): Promise<CoreWord> {
  const { core, clock, timers, count, log } = deps
  const askedAt = clock()
  const call = core.decide(request)
  let isOver = false
  const inVain = (because: string): CoreWord => {
    // A core that cannot read this one question is there all the same.
    ticket.ended(because === 'core_refused', clock())
    count(`core.in_vain.${because}`)
    return { heard: 'nothing', mayHavePostedSince: askedAt }
  }
  call.then(
    // The sale was answered without it; the outbox makes core and answer agree.
    () => isOver && count('core.late'),
    () => undefined,
  )
  try {
    const inTime = await withinTime(call, leftMs, timers)
    isOver = true
    if (inTime === undefined) return inVain('deadline')
    const problem = answerProblem(request, inTime.value)
    if (problem !== undefined) {
      log('core.nonsense', 'error', { problem })
      return inVain('nonsense')
    }
    ticket.ended(true, clock())
    return { heard: 'answer', answer: inTime.value }
  } catch (error) {
    const isCertain = error instanceof Fault && error.certainty === 'did_not_happen'
    const word = inVain(error instanceof Fault ? error.code : 'failed')
    return isCertain ? NOT_ASKED : word
  }
}

function waitMs({ options, directory }: RequestDeskDeps, partnerId: PartnerId): number {
  const deadlineMs = directory().partner(partnerId)?.deadlineMs ?? options.deadlineMs
  return Math.max(1, Math.min(options.coreWaitMsMax, deadlineMs - options.marginMs))
}

/** Counts and sums are the core's to know; stand-in says nothing about them. */
async function compareTotals(
  deps: RequestDeskDeps,
  request: Extract<CardRequest, { readonly kind: 'compare_totals' }>,
): Promise<CardAnswer> {
  const ticket = deps.breaker.ask(undefined, deps.clock())
  const leftMs = waitMs(deps, request.totals.partnerId)
  const word = ticket === undefined ? NOT_ASKED : await ask(deps, request, ticket, leftMs)
  const given =
    word.heard === 'answer' ? word.answer : refusal('unknown', 'core_unreachable', 'gateway')
  deps.count(`${given.decidedBy}.totals.${given.verdict}`)
  return given
}
