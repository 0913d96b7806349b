/**
 * A client with one wish: makes the key first, repeats with the same key after a time-out, enquires by
 * it, gives up after a bound and remembers that it does not know. All it was ever told is kept.
 */
import type { IssuerId, OperationId } from '../src/base/base.ts'
import { checkTold } from './checkers/told.ts'
import type { Journal } from './journal.ts'
import type { Network } from './network.ts'
import {
  textOfAnswer,
  textOfRequest,
  type CoreAnswer,
  type CoreRequest,
  type MoneyRequest,
} from './requests.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { Appointment, VirtualTime } from './virtual-time.ts'

/** Which sending an answer belongs to; `altered`: the same key, misused with another body. */
export type Sending = 'wish' | 'altered' | 'enquiry'

export interface Told {
  readonly sending: Sending
  readonly answer: CoreAnswer
}

export interface Errand {
  readonly operationId: OperationId
  readonly issuerId: IssuerId
  readonly request: MoneyRequest
  /** What the client wrongly sends under the same key, where it does. */
  readonly altered: MoneyRequest | undefined
  readonly told: Told[]
  tries: number
  /** `unknown`: gave up without knowing. */
  state: 'open' | 'known' | 'unknown'
  outcome: CoreAnswer | undefined
  /** Answers to sendings before this number do not steer the client any more. */
  turn: number
  timeout: Appointment | undefined
  readonly onKnown: (answer: CoreAnswer) => void
}

export interface Errands {
  /** Begins a wish under a key that is new. */
  begin(wish: {
    request: MoneyRequest
    altered?: MoneyRequest
    onKnown?: (answer: CoreAnswer) => void
  }): Errand
  /** Takes up every wish whose outcome its client does not know; without a bound from now on. */
  takeUpAll(): void
  readonly all: readonly Errand[]
  open(): number
}

export interface ErrandOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly journal: Journal
  readonly network: Network
  readonly receive: (request: CoreRequest, reply: (answer: CoreAnswer) => void) => void
}

const TRIES_MAX = 7
const ANSWER_WITHIN_MS_MIN = 2_000
const ANSWER_WITHIN_MS_MAX = 9_000
const PAUSE_MS_MIN = 500
const PAUSE_MS_MAX = 4_000
const PENDING_PAUSE_MS = 15_000
/** Pauses of a client that takes a wish up again are spread over this long. */
const TAKE_UP_WITHIN_MS = 5_000

export function createErrands(options: ErrandOptions): Errands {
  const { time, random, journal } = options
  const all: Errand[] = []
  let bounded = true
  const pursuit: Pursuit = { ...options, bounded: () => bounded }
  return {
    all,
    open: () => all.filter((errand) => errand.state !== 'known').length,
    begin({ request, altered, onKnown }) {
      const { operationId, issuerId } = request.body
      const errand: Errand = {
        operationId,
        issuerId,
        request,
        altered,
        told: [],
        tries: 0,
        state: 'open',
        outcome: undefined,
        turn: 0,
        timeout: undefined,
        onKnown: onKnown ?? (() => undefined),
      }
      all.push(errand)
      journal.note(operationId, `wishes to ${textOfRequest(request)}`)
      if (altered !== undefined) {
        time.after(random.integer(0, ANSWER_WITHIN_MS_MAX), () => send(pursuit, errand, 'altered'))
      }
      send(pursuit, errand, 'wish')
      return errand
    },
    takeUpAll() {
      bounded = false
      for (const errand of all) {
        if (errand.state === 'known') continue
        errand.state = 'open'
        errand.timeout?.cancel()
        sendLater(pursuit, errand, random.integer(0, TAKE_UP_WITHIN_MS), 'wish')
      }
    },
  }
}

interface Pursuit extends ErrandOptions {
  readonly bounded: () => boolean
}

function send(pursuit: Pursuit, errand: Errand, sending: Sending): void {
  const { time, random, network, receive, journal } = pursuit
  const request = requestOf(errand, sending)
  let turn = -1
  if (sending !== 'altered') {
    errand.tries += 1
    errand.turn += 1
    turn = errand.turn
    const waitMs = random.integer(ANSWER_WITHIN_MS_MIN, ANSWER_WITHIN_MS_MAX)
    errand.timeout?.cancel()
    errand.timeout = time.after(waitMs, () => {
      journal.note(errand.operationId, 'hears nothing')
      tryAgain(pursuit, errand, random.chance(50) ? 'wish' : 'enquiry', 0)
    })
  }
  journal.note(errand.operationId, `sends ${textOfRequest(request)}`)
  network.carry('request', () =>
    receive(request, (answer) =>
      network.carry('answer', () => hear(pursuit, errand, { sending, turn, answer })),
    ),
  )
}

function requestOf(errand: Errand, sending: Sending): CoreRequest {
  const { request, altered, issuerId, operationId } = errand
  if (sending === 'wish') return request
  if (sending === 'altered') return altered ?? request
  return { kind: 'enquiry', about: request.kind, body: { issuerId, operationId } }
}

function hear(
  pursuit: Pursuit,
  errand: Errand,
  heard: { sending: Sending; turn: number; answer: CoreAnswer },
): void {
  const { journal, random } = pursuit
  const { sending, turn, answer } = heard
  const { operationId } = errand
  journal.note(operationId, `is told ${textOfAnswer(answer)} (${sending})`)
  errand.told.push({ sending, answer })
  checkTold(errand, (what) => journal.violated(operationId, what))
  if (sending === 'altered' || errand.state === 'known') return
  if (isFinal(answer)) {
    errand.timeout?.cancel()
    errand.state = 'known'
    errand.outcome = answer
    errand.onKnown(answer)
    return
  }
  if (turn !== errand.turn || errand.state === 'unknown') return
  errand.timeout?.cancel()
  const pauseMs = random.integer(PAUSE_MS_MIN, PAUSE_MS_MAX)
  switch (answer.kind) {
    case 'pending':
      tryAgain(pursuit, errand, random.chance(70) ? 'enquiry' : 'wish', PENDING_PAUSE_MS)
      break
    case 'fault':
      tryAgain(pursuit, errand, answer.certain || random.chance(50) ? 'wish' : 'enquiry', pauseMs)
      break
    default:
      // The key is unknown there: it never happened, or is still on its way. Only a repeat is safe.
      tryAgain(pursuit, errand, 'wish', pauseMs)
  }
}

/** An answer that a client may show as the end of the matter. */
function isFinal(answer: CoreAnswer): boolean {
  return answer.kind === 'posted' || answer.kind === 'declined' || answer.kind === 'key_reused'
}

function tryAgain(pursuit: Pursuit, errand: Errand, sending: Sending, pauseMs: number): void {
  if (errand.state !== 'open') return
  if (pursuit.bounded() && errand.tries >= TRIES_MAX) {
    errand.state = 'unknown'
    pursuit.journal.note(errand.operationId, 'gives up: outcome unknown')
    return
  }
  sendLater(pursuit, errand, pauseMs, sending)
}

function sendLater(pursuit: Pursuit, errand: Errand, pauseMs: number, sending: Sending): void {
  errand.timeout = pursuit.time.after(pauseMs, () => {
    if (errand.state === 'open') send(pursuit, errand, sending)
  })
}
