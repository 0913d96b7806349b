import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOutage, salesByHour, type OutagePlan } from './outage-plan.ts'
import { replayHours } from './timeline.ts'

const hours = replayHours()
const WALLET_WON = 1_000_000
const options = { hours, cards: 20_000, sales: 9_000, walletWon: WALLET_WON, seed: 1 }
const now = Date.UTC(2026, 10, 22)
const plan: OutagePlan = planOutage({ ...options, now })

test('sales are dealt over the hours by their weights, and none is lost', () => {
  const counts = salesByHour({ hours, sales: 9_000 })
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    9_000,
  )
  const whole = hours.reduce((sum, { weight }) => sum + weight, 0)
  for (const [index, count] of counts.entries()) {
    assert.ok(Math.abs(count - (9_000 * hours[index]!.weight) / whole) <= 1, hours[index]!.label)
  }
})

test('one seed makes one plan, another seed another', () => {
  assert.deepEqual(planOutage({ ...options, now }), plan)
  assert.notDeepEqual(planOutage({ ...options, seed: 2, now }).sales, plan.sales)
})

test('within an hour sales come in order, and never outside it', () => {
  for (const [index, { hour, share }] of plan.sales.entries()) {
    assert.ok(share >= 0 && share < 1)
    const before = plan.sales[index - 1]
    if (before !== undefined && before.hour === hour) assert.ok(before.share <= share)
  }
})

test('both companies and nearly all municipalities have sales of every kind', () => {
  const { sales } = plan
  assert.equal(plan.issuers, 88)
  assert.deepEqual(
    new Set(sales.map(({ partnerCode }) => partnerCode)),
    new Set(['hanbit', 'narae']),
  )
  assert.ok(new Set(sales.map(({ merchantNumber }) => merchantNumber)).size > 88)
  const share = (isOne: (sale: (typeof sales)[number]) => boolean): number =>
    sales.filter(isOne).length / sales.length
  assert.ok(share(({ voucherWon, amountWon }) => voucherWon === amountWon) > 0.6)
  assert.ok(share(({ voucherWon }) => voucherWon === 0) > 0.1)
  assert.ok(share(({ voucherWon, amountWon }) => voucherWon > 0 && voucherWon < amountWon) > 0.01)
  // Above what stand-in may approve at once.
  assert.ok(share(({ amountWon }) => amountWon > 50_000) > 0.05)
})

test('no card is expected to pay more by voucher than its wallet holds', () => {
  const drained = new Map(plan.drainings.map(({ cardToken, amountWon }) => [cardToken, amountWon]))
  const spent = new Map<string, number>()
  for (const { cardToken, voucherWon } of plan.sales) {
    spent.set(cardToken, (spent.get(cardToken) ?? drained.get(cardToken) ?? 0) + voucherWon)
  }
  assert.ok([...spent.values()].every((wonSpent) => wonSpent <= WALLET_WON))
})

test('a drained wallet pays once and is drained once', () => {
  const drained = plan.drainings.map(({ cardToken }) => cardToken)
  assert.equal(new Set(drained).size, drained.length)
  for (const token of drained) {
    assert.equal(plan.sales.filter(({ cardToken }) => cardToken === token).length, 1)
  }
})
