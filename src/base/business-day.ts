/** Business days (영업일): Monday to Friday, less the holidays that one is told. */
import { nextDate, type BusinessDate } from './time.ts'

export function isBusinessDay(date: BusinessDate, holidays: readonly BusinessDate[]): boolean {
  // The Korean day's number in the week is that of the same day in UTC.
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !holidays.includes(date)
}

/** The `days`-th business day after a date, which need not be one itself; with 0 the date or the next one. */
export function addBusinessDays(
  date: BusinessDate,
  days: number,
  holidays: readonly BusinessDate[],
): BusinessDate {
  let day = date
  for (let left = days; left > 0; left -= 1) day = toBusinessDay(nextDate(day), holidays)
  return toBusinessDay(day, holidays)
}

function toBusinessDay(date: BusinessDate, holidays: readonly BusinessDate[]): BusinessDate {
  let day = date
  while (!isBusinessDay(day, holidays)) day = nextDate(day)
  return day
}
