/** What becomes of people whose message came while a gateway could not write, or before it knew its core. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cardKeyText } from '../cards/cards.ts'
import { openSmallGateway } from './fixtures/small-gateway.ts'
import { cancellationOf, payOf, reversalOf, saleOfStan } from './fixtures/small-town.ts'

test('a cancellation that could not be decided while the disk was full is asked anew', async () => {
  const gateway = await openSmallGateway()
  await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  gateway.store.failWith('full')
  gateway.core.mood = 'refusing'
  const cancellation = cancellationOf(2, saleOfStan(1, 1, 10_000))
  const undecided = await gateway.within(gateway.desk.answer(cancellation))
  assert.equal(undecided.verdict, 'unknown')
  gateway.store.failWith(undefined)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  const repeat = await gateway.within(gateway.desk.answer(cancellation))
  assert.deepEqual([repeat.verdict, repeat.voucherWon], ['approved', 10_000])
  assert.equal(gateway.core.balanceWon(1), 100_000)
  await gateway.close()
})

test('a sale that could not be decided while the disk was full stays so', async () => {
  const gateway = await openSmallGateway()
  gateway.store.failWith('full')
  gateway.core.mood = 'refusing'
  const first = await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  gateway.store.failWith(undefined)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.deepEqual(await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000))), first)
  await gateway.close()
})

test('a core that is restored before its first synchronisation has ended is told again too', async () => {
  const gateway = await openSmallGateway()
  // A new gateway over an empty disk, which hears answers before it hears the feed.
  gateway.core.feedMood = 'refusing'
  const fresh = await openSmallGateway({
    town: gateway.town,
    time: gateway.time,
    core: gateway.core,
  })
  const copy = gateway.core.copy()
  await fresh.within(fresh.desk.answer(payOf(1, 1, 10_000)))
  assert.equal(gateway.core.balanceWon(1), 90_000)
  gateway.core.restore(copy)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  gateway.core.feedMood = 'well'
  await fresh.time.pass(30_000)
  assert.equal(gateway.core.balanceWon(1), 90_000)
  const told = gateway.core.saleOf(cardKeyText(saleOfStan(1, 1, 10_000).key))
  assert.deepEqual([told?.netWon, told?.postings], [10_000, 1])
  await fresh.close()
  await gateway.close()
})

test('what the core answered while the disk was full is written down when there is room', async () => {
  const gateway = await openSmallGateway()
  const copy = gateway.core.copy()
  gateway.store.failWith('full')
  const approved = await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  const short = await gateway.within(gateway.desk.answer(payOf(2, 2, 900_000)))
  assert.deepEqual([approved.verdict, short.verdict], ['approved', 'not_applicable'])
  gateway.core.mood = 'refusing'
  const undecided = await gateway.within(gateway.desk.answer(payOf(3, 3, 10_000)))
  assert.equal(undecided.reason, 'standin_store_full')
  gateway.store.failWith(undefined)
  gateway.core.mood = 'well'
  await gateway.time.pass(30_000)
  const written = [1, 2, 3].map(
    (stan) => gateway.store.answered(cardKeyText(saleOfStan(stan, stan, 1).key))?.answer,
  )
  assert.deepEqual(written, [approved, short, undecided])
  // And so a core that has forgotten it hears of it again.
  gateway.core.restore(copy)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 90_000)
  await gateway.close()
})

test('a sale that was reversed while the disk was full is not written down as approved', async () => {
  const gateway = await openSmallGateway()
  gateway.store.failWith('full')
  const sale = saleOfStan(1, 1, 10_000)
  await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  await gateway.within(gateway.desk.take(reversalOf(sale)), 60_000)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  gateway.store.failWith(undefined)
  await gateway.time.pass(30_000)
  assert.equal(gateway.store.answered(cardKeyText(sale.key)), undefined)
  await gateway.close()
})

test('what the core may have booked while the disk was full is taken back once there is room', async () => {
  const gateway = await openSmallGateway()
  gateway.store.failWith('full')
  gateway.core.mood = 'late'
  gateway.core.delayMs = 60_000
  const asked = gateway.desk.answer(payOf(1, 1, 10_000))
  await gateway.time.pass(5)
  // Then it is gone, so that the reversal is not heard either.
  gateway.core.mood = 'refusing'
  assert.equal((await gateway.within(asked)).reason, 'standin_store_full')
  await gateway.time.pass(20_000)
  assert.equal(gateway.core.balanceWon(1), 90_000)
  gateway.store.failWith(undefined)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  const told = gateway.core.saleOf(cardKeyText(saleOfStan(1, 1, 10_000).key))
  assert.deepEqual([told?.netWon, told?.isVoided], [0, true])
  await gateway.close()
})

test('what the core took while the disk was full is not subtracted twice when it is away again', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'refusing'
  const first = await gateway.within(gateway.desk.answer(payOf(1, 1, 30_000)))
  assert.equal(first.decidedBy, 'standin')
  gateway.store.failWith('full')
  gateway.core.mood = 'well'
  await gateway.time.pass(20_000)
  assert.equal(gateway.core.balanceWon(1), 70_000)
  gateway.core.mood = 'refusing'
  gateway.store.failWith(undefined)
  await gateway.time.pass(20_000)
  // The feed shows 70,000 by now, and the notice counts as waiting.
  for (let stan = 2; stan < 12; stan += 1) {
    const { verdict } = await gateway.within(gateway.desk.answer(payOf(stan, 1, 50_000)))
    assert.notEqual(verdict, 'not_applicable', 'the account pays for money that is there')
    await gateway.time.pass(1_000)
  }
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  const third = await gateway.within(gateway.desk.answer(payOf(20, 1, 70_000)))
  assert.equal(third.verdict, 'approved')
  await gateway.close()
})
