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
  const self: Inside = {
    limits,
    random,
    state: 'closed',
    failures: 0,
    pauseMs: limits.pauseMs,
    pauseEndsAt: 0,
    allowed: 1,
    running: 0,
    good: 0,
    lastProbeAt: 0,
  }
  return {
    state(now) {
      refresh(self, now)
      return self.state
    },
    lets: (now) => lets(self, now),
    ask(now) {
      if (!lets(self, now)) return false
      if (self.state === 'half_open') {
        self.running += 1
        self.lastProbeAt = now
      }
      return true
    },
    ended(isGood, now) {
      refresh(self, now)
      if (self.state === 'closed') {
        self.failures = isGood ? 0 : self.failures + 1
        if (self.failures >= limits.failuresToOpen) open(self, now)
      } else if (self.state === 'half_open' && self.running > 0) {
        // Calls that were let through before it opened say nothing new.
        probed(self, isGood, now)
      }
    },
    abandoned() {
      if (self.state === 'half_open' && self.running > 0) self.running -= 1
    },
    opensAt(now) {
      refresh(self, now)
      return self.state === 'open' ? self.pauseEndsAt : now
    },
  }
}

interface Inside {
  readonly limits: BreakerLimits
  readonly random: () => number
  state: BreakerState
  /** In a row, while closed. */
  failures: number
  pauseMs: number
  pauseEndsAt: Instant
  /** Half open: how many probes this round has, how many run, and how many of them went well. */
  allowed: number
  running: number
  good: number
  lastProbeAt: Instant
}

function open(self: Inside, now: Instant): void {
  const { limits } = self
  if (self.state !== 'closed') self.pauseMs = Math.min(2 * self.pauseMs, limits.pauseMsMax)
  self.state = 'open'
  self.failures = 0
  // Between half of it and all of it, never more often than half the pause.
  self.pauseEndsAt = now + self.pauseMs * (0.5 + self.random() / 2)
}

function beginRound(self: Inside, probes: number): void {
  self.state = 'half_open'
  self.allowed = probes
  self.running = 0
  self.good = 0
}

function refresh(self: Inside, now: Instant): void {
  const { limits } = self
  if (self.state === 'open' && now >= self.pauseEndsAt) beginRound(self, 1)
  // A clock that was set back must not keep it open for longer than a pause.
  const isFarOff = self.pauseEndsAt - now > limits.pauseMsMax
  if (self.state === 'open' && isFarOff) self.pauseEndsAt = now + self.pauseMs
  const isStale = self.running > 0 && Math.abs(now - self.lastProbeAt) > limits.probeMsMax
  if (self.state === 'half_open' && isStale) open(self, now)
}

function lets(self: Inside, now: Instant): boolean {
  refresh(self, now)
  if (self.state === 'closed') return true
  return self.state === 'half_open' && self.running + self.good < self.allowed
}

function probed(self: Inside, isGood: boolean, now: Instant): void {
  const { limits } = self
  self.running -= 1
  if (!isGood) return open(self, now)
  self.good += 1
  if (self.good < self.allowed) return
  if (self.allowed < limits.probesToClose) return beginRound(self, 2 * self.allowed)
  self.state = 'closed'
  self.failures = 0
  self.pauseMs = limits.pauseMs
}
