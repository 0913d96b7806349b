/** Which wallets stand behind a card: found in sets, remembered, and never older than what the follower brought. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, id, type PartnerId } from '../base/base.ts'
import { createLinkedCards, createMemoryRegistry, naturalKey, newRecord } from './registration.ts'
import type { Registry } from './registry.ts'

const gunsan = id('iss', 1)
const iksan = id('iss', 2)
const partnerId = id('prt', 1)

const bodyOf = (cardToken: string, wallet: number, active = true) => ({
  partnerId,
  cardToken,
  lastFour: '0001',
  memberId: id('mbr', wallet),
  walletId: id('wlt', wallet),
  personId: 'person-0001',
  spending: 'voucher_first' as const,
  onUnknown: null,
  active,
})

async function openBench(rememberedMax?: number) {
  const registry = createMemoryRegistry()
  for (const issuerId of [gunsan, iksan]) await registry.openIssuer(issuerId)
  const append = async (issuerId: typeof gunsan, linkId: number, version: number, body: object) => {
    const { cardToken } = body as ReturnType<typeof bodyOf> // What this file makes.
    const record = newRecord('card_link', {
      recordId: linkId,
      version,
      body: body as ReturnType<typeof bodyOf>,
      keys: [naturalKey.card(partnerId, cardToken)],
    })
    assert.equal((await registry.append(issuerId, 'system', [record], 1)).status, 'appended')
    return record
  }
  const sets: number[] = []
  const port: Pick<Registry, 'findByKeys'> = {
    findByKeys(kind, wanted) {
      sets.push(wanted.length)
      return registry.findByKeys(kind, wanted)
    },
  }
  const cards = createLinkedCards({
    registry: port,
    ...(rememberedMax === undefined ? {} : { rememberedMax }),
  })
  const walletsOf = async (
    token: string,
    issuers = [gunsan, iksan],
    partner: PartnerId = partnerId,
  ) =>
    (await cards.linksOf(partner, token, issuers))
      .filter((card) => card.active)
      .map((card) => [card.issuerId, card.walletId])
  return { cards, append, sets, walletsOf, port }
}

test('questions that come together are one reading, and the next ones none', async () => {
  const { append, sets, walletsOf } = await openBench()
  await append(gunsan, 1, 1, bodyOf('A0000001', 11))
  await append(iksan, 1, 1, bodyOf('A0000001', 21))
  await append(gunsan, 2, 1, bodyOf('B0000001', 12, false))
  const asked = ['A0000001', 'B0000001', 'C0000001']
  assert.deepEqual(await Promise.all(asked.map((token) => walletsOf(token))), [
    [
      [gunsan, 11],
      [iksan, 21],
    ],
    [],
    [],
  ])
  assert.deepEqual(sets, [6])
  for (const token of asked) await walletsOf(token)
  assert.deepEqual(sets, [6])
  assert.deepEqual(await walletsOf('A0000001', [iksan]), [[iksan, 21]])
  assert.deepEqual(await walletsOf('A0000001', [gunsan], id('prt', 2)), [])
})

test('what comes while a reading is under way goes out as the next set', async () => {
  const { sets, walletsOf } = await openBench()
  const first = walletsOf('A0000001', [gunsan])
  await Promise.resolve()
  await Promise.resolve()
  const later = ['B0000001', 'C0000001'].map((token) => walletsOf(token, [gunsan]))
  await Promise.all([first, ...later])
  assert.deepEqual(sets, [1, 2])
})

test('a version that was followed counts at once, a stale reading never', async () => {
  const { cards, append, walletsOf, port } = await openBench()
  const first = await append(gunsan, 1, 1, bodyOf('A0000001', 11))
  assert.deepEqual(await walletsOf('A0000001', [gunsan]), [[gunsan, 11]])
  cards.apply(gunsan, { ...first, version: 2, body: bodyOf('A0000001', 11, false) })
  const [gone] = await cards.linksOf(partnerId, 'A0000001', [gunsan])
  assert.equal(gone?.active, false)
  // A slow reading began before version 3 was recorded and ends after it was followed.
  const slow = await openSlow(port)
  const asked = slow.cards.linksOf(partnerId, 'A0000001', [gunsan])
  await slow.reached
  slow.cards.apply(gunsan, { ...first, version: 3, body: bodyOf('A0000001', 33) })
  slow.release()
  const wallets = (await asked).map((card) => Number(card.walletId))
  assert.deepEqual(wallets, [33])
  cards.apply(gunsan, { kind: 'kit', recordId: 1, version: 9, body: {} })
})

async function openSlow(port: Pick<Registry, 'findByKeys'>) {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const cards = createLinkedCards({
    registry: {
      async findByKeys(kind, wanted) {
        const found = await port.findByKeys(kind, wanted)
        reached.resolve()
        await released.promise
        return found
      },
    },
  })
  return { cards, reached: reached.promise, release: released.resolve }
}

test('that a card is not linked is remembered until somebody links it', async () => {
  const { cards, append, walletsOf, sets } = await openBench()
  assert.deepEqual(await walletsOf('A0000001', [gunsan]), [])
  const record = await append(gunsan, 1, 1, bodyOf('A0000001', 11))
  cards.apply(gunsan, record)
  assert.deepEqual(await walletsOf('A0000001', [gunsan]), [[gunsan, 11]])
  assert.deepEqual(sets, [1])
})

test('only so many are remembered, the ones used last', async () => {
  const { walletsOf, sets } = await openBench(2)
  for (const token of ['A0000001', 'B0000001', 'A0000001', 'C0000001', 'A0000001', 'B0000001']) {
    await walletsOf(token, [gunsan])
  }
  // B made room for C.
  assert.equal(sets.length, 4)
})

test('a failed reading fails its own questions, and the next reading works', async () => {
  const { port, append } = await openBench()
  await append(gunsan, 1, 1, bodyOf('A0000001', 11))
  let isAway = true
  const cards = createLinkedCards({
    registry: {
      async findByKeys(kind, wanted) {
        if (isAway) throw new Fault('postgres_unavailable', 'away')
        return port.findByKeys(kind, wanted)
      },
    },
  })
  await assert.rejects(cards.linksOf(partnerId, 'A0000001', [gunsan]), Fault)
  isAway = false
  assert.equal((await cards.linksOf(partnerId, 'A0000001', [gunsan])).length, 1)
})
