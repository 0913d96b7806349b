/**
 * Korean public holidays with their substitute days (대체공휴일), as the almanac of the Korea AeroSpace Administration
 * (월력요항) has them, and those that an operator adds: a temporary holiday (임시공휴일) may be decided within days.
 *
 * Its surprise: the almanac is published a year or two ahead, so there is a last day that is known. Later days count by
 * weekends and the operator's list alone; whoever runs Dure is warned in time to update.
 */
import * as almanac from '@hyunbinseo/holidays-kr/all'
import {
  businessDate,
  DAY_MS,
  parseBusinessDate,
  type BusinessDate,
  type Instant,
} from '../base/base.ts'

/** So long before the last known day it is warned of. */
export const WARNED_BEFORE_MS = 60 * DAY_MS

const published: readonly BusinessDate[] = Object.values(almanac)
  .flatMap((year) => Object.keys(year))
  // Brand constructor: the almanac's keys are days, which a test holds it to.
  .map((day) => day as BusinessDate)
  .toSorted()

/** The last day of the last year that was published. */
export const holidaysKnownUntil = `${published.at(-1)!.slice(0, 4)}-12-31` as BusinessDate // Brand constructor.

/** Rising, each once. Weekends are left to whoever counts business days. */
export function koreanHolidays(added: readonly BusinessDate[] = []): readonly BusinessDate[] {
  return [...new Set([...published, ...added])].toSorted()
}

export function holidaysEndSoon(now: Instant): boolean {
  return businessDate(now + WARNED_BEFORE_MS) > holidaysKnownUntil
}

/**
 * Reads what an operator adds.
 * @param text days as `2027-05-06,2027-08-17`; empty: none
 * @returns the part that is no day where there is one
 */
export function readHolidays(
  text: string,
): { readonly days: readonly BusinessDate[] } | { readonly noDay: string } {
  const days: BusinessDate[] = []
  for (const part of text.split(',').map((each) => each.trim())) {
    if (part === '') continue
    const day = parseBusinessDate(part)
    if (day === undefined) return { noDay: part }
    days.push(day)
  }
  return { days }
}
