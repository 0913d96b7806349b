/** What settlement is told of merchants: held while suspended, paid after a closure, and why it goes nowhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDate, parseBusinessDate, won, type MerchantId } from '../base/base.ts'
import { openDeskBench } from '../registration/fixtures/merchant-bench.ts'
import { done, issuerId } from '../registration/fixtures/registration-bench.ts'
import { merchantKnowledge } from './merchant-side.ts'

const payee = {
  kind: 'own',
  bankCode: '011',
  accountNumber: '3020000123451',
  holderName: '박가네',
} as const

test('payees follow the registration and the account', async () => {
  const { registered, desk, directory, time, change, nextKey } = await openDeskBench()
  const knowledge = merchantKnowledge(desk, directory)
  const merchantId = await registered()
  const told = async (of: MerchantId = merchantId) =>
    (await knowledge.payees(issuerId, [of], businessDate(time.now))).get(of)
  assert.deepEqual(await told(), { status: 'held', reason: 'account_missing' })
  const requestId = nextKey()
  done(await desk.chooseAccount({ issuerId, merchantId, by: 'clk_1', requestId, payee }))
  const { kind: _kind, ...account } = payee
  assert.deepEqual(await told(), { status: 'payable', account, closed: false })
  done(await change(merchantId, { event: 'suspend', words: '조사', until: null }))
  assert.deepEqual(await told(), { status: 'held', reason: 'suspended' })
  done(await change(merchantId, { event: 'close', words: '폐업' }))
  assert.deepEqual(await told(), { status: 'payable', account, closed: true })
})

test('a past day has its own revenue', async () => {
  const { registered, desk, directory, time, nextKey } = await openDeskBench()
  const knowledge = merchantKnowledge(desk, directory)
  const merchantId = await registered()
  const telling = { issuerId, merchantId, by: 'clk_1', requestId: nextKey() }
  done(await desk.tellRevenue({ ...telling, revenueWon: won(7), days: 365 }))
  const on = async (day: string) => {
    const closed = { day: parseBusinessDate(day)!, untilAt: time.now }
    return (await knowledge.revenues(issuerId, [merchantId]))(merchantId, closed)
  }
  assert.deepEqual([await on('2026-12-21'), await on('2026-12-22')], [200_000_000, 7])
})
