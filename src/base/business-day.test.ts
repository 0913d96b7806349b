import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BusinessDate } from './time.ts'
import { addBusinessDays, isBusinessDay } from './business-day.ts'

const day = (text: string): BusinessDate => text as BusinessDate

/** From a date, so many business days later, with 2026-12-25 (Friday) a holiday. */
const rows = [
  ['2026-11-20', 0, '2026-11-20'], // Friday itself.
  ['2026-11-20', 1, '2026-11-23'], // Over the weekend to Monday.
  ['2026-11-20', 2, '2026-11-24'], // The Friday sale that is paid on Tuesday.
  ['2026-11-21', 0, '2026-11-23'], // Saturday is no day to pay.
  ['2026-11-22', 2, '2026-11-24'], // A Sunday sale is paid with Friday's.
  ['2026-12-24', 1, '2026-12-28'], // Over the holiday and the weekend.
  ['2026-12-31', 2, '2027-01-04'], // Over the year.
] as const

test('business days pass over weekends and holidays', () => {
  const holidays = [day('2026-12-25')]
  for (const [from, days, to] of rows) {
    assert.equal(addBusinessDays(day(from), days, holidays), to, `${from} + ${days}`)
    assert.ok(isBusinessDay(day(to), holidays))
  }
})
