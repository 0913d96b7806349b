/** What the gateway knows of the core, and how it keeps up with it through cuts, silence and other clocks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, id, won } from '../base/base.ts'
import type { CardFeed, SyncItem } from '../cards/cards.ts'
import { createSmallCore, type SmallCore } from './fixtures/small-core.ts'
import { openSmallGateway } from './fixtures/small-gateway.ts'
import { createSmallTown, NOON, payOf, TOWN } from './fixtures/small-town.ts'
import { createVirtualTime } from './fixtures/virtual-time.ts'

function worldOf(cards: number) {
  const time = createVirtualTime(NOON)
  const town = createSmallTown(cards)
  const core = createSmallCore(time, town)
  for (let card = 1; card <= cards; card += 1) core.fund(card, 100_000)
  return { time, town, core }
}

/** The feed as the gateway hears it. */
function distort(core: SmallCore, change: (feed: CardFeed) => Partial<CardFeed>): void {
  Object.assign(core.feed, change({ ...core.feed }))
}

test('what is booked elsewhere is known, and a cut is seen as lag and mended', async () => {
  const gateway = await openSmallGateway()
  assert.equal(gateway.desk.status().feed.cards, 3)
  gateway.core.fund(1, 50_000)
  await gateway.time.pass(50)
  const ref = { issuerId: TOWN, walletId: id('wlt', 1) }
  assert.equal(gateway.store.wallet(ref)?.lots[0]?.remainingWon, 150_000)
  gateway.core.feedMood = 'refusing'
  await gateway.time.pass(60_000)
  const cut = gateway.desk.status().feed
  assert.equal(cut.state, 'cut_off')
  assert.ok(cut.lagMs! > 55_000)
  gateway.core.fund(1, 1)
  gateway.core.feedMood = 'well'
  await gateway.time.pass(10_000)
  const mended = gateway.desk.status().feed
  assert.equal(mended.state, 'following')
  assert.ok(mended.lagMs! < 3_000)
  assert.equal(gateway.store.wallet(ref)?.lots[0]?.remainingWon, 150_001)
  await gateway.close()
})

test('a feed that hangs is given up and asked again', async () => {
  const gateway = await openSmallGateway()
  gateway.core.feedMood = 'hanging'
  await gateway.time.pass(30_000)
  assert.equal(gateway.desk.status().feed.state, 'cut_off')
  gateway.core.feedMood = 'well'
  await gateway.time.pass(20_000)
  assert.equal(gateway.desk.status().feed.state, 'following')
  await gateway.close()
})

test('a core whose clock is five minutes off is not taken for late or early', async () => {
  for (const skewMs of [-300_000, 300_000]) {
    const { time, town, core } = worldOf(1)
    distort(core, ({ tail, synchronise }) => ({
      async tail(after, waitMs) {
        const page = await tail(after, waitMs)
        return page && { ...page, asOf: page.asOf + skewMs }
      },
      async *synchronise(known, doubtful) {
        for await (const item of synchronise(known, doubtful)) {
          yield item.item === 'begin' ? { ...item, asOf: item.asOf + skewMs } : item
        }
      },
    }))
    const gateway = await openSmallGateway({ cards: 1, town, time, core })
    await gateway.time.pass(10_000)
    assert.ok(gateway.desk.status().feed.lagMs! < 3_000)
    await gateway.within(gateway.desk.answer(payOf(1, 1, 60_000)))
    await gateway.time.pass(30_000)
    core.mood = 'refusing'
    // What the core posted is shown by the feed: it is not subtracted twice, whatever the clocks say.
    const second = await gateway.within(gateway.desk.answer(payOf(2, 1, 40_000)))
    assert.equal(second.verdict, 'approved')
    await gateway.close()
  }
})

test('a synchronisation that breaks off leaves what was known, and is begun again', async () => {
  const { time, town, core } = worldOf(2)
  let breaks = 0
  let cutsAfter = Number.POSITIVE_INFINITY
  distort(core, ({ synchronise }) => ({
    async *synchronise(known, doubtful): AsyncGenerator<SyncItem> {
      let sent = 0
      for await (const item of synchronise(known, doubtful)) {
        if (sent >= cutsAfter) {
          breaks += 1
          throw new Fault('core_answer_lost', 'cut')
        }
        sent += 1
        // Of two wallets only the second is told before the cut.
        yield item.item === 'wallets' ? { ...item, wallets: item.wallets.slice(-1) } : item
      }
    },
  }))
  // The first synchronisation tells one wallet only; the tail tells the other.
  const gateway = await openSmallGateway({ cards: 2, town, time, core })
  core.fund(1, 1)
  await gateway.time.pass(100)
  cutsAfter = 4
  core.restart()
  await gateway.time.pass(20_000)
  assert.ok(breaks > 2, `${breaks} times`)
  assert.equal(gateway.desk.status().feed.state === 'following', false)
  core.mood = 'refusing'
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(answer.verdict, 'approved')
  cutsAfter = Number.POSITIVE_INFINITY
  await gateway.time.pass(20_000)
  assert.equal(gateway.desk.status().feed.state, 'following')
  await gateway.close()
})

test('what a synchronisation told that broke off does not outlive a core that does not know it', async () => {
  const { time, town, core } = worldOf(1)
  let isCut = false
  distort(core, ({ synchronise }) => ({
    async *synchronise(known, doubtful): AsyncGenerator<SyncItem> {
      for await (const item of synchronise(known, doubtful)) {
        if (item.item !== 'records' || !isCut) {
          yield item
          continue
        }
        // Her next choice; then the database is lost, and the copy does not have it.
        const records = item.records.flatMap((record) =>
          record.kind === 'card_link'
            ? [{ ...record, version: 2, body: { ...Object(record.body), spending: 'card_first' } }]
            : [],
        )
        yield { item: 'records', records }
        isCut = false
        throw new Fault('core_answer_lost', 'cut')
      }
    },
  }))
  const gateway = await openSmallGateway({ cards: 1, town, time, core })
  isCut = true
  core.restart()
  await gateway.time.pass(20_000)
  assert.equal(isCut, false)
  assert.equal(gateway.desk.status().feed.state, 'following')
  core.mood = 'refusing'
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(answer.verdict, 'approved')
  await gateway.close()
})

test('before the first synchronisation has ended nothing is said to be absent', async () => {
  const { time, town, core } = worldOf(1)
  core.feedMood = 'refusing'
  core.mood = 'refusing'
  const gateway = await openSmallGateway({ cards: 1, town, time, core })
  const answer = await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))
  assert.equal(answer.verdict, 'unknown')
  assert.equal(answer.reason, 'standin_snapshot_too_old')
  assert.equal(gateway.desk.status().feed.lagMs, null)
  await gateway.close()
})

test('a record that cannot be read is passed over, and the others are taken', async () => {
  const town = createSmallTown(1)
  const bad = {
    issuerId: TOWN,
    kind: 'merchant',
    recordId: 99,
    version: 1,
    body: { name: 7 },
  } as const
  const time = createVirtualTime(NOON)
  const broken = { ...town, records: [bad, ...town.records] }
  const core = createSmallCore(time, broken)
  core.fund(1, 10_000)
  const gateway = await openSmallGateway({ cards: 1, town: broken, time, core })
  assert.ok(gateway.facts.some(({ fact }) => fact === 'feed.record_unreadable'))
  core.mood = 'refusing'
  assert.equal((await gateway.within(gateway.desk.answer(payOf(1, 1, 1_000)))).verdict, 'approved')
  await gateway.close()
})

test('after a restart of the core its positions and the wallets in doubt are offered', async () => {
  const { time, town, core } = worldOf(2)
  const offered: { known: number; doubtful: number }[] = []
  distort(core, ({ synchronise }) => ({
    synchronise(known, doubtful) {
      offered.push({ known: known.length, doubtful: doubtful.length })
      return synchronise(known, doubtful)
    },
  }))
  const gateway = await openSmallGateway({ cards: 2, town, time, core })
  for (let seal = 0; seal < 4; seal += 1) {
    core.seal()
    await gateway.time.pass(1_000)
  }
  core.fund(2, won(1))
  await gateway.time.pass(1_000)
  core.restart()
  await gateway.time.pass(5_000)
  assert.deepEqual(offered[0], { known: 0, doubtful: 0 })
  assert.equal(offered.at(-1)?.known, 1)
  assert.ok(offered.at(-1)!.doubtful >= 1)
  await gateway.close()
})
