/**
 * The calendar of the scripted year, in its own words: the recalculation must not learn from the code that it checks
 * when a day is a holiday. The days are those of the almanac for 2026, with their substitutes.
 */

/** From 2026-01-01 through 2027-01-01. */
export const DAYS = 366
const FIRST_DAY = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000
const KOREA_MS = 9 * 3_600_000

/** 2026년 월력요항; the last is that of 2027. */
const HOLIDAYS: ReadonlySet<string> = new Set([
  '2026-01-01', // 신정
  '2026-02-16', // 설날 연휴
  '2026-02-17', // 설날
  '2026-02-18', // 설날 연휴
  '2026-03-01', // 삼일절
  '2026-03-02', // 대체공휴일
  '2026-05-01', // 노동절
  '2026-05-05', // 어린이날
  '2026-05-24', // 부처님오신날
  '2026-05-25', // 대체공휴일
  '2026-06-03', // 전국동시지방선거
  '2026-06-06', // 현충일
  '2026-07-17', // 제헌절
  '2026-08-15', // 광복절
  '2026-08-17', // 대체공휴일
  '2026-09-24', // 추석 연휴
  '2026-09-25', // 추석
  '2026-09-26', // 추석 연휴
  '2026-10-03', // 개천절
  '2026-10-05', // 대체공휴일
  '2026-10-09', // 한글날
  '2026-12-25', // 성탄절
  '2027-01-01', // 신정
])

/** `2026-03-01` for 59. */
export function dayOf(day: number): string {
  return new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10)
}

/** The instant at which a day begins in Korea. */
export function startOfDay(day: number): number {
  return FIRST_DAY + day * DAY_MS - KOREA_MS
}

export function monthOf(day: number): string {
  return dayOf(day).slice(0, 7)
}

export function dayNumber(text: string): number {
  return Math.round((Date.parse(`${text}T00:00:00Z`) - FIRST_DAY) / DAY_MS)
}

export function isWorkday(day: number): boolean {
  const weekday = new Date(FIRST_DAY + day * DAY_MS).getUTCDay()
  return weekday >= 1 && weekday <= 5 && !HOLIDAYS.has(dayOf(day))
}

/** The `count`-th workday after a day; with 0 the day itself or the next workday. */
export function workdaysAfter(day: number, count: number): number {
  let at = day
  for (let left = count; left > 0; left -= 1) {
    at += 1
    while (!isWorkday(at)) at += 1
  }
  while (!isWorkday(at)) at += 1
  return at
}
