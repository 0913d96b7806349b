/**
 * How the core's clock stands to ours, learned from the pages of the feed. A page is read before it arrives, so the
 * smallest difference of many is nearest to the truth.
 */
import type { Instant } from '../base/base.ts'

export interface CoreClock {
  /** A page came. Gives the instant by our clock as of which it was read, never later than now. */
  heard(page: { readonly asOf: Instant; readonly receivedAt: Instant }): Instant
  /** The core's time at an instant of ours, rather too late than too early; `undefined` before the first page. */
  coreTime(at: Instant): Instant | undefined
  /** Another core, perhaps another clock. */
  forget(): void
}

const SAMPLES_MAX = 64
/** What a page was under way at least, and what two clocks drift between two pages. */
const MARGIN_MS = 500

export function createCoreClock(): CoreClock {
  let samples: number[] = []
  const aheadMs = (): number => Math.min(...samples)
  return {
    heard({ asOf, receivedAt }) {
      samples = [...samples.slice(1 - SAMPLES_MAX), receivedAt - asOf]
      return asOf + aheadMs()
    },
    coreTime: (at) => (samples.length === 0 ? undefined : at - aheadMs() + MARGIN_MS),
    forget() {
      samples = []
    },
  }
}
