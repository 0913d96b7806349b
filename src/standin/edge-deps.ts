/** What the gateway's desk is given: its store, the core, time, chance, and how patient it is. */
import type { Clock, Sha256 } from '../base/base.ts'
import { MINUTE_MS } from '../base/base.ts'
import type { CardDesk, CardFeed } from '../cards/cards.ts'
import type { PeerGateway } from './peer-notes.ts'
import { believedAges, type BelievedAges } from './standin-decision.ts'
import type { StandInStore } from './store.ts'

export interface Timers {
  /** Runs once after `ms`; the function given back calls it off. */
  after(ms: number, run: () => void): () => void
}

/** A fact for the log; nothing personal stands in it. */
export interface EdgeFact {
  readonly fact: string
  readonly level: 'info' | 'warn' | 'error'
  readonly details: Readonly<Record<string, string | number | boolean>>
}

export interface EdgeOptions {
  /** The partner's deadline where its record is not known yet. */
  readonly deadlineMs: number
  /** Kept back of the partner's deadline for deciding alone, recording and sending. */
  readonly marginMs: number
  /** No partner waits longer for the core, however patient it is. */
  readonly coreWaitMsMax: number
  /** Requests under way; one more is answered `unknown`, `gateway_busy`. */
  readonly requestsMax: number
  /** Writes of one commit. */
  readonly commitSizeMax: number
  readonly believed: BelievedAges
  /** Calls of the outbox at one time. */
  readonly outboxLanes: number
  /** Notices told in a second, so that a core that has just come back can breathe. */
  readonly noticesPerSecondMax: number
  readonly outboxPauseMs: number
  readonly outboxPauseMsMax: number
  /** How long one call for news may wait at the core. */
  readonly tailWaitMs: number
  /** A call for news that brings nothing at all for so much longer is given up. */
  readonly tailGraceMs: number
  /** Between two items of a synchronisation. */
  readonly syncSilenceMsMax: number
  readonly feedPauseMs: number
  readonly feedPauseMsMax: number
  /** After a failed write the disk is tried again no sooner. */
  readonly storeRetryMs: number
  /** Answers, sales and taken notices are kept for so long. */
  readonly keptMs: number
  readonly pruneEveryMs: number
}

export const edgeDefaults: EdgeOptions = {
  deadlineMs: 3_000,
  marginMs: 500,
  coreWaitMsMax: 1_500,
  requestsMax: 4_000,
  commitSizeMax: 256,
  believed: believedAges,
  outboxLanes: 4,
  noticesPerSecondMax: 3_000,
  outboxPauseMs: 200,
  outboxPauseMsMax: 10_000,
  tailWaitMs: 2_000,
  tailGraceMs: 5_000,
  syncSilenceMsMax: 30_000,
  feedPauseMs: 200,
  feedPauseMsMax: 5_000,
  storeRetryMs: 1_000,
  keptMs: 7 * 24 * 60 * MINUTE_MS,
  pruneEveryMs: 1_000,
}

export interface EdgeDeps {
  readonly store: StandInStore
  readonly core: CardDesk
  readonly feed: CardFeed
  readonly clock: Clock
  readonly timers: Timers
  /** Runs after what has arrived by now was taken in (`setImmediate`): so that sets of writes gather by themselves. */
  readonly afterTurn: (run: () => void) => void
  /** In [0, 1): spreads pauses. */
  readonly random: () => number
  readonly sha256: Sha256
  readonly log: (fact: EdgeFact) => void
  /** The other gateway, where there is one. */
  readonly peer?: PeerGateway
  readonly options?: Partial<EdgeOptions>
}

/** A pause that doubles with each failure up to a bound, spread over its upper half. */
export function pauseMs(
  failures: number,
  bounds: { firstMs: number; mostMs: number },
  random: () => number,
): number {
  const whole = Math.min(bounds.mostMs, bounds.firstMs * 2 ** Math.min(failures - 1, 20))
  return whole * (0.5 + random() / 2)
}

/** Whether `promise` is fulfilled in time; what becomes of it later is the caller's to watch. */
export async function withinTime<Value>(
  promise: Promise<Value>,
  ms: number,
  timers: Timers,
): Promise<{ readonly value: Value } | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const callOff = timers.after(ms, () => resolve(undefined))
  try {
    return await Promise.race([promise.then((value) => ({ value })), late])
  } finally {
    callOff()
  }
}
