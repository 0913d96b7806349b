/** Two gateways of one town: their limits are nearly shared while they hear each other, and each its own while not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSmallCore } from './fixtures/small-core.ts'
import { openSmallGateway, type SmallGateway } from './fixtures/small-gateway.ts'
import { createSmallTown, NOON, payOf, reversalOf, saleOfStan } from './fixtures/small-town.ts'
import { createVirtualTime } from './fixtures/virtual-time.ts'
import type { PeerGateway } from './peer-notes.ts'

async function openPair(): Promise<{
  a: SmallGateway
  b: SmallGateway
  cut(isCut: boolean): void
}> {
  const time = createVirtualTime(NOON)
  const town = createSmallTown(2)
  const core = createSmallCore(time, town)
  for (const card of [1, 2]) core.fund(card, 1_000_000)
  let isCut = false
  const gateways: SmallGateway[] = []
  const peerOf = (other: number): PeerGateway => ({
    async tell(notes) {
      if (isCut) throw new Error('cut')
      await gateways[other]?.desk.heard(notes)
    },
  })
  for (const other of [1, 0]) {
    gateways.push(await openSmallGateway({ time, town, core, peer: peerOf(other) }))
  }
  const [a, b] = gateways
  return { a: a!, b: b!, cut: (next) => (isCut = next) }
}

const reasonOf = async (gateway: SmallGateway, stan: number, amountWon: number, card = 1) => {
  const answer = await gateway.within(gateway.desk.answer(payOf(stan, card, amountWon)))
  await gateway.time.pass(50)
  return answer.reason ?? answer.verdict
}

test('a card’s limits hold over both gateways while they hear each other', async () => {
  const { a, b } = await openPair()
  a.core.mood = 'refusing'
  assert.equal(await reasonOf(a, 1, 50_000), 'approved')
  assert.equal(await reasonOf(b, 2, 50_000), 'approved')
  assert.equal(await reasonOf(a, 3, 50_000), 'approved')
  assert.equal(await reasonOf(b, 4, 1_000), 'standin_limit_exceeded')
  assert.equal(await reasonOf(a, 5, 1_000), 'standin_limit_exceeded')
  // Each owes the core what it approved itself, and nothing else.
  assert.equal(a.desk.status().exposure.nowWon, 100_000)
  assert.equal(b.desk.status().exposure.nowWon, 50_000)
  a.core.mood = 'well'
  await a.time.pass(60_000)
  assert.equal(a.core.balanceWon(1), 850_000)
  for (const gateway of [a, b]) assert.equal(gateway.desk.status().waiting.notices, 0)
  await a.close()
  await b.close()
})

test('what was reversed, or taken by the core, is told too', async () => {
  const { a, b } = await openPair()
  a.core.mood = 'refusing'
  for (const stan of [1, 2, 3]) assert.equal(await reasonOf(a, stan, 50_000), 'approved')
  assert.equal(await reasonOf(b, 4, 1_000), 'standin_limit_exceeded')
  await a.within(a.desk.take(reversalOf(saleOfStan(1, 1, 50_000))))
  await a.time.pass(50)
  assert.equal(await reasonOf(b, 5, 1_000), 'approved')
  await a.close()
  await b.close()
})

test('cut off from each other, each holds the limits by itself, and they agree again afterwards', async () => {
  const { a, b, cut } = await openPair()
  a.core.mood = 'refusing'
  cut(true)
  for (const stan of [1, 2, 3]) assert.equal(await reasonOf(a, stan, 50_000), 'approved')
  assert.equal(await reasonOf(a, 4, 1_000), 'standin_limit_exceeded')
  assert.equal(await reasonOf(b, 5, 1_000), 'approved')
  cut(false)
  await a.time.pass(20_000)
  assert.equal(await reasonOf(b, 6, 1_000), 'standin_limit_exceeded')
  assert.equal(await reasonOf(b, 7, 1_000, 2), 'approved')
  await a.close()
  await b.close()
})

test('one sale over both gateways is one sale', async () => {
  const { a, b } = await openPair()
  a.core.mood = 'refusing'
  assert.equal(await reasonOf(a, 1, 50_000), 'approved')
  assert.equal(await reasonOf(b, 1, 50_000), 'approved')
  a.core.mood = 'well'
  await a.time.pass(60_000)
  assert.equal(a.core.balanceWon(1), 950_000)
  await a.close()
  await b.close()
})
