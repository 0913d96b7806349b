/**
 * Whether the core is asked. Closed: always. Open: not at all, for a pause that doubles with each failed probe. Half
 * open: by a few probes at a time, twice as many after each round that went well, so that a core that comes back is
 * not met by everything that waited for it. SPEC.md holds its table; time and chance are arguments.
 */
import type { Instant } from '../base/base.ts'

export const breakerStates = ['closed', 'open', 'half_open'] as const
export type BreakerState = (typeof breakerStates)[number]

export interface BreakerLimits {
  /** So many failures in a row open it. */
  readonly failuresToOpen: number
  /** The first pause; each failed round of probes doubles it. */
  readonly pauseMs: number
  readonly pauseMsMax: number
  /** Once so many probes at a time have gone well, it closes. */
  readonly probesToClose: number
  /** A probe whose end is never told is given up after so long. */
  readonly probeMsMax: number
}
export const breakerDefaults: BreakerLimits = {
  failuresToOpen: 8,
  pauseMs: 500,
  pauseMsMax: 15_000,
  probesToClose: 32,
  probeMsMax: 10_000,
}

export interface Breaker {
  state(now: Instant): BreakerState
  /** Whether a call would be let through now; nothing is counted. */
  lets(now: Instant): boolean
  /** Lets a call through, or not; who is let through tells how it ended. */
  ask(now: Instant): boolean
  /** How the call ended; one that was let through while closed tells too. */
  ended(isGood: boolean, now: Instant): void
  /** The call was given up before it could say anything. */
  abandoned(): void
  /** When a call may be let through next; now where it is not open. */
  opensAt(now: Instant): Instant
}

/** @param random in [0, 1): spreads the pauses of several gateways */
export function createBreaker(limits: BreakerLimits, random: () => number): Breaker {
  let state: BreakerState = 'closed'
  let failures = 0
  let pauseMs = limits.pauseMs
  let pauseEndsAt = 0
  /** Half open: how many probes this round has, how many run, and how many of them went well. */
  let allowed = 1
  let running = 0
  let good = 0
  let lastProbeAt = 0

  const open = (now: Instant): void => {
    if (state !== 'closed') pauseMs = Math.min(2 * pauseMs, limits.pauseMsMax)
    state = 'open'
    failures = 0
    // Between half of it and all of it, never more often than half the pause.
    pauseEndsAt = now + pauseMs * (0.5 + random() / 2)
  }
  const halfOpen = (probes: number): void => {
    state = 'half_open'
    allowed = probes
    running = 0
    good = 0
  }
  const refresh = (now: Instant): void => {
    if (state === 'open' && now >= pauseEndsAt) halfOpen(1)
    // A clock that was set back must not keep it open for longer than a pause.
    if (state === 'open' && pauseEndsAt - now > limits.pauseMsMax) pauseEndsAt = now + pauseMs
    const isStale = running > 0 && Math.abs(now - lastProbeAt) > limits.probeMsMax
    if (state === 'half_open' && isStale) open(now)
  }
  const lets = (now: Instant): boolean => {
    refresh(now)
    if (state === 'closed') return true
    return state === 'half_open' && running + good < allowed
  }

  return {
    state(now) {
      refresh(now)
      return state
    },
    lets,
    ask(now) {
      if (!lets(now)) return false
      if (state === 'half_open') {
        running += 1
        lastProbeAt = now
      }
      return true
    },
    ended(isGood, now) {
      refresh(now)
      if (state === 'closed') {
        failures = isGood ? 0 : failures + 1
        if (failures >= limits.failuresToOpen) open(now)
        return
      }
      // Calls that were let through before it opened say nothing new.
      if (state === 'open' || running === 0) return
      running -= 1
      if (!isGood) return open(now)
      good += 1
      if (good < allowed) return
      if (allowed < limits.probesToClose) return halfOpen(2 * allowed)
      state = 'closed'
      failures = 0
      pauseMs = limits.pauseMs
    },
    abandoned() {
      if (state === 'half_open' && running > 0) running -= 1
    },
    opensAt(now) {
      refresh(now)
      return state === 'open' ? pauseEndsAt : now
    },
  }
}
