import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addBusinessDays, parseBusinessDate, type BusinessDate } from '../base/base.ts'
import { readStartConfig } from './config.ts'
import {
  holidaysEndSoon,
  holidaysKnownUntil,
  koreanHolidays,
  readHolidays,
  WARNED_BEFORE_MS,
} from './korean-holidays.ts'

const day = (text: string): BusinessDate => text as BusinessDate // Written here.

/** From a date, so many business days later: each row passes over what its comment names. */
const rows = [
  ['2025-10-02', 1, '2025-10-10'], // 개천절, 추석 with its substitute day, 한글날: a week.
  ['2026-02-13', 1, '2026-02-19'], // 설날 on a Tuesday.
  ['2026-02-27', 1, '2026-03-03'], // 3·1절 on a Sunday, and its substitute day.
  ['2026-04-30', 1, '2026-05-04'], // 노동절.
  ['2026-05-22', 1, '2026-05-26'], // 부처님 오신 날 on a Sunday, and its substitute day.
  ['2026-06-02', 1, '2026-06-04'], // Local elections.
  ['2026-06-05', 1, '2026-06-08'], // 현충일 on a Saturday has no substitute day.
  ['2026-12-24', 1, '2026-12-28'], // 기독탄신일 on a Friday.
  ['2027-12-24', 1, '2027-12-28'], // On a Saturday, and its substitute day.
] as const

test('business days pass over public holidays and their substitute days', () => {
  const holidays = koreanHolidays()
  for (const [from, days, to] of rows) {
    assert.equal(addBusinessDays(day(from), days, holidays), to, `${from} + ${days}`)
  }
})

test('every day of the almanac is one, and no year between the first and the last is missing', () => {
  const holidays = koreanHolidays()
  assert.ok(holidays.every((date) => parseBusinessDate(date) !== undefined))
  const years = new Set(holidays.map((date) => date.slice(0, 4)))
  const first = Number(holidays[0]!.slice(0, 4))
  for (let year = first; year <= Number(holidaysKnownUntil.slice(0, 4)); year += 1) {
    assert.ok(years.has(String(year)), `${year}`)
  }
})

test('a temporary holiday that the operator adds counts like the others', () => {
  const read = readHolidays(' 2026-11-27, 2026-12-25,')
  assert.ok('days' in read)
  const holidays = koreanHolidays(read.days)
  assert.equal(addBusinessDays(day('2026-11-26'), 1, holidays), '2026-11-30')
  assert.equal(holidays.filter((date) => date === '2026-12-25').length, 1)
})

test('what is no day is named, and nothing is started', () => {
  assert.deepEqual(readHolidays('2027-02-30'), { noDay: '2027-02-30' })
  assert.deepEqual(readHolidays(''), { days: [] })
  const wrong = { DURE_HOLIDAYS: '2027-05-06,tomorrow' }
  assert.throws(() => readStartConfig(wrong), /DURE_HOLIDAYS.*"tomorrow"/)
  const right = readStartConfig({ DURE_HOLIDAYS: '2027-05-06' })
  assert.deepEqual(right.holidays, ['2027-05-06'])
})

test('the end of the known years is warned of in time', () => {
  const end = Date.parse(`${holidaysKnownUntil}T23:59:59+09:00`)
  assert.equal(holidaysEndSoon(end - WARNED_BEFORE_MS), false)
  assert.equal(holidaysEndSoon(end - WARNED_BEFORE_MS + 1_000), true)
})
