/** When jobs are due. Pure: whoever asks brings the time, so that a year can be gone through in a second. */
import {
  assert,
  businessDate,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  startOfBusinessDate,
  type Instant,
} from '../base/base.ts'

export type Schedule =
  /** Again and again, counted from 1970, so that all cores name the same instants. */
  | { readonly kind: 'every'; readonly everyMs: number }
  /** Once on each Korean day, at an hour and a minute there. */
  | { readonly kind: 'daily'; readonly hour: number; readonly minute: number }
  /** Only when somebody asks for it. */
  | { readonly kind: 'on_demand' }

/** The last instant, now or before, at which it became due; `undefined` for what is only done on demand. */
export function lastDueAt(schedule: Schedule, now: Instant): Instant | undefined {
  if (schedule.kind === 'on_demand') return undefined
  if (schedule.kind === 'every') return Math.floor(now / everyMsOf(schedule)) * schedule.everyMs
  const today = startOfBusinessDate(businessDate(now)) + timeOfDay(schedule)
  return today <= now ? today : today - DAY_MS
}

/** The first instant after now at which it becomes due. */
export function nextDueAt(schedule: Schedule, now: Instant): Instant | undefined {
  const last = lastDueAt(schedule, now)
  if (last === undefined || schedule.kind === 'on_demand') return undefined
  return last + (schedule.kind === 'every' ? schedule.everyMs : DAY_MS)
}

function everyMsOf({ everyMs }: { readonly everyMs: number }): number {
  assert(Number.isSafeInteger(everyMs) && everyMs > 0, `not a period: ${everyMs}`)
  return everyMs
}

function timeOfDay({ hour, minute }: { readonly hour: number; readonly minute: number }): number {
  const isTime = Number.isInteger(hour) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60
  assert(isTime && Number.isInteger(minute), `not a time of day: ${hour}:${minute}`)
  return hour * HOUR_MS + minute * MINUTE_MS
}
