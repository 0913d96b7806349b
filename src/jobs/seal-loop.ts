/**
 * Seals every journal that grew, turn by turn: what is booked is protected some seconds later, and no issuer is sealed
 * more often than once a turn.
 */
import type { Clock, Instant } from '../base/base.ts'
import { startLoop, type Loop } from './loop.ts'

export const SEAL_EVERY_MS = 5_000
/**
 * Seals reach no further than this before now: a core whose clock is a little behind books at its own time, not at
 * the boundary.
 */
export const SEAL_LAG_MS = 1_000
/** Of one issuer in one turn; a longer backlog is gone on with in the next, after the others had theirs. */
export const SEGMENTS_PER_TURN_MAX = 10

/** What the loop needs of a sealer. */
export interface SealingPort {
  issuersWithNews(): Promise<readonly number[]>
  sealOnce(issuerId: number, now: Instant): Promise<SealingOutcome>
}

export type SealingOutcome =
  | { readonly status: 'sealed'; readonly segment: number; readonly leafCount: number }
  | { readonly status: 'nothing_new' | 'not_settled' | 'other_sealer' }

export interface SealLoopOptions {
  readonly sealer: SealingPort
  readonly clock: Clock
  /** Told after every turn that sealed something. */
  readonly onSealed: (turn: SealedTurn) => void
  /** A transaction of the database outlasts the sealer's patience: somebody should look for it. */
  readonly onUnsettled: (stuck: { issuerId: number }) => void
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
}

export interface SealedTurn {
  readonly issuers: number
  readonly segments: number
  readonly rows: number
}

export function startSealLoop(options: SealLoopOptions): Loop {
  return startLoop({
    everyMs: options.everyMs ?? SEAL_EVERY_MS,
    work: () => sealTurn(options),
    onError: options.onError,
  })
}

/** One turn: every issuer with news. One issuer's error does not keep another from its seal. */
export async function sealTurn(options: SealLoopOptions): Promise<void> {
  const { sealer, clock, onSealed, onUnsettled, onError } = options
  const until = clock() - SEAL_LAG_MS
  const turn = { issuers: 0, segments: 0, rows: 0 }
  for (const issuerId of await sealer.issuersWithNews()) {
    try {
      const { isSettled, segments, rows } = await sealIssuer(sealer, issuerId, until)
      turn.issuers += segments > 0 ? 1 : 0
      turn.segments += segments
      turn.rows += rows
      if (isSettled) continue
      onUnsettled({ issuerId })
      // What we wait for is a transaction of the whole database: the other issuers would wait for it too.
      break
    } catch (error) {
      onError(error)
    }
  }
  if (turn.segments > 0) onSealed(turn)
}

async function sealIssuer(
  sealer: SealingPort,
  issuerId: number,
  until: Instant,
): Promise<{ isSettled: boolean; segments: number; rows: number }> {
  let rows = 0
  for (let segments = 0; segments < SEGMENTS_PER_TURN_MAX; segments += 1) {
    const outcome = await sealer.sealOnce(issuerId, until)
    if (outcome.status !== 'sealed') {
      return { isSettled: outcome.status !== 'not_settled', segments, rows }
    }
    rows += outcome.leafCount
  }
  return { isSettled: true, segments: SEGMENTS_PER_TURN_MAX, rows }
}
