/** The card feed over PostgreSQL: what is committed late, sealed meanwhile or missed by the follower still arrives. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, id } from '../base/base.ts'
import { newRecord } from '../registration/registration.ts'
import {
  FULL_LOOK_EVERY_MS,
  FULL_LOOK_EVERY_MS_MAX,
  NEAR_MS,
  type CardFeedReading,
} from './card-feed.ts'
import {
  grant,
  ISSUER_WITHOUT_SEALS,
  linkOf,
  openTransaction,
  truth,
  withFeed,
} from './fixtures/card-feed-bench.ts'

test('before the first look nobody is brought up to date, and afterwards everything is told', () =>
  withFeed(async (bench) => {
    const { feed, synchronise, listener, issuerId } = bench
    assert.throws(() => feed.synchronise([], []), Fault)
    await feed.look()
    const list = await synchronise()
    assert.deepEqual(
      list.filter(({ item }) => item === 'begin' || item === 'end').map(({ item }) => item),
      ['begin', 'end'],
    )
    assert.deepEqual(listener.wallets, await truth(bench))
    assert.ok(listener.wallets.size >= 3)
    const records = [...listener.records.values()].filter((each) => each.issuerId === issuerId)
    assert.ok(records.some(({ kind }) => kind === 'issuer'))
    // Members are nobody's business at the edge.
    assert.ok(records.every(({ kind }) => kind !== 'member'))
    assert.deepEqual(listener.positions.get(issuerId), { issuerId, segment: 0, hash: '' })
  }))

test('a posting is told by the next look, with the wallet as it stands', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, feed, synchronise, listen, listener, lookAtAll } = bench
    await feed.look()
    await synchronise()
    await lookAtAll()
    await listen()
    await grant(city.pool, { issuerId, walletId: 500, at: time.now })
    await feed.look()
    assert.equal(await listen(), 1)
    assert.equal(listener.wallets.get(`${issuerId}/500`), 100)
    await grant(city.pool, { issuerId, walletId: 500, at: time.now })
    await feed.look()
    await listen()
    assert.equal(listener.wallets.get(`${issuerId}/500`), 200)
    await feed.look()
    assert.equal(await listen(), 0)
  }))

test('what was booked before others and committed after them arrives, near or long ago', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, feed, synchronise, listen, listener, lookAtAll } = bench
    await feed.look()
    await synchronise()
    await lookAtAll()
    await listen()
    const held = await openTransaction(city)
    const bookedAt = time.now
    await grant(held.pool, { issuerId, walletId: 501, at: bookedAt })
    for (const walletId of [502, 503]) {
      time.now += 200
      await grant(city.pool, { issuerId, walletId, at: time.now })
      await feed.look()
      assert.equal(await listen(), 1, 'only what is committed')
    }
    await held.commit()
    await feed.look()
    assert.equal(await listen(), 1)
    assert.equal(listener.wallets.get(`${issuerId}/501`), 100)

    // Booked so long ago that a look through what is recent does not come across it.
    const older = await openTransaction(city)
    await grant(older.pool, { issuerId, walletId: 504, at: bookedAt - 10 * NEAR_MS })
    await feed.look()
    await older.commit()
    await feed.look()
    assert.equal(await listen(), 0)
    time.now += FULL_LOOK_EVERY_MS
    await feed.look()
    await listen()
    assert.deepEqual(listener.wallets, await truth(bench))
  }))

test('what is committed late is told within the bound, however long looks at everything take', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, state, reader, feed, synchronise, listen, listener } = bench
    await feed.look()
    await synchronise()
    const older = await openTransaction(city)
    await grant(older.pool, { issuerId, walletId: 504, at: time.now - 10 * NEAR_MS })
    state.changes = {
      async touchedWallets(...asked) {
        const touched = await reader.touchedWallets(...asked)
        time.now += FULL_LOOK_EVERY_MS_MAX / 2
        return touched
      },
    }
    await feed.look()
    await older.commit()
    time.now += FULL_LOOK_EVERY_MS_MAX / 2
    await feed.look()
    await listen()
    assert.deepEqual(listener.wallets, await truth(bench))
  }))

test('a seal is told once all that it covers has been told', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, feed, registry, synchronise, listen, listener, lookAtAll } = bench
    await feed.look()
    await synchronise()
    await lookAtAll()
    await grant(city.pool, { issuerId, walletId: 500, at: time.now - 30_000 })
    // The follower never brings this one.
    const stop = { recordId: 500, version: 1, body: { stopped: true, reason: '분실' } }
    const at = city.now - 30_000
    await registry.append(issuerId, 'system', [newRecord('wallet_stop', stop)], at)
    await city.sealAll()
    await feed.look()
    await listen()
    assert.equal(listener.positions.get(issuerId)?.segment, 0, 'a near look tells no seal')
    await lookAtAll()
    await listen()
    const position = listener.positions.get(issuerId)
    const anchor = city.anchors.at(-1)
    assert.deepEqual([position?.segment, position?.hash], [anchor?.segment, anchor?.hash])
    assert.equal(listener.wallets.get(`${issuerId}/500`), 100)
    assert.ok(listener.records.has(`${issuerId}/wallet_stop/500/1`))
    await lookAtAll()
    await lookAtAll()
    assert.equal(await listen(), 0)
  }))

test('a look that fails tells nothing, and the next tells all of it', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, state, feed, synchronise, listen, listener } = bench
    await feed.look()
    await synchronise()
    const away = () => Promise.reject(new Fault('postgres_unavailable', 'away'))
    for (const [index, part] of (['wallets', 'touchedWallets', 'seals'] as const).entries()) {
      const linkId = index + 1
      await grant(city.pool, { issuerId, walletId: 500, at: time.now })
      feed.record(issuerId, linkOf(issuerId, { linkId, walletId: 500 }))
      state.changes = { [part]: away }
      time.now += FULL_LOOK_EVERY_MS
      await assert.rejects(feed.look(), Fault)
      assert.equal(await listen(), 0)
      state.changes = {}
      await feed.look()
      await listen()
      assert.deepEqual(listener.wallets, await truth(bench))
      assert.ok(listener.records.has(`${issuerId}/card_link/${linkId}/1`))
    }
  }))

test('what only a look that failed came across is told by the next, however late that is', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, state, feed, synchronise, listen, listener, lookAtAll } = bench
    await feed.look()
    await synchronise()
    await lookAtAll()
    await listen()
    await grant(city.pool, { issuerId, walletId: 500, at: time.now - NEAR_MS + 100 })
    state.changes = { wallets: () => Promise.reject(new Fault('postgres_unavailable', 'away')) }
    await assert.rejects(feed.look(), Fault)
    state.changes = {}
    // Near looks do not reach back to it any more.
    time.now += 200
    await feed.look()
    await lookAtAll()
    await listen()
    assert.deepEqual(listener.wallets, await truth(bench))
  }))

test('in another life of the tail, what was told in the one before is told again', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, state, reader, feed, synchronise, listen, listener, lookAtAll } =
      bench
    await feed.look()
    await synchronise()
    await grant(city.pool, { issuerId, walletId: 500, at: time.now })
    await lookAtAll()
    state.changes = {
      touchedWallets: async (...asked) => {
        return { ...(await reader.touchedWallets(...asked)), transactions: 3 }
      },
    }
    await lookAtAll()
    assert.equal(state.replaced, 1)
    state.changes = {}
    await feed.look()
    await synchronise()
    // As if the copy lacked the wallet's operation until now: its key was told in the life before.
    listener.wallets.delete(`${issuerId}/500`)
    await lookAtAll()
    await listen()
    assert.deepEqual(listener.wallets, await truth(bench))
  }))

test('a newly linked card comes with its wallet, however long that was not touched', () =>
  withFeed(async (bench) => {
    const { city, issuerId, feed, registry, synchronise, listen, listener } = bench
    await grant(city.pool, { issuerId, walletId: 500, at: city.now - 30_000 })
    await city.sealAll()
    await feed.look()
    await synchronise()
    listener.wallets.clear()
    const link = linkOf(issuerId, { linkId: 1, walletId: 500 })
    feed.record(issuerId, link)
    feed.record(issuerId, link)
    await feed.look()
    assert.equal(await listen(), 1)
    assert.equal(listener.wallets.get(`${issuerId}/500`), 100)
    feed.record(issuerId, link)
    await feed.look()
    assert.equal(await listen(), 0, 'a version is told once')
    // The same for a gateway that comes back from a seal.
    const known = [...listener.positions.values()]
    await registry.append(
      issuerId,
      'system',
      [linkOf(issuerId, { linkId: 2, walletId: 500 })],
      city.now,
    )
    listener.wallets.clear()
    await synchronise(known)
    assert.deepEqual([...listener.wallets], [[`${issuerId}/500`, 100]])
    assert.ok(listener.records.has(`${issuerId}/card_link/2/1`))
  }))

test('from a known seal only what lies after it is told, and what the gateway doubts', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, feed, synchronise, listener } = bench
    for (const walletId of [500, 501]) {
      await grant(city.pool, { issuerId, walletId, at: city.now - 30_000 })
    }
    await city.sealAll()
    await feed.look()
    await synchronise()
    const known = [...listener.positions.values()]
    await grant(city.pool, { issuerId, walletId: 502, at: time.now })
    const doubtful = [501, 777].map((walletId) => ({ issuerId, walletId: id('wlt', walletId) }))
    const list = await synchronise(known, doubtful)
    const issuers = list.flatMap((item) => (item.item === 'issuer' ? [item] : []))
    const afresh = issuers.filter((item) => item.afresh).map(({ position }) => position.issuerId)
    assert.deepEqual(afresh, [0, ISSUER_WITHOUT_SEALS], 'those that no seal names')
    const told = list.flatMap((item) =>
      item.item === 'wallets' ? item.wallets.filter((each) => each.issuerId === issuerId) : [],
    )
    const lotsOf = told.map(({ walletId, lots }): [number, number] => [walletId, lots.length])
    assert.deepEqual(
      lotsOf.toSorted(([one], [other]) => one - other),
      [
        [501, 1],
        [502, 1],
        // It was heard of, and the database that told of it is no more.
        [777, 0],
      ],
    )
  }))

test('a seal that is not in the chain sends its issuer afresh', () =>
  withFeed(async (bench) => {
    const { city, issuerId, feed, synchronise, listener } = bench
    await city.sealAll()
    await feed.look()
    await synchronise()
    const { segment, hash } = listener.positions.get(issuerId)!
    listener.wallets.set(`${issuerId}/999`, 5)
    const strange = hash.replace(/^../, (two) => (two === '00' ? '11' : '00'))
    for (const known of [
      { issuerId, segment, hash: strange },
      { issuerId, segment: segment + 1, hash },
      { issuerId, segment: 0, hash: '' },
    ]) {
      listener.wallets.set(`${issuerId}/999`, 5)
      await synchronise([known])
      assert.deepEqual(listener.wallets, await truth(bench))
      assert.deepEqual(listener.positions.get(issuerId), { issuerId, segment, hash })
    }
  }))

test('a database that became an older one gives the tail another life', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, state, reader, feed, place, synchronise, listen, lookAtAll } =
      bench
    await grant(city.pool, { issuerId, walletId: 500, at: city.now - 30_000 })
    await city.sealAll()
    const older = await reader.seals()
    await grant(city.pool, { issuerId, walletId: 501, at: time.now - 20_000 })
    await city.sealAll()
    await feed.look()
    const lose: readonly Partial<CardFeedReading>[] = [
      { seals: async () => older },
      { seals: async () => [] },
      { seals: async () => (await reader.seals()).map((seal) => ({ ...seal, hash: 'ff' })) },
      {
        touchedWallets: async (...asked) => {
          return { ...(await reader.touchedWallets(...asked)), transactions: 3 }
        },
      },
    ]
    for (const [index, changes] of lose.entries()) {
      await synchronise()
      await lookAtAll()
      assert.equal(state.replaced, index)
      state.changes = changes
      await lookAtAll()
      assert.equal(state.replaced, index + 1)
      assert.equal(await feed.tail(place, 0), undefined)
      state.changes = {}
      await feed.look()
    }
    // A chain that went on from what we knew is no other chain.
    await synchronise()
    await lookAtAll()
    await grant(city.pool, { issuerId, walletId: 502, at: time.now - 30_000 })
    await city.sealAll()
    await lookAtAll()
    await listen()
    assert.equal(state.replaced, lose.length)
  }))

test('whatever overlaps, the listener ends with what the ledger holds', () =>
  withFeed(async (bench) => {
    const { city, issuerId, time, feed, synchronise, listen, listener, lookAtAll } = bench
    await feed.look()
    await synchronise()
    const open: Awaited<ReturnType<typeof openTransaction>>[] = []
    // One seed is one story.
    let state = 20_250_919
    const draw = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
      return (state >>> 8) % below
    }
    for (let step = 0; step < 60; step += 1) {
      time.now += draw(900)
      const turn = draw(6)
      if (turn === 0 && open.length < 4) {
        const held = await openTransaction(city)
        // Wallets of their own, or they would wait for one another.
        const walletId = 600 + step
        await grant(held.pool, { issuerId, walletId, at: time.now - draw(5_000) })
        open.push(held)
      } else if (turn === 1 && open.length > 0) {
        await open.splice(draw(open.length), 1)[0]!.commit()
      } else if (turn <= 3) {
        await grant(city.pool, { issuerId, walletId: 550 + draw(6), at: time.now - draw(3_000) })
      } else {
        await feed.look()
        await listen()
      }
      if (step % 20 === 19) await synchronise([...listener.positions.values()])
    }
    for (const held of open) await held.commit()
    await lookAtAll()
    await listen()
    assert.deepEqual(listener.wallets, await truth(bench))
  }))
