/** The gateway's desk: what it answers while the core is well, away, slow or lying, and what the core hears of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDate, DAY_MS, won } from '../base/base.ts'
import { cardKeyText, type CardSale } from '../cards/cards.ts'
import { openSmallGateway } from './fixtures/small-gateway.ts'
import {
  cancellationOf,
  createSmallTown,
  HANBIT,
  NOON,
  payOf,
  reversalOf,
  saleOfStan,
  TOWN,
} from './fixtures/small-town.ts'

test('a core that answers is asked, and its answer is given to every repeat', async () => {
  const gateway = await openSmallGateway()
  const request = payOf(1, 1, 30_000)
  const first = await gateway.within(gateway.desk.answer(request))
  assert.equal(first.verdict, 'approved')
  assert.equal(first.decidedBy, 'core')
  gateway.core.mood = 'hanging'
  assert.deepEqual(await gateway.within(gateway.desk.answer(request)), first)
  assert.equal(gateway.core.calls.decide, 1)
  await gateway.close()
})

test('repeats that come while the first is under way share its answer', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'late'
  gateway.core.delayMs = 300
  const request = payOf(1, 1, 30_000)
  const answers = [1, 2, 3].map(() => gateway.desk.answer(request))
  const [first, second, third] = await gateway.within(Promise.all(answers))
  assert.equal(first?.verdict, 'approved')
  assert.deepEqual(second, first)
  assert.deepEqual(third, first)
  assert.equal(gateway.core.calls.decide, 1)
  await gateway.close()
})

for (const mood of ['refusing', 'hanging', 'lying', 'losing_answers'] as const) {
  test(`stand-in answers for a core that is ${mood}, and the ledger has it once`, async () => {
    const gateway = await openSmallGateway()
    gateway.core.mood = mood
    const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 30_000)))
    assert.equal(answer.verdict, 'approved')
    assert.equal(answer.decidedBy, 'standin')
    // Where the core may have posted it, the feed may show it too: what is left is not certain then.
    const left = mood === 'losing_answers' ? undefined : 70_000
    assert.equal(answer.remainingWon, left)
    assert.equal(gateway.desk.status().exposure.nowWon, 30_000)
    assert.equal(gateway.desk.status().waiting.notices, 1)
    gateway.core.mood = 'well'
    await gateway.time.pass(60_000)
    assert.equal(gateway.desk.status().waiting.notices, 0)
    assert.equal(gateway.desk.status().exposure.nowWon, 0)
    assert.equal(gateway.core.balanceWon(1), 70_000)
    const booked = gateway.core.saleOf(cardKeyText(saleOfStan(1, 1, 30_000).key))
    assert.deepEqual(booked, { netWon: 30_000, postings: 1, isVoided: false })
    await gateway.close()
  })
}

test('what stand-in does not approve is taken back from a core that may have posted it', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'losing_answers'
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 60_000)))
  // 40,000 are shown, and these 60,000 may be what is missing: nobody can say that the money is short.
  assert.equal(answer.verdict, 'unknown')
  assert.equal(answer.reason, 'core_unreachable')
  gateway.core.mood = 'well'
  await gateway.time.pass(30_000)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  await gateway.close()
})

test('a core that certainly did not get it owes nothing back', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'refusing'
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 60_000)))
  assert.equal(answer.verdict, 'unknown')
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('the limits of a day, of a payment and of all that is outstanding hold', async () => {
  const gateway = await openSmallGateway({ fundedWon: 1_000_000 })
  gateway.core.mood = 'refusing'
  const verdicts = []
  for (let stan = 1; stan <= 4; stan += 1) {
    const answer = await gateway.within(gateway.desk.answer(payOf(stan, 1, 50_000)))
    verdicts.push(answer.reason ?? answer.verdict)
  }
  assert.deepEqual(verdicts, ['approved', 'approved', 'approved', 'standin_limit_exceeded'])
  const { exposure } = gateway.desk.status()
  assert.deepEqual(exposure, { nowWon: 150_000, maxWon: 150_000, boundWon: 450_000 })
  await gateway.close()
})

test('two requests of one commit do not use the same money twice', async () => {
  const gateway = await openSmallGateway({ fundedWon: 50_000 })
  gateway.core.mood = 'refusing'
  const answers = await gateway.within(
    Promise.all([1, 2].map((stan) => gateway.desk.answer(payOf(stan, 1, 40_000)))),
  )
  assert.deepEqual(
    answers.map((each) => each.verdict),
    ['approved', 'not_applicable'],
  )
  await gateway.close()
})

test('a wallet whose notices the core has not taken is told of first', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'refusing'
  await gateway.within(gateway.desk.answer(payOf(1, 1, 50_000)))
  gateway.core.mood = 'well'
  // 60,000 of 100,000 would be there if the first had not been told.
  await gateway.time.pass(20_000)
  const answer = await gateway.within(gateway.desk.answer(payOf(2, 1, 60_000)))
  assert.equal(answer.decidedBy, 'core')
  assert.equal(answer.verdict, 'not_applicable')
  await gateway.close()
})

test('a reversal before its sale keeps the sale from ever being approved', async () => {
  const gateway = await openSmallGateway()
  const sale = saleOfStan(1, 1, 30_000)
  gateway.core.mood = 'hanging'
  await gateway.within(gateway.desk.take(reversalOf(sale)))
  const answer = await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
  assert.equal(answer.verdict, 'declined')
  assert.equal(answer.reason, 'reversed_first')
  await gateway.close()
})

test('a reversed stand-in approval leaves the wallet whole', async () => {
  const gateway = await openSmallGateway()
  gateway.core.mood = 'refusing'
  const sale = saleOfStan(1, 1, 30_000)
  await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
  await gateway.within(gateway.desk.take(reversalOf(sale)))
  await gateway.within(gateway.desk.take(reversalOf(sale)))
  assert.equal(gateway.desk.status().exposure.nowWon, 0)
  assert.equal(gateway.desk.status().waiting.notices, 2)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 100_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('stand-in cancels what it knows as approved, and asks anew about what it does not', async () => {
  const gateway = await openSmallGateway()
  const sale = saleOfStan(1, 1, 30_000)
  await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
  gateway.core.mood = 'refusing'
  const part = await gateway.within(gateway.desk.answer(cancellationOf(2, sale, 10_000)))
  assert.equal(part.verdict, 'approved')
  assert.equal(part.voucherWon, 10_000)
  const tooMuch = await gateway.within(gateway.desk.answer(cancellationOf(3, sale, 20_001)))
  assert.equal(tooMuch.verdict, 'unknown')
  const foreign = cancellationOf(4, saleOfStan(9, 1, 5_000))
  assert.equal((await gateway.within(gateway.desk.answer(foreign))).verdict, 'unknown')
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 80_000)
  assert.equal((await gateway.within(gateway.desk.answer(foreign))).reason, 'payment_unknown')
  await gateway.close()
})

test('a full store approves nothing alone, lets the core’s word pass, and recovers', async () => {
  const gateway = await openSmallGateway()
  gateway.store.failWith('full')
  const passed = await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  assert.equal(passed.decidedBy, 'core')
  assert.equal(passed.verdict, 'approved')
  assert.equal(gateway.desk.status().store.state, 'full')
  gateway.core.mood = 'hanging'
  const refused = await gateway.within(gateway.desk.answer(payOf(2, 1, 10_000)))
  assert.equal(refused.verdict, 'unknown')
  assert.equal(refused.reason, 'standin_store_full')
  const sale = saleOfStan(3, 1, 10_000)
  await assert.rejects(gateway.within(gateway.desk.take(reversalOf(sale)), 60_000))
  gateway.core.mood = 'well'
  await gateway.time.pass(30_000)
  await gateway.within(gateway.desk.take(reversalOf(sale)))
  assert.equal(gateway.core.saleOf(cardKeyText(sale.key))?.isVoided, true)
  gateway.store.failWith(undefined)
  await gateway.time.pass(5_000)
  assert.equal(gateway.desk.status().store.state, 'writable')
  gateway.core.mood = 'refusing'
  assert.equal((await gateway.within(gateway.desk.answer(payOf(4, 1, 10_000)))).verdict, 'approved')
  await gateway.close()
})

test('orders force and forbid, the most specific first', async () => {
  const gateway = await openSmallGateway()
  const by = { by: 'opr_1', at: NOON, reason: '점검' }
  await gateway.within(gateway.desk.order({ ...by, partnerId: HANBIT, mode: 'forbidden' }))
  gateway.core.mood = 'refusing'
  const forbidden = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(forbidden.reason, 'standin_forbidden')
  await gateway.within(gateway.desk.order({ ...by, issuerId: TOWN, mode: 'forced' }))
  gateway.core.mood = 'well'
  const asked = gateway.core.calls.decide
  const forced = await gateway.within(gateway.desk.answer(payOf(2, 1, 1_000)))
  assert.equal(forced.decidedBy, 'standin')
  assert.equal(gateway.core.calls.decide, asked)
  gateway.crash()
  assert.equal(gateway.desk.status().orders.length, 2)
  await gateway.close()
})

test('a core restored from a copy is told again what it forgot, once', async () => {
  const gateway = await openSmallGateway()
  await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
  for (let seal = 0; seal < 3; seal += 1) {
    gateway.core.seal()
    await gateway.time.pass(30_000)
  }
  const copy = gateway.core.copy()
  const sale = saleOfStan(2, 1, 20_000)
  await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
  await gateway.within(gateway.desk.answer(cancellationOf(3, sale, 5_000)))
  await gateway.within(gateway.desk.answer(payOf(4, 2, 7_000)))
  await gateway.within(gateway.desk.take(reversalOf(saleOfStan(4, 2, 7_000))))
  await gateway.time.pass(3_000)
  assert.equal(gateway.core.balanceWon(1), 75_000)
  gateway.core.restore(copy)
  assert.equal(gateway.core.balanceWon(1), 90_000)
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 75_000)
  assert.equal(gateway.core.balanceWon(2), 100_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('a restored core is told again in full, though the disk fails or the process dies before it was', async () => {
  for (const dies of [false, true]) {
    const gateway = await openSmallGateway()
    const sealAll = async (count: number): Promise<void> => {
      for (let seal = 0; seal < count; seal += 1) {
        gateway.core.seal()
        await gateway.time.pass(30_000)
      }
    }
    await sealAll(3)
    const copy = gateway.core.copy()
    await gateway.within(gateway.desk.answer(payOf(1, 1, 10_000)))
    await gateway.time.pass(30_000)
    await sealAll(3)
    // The restored core has sealed another history by the time it is heard of.
    const { commit } = gateway.store
    gateway.store.commit = (write) => {
      if (gateway.store.positionsOf(TOWN)[0]?.segment === 5) gateway.store.failWith('full')
      return commit(write)
    }
    gateway.core.restore(copy)
    gateway.core.seal()
    gateway.core.seal()
    await gateway.time.pass(20_000)
    gateway.store.commit = commit
    gateway.store.failWith(undefined)
    if (dies) gateway.crash()
    await gateway.time.pass(60_000)
    assert.equal(gateway.core.balanceWon(1), 90_000)
    await gateway.close()
  }
})

test('a receipt that comes after its core was restored is none', async () => {
  const gateway = await openSmallGateway()
  const copy = gateway.core.copy()
  gateway.core.mood = 'late'
  gateway.core.delayMs = 4_000
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(answer.decidedBy, 'standin')
  // The core has taken the advice, forgets it, and only then its receipt arrives.
  gateway.core.restore(copy)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.equal(gateway.core.balanceWon(1), 99_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('a part is approved where the rest may be paid by the account', async () => {
  const gateway = await openSmallGateway({ fundedWon: 20_000 })
  gateway.core.mood = 'refusing'
  const sale = { ...saleOfStan(1, 1, 30_000), partialAllowed: true }
  const answer = await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
  assert.equal(answer.verdict, 'partially_approved')
  assert.equal(answer.voucherWon, won(20_000))
  assert.equal(answer.accountWon, won(10_000))
  await gateway.close()
})

test('card first is answered so, and a card never heard of only while that is fresh', async () => {
  const town = createSmallTown(1, { spending: 'card_first' })
  const gateway = await openSmallGateway({ cards: 1, town })
  gateway.core.mood = 'refusing'
  gateway.core.feedMood = 'refusing'
  const first = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(first.reason, 'cardholder_chose_card')
  assert.equal(first.accountWon, 1_000)
  const fresh = await gateway.within(gateway.desk.answer(payOf(2, 77, 1_000)))
  assert.equal(fresh.reason, 'card_not_linked')
  await gateway.time.pass(6 * 60_000)
  const stale = await gateway.within(gateway.desk.answer(payOf(3, 77, 1_000)))
  assert.equal(stale.verdict, 'unknown')
  assert.equal(stale.reason, 'standin_snapshot_too_old')
  await gateway.close()
})

test('a sale of a day whose answers may be forgotten here is unknown to stand-in', async () => {
  const gateway = await openSmallGateway({ cards: 1 })
  gateway.core.mood = 'refusing'
  const sale = saleOfStan(1, 1, 1_000)
  const day = (before: number): CardSale => ({
    ...sale,
    at: sale.at - before * DAY_MS,
    key: { ...sale.key, localDate: businessDate(sale.at - before * DAY_MS) },
  })
  const answerOf = (asked: CardSale) =>
    gateway.within(gateway.desk.answer({ kind: 'pay', sale: asked }))
  assert.equal((await answerOf(day(5))).verdict, 'approved')
  assert.equal((await answerOf(day(6))).verdict, 'unknown')
  await gateway.close()
})
