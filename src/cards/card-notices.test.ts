/** Notices that may not be refused, on the ledger in memory: shortages, stopped wallets, strangers, debits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, won } from '../base/base.ts'
import type { CardNotice, CardSale } from './cards.ts'
import { GUNSAN, keyOf, linkTo, NOON, openCardCity, saleOf, termsOf } from './fixtures/card-city.ts'

const advise = (
  sale: CardSale,
  approvedWon: number,
  by: Extract<CardNotice, { kind: 'advise' }>['by'] = 'standin',
): CardNotice => ({ kind: 'advise', sale, by, approvedWon: won(approvedWon), decidedAt: NOON })
const reverse = (sale: CardSale): CardNotice => ({
  kind: 'reverse',
  sale,
  keepWon: won(0),
  decidedAt: NOON,
})
test('C6: stand-in’s shortage is paid by the loss account, with one case, however often it is told', async () => {
  const city = await openCardCity()
  await city.give(4_000)
  const [receipt] = await city.desk.take([advise(saleOf(), 10_000)])
  await city.desk.take([advise(saleOf(), 10_000), advise(saleOf(), 10_000, 'core')])
  assert.deepEqual(receipt, {
    status: 'taken',
    effect: 'posted',
    voucherWon: 4_000,
    lossWon: 6_000,
    takenAt: NOON,
  })
  assert.deepEqual(
    city.cases.map(({ caseKind, dueAt, openedAt }) => [caseKind, dueAt - openedAt]),
    [['standin_shortage', 14 * DAY_MS]],
  )
  assert.deepEqual(city.owes(), { clearing: 10_000, loss: 6_000, merchant: 0 })
  await city.desk.take([reverse(saleOf())])
  assert.deepEqual(city.owes(), { clearing: 0, loss: 0, merchant: 0 })
  assert.equal((await city.holds()).left, 4_000)
})

test('an advice does not mind policy; a stopped wallet pays nothing of it all the same', async () => {
  const city = await openCardCity()
  await city.give(20_000)
  city.links = [linkTo(GUNSAN, { spending: 'card_first', active: false })]
  city.terms = [termsOf(GUNSAN, { paymentWonMax: won(100) })]
  await city.desk.take([advise(saleOf(), 10_000)])
  assert.equal((await city.holds()).left, 10_000)
  city.stopped = true
  await city.desk.take([advise(saleOf({}, { stan: '000009' }), 10_000)])
  assert.equal((await city.holds()).left, 10_000)
  assert.deepEqual(city.owes(), { clearing: 20_000, loss: 10_000, merchant: 0 })
})

test('an advice for a card that nobody knows is somebody’s case, and never refused', async () => {
  const city = await openCardCity()
  city.links = []
  const [unlinked] = await city.desk.take([advise(saleOf(), 10_000)])
  const nowhere = saleOf({ merchantNumber: '100000000000000' }, { stan: '000002' })
  const [unregistered] = await city.desk.take([advise(nowhere, 10_000)])
  for (const receipt of [unlinked, unregistered]) {
    assert.equal(receipt?.status === 'taken' && receipt.effect, 'case')
  }
  assert.deepEqual(
    city.cases.map(({ caseKind, issuerId }) => [caseKind, issuerId]),
    [
      ['wallet_not_found', GUNSAN],
      ['wallet_not_found', 0],
    ],
  )
})

test('a provisional debit undoes what the core had posted unheard, and is offered to the voucher again', async () => {
  const city = await openCardCity()
  await city.give(20_000)
  await city.desk.decide({ kind: 'pay', sale: saleOf() })
  const debit = advise(saleOf(), 10_000, 'provisional_debit')
  await city.desk.take([debit, debit])
  assert.equal((await city.holds()).left, 20_000)
  const [conversion, ...others] = city.conversions
  assert.equal(others.length, 0)
  assert.deepEqual(
    [conversion?.accountWon, conversion?.state, conversion?.heardFrom, conversion?.walletId],
    [10_000, 'open', 'advice', city.links[0]?.walletId],
  )
  const late = await city.desk.decide({ kind: 'pay', sale: saleOf() })
  assert.deepEqual([late.verdict, late.accountWon], ['declined', 0])
})

test('stand-in grants a cancellation of all that is left, which the core had given back unheard', async () => {
  const city = await openCardCity()
  await city.give(10_000)
  const original = saleOf()
  const key = keyOf({ stan: '000777', cardClass: 'cancellation' })
  await city.desk.decide({ kind: 'pay', sale: original })
  await city.desk.decide({ kind: 'cancel', key, original })
  const granted = { kind: 'cancelled', key, original, decidedAt: NOON } as const
  const [receipt] = await city.desk.take([{ ...granted, amountWon: original.amountWon }])
  assert.equal(receipt?.status === 'taken' && receipt.effect, 'already')
  assert.deepEqual(city.cases, [])
  assert.equal((await city.holds()).left, 10_000)
  // Another amount under the same key is another cancellation, and somebody's case.
  await city.desk.take([{ ...granted, amountWon: won(1) }])
  assert.deepEqual(
    city.cases.map(({ caseKind }) => caseKind),
    ['advice_mismatch'],
  )
})
