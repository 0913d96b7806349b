/** One breaker for the core as a whole and one for each issuer: one issuer's trouble stays that issuer's. */
import type { Instant, IssuerId } from '../base/base.ts'
import { breakerDefaults, createBreaker, type Breaker, type BreakerState } from './breaker.ts'

/** An issuer's breaker opens before the core's does, so that a single issuer in trouble never opens it. */
const ISSUER_FAILURES_TO_OPEN = 4

export interface CoreBreaker {
  /** Lets a call through that concerns an issuer, where known. */
  ask(issuerId: IssuerId | undefined, now: Instant): AskedCore | undefined
  lets(now: Instant): boolean
  state(now: Instant): BreakerState
  issuerState(issuerId: IssuerId, now: Instant): BreakerState
  opensAt(now: Instant): Instant
}

/** A call that was let through; one of the two must be told once. */
export interface AskedCore {
  ended(isGood: boolean, now: Instant): void
  abandoned(): void
}

export function createCoreBreaker(random: () => number): CoreBreaker {
  const core = createBreaker(breakerDefaults, random)
  const issuers = new Map<IssuerId, Breaker>()
  const breakerOf = (issuerId: IssuerId): Breaker => {
    const known = issuers.get(issuerId)
    if (known !== undefined) return known
    const limits = { ...breakerDefaults, failuresToOpen: ISSUER_FAILURES_TO_OPEN, probesToClose: 4 }
    const made = createBreaker(limits, random)
    issuers.set(issuerId, made)
    return made
  }
  return {
    ask(issuerId, now) {
      const issuer = issuerId === undefined ? undefined : breakerOf(issuerId)
      if (issuer?.lets(now) === false || !core.ask(now)) return undefined
      issuer?.ask(now)
      return {
        ended(isGood, at) {
          core.ended(isGood, at)
          issuer?.ended(isGood, at)
        },
        abandoned() {
          core.abandoned()
          issuer?.abandoned()
        },
      }
    },
    lets: (now) => core.lets(now),
    state: (now) => core.state(now),
    issuerState: (issuerId, now) => issuers.get(issuerId)?.state(now) ?? 'closed',
    opensAt: (now) => core.opensAt(now),
  }
}
