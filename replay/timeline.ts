/**
 * The hours that are replayed: Friday 19 September 2025, 14:00, to Saturday 18:00, Korean time. The core is cut from
 * 15:00 to 14:10 the next day, 23 hours and 10 minutes.
 *
 * Times and numbers of the outage are public (Newsis, 22 September 2025); how busy each hour was is not. The curve
 * below is ours: shops are quiet at night, busy at lunch and in the evening, and a little later on Saturday.
 */

import { HOUR_MS } from '../src/base/base.ts'

/** Korean wall-clock times; from whole hour to whole hour. */
export interface Outage {
  readonly from: string
  readonly cutAt: string
  readonly healedAt: string
  readonly until: string
}

export const OUTAGE: Outage = {
  from: '2025-09-19T14:00:00+09:00',
  cutAt: '2025-09-19T15:00:00+09:00',
  healedAt: '2025-09-20T14:10:00+09:00',
  until: '2025-09-20T18:00:00+09:00',
}
/** The same evening alone, for a quick look. */
export const SHORT_OUTAGE: Outage = {
  from: '2025-09-19T17:00:00+09:00',
  cutAt: '2025-09-19T18:00:00+09:00',
  healedAt: '2025-09-19T20:10:00+09:00',
  until: '2025-09-19T21:00:00+09:00',
}

const KST_OFFSET_HOURS = 9

/** Relative numbers of card payments by the hour of a Korean day, from midnight. */
const FRIDAY = [
  2, 1, 1, 1, 1, 2, 6, 14, 22, 28, 36, 58, 82, 62, 44, 42, 48, 66, 92, 88, 64, 40, 22, 8,
]
const SATURDAY = [
  4, 2, 1, 1, 1, 2, 4, 8, 16, 28, 44, 66, 84, 78, 64, 58, 60, 72, 88, 80, 58, 36, 20, 8,
]

const SATURDAY_AT = Date.parse('2025-09-20T00:00:00+09:00')

export interface ReplayHour {
  /** When the hour begins. */
  readonly at: number
  /** `15:00` in Korea. */
  readonly label: string
  /** Card payments relative to the other hours. */
  readonly weight: number
  /** The part of the hour in which the core is cut, 0…1. */
  readonly cutShare: number
}

export function replayHours(outage: Outage = OUTAGE): readonly ReplayHour[] {
  const [from, until] = [Date.parse(outage.from), Date.parse(outage.until)]
  const [cutAt, healedAt] = [Date.parse(outage.cutAt), Date.parse(outage.healedAt)]
  const hours: ReplayHour[] = []
  for (let at = from; at < until; at += HOUR_MS) {
    const hour = (new Date(at).getUTCHours() + KST_OFFSET_HOURS) % 24
    const isFriday = at < SATURDAY_AT
    const cutMs = Math.min(at + HOUR_MS, healedAt) - Math.max(at, cutAt)
    hours.push({
      at,
      label: `${String(hour).padStart(2, '0')}:00`,
      weight: (isFriday ? FRIDAY : SATURDAY)[hour]!,
      cutShare: Math.max(0, cutMs) / HOUR_MS,
    })
  }
  return hours
}

/** How long the core is cut, in ms of that day. */
export function cutMs({ cutAt, healedAt }: Outage): number {
  return Date.parse(healedAt) - Date.parse(cutAt)
}
