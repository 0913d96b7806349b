/** Which day a payment is of, and when it is settled. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won, type BusinessDate } from '../base/base.ts'
import { at, PROGRAMS, termsOf } from './fixtures/market.ts'
import {
  DAYS_CLOSED_MAX,
  daysToClose,
  endOfDay,
  nextSettlementDay,
  settlementDayOf,
} from './settlement.ts'

const day = (text: string) => text as BusinessDate // Days of this test.
const rules = (cutOffMinute: number) => ({ cutOffMinute, minimumPayoutWon: won(0) })
const MIDNIGHT = rules(1_440)
const SIX_PM = rules(1_080)

test('a day ends a millisecond before its cut-off', () => {
  assert.equal(endOfDay(day('2026-12-01'), SIX_PM), at('2026-12-01', 18) - 1)
  assert.equal(endOfDay(day('2026-12-01'), MIDNIGHT), at('2026-12-02') - 1)
})

test('a day is closed once its last instant has passed, and not at that instant', () => {
  const given = { last: undefined, firstDay: day('2026-12-01'), rules: SIX_PM }
  const end = at('2026-12-01', 18) - 1
  assert.deepEqual(daysToClose({ ...given, now: end }), [])
  assert.deepEqual(daysToClose({ ...given, now: end + 1 }), [
    { day: '2026-12-01', fromAt: 0, untilAt: end },
  ])
})

test('after a cut-off was moved, days still touch', () => {
  const last = { day: day('2026-12-01'), fromAt: 0, untilAt: endOfDay(day('2026-12-01'), MIDNIGHT) }
  const now = at('2026-12-03', 1)
  const earlier = daysToClose({ last, firstDay: last.day, rules: rules(60), now })
  assert.deepEqual(
    earlier.map(({ day, fromAt, untilAt }) => [day, fromAt, untilAt]),
    [
      ['2026-12-02', at('2026-12-02') - 1, at('2026-12-02', 1) - 1],
      ['2026-12-03', at('2026-12-02', 1) - 1, at('2026-12-03', 1) - 1],
    ],
  )
})

test('a long time without settlement is closed in bounded pieces', () => {
  const given = { firstDay: day('2025-01-01'), rules: MIDNIGHT, now: at('2026-12-01', 1) }
  const first = daysToClose({ ...given, last: undefined })
  assert.equal(first.length, DAYS_CLOSED_MAX)
  const rest = daysToClose({ ...given, last: first.at(-1) })
  assert.equal(rest.at(-1)?.day, '2026-11-30')
})

const lag = (qr: number) => ({
  terms: [termsOf(PROGRAMS[0], { settlementLagDays: { qr, card: 3 } })],
})

for (const [paidOn, lagDays, holidays, due] of [
  // Friday with two business days is Tuesday, as Digital Onnuri tells its shops.
  ['2026-12-04', 2, [], '2026-12-08'],
  ['2026-12-04', 1, [], '2026-12-07'],
  ['2026-12-05', 1, [], '2026-12-07'],
  ['2026-12-06', 0, [], '2026-12-07'],
  ['2026-12-04', 2, ['2026-12-07'], '2026-12-09'],
  ['2026-12-24', 1, ['2026-12-25'], '2026-12-28'],
] as const) {
  test(`what is paid on ${paidOn} with a lag of ${lagDays} is settled on ${due}`, () => {
    const closed = { day: day(paidOn), untilAt: endOfDay(day(paidOn), MIDNIGHT) }
    assert.equal(settlementDayOf(lag(lagDays), closed, holidays.map(day)), due)
  })
}

test('the terms at the end of the day of payment decide, not those of today', () => {
  const since = at('2026-12-02')
  const settlementLagDays = { qr: 3, card: 3 }
  const [first] = lag(1).terms
  const later = termsOf(PROGRAMS[0], { version: 2, effectiveFrom: since, settlementLagDays })
  const terms = [first!, later]
  const of = (text: string, untilAt: number) =>
    settlementDayOf({ terms }, { day: day(text), untilAt }, [])
  assert.equal(of('2026-12-01', since - 1), '2026-12-02')
  assert.equal(of('2026-12-01', since), '2026-12-04')
  assert.equal(of('2025-12-01', at('2025-12-02')), undefined)
})

for (const [now, lastRun, programs, expected] of [
  [at('2026-12-01'), undefined, lag(1), '2026-12-01'],
  [at('2026-12-01'), '2026-12-01', lag(1), undefined],
  [at('2026-12-05', 12), '2026-12-03', lag(1), '2026-12-04'],
  [at('2026-12-05', 12), '2026-12-04', lag(1), undefined],
  // Settled at once: the day waits for its own cut-off, the one before does not.
  [at('2026-12-01', 17, 59), undefined, lag(0), '2026-11-30'],
  [at('2026-12-01', 18), undefined, lag(0), '2026-12-01'],
  [at('2026-12-01', 17, 59), '2026-11-30', lag(0), undefined],
] as const) {
  const when = new Date(now).toISOString()
  test(`at ${when} after ${lastRun ?? 'no run'} the next run is of ${expected ?? 'no day'}`, () => {
    const last = lastRun === undefined ? undefined : day(lastRun)
    const given = { now, lastRun: last, rules: SIX_PM, holidays: [], programs: [programs] }
    assert.equal(nextSettlementDay(given), expected)
  })
}
