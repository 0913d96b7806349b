/** The arithmetic of cashback: edges of tiers and cap, and what a cancelled payment keeps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseBusinessDate, won } from '../base/base.ts'
import {
  cashbackExpiresAt,
  cashbackRate,
  earnCashback,
  keptCashback,
  type CashbackRules,
} from './issuing.ts'
import { sampleCashbackRules as rules } from './terms-sample.ts'

const earn = (spent: number, revenue = 0, before = 0) =>
  earnCashback(rules, {
    spentWon: won(spent),
    revenueWon: won(revenue),
    earnedBeforeWon: won(before),
  })

test('each step of revenue ends with its last won', () => {
  const rate = (revenue: number) => cashbackRate(rules, won(revenue))
  assert.deepEqual(
    [0, 1_000_000_000, 1_000_000_001, 3_000_000_000, 3_000_000_001].map(rate),
    [1_300, 1_300, 1_100, 1_100, 0],
  )
})

test('what is earned is rounded down, and why it is not more is said', () => {
  assert.deepEqual(earn(12_345), { rateBasisPoints: 1_300, earnedWon: 1_604, reason: null })
  assert.deepEqual(earn(7), { rateBasisPoints: 1_300, earnedWon: 0, reason: 'below_one_won' })
  assert.deepEqual(earn(8), { rateBasisPoints: 1_300, earnedWon: 1, reason: null })
  const large = { rateBasisPoints: 0, earnedWon: 0, reason: 'rate_is_zero' }
  assert.deepEqual(earn(100_000, 3_000_000_001, 30_000), large)
})

test('the month’s cap is reached at the won', () => {
  const of = (before: number) => {
    const { earnedWon, reason } = earn(10_000, 0, before)
    return [earnedWon, reason]
  }
  assert.deepEqual(of(28_700), [1_300, null])
  assert.deepEqual(of(28_701), [1_299, 'monthly_cap'])
  assert.deepEqual(of(29_999), [1, 'monthly_cap'])
  assert.deepEqual(of(30_000), [0, 'monthly_cap'])
  // A cap that was lowered in the middle of the month takes nothing back.
  assert.deepEqual(of(31_000), [0, 'monthly_cap'])
})

test('it can be spent until the end of the Korean day so many months later', () => {
  const paidAt = Date.parse('2026-12-31T23:59:59+09:00')
  const open = { usableUntil: null }
  const end = (months: number, terms: Parameters<typeof cashbackExpiresAt>[0] = open) =>
    new Date(cashbackExpiresAt(terms, { validityMonths: months }, paidAt)).toISOString()
  assert.equal(end(60), '2031-12-31T15:00:00.000Z')
  assert.equal(end(2), '2027-02-28T15:00:00.000Z')
  const ending = { usableUntil: parseBusinessDate('2027-01-31')! }
  assert.equal(end(2, ending), '2027-01-31T15:00:00.000Z')
})

const tiers = fc
  .array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 5 })
  .map((rates): CashbackRules['tiers'] =>
    rates.map((rateBasisPoints, index) => ({
      revenueWonMax: index === rates.length - 1 ? null : won((index + 1) * 1_000_000),
      rateBasisPoints,
    })),
  )

test('payments and cancellations in any number keep between nothing and the cap, and nothing at the end', () => {
  fc.assert(
    fc.property(
      tiers,
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(
        fc.record({
          spent: fc.integer({ min: 1, max: 2_000_000 }),
          revenue: fc.integer({ min: 0, max: 6_000_000 }),
          parts: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 4 }),
        }),
        { maxLength: 12 },
      ),
      (drawnTiers, cap, payments) => {
        const drawn = { ...rules, tiers: drawnTiers, monthlyCapWon: won(cap) }
        let net = 0
        for (const { spent, revenue, parts } of payments) {
          const { earnedWon, rateBasisPoints } = earnCashback(drawn, {
            spentWon: won(spent),
            revenueWon: won(revenue),
            earnedBeforeWon: won(net),
          })
          assert.ok(earnedWon >= 0 && earnedWon * 10_000 <= spent * rateBasisPoints)
          net += earnedWon
          assert.ok(net <= cap)
          let [left, kept] = [spent, earnedWon as number]
          for (const part of [...parts, left]) {
            left -= Math.min(part, left)
            const after = keptCashback({ earnedWon, rateBasisPoints, leftWon: won(left) })
            assert.ok(after >= 0 && after <= kept, 'a cancellation never adds')
            assert.ok(after * 10_000 <= left * rateBasisPoints)
            net -= kept - after
            kept = after
          }
          assert.equal(kept, 0)
        }
        assert.equal(net, 0)
      },
    ),
  )
})

test('parts of a cancellation take in all what the whole would', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 0, max: 2_000 }),
      fc.array(fc.integer({ min: 1, max: 500_000 }), { maxLength: 5 }),
      (spent, rateBasisPoints, parts) => {
        const earnedWon = won(Math.floor((spent * rateBasisPoints) / 10_000))
        const keep = (left: number) =>
          keptCashback({ earnedWon, rateBasisPoints, leftWon: won(left) })
        const gone = Math.min(
          spent,
          parts.reduce((sum, part) => sum + part, 0),
        )
        let [left, taken] = [spent, 0]
        for (const part of parts) {
          const next = Math.max(0, left - part)
          taken += keep(left) - keep(next)
          left = next
        }
        assert.equal(taken, earnedWon - keep(spent - gone))
      },
    ),
  )
})
