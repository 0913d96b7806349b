/**
 * Which sign-ons of one partner were taken, so that a recorded one opens nothing. A sign-on is good within the clock
 * skew only, and once; whatever is older than the history reaches back is refused for its time.
 */
import type { Instant } from '../base/base.ts'

export const signOnRefusals = ['sign_on_replayed', 'sign_on_clock', 'sign_on_too_often'] as const
export type SignOnRefusal = (typeof signOnRefusals)[number]

export interface SignOnHistory {
  /** Takes a sign-on, or says why not. @param signOn its trace number and the sender's time */
  take(signOn: { stan: string; at: Instant }, now: Instant): SignOnRefusal | undefined
}

export function createSignOnHistory(limits: {
  readonly clockSkewMs: number
  readonly signOnsRememberedMax: number
}): SignOnHistory {
  const taken = new Map<string, Instant>()
  const forget = (now: Instant): void => {
    // Their own time refuses those by now.
    for (const [key, at] of taken) if (at < now - limits.clockSkewMs) taken.delete(key)
  }
  return {
    take({ stan, at }, now) {
      const key = `${at}/${stan}`
      if (taken.has(key)) return 'sign_on_replayed'
      if (Math.abs(now - at) > limits.clockSkewMs) return 'sign_on_clock'
      if (taken.size >= limits.signOnsRememberedMax) forget(now)
      if (taken.size >= limits.signOnsRememberedMax) return 'sign_on_too_often'
      taken.set(key, at)
      return undefined
    },
  }
}
