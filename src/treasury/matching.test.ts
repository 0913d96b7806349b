/** What a group of items comes to, and what covers what is owed: rules alone, without a day around them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { won, type BusinessDate, type Won } from '../base/base.ts'
import type { AccountKind } from '../ledger/ledger.ts'
import { coverageOf, owedAccounts } from './coverage.ts'
import { groupItems, judge } from './matching.ts'
import type { OpenItem } from './treasury-store.ts'

const MONDAY = '2026-11-23' as BusinessDate
const item = (side: OpenItem['side'], amountWon: number, date: string = MONDAY): OpenItem => ({
  matchKey: 'k',
  side,
  itemId: `${side}/${amountWon}/${date}`,
  date: date as BusinessDate,
  amountWon: won(amountWon),
})

test('what a group of items comes to', () => {
  const day = { today: '2026-11-25' as BusinessDate, holidays: [], openDays: 1 }
  const table: [OpenItem[], string][] = [
    [[item('bank', 5), item('ledger', 5, '2026-11-24')], 'settled 2026-11-24'],
    [[item('bank', 5), item('bank', -5)], 'settled 2026-11-23'],
    [[item('bank', 5)], 'break fund_missing_in_ledger'],
    [[item('ledger', 5)], 'break fund_missing_at_bank'],
    [[item('ledger', 5), item('bank', 4)], 'break fund_amount_differs'],
    [[item('ledger', 5), item('bank', 5), item('bank', 5)], 'break fund_twice'],
    [[item('bank', 5), item('bank', 5)], 'break fund_twice'],
    [[item('bank', 5, '2026-11-24')], 'timing'],
    [[item('bank', 5, '2026-11-24'), item('ledger', 4)], 'break fund_amount_differs'],
  ]
  for (const [items, expected] of table) {
    const [group] = groupItems(items)
    const found = judge(group!, day)
    const word = 'on' in found ? found.on : 'kind' in found ? found.kind : ''
    assert.equal(`${found.status} ${word}`.trim(), expected)
  }
  const friday = judge(groupItems([item('bank', 5, '2026-11-20')])[0]!, { ...day, today: MONDAY })
  assert.equal(friday.status, 'timing', 'a weekend is no business day')
})

test('a group settles exactly where its sides are equal, and no item is in two groups', () => {
  const items = fc.array(
    fc.record({
      matchKey: fc.constantFrom('a', 'b', 'c'),
      side: fc.constantFrom('bank' as const, 'ledger' as const),
      itemId: fc.uuid(),
      date: fc.constantFrom(MONDAY, '2026-11-24' as BusinessDate),
      amountWon: fc.integer({ min: -3, max: 3 }).map((value) => won(value + 0)),
    }),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(items, (all) => {
      const groups = groupItems(all)
      assert.equal(groups.flatMap((group) => group.items).length, all.length)
      for (const group of groups) {
        const sum = group.items.reduce(
          (total, one) => total + (one.side === 'bank' ? 1 : -1) * one.amountWon,
          0,
        )
        const day = { today: '2027-01-01' as BusinessDate, holidays: [], openDays: 5 }
        assert.equal(judge(group, day).status === 'settled', sum === 0)
      }
    }),
  )
})

test('coverage at its edge: a won that is missing is missing, and receivables count where the rule says so', () => {
  const balances = [
    { kind: 'lot', accountId: 0, balanceWon: won(-10_001) },
    { kind: 'subsidy_receivable', accountId: 1, balanceWon: won(1) },
    { kind: 'subsidy_receivable', accountId: 2, balanceWon: won(-5_000) },
    { kind: 'merchant_payable', accountId: 0, balanceWon: won(7) },
    { kind: 'breakage', accountId: 0, balanceWon: won(-900) },
  ] as const
  const rules = { fundCoverageBasisPointsMin: 10_000, receivablesCount: false }
  const of = (fundWon: number, change: Partial<typeof rules> = {}) => {
    const { coverageBasisPoints, shortWon } = coverageOf(
      balances,
      { fundWon: won(fundWon), fundersWon: won(0) },
      {
        ...rules,
        ...change,
      },
    )
    return [coverageBasisPoints, shortWon]
  }
  assert.deepEqual(of(10_001), [10_000, 0])
  assert.deepEqual(of(10_000), [9_999, 1])
  assert.deepEqual(of(10_000, { receivablesCount: true }), [10_000, 0])
  assert.deepEqual(of(5_000, { fundCoverageBasisPointsMin: 5_000 }), [4_999, 1])
  assert.deepEqual(of(5_001, { fundCoverageBasisPointsMin: 5_000 }), [5_000, 0])
  // What funders have paid in is no longer receivable, and counts once.
  const paidIn = { fundWon: won(10_001), fundersWon: won(1) }
  const counting = { ...rules, receivablesCount: true }
  assert.equal(coverageOf(balances, paidIn, counting).coveringWon, 10_001)
  assert.deepEqual(coverageOf([], { fundWon: won(0), fundersWon: won(0) }, rules), {
    owedWon: 0,
    receivableWon: 0,
    coveringWon: 0,
    coverageBasisPoints: null,
    shortWon: 0,
  })
})

test('shares of sums beyond what a double multiplies are exact', () => {
  const owedWon = 9_000_000_000_000_001 as Won
  const balances = [{ kind: 'lot' as const, accountId: 0, balanceWon: (0 - owedWon) as Won }]
  const rules = { fundCoverageBasisPointsMin: 10_000, receivablesCount: false }
  const fund = { fundWon: (owedWon - 1) as Won, fundersWon: won(0) }
  assert.equal(coverageOf(balances, fund, rules).shortWon, 1)
})

test('every kind of account that is owed is one that is credited to somebody else', () => {
  const owed = (Object.keys(owedAccounts) as AccountKind[]).filter((kind) => owedAccounts[kind])
  assert.deepEqual(owed.toSorted(), [
    'card_clearing',
    'gift_transit',
    'lot',
    'lot_hold',
    'merchant_payable',
    'offline_reserve',
    'returned_payout',
    'settlement_in_transit',
    'unidentified_deposit',
  ])
})
