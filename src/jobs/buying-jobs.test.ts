/** The jobs of buying: each ends, carries on where it was, and begins anew with the next run. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won } from '../base/base.ts'
import { GUNSAN, openShop } from '../buying/fixtures/small-shop.ts'
import { buyingJobs } from './buying-jobs.ts'
import { createDueRound } from './due-jobs.ts'
import { createMemoryJobBook } from './memory-job-book.ts'

test('orders are gone through in steps, each from where the one before ended', async () => {
  const asked: (number | undefined)[] = []
  const [, topUps] = buyingJobs({
    depositTurn: async () => ({ taken: 0, lapsed: 0, done: true }),
    async topUpTurn(_issuerId, before) {
      asked.push(before)
      return { bought: 0, refused: 0, before: before === undefined ? 70 : undefined }
    },
  })
  const step = await topUps!.work(id('iss', 1), {}, 0)
  assert.deepEqual(step, { done: false, carry: { before: 70 } })
  const last = await topUps!.work(id('iss', 1), step.carry, 0)
  assert.deepEqual(last, { done: true, carry: { before: null } })
  await topUps!.work(id('iss', 1), last.carry, 0)
  assert.deepEqual(asked, [undefined, 70, undefined])
})

test('the clockwork takes deposits and buys for orders, each once', async () => {
  const shop = await openShop()
  const [payer, saver] = [await shop.join(), await shop.join('acc-1')]
  const opened = await shop.open(payer)
  assert.ok(opened.status === 'registered')
  const { accountNumber, payWon: amountWon } = opened.account
  const order = { accountNumber: accountNumber!, amountWon, payer: '김하늘' }
  shop.virtual.books.payIn(order, shop.time.now)
  assert.equal((await shop.order(saver)).status, 'registered')
  const round = createDueRound({
    definitions: buyingJobs(shop.buying),
    issuers: () => [{ issuerId: GUNSAN }],
    book: createMemoryJobBook(),
    clock: () => shop.time.now,
    sleep: async () => {},
    describe: String,
    listener: {
      onStarted() {},
      onEnded() {},
      onFailed: (_job, { error }) => assert.fail(String(error)),
    },
  })
  for (let minute = 0; minute < 3; minute += 1) {
    await round()
    shop.time.now += 60_000
  }
  assert.deepEqual(await shop.lotsWon(payer), [30_000])
  assert.deepEqual(await shop.lotsWon(saver), [won(20_000)])
})
