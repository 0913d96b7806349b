import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countOutage, isWrongDebit, wrongWithoutStandIn, type SaleOutcome } from './count-outage.ts'
import type { PlannedSale } from './outage-plan.ts'

const hours = [
  { at: 0, label: '14:00', weight: 1, cutShare: 0 },
  { at: 1, label: '15:00', weight: 1, cutShare: 0.5 },
  { at: 2, label: '16:00', weight: 1, cutShare: 0.25 },
  { at: 3, label: '17:00', weight: 1, cutShare: 0 },
]
const usual: PlannedSale = {
  hour: 1,
  share: 0.75,
  partnerCode: 'hanbit',
  cardToken: 'HAN0000001000002',
  terminal: 'T0000001',
  merchantNumber: '900010001300000',
  amountWon: 10_000,
  partialAllowed: false,
  voucherWon: 10_000,
}
const byStandIn: SaleOutcome = {
  verdict: 'approved',
  reason: null,
  decidedBy: 'standin',
  outcome: 'approved',
  provisional: false,
  voucherWon: 10_000,
  accountWon: 0,
  convertedWon: 0,
}
const declined = { ...byStandIn, verdict: 'unknown', outcome: 'declined', voucherWon: 0 }
const byAccount = {
  ...declined,
  verdict: 'not_applicable',
  outcome: 'approved',
  accountWon: 10_000,
}
const provisional = { ...byAccount, verdict: 'unknown', provisional: true }
const repaired = { ...provisional, voucherWon: 0, accountWon: 0, convertedWon: 10_000 }

test('an account that paid what the voucher should have paid counts as wrong, until it is given back', () => {
  assert.equal(isWrongDebit(usual, byStandIn), false)
  assert.equal(isWrongDebit(usual, declined), false)
  assert.equal(isWrongDebit(usual, byAccount), true)
  assert.equal(isWrongDebit(usual, provisional), true)
  assert.equal(isWrongDebit(usual, repaired), false)
  assert.equal(isWrongDebit({ ...usual, voucherWon: 0 }, byAccount), false)
  const split = { ...usual, voucherWon: 2_000 }
  assert.equal(isWrongDebit(split, { accountWon: 8_000 }), false)
  assert.equal(isWrongDebit(split, { accountWon: 8_001 }), true)
})

test('each sale counts once, in its hour, as what became of it', () => {
  const outcomes: SaleOutcome[] = [
    { ...byStandIn, decidedBy: 'core' },
    byStandIn,
    byAccount,
    repaired,
    { ...declined, reason: 'standin_limit_exceeded' },
    { ...declined, verdict: 'no_answer' },
  ]
  const sales = outcomes.map(() => usual)
  const counts = countOutage(hours, { sales }, outcomes)
  const { byCore, byStandIn: alone, byAccount: account, repaired: back } = counts.hours[1]!
  assert.deepEqual([byCore, alone, account, back, counts.hours[1]!.declined], [1, 1, 1, 1, 2])
  assert.deepEqual(counts.declined_because, { standin_limit_exceeded: 1, no_answer: 1 })
  assert.deepEqual(
    [counts.sales, counts.answered, counts.standin_approved, counts.declined, counts.repaired],
    [6, 5, 1, 2, 1],
  )
  assert.equal(counts.wrong_debits, 1)
})

test('a sale lies in the cut from its beginning late in the first hour to its end early in the last', () => {
  const at = (hour: number, share: number): PlannedSale => ({ ...usual, hour, share })
  const sales = [at(0, 0.99), at(1, 0.49), at(1, 0.5), at(2, 0.24), at(2, 0.25), at(3, 0)]
  const counts = countOutage(
    hours,
    { sales },
    sales.map(() => byStandIn),
  )
  assert.equal(counts.sales_in_cut, 2)
  assert.equal(counts.without_standin.unanswered, 2)
  assert.deepEqual(
    counts.hours.map(({ wrongWithout }) => wrongWithout),
    [0, 1, 1, 0],
  )
})

test('without stand-in, accounts pay for vouchers, and what was theirs to pay is no wrong', () => {
  const sales = [
    usual,
    { ...usual, voucherWon: 0 },
    { ...usual, partialAllowed: true, voucherWon: 2_000 },
    { ...usual, cardToken: 'HAN0000001000004', amountWon: 3_000_001, voucherWon: 3_000_001 },
  ]
  // The last one's account does not hold so much: it is declined, which is no debit.
  assert.deepEqual(wrongWithoutStandIn(sales), [sales[0], sales[2]])
})
