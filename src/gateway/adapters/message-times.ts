/**
 * Times as messages write them. Where the year is missing it is the one that brings the day nearest to today; where it
 * is there, what is told of a sale must be near today too: a day of another century is a clock gone wrong, and nothing
 * could be booked on it.
 */
import {
  DAY_MS,
  parseBusinessDate,
  startOfBusinessDate,
  type BusinessDate,
  type Instant,
} from '../../base/base.ts'

/** Korea is nine hours ahead of UTC, without daylight saving. */
const KOREA_AHEAD_MS = 9 * 3_600_000
const NEAR_DAYS = 183
/** Vouchers are good for five years (지역사랑상품권법 §4②): no older sale has anything to be given back. */
const ORIGINAL_DAYS = 5 * 366
const SECOND_MS = 1000

/** `1122` → `2026-11-22`; `undefined` where no such day lies within half a year of today. */
export function nearestDate(monthAndDay: string, today: BusinessDate): BusinessDate | undefined {
  const year = Number(today.slice(0, 4))
  const todayMs = startOfBusinessDate(today)
  let nearest: BusinessDate | undefined
  let nearestMs = (NEAR_DAYS + 1) * DAY_MS
  for (const candidate of [year - 1, year, year + 1]) {
    const date = compactDate(`${String(candidate).padStart(4, '0')}${monthAndDay}`)
    if (date === undefined) continue
    const distanceMs = Math.abs(startOfBusinessDate(date) - todayMs)
    if (distanceMs < nearestMs) [nearest, nearestMs] = [date, distanceMs]
  }
  return nearest
}

/** `20261122` → `2026-11-22`; `undefined` where no such day lies within half a year of today. */
export function nearDate(digits: string, today: BusinessDate): BusinessDate | undefined {
  const date = compactDate(digits)
  return date !== undefined && Math.abs(daysBetween(date, today)) <= NEAR_DAYS ? date : undefined
}

/** The day of a sale that a message refers to: up to `ORIGINAL_DAYS` back; `undefined` for another, or none. */
export function originalDate(digits: string, today: BusinessDate): BusinessDate | undefined {
  const date = compactDate(digits)
  if (date === undefined) return undefined
  const age = daysBetween(date, today)
  return age >= -NEAR_DAYS && age <= ORIGINAL_DAYS ? date : undefined
}

/** Positive where the first day is the earlier one. */
function daysBetween(date: BusinessDate, today: BusinessDate): number {
  return (startOfBusinessDate(today) - startOfBusinessDate(date)) / DAY_MS
}

/** `20261122` → `2026-11-22`; `undefined` where there is no such day. */
export function compactDate(digits: string): BusinessDate | undefined {
  if (digits.length !== 8) return undefined
  return parseBusinessDate(`${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`)
}

/** `2026-11-22` → `20261122`. */
export function dateDigits(date: BusinessDate): string {
  return date.replaceAll('-', '')
}

/** A Korean day and `hhmmss`; `undefined` where there is no such time. */
export function koreanInstant(date: BusinessDate, time: string): Instant | undefined {
  const milliseconds = timeOfDayMs(time)
  return milliseconds === undefined ? undefined : startOfBusinessDate(date) + milliseconds
}

/** `20261122093000` in Korea; `undefined` where no such time lies within half a year of today. */
export function nearStampInstant(digits: string, today: BusinessDate): Instant | undefined {
  return nearDate(digits.slice(0, 8), today) === undefined ? undefined : koreanStampInstant(digits)
}

/** `20261122093000` in Korea. */
export function koreanStampInstant(digits: string): Instant | undefined {
  const date = compactDate(digits.slice(0, 8))
  return date === undefined ? undefined : koreanInstant(date, digits.slice(8))
}

/** `20261122093000` in Korea, to the second. */
export function koreanStamp(at: Instant): string {
  return stampDigits(at + KOREA_AHEAD_MS)
}

/** `MMDDhhmmss` in UTC (DE 7). */
export function utcStampInstant(digits: string, today: BusinessDate): Instant | undefined {
  const date = nearestDate(digits.slice(0, 4), today)
  const milliseconds = timeOfDayMs(digits.slice(4))
  if (date === undefined || milliseconds === undefined) return undefined
  return startOfBusinessDate(date) + KOREA_AHEAD_MS + milliseconds
}

/** `MMDDhhmmss` in UTC (DE 7), to the second. */
export function utcStamp(at: Instant): string {
  return stampDigits(at).slice(4)
}

function stampDigits(at: Instant): string {
  return new Date(at).toISOString().slice(0, 19).replaceAll(/[-:T]/g, '')
}

function timeOfDayMs(time: string): number | undefined {
  if (!/^(?:[01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(time)) return undefined
  const seconds =
    Number(time.slice(0, 2)) * 3600 + Number(time.slice(2, 4)) * 60 + Number(time.slice(4))
  return seconds * SECOND_MS
}
