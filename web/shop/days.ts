/** Days of the Korean calendar, as the sales are looked at by them. */
import {
  businessDate,
  DAY_MS,
  parseBusinessDate,
  startOfBusinessDate,
  weekdayOf,
  type BusinessDate,
} from '../../src/base/base.ts'
import { serverNow } from '../api/server-clock.ts'

const NOON_MS = DAY_MS / 2

export function today(): BusinessDate {
  return businessDate(serverNow())
}

export function daysFrom(day: BusinessDate, count: number): BusinessDate {
  return businessDate(startOfBusinessDate(day) + count * DAY_MS + NOON_MS)
}

/** The seven days of the week that a day is in, Monday first. */
export function weekOf(day: BusinessDate): BusinessDate[] {
  const sinceMonday = (weekdayOf(day) + 6) % 7
  return Array.from({ length: 7 }, (_, index) => daysFrom(day, index - sinceMonday))
}

/** A day out of an address; the other where there is none or a wrong one. */
export function dayOr(text: string | null, other: BusinessDate): BusinessDate {
  return parseBusinessDate(text ?? '') ?? other
}

/** The hour of an instant in Korea, 0 to 23. */
export function hourOf(iso: string): number {
  const at = Date.parse(iso)
  return Math.floor((at - startOfBusinessDate(businessDate(at))) / 3_600_000)
}
