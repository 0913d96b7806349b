/**
 * A request's way through the gateway: known, joined, asked of the core in time, or decided here; recorded, answered.
 * SPEC.md holds the table of it.
 */
import { Fault, won, type Clock, type Sha256 } from '../base/base.ts'
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
import { settle, type CoreWord, type Knowledge, type Settled } from './settling.ts'
import type { StandInStore } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface RequestDesk {
  answer(request: CardRequest): Promise<CardAnswer>
  /** A notice about a sale was recorded: what was answered without a record no longer stands for it. */
  noteTaken(notice: CardNotice): void
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

/** Answers given while the store took no writes, remembered for their repeats. */
const UNRECORDED_MAX = 20_000
const NOT_ASKED: CoreWord = { heard: 'nothing' }

export function createRequestDesk(deps: RequestDeskDeps): RequestDesk {
  const { store, clock, timers, options, count } = deps
  const underWay = new Map<string, Given>()
  const unrecorded = new Map<string, Given>()
  let isStopped = false

  const answer = async (request: CardRequest): Promise<CardAnswer> => {
    if (request.kind === 'compare_totals') return compareTotals(request)
    const key = cardKeyText(keyOf(request))
    const fingerprint = requestFingerprint(request, deps.sha256)
    const given = underWay.get(key) ?? unrecorded.get(key) ?? storedAnswer(key)
    if (given !== undefined) {
      if (given.fingerprint !== fingerprint) {
        count('key_reused')
        return refusal('declined', 'key_reused', 'gateway')
      }
      count('repeat')
      return given.answer
    }
    if (isStopped || underWay.size >= options.requestsMax) {
      count('unknown.gateway_busy')
      return refusal('unknown', 'gateway_busy', 'gateway')
    }
    const made = decide(request).finally(() => underWay.delete(key))
    underWay.set(key, { fingerprint, answer: made })
    return made
  }

  const storedAnswer = (key: string): Given | undefined => {
    const stored = store.answered(key)
    return stored && { fingerprint: stored.fingerprint, answer: Promise.resolve(stored.answer) }
  }

  const decide = async (request: KeyedRequest): Promise<CardAnswer> => {
    const { partnerId } = keyOf(request)
    const place = whereaboutsOf(saleOf(request), store, deps.directory(), clock())
    const issuerId = place.wallet?.issuerId
    const mode = modeFor(deps.orders(), { partnerId, issuerId })
    const word = mode === 'forced' ? NOT_ASKED : await askCore(request, place)
    const settled = await record(request, word, mode)
    const { verdict, reason, decidedBy } = settled.answer
    count(`${decidedBy}.${verdict}${reason === undefined ? '' : `.${reason}`}`)
    deps.onSale(cardKeyText(saleOf(request).key))
    // An advice or a reversal may wait now.
    if (word.heard === 'nothing') deps.outbox.wake()
    return settled.answer
  }

  const record = async (
    request: KeyedRequest,
    word: CoreWord,
    mode: StandInMode,
  ): Promise<Settled> => {
    try {
      return await deps.writes.add((batch) =>
        settle(batch, request, word, mode, { ...deps, believed: options.believed }),
      )
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return withoutRecord(request, word)
    }
  }

  /** The core's word passes; nothing is approved alone, because nobody would remember it. */
  const withoutRecord = (request: KeyedRequest, word: CoreWord): Settled => {
    if (word.heard === 'answer') return remember(request, word.answer)
    if (
      word.mayHavePostedSince !== undefined &&
      (request.kind === 'pay' || request.kind === 'authorize')
    ) {
      const { sale } = request
      const told = { kind: 'reverse', sale, keepWon: won(0), by: 'gateway' } as const
      // Best effort: the partner reverses it too, or tells us that the account paid.
      deps.outbox.tellAtOnce({ ...told, decidedAt: clock() }).catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error
        deps.log('reversal.not_told', 'warn', { because: error.code })
      })
    }
    const answer = refusal('unknown', 'standin_store_full', 'gateway')
    // A repeat of what nothing was decided about is asked anew, or the money could never be given back.
    const isSale = request.kind === 'pay' || request.kind === 'authorize'
    return isSale ? remember(request, answer) : { answer, isKept: false }
  }

  const remember = (request: KeyedRequest, answer: CardAnswer): Settled => {
    const fingerprint = requestFingerprint(request, deps.sha256)
    const given = { fingerprint, answer: Promise.resolve(answer) }
    unrecorded.set(cardKeyText(keyOf(request)), given)
    for (const oldest of unrecorded.keys()) {
      if (unrecorded.size <= UNRECORDED_MAX) break
      unrecorded.delete(oldest)
    }
    return { answer, isKept: false }
  }

  const askCore = async (request: KeyedRequest, place: Whereabouts): Promise<CoreWord> => {
    const wholeMs = waitMs(request)
    const endsAt = clock() + wholeMs
    // A clock that is set back meanwhile must not make anybody wait for longer.
    const leftMs = (): number => Math.min(wholeMs, endsAt - clock())
    if (store.isReversed(cardKeyText(saleOf(request).key)) && request.kind !== 'cancel') {
      return NOT_ASKED
    }
    if (place.groups.some((group) => store.waitingIn(group, 1).length > 0)) {
      const emptied = deps.outbox.emptied(place.groups)
      const inTime = await withinTime(emptied, leftMs(), timers)
      if (inTime?.value !== true) {
        count('notices_first.in_vain')
        return NOT_ASKED
      }
    }
    const ms = leftMs()
    const ticket = ms > 0 ? deps.breaker.ask(place.wallet?.issuerId, clock()) : undefined
    return ticket === undefined ? NOT_ASKED : ask(request, ticket, ms)
  }

  const ask = async (
    request: CardRequest,
    ticket: AskedCore,
    leftMs: number,
  ): Promise<CoreWord> => {
    const askedAt = clock()
    const call = deps.core.decide(request)
    let isOver = false
    const inVain = (because: string): CoreWord => {
      ticket.ended(false, clock())
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
        deps.log('core.nonsense', 'error', { problem })
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

  const waitMs = (request: KeyedRequest): number => {
    const { partnerId } = keyOf(request)
    return waitOf(deps.directory().partner(partnerId)?.deadlineMs)
  }
  const waitOf = (deadlineMs = options.deadlineMs): number =>
    Math.max(1, Math.min(options.coreWaitMsMax, deadlineMs - options.marginMs))

  /** Counts and sums are the core's to know; stand-in says nothing about them. */
  const compareTotals = async (
    request: Extract<CardRequest, { readonly kind: 'compare_totals' }>,
  ): Promise<CardAnswer> => {
    const { partnerId } = request.totals
    const ticket = deps.breaker.ask(undefined, clock())
    const leftMs = waitOf(deps.directory().partner(partnerId)?.deadlineMs)
    const word = ticket === undefined ? NOT_ASKED : await ask(request, ticket, leftMs)
    const answer =
      word.heard === 'answer' ? word.answer : refusal('unknown', 'core_unreachable', 'gateway')
    count(`${answer.decidedBy}.totals.${answer.verdict}`)
    return answer
  }

  return {
    answer,
    noteTaken(notice) {
      if (notice.kind !== 'cancelled') unrecorded.delete(cardKeyText(notice.sale.key))
    },
    async stop() {
      isStopped = true
      await Promise.allSettled([...underWay.values()].map((each) => each.answer))
    },
  }
}
