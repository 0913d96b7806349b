/** Fees, outcomes and how a payout moves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { id, won, type BusinessDate } from '../base/base.ts'
import { ACCOUNT } from './fixtures/market.ts'
import {
  feeBasisPointsOf,
  feeOn,
  carriedAfter,
  NOTHING_CARRIED,
  payoutLines,
  payoutWon,
  settleMerchant,
  type DaySums,
  type Payee,
} from './settlement.ts'

const SHOP = id('mrc', 5)
const open: Payee = { status: 'payable', account: ACCOUNT, closed: false }
const closed: Payee = { ...open, closed: true }
const suspended: Payee = { status: 'held', reason: 'suspended' }

const sums = (change: Partial<Record<keyof DaySums, number>> = {}): DaySums => ({
  programId: id('prg', 1),
  paidOn: '2026-12-01' as BusinessDate, // A day.
  paidUntilAt: 1,
  paymentsWon: won(change.paymentsWon ?? 0),
  payments: change.payments ?? 1,
  cancellationsWon: won(change.cancellationsWon ?? 0),
  cancellations: change.cancellations ?? 0,
  settledWon: won(change.settledWon ?? 0),
  settledFeeWon: won(change.settledFeeWon ?? 0),
})

interface Given {
  readonly payee?: Payee
  readonly carriedWon?: number
  readonly minimum?: number
  readonly rate?: number
}

const settle = (
  given: readonly DaySums[],
  { payee = open, carriedWon = 0, minimum = 1_000, rate = 50 }: Given = {},
) =>
  settleMerchant({
    merchantId: SHOP,
    carried: { ...NOTHING_CARRIED, payableWon: won(carriedWon) },
    standing: carriedWon === 0 ? undefined : { outcome: 'carried', reason: undefined },
    sums: given,
    payee,
    minimumPayoutWon: won(minimum),
    feeBasisPoints: () => rate,
  })

test('a revenue on the edge of a step pays that step', () => {
  const tiers = [
    { revenueWonMax: won(300), feeBasisPoints: 0 },
    { revenueWonMax: won(500), feeBasisPoints: 30 },
    { revenueWonMax: null, feeBasisPoints: 50 },
  ]
  const rates = [0, 300, 301, 500, 501].map((revenue) => feeBasisPointsOf(tiers, won(revenue)))
  assert.deepEqual(rates, [0, 0, 30, 30, 50])
})

test('fees are rounded down, and nothing is taken of what is not there', () => {
  assert.deepEqual(
    [199, 200, 399, 400, 0, -400].map((left) => feeOn(won(left), 50)),
    [0, 1, 1, 2, 0, 0],
  )
})

test('whatever the order, the fees of a day add up to the fee on what is left', () => {
  const step = fc.record({ paid: fc.nat(100_000), part: fc.integer({ min: 0, max: 100 }) })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 0, max: 150 }),
      (steps, rate) => {
        let settledWon = 0
        let settledFeeWon = 0
        for (const { paid, part } of steps) {
          const cancellationsWon = Math.floor(((settledWon + paid) * part) / 100)
          const each = sums({ paymentsWon: paid, cancellationsWon, settledWon, settledFeeWon })
          const settlement = settle([each], { rate })
          settledWon += paid - cancellationsWon
          settledFeeWon += settlement?.lines[0]?.feeWon ?? 0
          assert.equal(settledFeeWon, Math.floor((settledWon * rate) / 10_000))
        }
      },
    ),
  )
})

for (const [name, settlement, outcome, reason] of [
  [
    'the minimum itself is paid',
    settle([sums({ paymentsWon: 1_000 })], { rate: 0 }),
    'due',
    undefined,
  ],
  [
    'a won less is carried',
    settle([sums({ paymentsWon: 999 })], { rate: 0 }),
    'carried',
    undefined,
  ],
  [
    'the fee counts: what is left is below',
    settle([sums({ paymentsWon: 1_000 })]),
    'carried',
    undefined,
  ],
  [
    'a closed shop has no minimum',
    settle([sums({ paymentsWon: 1 })], { payee: closed }),
    'due',
    undefined,
  ],
  [
    'nothing left is carried',
    settle([sums({ paymentsWon: 5, cancellationsWon: 5 })], { payee: closed }),
    'carried',
    undefined,
  ],
  [
    'below zero is carried',
    settle([sums({ cancellationsWon: 5_000, settledWon: 5_000 })], { payee: closed }),
    'carried',
    undefined,
  ],
  [
    'a suspended shop waits',
    settle([sums({ paymentsWon: 1 })], { payee: suspended }),
    'held',
    'suspended',
  ],
  [
    'what was carried makes it enough',
    settle([sums({ paymentsWon: 999 })], { carriedWon: 1, rate: 0 }),
    'due',
    undefined,
  ],
  ['what was carried is enough by itself', settle([], { carriedWon: 1_000 }), 'due', undefined],
  [
    'what was carried becomes held',
    settle([], { carriedWon: 1, payee: suspended }),
    'held',
    'suspended',
  ],
] as const) {
  test(name, () => {
    assert.equal(settlement?.outcome, outcome)
    assert.equal(settlement.reason, reason)
    assert.equal(settlement.account !== undefined, outcome === 'due')
  })
}

test('nothing new leaves no row', () => {
  assert.equal(settle([]), undefined)
  assert.equal(settle([], { carriedWon: 999 }), undefined)
})

test('a payout moves all takings: the fee that is due, and the rest in transit', () => {
  const amount = fc.integer({ min: -1_000_000, max: 1_000_000 })
  fc.assert(
    fc.property(amount, amount, (payable, fee) => {
      const settled = { payableWon: won(payable), feeWon: won(fee) }
      fc.pre(payoutWon(settled) > 0)
      const lines = payoutLines(SHOP, settled)
      const moved = (kind: string) =>
        lines.reduce((sum, line) => sum + (line.creditKind === kind ? line.amountWon : 0), 0)
      const left = carriedAfter({ ...settled, outcome: 'paid' })
      assert.ok(lines.every((line) => line.debitKind === 'merchant_payable' && line.amountWon > 0))
      assert.equal(moved('settlement_in_transit') + moved('merchant_fee'), payable)
      assert.equal(moved('merchant_fee') + left.feeWon, fee)
      assert.equal(left.payableWon, 0)
    }),
  )
})
