/** Instants are UTC milliseconds; business days and months are Korean calendar text of their own type. */
import { assert } from './assert.ts'

/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number

/** Gives the current instant. Only `main`, simulations and tests hold one. */
export type Clock = () => Instant

declare const dateBrand: unique symbol
declare const monthBrand: unique symbol
/** `2026-11-22` in Korea. */
export type BusinessDate = string & { readonly [dateBrand]: true }
/** `2026-11` in Korea. */
export type BusinessMonth = string & { readonly [monthBrand]: true }

/** Korea Standard Time is UTC+9 without daylight saving since 1988. */
const KST_OFFSET_MS = 9 * 3_600_000
export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000

/** The Korean calendar day of an instant. */
export function businessDate(at: Instant): BusinessDate {
  return new Date(at + KST_OFFSET_MS).toISOString().slice(0, 10) as BusinessDate // Brand constructor.
}

/** The Korean calendar month of an instant; monthly purchase caps count by it. */
export function businessMonth(at: Instant): BusinessMonth {
  return new Date(at + KST_OFFSET_MS).toISOString().slice(0, 7) as BusinessMonth // Brand constructor.
}

/** The first instant of a Korean day. */
export function startOfBusinessDate(date: BusinessDate): Instant {
  const at = Date.parse(`${date}T00:00:00+09:00`)
  assert(!Number.isNaN(at), `not a business date: ${date}`)
  return at
}

/** The Korean day after a day. */
export function nextDate(date: BusinessDate): BusinessDate {
  return businessDate(startOfBusinessDate(date) + DAY_MS)
}

/**
 * Reads `YYYY-MM-DD`; `undefined` where there is no such day. Every day has one before and one after it that can be
 * written so too; PostgreSQL, as the calendar, has no year 0.
 */
export function parseBusinessDate(text: string): BusinessDate | undefined {
  if (!/^(?!0000|0001-01-01|9999-12-31)\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const at = Date.parse(`${text}T00:00:00Z`)
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text) return undefined
  return text as BusinessDate // Brand constructor.
}

/**
 * The same day some years later at the same Korean time; 29 February becomes 28 February where needed.
 * Validity "5 years from issue" (지역사랑상품권법 §4②) is counted so.
 */
export function addYears(at: Instant, years: number): Instant {
  return addMonths(at, years * 12)
}

/** The same day some months later or earlier at the same Korean time; the month's last day where there is none. */
export function addMonths(at: Instant, months: number): Instant {
  const local = new Date(at + KST_OFFSET_MS)
  const day = local.getUTCDate()
  local.setUTCMonth(local.getUTCMonth() + months)
  if (local.getUTCDate() !== day) local.setUTCDate(0)
  return local.getTime() - KST_OFFSET_MS
}

/** Of a day in Korea: 0 is Sunday. */
export function weekdayOf(date: BusinessDate): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay()
}

/** Minutes since the Korean day began. */
export function minuteOfDay(at: Instant): number {
  return Math.floor((at - startOfBusinessDate(businessDate(at))) / MINUTE_MS)
}

/** The first instant after the `days`-th Korean day that follows that of an instant: the day itself is not counted. */
export function endOfDaysAfter(at: Instant, days: number): Instant {
  return startOfBusinessDate(businessDate(at)) + (days + 1) * DAY_MS
}
