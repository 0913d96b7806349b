/** The outbox: sets, order, pauses, hurry, and manners towards a core that is away or has just come back. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/base.ts'
import {
  saleOfNotice,
  cardKeyText,
  NOTICES_MAX,
  type CardNotice,
  type NoticeReceipt,
} from '../cards/cards.ts'
import { openSmallGateway, type SmallGateway } from './fixtures/small-gateway.ts'
import { payOf, reversalOf, saleOfStan } from './fixtures/small-town.ts'

/** Stand-in approves one sale of each card while the core is away. */
async function standInFor(gateway: SmallGateway, cards: number): Promise<void> {
  gateway.core.mood = 'refusing'
  const answers = Array.from({ length: cards }, (_, index) =>
    gateway.desk.answer(payOf(index + 1, index + 1, 1_000)),
  )
  for (const answer of await gateway.within(Promise.all(answers))) {
    assert.equal(answer.decidedBy, 'standin')
  }
}

/** What reached the core, in order, answered as `answerFor` says. */
function overhear(
  { core }: SmallGateway,
  answerFor: (notice: CardNotice, receipt: NoticeReceipt) => NoticeReceipt = (_, given) => given,
): CardNotice[][] {
  const heard: CardNotice[][] = []
  const { take } = core.desk
  core.desk.take = async (notices) => {
    const receipts = await take(notices)
    heard.push([...notices])
    return receipts.map((receipt, index) => answerFor(notices[index]!, receipt))
  }
  return heard
}

test('notices go in sets, and no faster than a core that has just come back can bear', async () => {
  const gateway = await openSmallGateway({ cards: 350, options: { noticesPerSecondMax: 100 } })
  await standInFor(gateway, 350)
  gateway.core.mood = 'well'
  await gateway.time.pass(20_000)
  const before = gateway.desk.status().waiting.notices
  const startedAt = gateway.time.clock()
  while (gateway.desk.status().waiting.notices > 0) await gateway.time.pass(50)
  const seconds = (gateway.time.clock() - startedAt) / 1_000
  assert.ok(before / Math.max(seconds, 1) <= 110, `${before} in ${seconds} s`)
  assert.ok(gateway.core.calls.noticesAtOnceMax <= NOTICES_MAX)
  assert.ok(gateway.core.calls.noticesAtOnceMax > 10)
  await gateway.close()
})

test('a core that is away is hardly told anything, and a probe is one notice', async () => {
  const gateway = await openSmallGateway({ cards: 200 })
  await standInFor(gateway, 200)
  gateway.core.mood = 'hanging'
  await gateway.time.pass(30_000)
  const before = gateway.core.calls.take
  gateway.core.calls.noticesAtOnceMax = 0
  await gateway.time.pass(300_000)
  const calls = gateway.core.calls.take - before
  assert.ok(calls > 3 && calls < 60, `${calls} calls in five minutes`)
  assert.equal(gateway.core.calls.noticesAtOnceMax, 1)
  await gateway.close()
})

test('notices of one wallet come in order, whatever is lost on the way', async () => {
  const gateway = await openSmallGateway({ cards: 2 })
  gateway.core.mood = 'refusing'
  const sales = [1, 2, 3].map((stan) => saleOfStan(stan, 1, 1_000))
  for (const sale of sales) {
    await gateway.within(gateway.desk.answer({ kind: 'pay', sale }))
    await gateway.within(gateway.desk.take(reversalOf(sale)))
  }
  gateway.core.mood = 'losing_answers'
  await gateway.time.pass(3_000)
  gateway.core.mood = 'well'
  const heard = overhear(gateway)
  await gateway.time.pass(60_000)
  const told = heard
    .flat()
    .map((notice) => `${notice.kind} ${Number(saleOfNotice(notice).key.stan)}`)
  const expected = [1, 2, 3].flatMap((stan) => [`advise ${stan}`, `reverse ${stan}`])
  assert.deepEqual(told, expected)
  for (const set of heard) assert.equal(set.length, 1, 'one of a group at a time')
  await gateway.close()
})

test('one that is taken later lets the others go on, and comes again ever more seldom', async () => {
  const gateway = await openSmallGateway({ cards: 20 })
  const stuck = cardKeyText(saleOfStan(1, 1, 1_000).key)
  let isStuck = true
  const later: NoticeReceipt = { status: 'later', because: 'wallet_busy' }
  const heard = overhear(gateway, (notice, receipt) =>
    isStuck && cardKeyText(saleOfNotice(notice).key) === stuck ? later : receipt,
  )
  await standInFor(gateway, 20)
  gateway.core.mood = 'well'
  await gateway.time.pass(20_000)
  assert.equal(gateway.desk.status().waiting.notices, 1)
  const before = heard.length
  await gateway.time.pass(300_000)
  assert.ok(heard.length - before < 15, `${heard.length - before} times in five minutes`)
  isStuck = false
  await gateway.time.pass(120_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('a notice that the core cannot read is set aside, and neither others nor questions suffer from it', async () => {
  const gateway = await openSmallGateway({ cards: 60 })
  const unreadable = cardKeyText(saleOfStan(7, 7, 1_000).key)
  let isOld = true
  const { take } = gateway.core.desk
  gateway.core.desk.take = async (notices) => {
    const has = notices.some((notice) => cardKeyText(saleOfNotice(notice).key) === unreadable)
    if (isOld && has) throw new Fault('core_refused', 'the core cannot read one of them')
    return take(notices)
  }
  await standInFor(gateway, 60)
  gateway.core.mood = 'well'
  await gateway.time.pass(40_000)
  assert.equal(gateway.desk.status().waiting.notices, 1)
  assert.notEqual(gateway.desk.status().core, 'not_asked')
  const answer = await gateway.within(gateway.desk.answer(payOf(900, 20, 1_000)))
  assert.equal(answer.decidedBy, 'core')
  isOld = false
  await gateway.time.pass(700_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('a wallet that somebody waits for goes before all others and past every pause', async () => {
  const gateway = await openSmallGateway({ cards: 100, options: { noticesPerSecondMax: 1 } })
  await standInFor(gateway, 100)
  // The breaker opened; let it close by questions about other wallets before the outbox has told much.
  gateway.core.mood = 'well'
  await gateway.time.pass(20_000)
  assert.ok(gateway.desk.status().waiting.notices > 20)
  const last = await gateway.within(gateway.desk.answer(payOf(901, 100, 2_000)))
  assert.equal(last.decidedBy, 'core')
  assert.equal(gateway.core.balanceWon(100), 97_000)
  assert.ok(gateway.desk.status().waiting.notices > 20)
  await gateway.close()
})

test('receipts that do not match their notices are none', async () => {
  const gateway = await openSmallGateway({ cards: 3 })
  await standInFor(gateway, 3)
  gateway.core.mood = 'lying'
  await gateway.time.pass(20_000)
  assert.equal(gateway.desk.status().waiting.notices, 3)
  gateway.core.mood = 'well'
  await gateway.time.pass(60_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  await gateway.close()
})

test('a store that takes no writes does not keep the core from hearing, which is told again seldom', async () => {
  const gateway = await openSmallGateway({ cards: 5 })
  await standInFor(gateway, 5)
  gateway.store.failWith('full')
  gateway.core.mood = 'well'
  await gateway.time.pass(10_000)
  assert.equal(gateway.core.balanceWon(5), 99_000)
  const { take } = gateway.core.calls
  await gateway.time.pass(120_000)
  assert.ok(gateway.core.calls.take - take <= 4, `${gateway.core.calls.take - take} times`)
  gateway.store.failWith(undefined)
  await gateway.time.pass(5_000)
  assert.equal(gateway.desk.status().waiting.notices, 0)
  assert.equal(gateway.core.balanceWon(5), 99_000)
  await gateway.close()
})
