/** What the scripts of the year write down before it happens. */
import type { Wish } from './year-events.ts'

export const MINUTE_MS = 60_000
/** People are up from eight to ten; the clockwork has the night. */
export const OPENS_MINUTE = 8 * 60
export const CLOSES_MINUTE = 22 * 60

export interface Planned {
  /** After midnight. */
  readonly minute: number
  readonly wish: Wish
  /** What is to follow, once the event has its number; of the same day only what is later. */
  readonly leadsTo?: (number: number) => readonly PlannedOn[]
}

export type PlannedOn = Planned & { readonly day: number }
