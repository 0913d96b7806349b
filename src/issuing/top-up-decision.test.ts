/** When a standing order buys: days of the Korean calendar, balances, the maxima of a day and a month, and pauses. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import {
  businessDate,
  DAY_MS,
  MINUTE_MS,
  parseBusinessDate,
  startOfBusinessDate,
  won,
  type Instant,
} from '../base/base.ts'
import {
  decideTopUp,
  dueDay,
  initialIssuerRules,
  isOwnDay,
  nextTopUpAt,
  topUpBought,
  topUpMonthFull,
  topUpRefused,
  type TopUpOrder,
} from './issuing.ts'

const day = (text: string) => parseBusinessDate(text)!
const at = (text: string): Instant => Date.parse(`${text}+09:00`)
const rules = { ...initialIssuerRules, topUpsPerDayMax: 2 }

function orderOf(change: Partial<TopUpOrder> = {}): TopUpOrder {
  return {
    state: 'active',
    trigger: 'date',
    amountWon: won(20_000),
    belowWon: null,
    daysOfMonth: [25],
    monthlyMaxWon: won(100_000),
    doneThrough: day('2026-11-22'),
    countedOn: day('2026-11-22'),
    dayCount: 0,
    monthWon: won(0),
    bought: 0,
    refusals: 0,
    notBefore: 0,
    ...change,
  }
}
const byBalance = (change: Partial<TopUpOrder> = {}) =>
  orderOf({ trigger: 'threshold', belowWon: won(10_000), daysOfMonth: [], ...change })
const decide = (order: TopUpOrder, now: Instant, spendableWon = 0) => {
  const decision = decideTopUp({ order, rules, spendableWon: won(spendableWon), now })
  return decision.outcome === 'waits' ? 'waits' : `${decision.outcome} ${decision.occasion}`
}

test('a day that a month does not have is its last one', () => {
  const own = (daysOfMonth: number[], date: string) => isOwnDay({ daysOfMonth }, day(date))
  assert.ok(own([31], '2026-11-30') && !own([31], '2026-11-29'))
  assert.ok(own([30], '2027-02-28') && !own([30], '2028-02-28') && own([30], '2028-02-29'))
  assert.ok(own([31], '2026-12-31') && !own([31], '2026-12-30'))
  assert.ok(own([1, 15], '2026-11-15') && !own([1, 15], '2026-11-30'))
})

test('every order of a date has one day in every month, or as many as it names at most', () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 31 }),
    fc.integer({ min: 0, max: 400 }),
    (own, months) => {
      const first = new Date(Date.UTC(2026, months, 1))
      const text = first.toISOString().slice(0, 10)
      const month = text.slice(0, 7)
      let days = 0
      for (let ahead = 0; ahead < 31; ahead += 1) {
        const date = businessDate(startOfBusinessDate(day(text)) + ahead * DAY_MS)
        if (date.startsWith(month) && isOwnDay({ daysOfMonth: [own] }, date)) days += 1
      }
      assert.equal(days, 1)
    },
  )
  fc.assert(property)
})

test('a date is due from its minute on, once, and late if nobody worked', () => {
  const order = orderOf()
  assert.equal(decide(order, at('2026-11-25T08:59:59')), 'waits')
  assert.equal(decide(order, at('2026-11-25T09:00:00')), 'due date/2026-11-25')
  assert.equal(decide(order, at('2026-12-03T10:00:00')), 'due date/2026-11-25')
  // Of two that were missed the newer is made up.
  assert.equal(decide(order, at('2026-12-26T00:00:00')), 'due date/2026-12-25')
  const done = orderOf({ doneThrough: day('2026-11-25') })
  assert.equal(decide(done, at('2026-11-25T09:00:00')), 'waits')
  assert.equal(decide(done, at('2026-12-25T09:00:00')), 'due date/2026-12-25')
})

test('a balance is low below what was said, and every purchase is an occasion of its own', () => {
  const now = at('2026-11-24T12:00:00')
  assert.equal(decide(byBalance(), now, 10_000), 'waits')
  assert.equal(decide(byBalance(), now, 9_999), 'due threshold/1')
  assert.equal(decide(byBalance({ bought: 7 }), now, 0), 'due threshold/8')
  const today = { countedOn: day('2026-11-24'), monthWon: won(40_000), bought: 2 }
  assert.equal(decide(byBalance({ ...today, dayCount: 2 }), now), 'waits')
  assert.equal(decide(byBalance({ ...today, dayCount: 1 }), now), 'due threshold/3')
  assert.equal(decide(byBalance({ ...today, dayCount: 2 }), now + DAY_MS), 'due threshold/3')
})

test('the maximum of a month is met at its edge, and the next month begins anew', () => {
  const now = at('2026-11-30T12:00:00')
  const order = byBalance({ countedOn: day('2026-11-28'), monthWon: won(80_000) })
  assert.equal(decide(order, now), 'due threshold/1')
  const full = byBalance({ ...order, monthWon: won(80_001) })
  assert.equal(decide(full, now), 'month_full threshold/1')
  const rested = { ...full, ...topUpMonthFull(full, 'threshold/1', now) }
  assert.equal(rested.notBefore, at('2026-12-01T00:00:00'))
  assert.equal(decide(rested, rested.notBefore - 1), 'waits')
  assert.equal(decide(rested, rested.notBefore), 'due threshold/1')
  const dated = orderOf({ ...full, trigger: 'date' })
  assert.equal(topUpMonthFull(dated, 'date/2026-11-25', now).doneThrough, '2026-11-25')
})

test('what was bought is counted, and a refusal pauses until the order rests', () => {
  const now = at('2026-11-25T09:00:00')
  const bought = { ...orderOf({ refusals: 2 }), ...boughtAt(now) }
  assert.deepEqual(
    [bought.doneThrough, bought.dayCount, bought.monthWon, bought.bought, bought.refusals],
    ['2026-11-25', 1, 20_000, 1, 0],
  )
  const first = topUpRefused(orderOf(), rules, now)
  assert.deepEqual([first.state, first.refusals], ['active', 1])
  assert.equal(first.notBefore, now + rules.topUpRetryMinutes * MINUTE_MS)
  assert.equal(decide(orderOf(first), first.notBefore - 1), 'waits')
  assert.equal(decide(orderOf(first), first.notBefore), 'due date/2026-11-25')
  const last = topUpRefused(orderOf({ refusals: rules.topUpRefusalsMax - 1 }), rules, now)
  assert.equal(last.state, 'suspended')
  assert.equal(decide(orderOf(last), last.notBefore), 'waits')
})

function boughtAt(now: Instant) {
  return topUpBought(orderOf(), { occasion: 'date/2026-11-25', faceWon: won(20_000), now })
}

test('what comes next is when it will be due', () => {
  assert.equal(nextTopUpAt(byBalance(), rules, at('2026-11-24T12:00:00')), undefined)
  assert.equal(nextTopUpAt(orderOf({ state: 'stopped' }), rules, 0), undefined)
  const property = fc.property(
    fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 0, max: 500 * 1_440 }),
    (daysOfMonth, minutes) => {
      const now = at('2026-11-23T00:00:00') + minutes * MINUTE_MS
      const order = orderOf({ daysOfMonth, doneThrough: businessDate(now - DAY_MS) })
      const next = nextTopUpAt(order, rules, now)!
      assert.ok(dueDay(order, rules, next) !== undefined, 'it is due then')
      if (next > now) assert.equal(dueDay(order, rules, next - 1), undefined, 'and not before')
    },
  )
  fc.assert(property)
})
