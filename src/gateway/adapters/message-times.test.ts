/** Times without a year find theirs: over new year, on the day that most years lack, half a year either way. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, parseBusinessDate, type BusinessDate } from '../../base/base.ts'
import {
  compactDate,
  koreanInstant,
  koreanStamp,
  koreanStampInstant,
  nearDate,
  nearestDate,
  nearStampInstant,
  originalDate,
  utcStamp,
  utcStampInstant,
} from './message-times.ts'

function day(text: string): BusinessDate {
  const date = parseBusinessDate(text)
  assert.ok(date !== undefined, text)
  return date
}

test('a month and day belong to the year that brings them nearest', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['2026-11-22', '1122', '2026-11-22'],
    // Over new year, both ways: the terminal is behind, or ahead.
    ['2027-01-01', '1231', '2026-12-31'],
    ['2026-12-31', '0101', '2027-01-01'],
    ['2027-01-10', '0710', '2027-07-10'],
    ['2027-01-10', '0713', '2026-07-13'],
    // 183 days either way: the past, because advices come late and never early.
    ['2028-03-01', '0831', '2027-08-31'],
    // The leap day, in its year and beside it.
    ['2028-02-29', '0229', '2028-02-29'],
    ['2028-03-01', '0229', '2028-02-29'],
    ['2027-12-31', '0229', '2028-02-29'],
    ['2027-02-28', '0229', undefined],
    ['2028-09-15', '0229', undefined],
    // No days at all.
    ['2026-11-22', '0230', undefined],
    ['2026-11-22', '1301', undefined],
    ['2026-11-22', '0000', undefined],
    ['2026-11-22', '', undefined],
    ['2026-11-22', '112', undefined],
  ]
  for (const [today, digits, expected] of cases) {
    assert.equal(nearestDate(digits, day(today)), expected, `${digits} on ${today}`)
  }
})

test('every day within half a year is found again, whatever today is', () => {
  const first = Date.parse('2027-06-01T00:00:00Z')
  for (let today = 0; today < 400; today += 7) {
    const todayMs = first + today * DAY_MS
    for (let away = -182; away <= 182; away += 1) {
      const expected = new Date(todayMs + away * DAY_MS).toISOString().slice(0, 10)
      const digits = expected.slice(5).replace('-', '')
      assert.equal(nearestDate(digits, day(new Date(todayMs).toISOString().slice(0, 10))), expected)
    }
  }
})

test('DE 7 is of UTC, and of the year near the Korean day', () => {
  const today = day('2027-01-01')
  // Nine in the morning of New Year in Korea is midnight in UTC; eight is still the old year.
  assert.equal(utcStampInstant('0101000000', today), Date.parse('2027-01-01T09:00:00+09:00'))
  assert.equal(utcStampInstant('1231230000', today), Date.parse('2027-01-01T08:00:00+09:00'))
  assert.equal(utcStamp(Date.parse('2027-01-01T08:00:00+09:00')), '1231230000')
  for (const wrong of ['1231240000', '1231006000', '1231000060', '1301000000', '']) {
    assert.equal(utcStampInstant(wrong, today), undefined, wrong)
  }
})

test('Korean times have no daylight saving, and no twenty-fifth hour', () => {
  assert.equal(koreanInstant(day('2026-07-01'), '000000'), Date.parse('2026-06-30T15:00:00Z'))
  assert.equal(koreanInstant(day('2026-07-01'), '235959'), Date.parse('2026-07-01T14:59:59Z'))
  assert.equal(koreanStamp(Date.parse('2026-06-30T15:00:00.999Z')), '20260701000000')
  assert.equal(koreanStampInstant('20260701000000'), Date.parse('2026-06-30T15:00:00Z'))
  for (const wrong of ['240000', '006000', '000060', '00000', '', '0000000']) {
    assert.equal(koreanInstant(day('2026-07-01'), wrong), undefined, wrong)
  }
  for (const wrong of ['20260229000000', '2026070100000', '']) {
    assert.equal(koreanStampInstant(wrong), undefined, wrong)
  }
})

test('the day of a sale is near today, and what it refers to no older than a voucher', () => {
  const today = day('2026-11-22')
  for (const digits of ['20261122', '20260523', '20270524']) {
    assert.equal(nearDate(digits, today)?.replaceAll('-', ''), digits)
    assert.equal(originalDate(digits, today)?.replaceAll('-', ''), digits)
    assert.notEqual(nearStampInstant(`${digits}120000`, today), undefined)
  }
  for (const digits of ['20260522', '20270525', '19691231', '99991231', '00000101', '20261131']) {
    assert.equal(nearDate(digits, today), undefined, digits)
    assert.equal(nearStampInstant(`${digits}120000`, today), undefined, digits)
  }
  assert.equal(originalDate('20211122', today), '2021-11-22')
  for (const digits of ['20211101', '20270525', '19691231', '00000101']) {
    assert.equal(originalDate(digits, today), undefined, digits)
  }
})

test('eight digits are a day, or nothing', () => {
  assert.equal(compactDate('20261122'), '2026-11-22')
  for (const wrong of ['20261131', '2026112', '202611220', '2026-1-2', '']) {
    assert.equal(compactDate(wrong), undefined, wrong)
  }
})
