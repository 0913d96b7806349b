/** What a link remembers while it lives, and its two ways out: writing and ending. */
import { randomInt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Clock, Instant } from '../base/base.ts'
import type { CardAnswer, CardNotice, CardRequest } from '../cards/cards.ts'
import type { Log } from '../observe/observe.ts'
import { createAwaitedAnswers, type AwaitedAnswers, type Sent } from './awaited-answers.ts'
import { createDeframer, frame, type Deframer } from './framing.ts'
import { createLineBudget } from './line-budget.ts'
import { isOrderly, type LinkEnd } from './link-end.ts'
import { createKeyRing, type KeyRing, type PartnerKeys } from './link-keys.ts'
import type { LinkLimits } from './link-limits.ts'
import type {
  NetworkMessage,
  PartnerAdapter,
  PartnerMessage,
  ReadMessage,
} from './partner-adapter.ts'

export type LinkLog = Pick<Log, 'info' | 'warn' | 'error'>

export interface LinkOptions {
  /** Connected and authenticated. */
  readonly stream: Duplex
  /** `gateway` is signed on to and changes keys; `partner` dials, signs on and asks. */
  readonly side: 'gateway' | 'partner'
  /** The partner's code. */
  readonly partner: string
  /** Address and port of the other side, for the log. */
  readonly peer: string
  readonly adapter: PartnerAdapter
  readonly keys: PartnerKeys
  readonly limits: LinkLimits
  readonly clock: Clock
  readonly log: LinkLog
  readonly handlers: LinkHandlers
}

/** What stands behind a link; a side that is not asked leaves its part out. */
export interface LinkHandlers {
  request?(request: CardRequest, isRepeat: boolean): Promise<CardAnswer>
  /** Resolves once the notice is safe. */
  notice?(notice: CardNotice, isRepeat: boolean): Promise<void>
  /** Why this sign-on is not taken. */
  signOn?(signOn: NetworkMessage): LinkEnd | undefined
  signedOff?(): void
  /** An answer that came after its message was given up (`late`), or that nobody asked for. */
  stray?(answer: ReadMessage, late: boolean): void
}

export const linkPhases = ['connected', 'signed_on', 'signed_off', 'closed'] as const
export type LinkPhase = (typeof linkPhases)[number]

export const linkCounted = [
  'received',
  'requests',
  'notices',
  'answered',
  'acknowledged',
  'refused_busy',
  'refused_signed_off',
  'not_taken',
  'undelivered',
  'unreadable',
  'wrong_mac',
  'late_answers',
  'unmatched_answers',
  'echoes',
  'key_changes',
] as const
export type LinkCounts = Record<(typeof linkCounted)[number], number>

export interface LinkState {
  readonly options: LinkOptions
  readonly deframer: Deframer
  readonly keys: KeyRing
  readonly awaited: AwaitedAnswers
  readonly counts: LinkCounts
  readonly ended: Promise<LinkEnd>
  phase: LinkPhase
  /** Requests and notices of the other side being worked on. */
  inFlight: number
  /** Of `performance.now()`. */
  readonly connectedMs: number
  lastMessageMs: number
  /** When the message that is not whole yet began. */
  messageBeganMs: number | undefined
  keyTriedMs: number
  readonly wrongMacs: MinuteCounter
  readonly unreadable: MinuteCounter
  readonly connectedAt: Instant
  lastEchoAt: Instant | null
  keyChangedAt: Instant | null
  isEchoing: boolean
  keyChange: Promise<boolean> | undefined
  nextStan: number
  /** Logs what the other side can bring about as often as it likes: within a budget, the rest counted. */
  complain(level: 'warn' | 'error', event: string, facts: Readonly<Record<string, unknown>>): void
  /** Nothing where the link has ended; ends it where the other side does not read. */
  write(message: Uint8Array): void
  /** @param how.flush lets what was written reach the other side first */
  end(reason: LinkEnd, facts?: Readonly<Record<string, unknown>>, how?: { flush: true }): void
}

const MINUTE_MS = 60_000
const STANS = 1_000_000
/** For the bytes that tell the other side why. */
const FLUSH_MS = 1_000

export function createLinkState(options: LinkOptions): LinkState {
  const { stream, adapter, limits, clock, log, partner, peer, side } = options
  const { promise: ended, resolve } = Promise.withResolvers<LinkEnd>()
  const now = performance.now()
  const budget = createLineBudget()
  let isCorked = false
  const state: LinkState = {
    options,
    deframer: createDeframer(adapter.framing),
    keys: createKeyRing(options.keys, limits.oldKeyMs),
    awaited: createAwaitedAnswers(limits),
    counts: noCounts(),
    ended,
    phase: 'connected',
    inFlight: 0,
    connectedMs: now,
    lastMessageMs: now,
    messageBeganMs: undefined,
    keyTriedMs: now,
    wrongMacs: createMinuteCounter(),
    unreadable: createMinuteCounter(),
    connectedAt: clock(),
    lastEchoAt: null,
    keyChangedAt: null,
    isEchoing: false,
    keyChange: undefined,
    // Links opened in one second must not sign on by one number.
    nextStan: randomInt(STANS),
    complain(level, event, facts) {
      const withheld = budget.take(performance.now())
      if (withheld === undefined) return
      log[level](event, { partner, peer, ...facts, ...(withheld === 0 ? {} : { withheld }) })
    },
    write(message) {
      if (state.phase === 'closed') return
      if (!isCorked) {
        // What one chunk of questions brings about leaves in one piece, as soon as this turn is over.
        isCorked = true
        stream.cork()
        process.nextTick(() => {
          isCorked = false
          stream.uncork()
        })
      }
      stream.write(frame(message, adapter.framing))
      if (stream.writableLength > limits.writeQueueBytesMax) state.end('reads_too_slowly')
    },
    end(reason, facts = {}, how) {
      if (state.phase === 'closed') return
      state.phase = 'closed'
      const level = isOrderly(reason) ? 'info' : 'warn'
      const event = isOrderly(reason) ? 'link.closed' : 'link.dropped'
      log[level](event, { partner, peer, side, reason, ...facts, counts: { ...state.counts } })
      if (how === undefined) stream.destroy()
      else endSoftly(stream)
      state.awaited.endAll(reason)
      resolve(reason)
    },
  }
  return state
}

/** Writes a message of this side's own and waits for its answer. */
export function sendOn(link: LinkState, message: PartnerMessage, withinMs: number): Promise<Sent> {
  if (link.phase === 'closed')
    return link.ended.then((reason) => ({ outcome: 'link_lost', reason }))
  if (link.awaited.count() >= link.options.limits.awaitedMax) {
    return Promise.resolve({ outcome: 'busy' })
  }
  const { bytes, matchKey } = link.options.adapter.write(message, link.keys.present())
  const sent = link.awaited.expect(matchKey, withinMs)
  link.write(bytes)
  return sent
}

export interface MinuteCounter {
  /** Counts one and returns how many there were in this minute. */
  count(nowMs: number): number
}

function createMinuteCounter(): MinuteCounter {
  let sinceMs = -Infinity
  let count = 0
  return {
    count(nowMs) {
      if (nowMs - sinceMs >= MINUTE_MS) {
        sinceMs = nowMs
        count = 0
      }
      count += 1
      return count
    },
  }
}

function endSoftly(stream: Duplex): void {
  stream.end()
  const timer = setTimeout(() => stream.destroy(), FLUSH_MS)
  stream.once('close', () => clearTimeout(timer))
}

function noCounts(): LinkCounts {
  // The list's own keys.
  return Object.fromEntries(linkCounted.map((name) => [name, 0])) as LinkCounts
}
