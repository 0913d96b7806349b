/** What the card feed reads, from a small city whose journal is sealed, and from wallets that are touched meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { openSealedCity, type SealedCity } from '../../test/sealed-city.ts'
import { id, operationId, won, type Instant, type WalletId } from '../base/base.ts'
import { createCardFeedReader, type CardFeedReader } from './card-feed-reader.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

async function withCity(
  body: (city: SealedCity, reader: CardFeedReader) => Promise<void>,
): Promise<void> {
  const city = await openSealedCity()
  try {
    await body(city, createCardFeedReader(city.pool))
  } finally {
    await city.close()
  }
}

let keys = 0
/** Opens a wallet and gives it a lot; each call books one operation at an instant. */
async function grant({ pool, issuerId }: SealedCity, walletId: WalletId, at: Instant) {
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  keys += 1
  await ledger.openWallets(issuerId, [{ walletId, memberId: id('mbr', 5_000 + walletId) }], at)
  const sources = { nationalWon: won(0), provinceWon: won(0), cityWon: won(0) }
  const content = {
    operationId: operationId(`00000000-0000-7000-9000-${String(keys).padStart(12, '0')}`),
    requestHash: new Uint8Array(32).fill(keys),
    walletId,
    lotId: id('lot', 9_000 + keys),
    programId: id('prg', 21),
    kind: 'gift' as const,
    expiresAt: city2040,
    sources: { ...sources, payWon: won(keys * 100) },
  }
  const [outcome] = await ledger.issue(issuerId, [content], at)
  assert.equal(outcome?.status, 'posted')
}
const city2040 = Date.UTC(2040, 0, 1)

const walletIds = ({ wallets }: { wallets: readonly { walletId: number }[] }) =>
  wallets.map(({ walletId }) => walletId).toSorted((one, other) => one - other)

test('the newest seal of each issuer is a position, and old ones are known by their hash', () =>
  withCity(async (city, reader) => {
    assert.deepEqual(await reader.seals(), [])
    const segments = await city.sealAll(20)
    const [newest, ...others] = await reader.seals()
    assert.deepEqual(others, [])
    const anchor = city.anchors.at(-1)
    assert.deepEqual(
      [newest?.issuerId, newest?.segment, newest?.hash],
      [city.issuerId, segments, anchor?.hash],
    )
    assert.ok(newest !== undefined && newest.untilAt < city.now)
    const [first] = city.anchors
    const { issuerId } = city
    const known = await reader.knownSeals([
      { issuerId, segment: 1, hash: first!.hash },
      { issuerId, segment: 2, hash: first!.hash },
      { issuerId: id('iss', 4), segment: 1, hash: first!.hash },
      { issuerId, segment: segments, hash: newest.hash },
      { issuerId, segment: 3, hash: 'no hex at all' },
    ])
    assert.deepEqual(
      known.map(({ segment }) => segment),
      [1, segments],
    )
    assert.deepEqual(known[1], newest)
  }))

test('wallets are told that something moved later than the floor, each once', () =>
  withCity(async (city, reader) => {
    const { issuerId, now } = city
    const at = now - 30_000
    const floorAt = (after: Instant) => [{ issuerId, after }]
    assert.deepEqual(walletIds(await reader.touchedWallets(floorAt(0))), [11, 12, 13, 14, 15])
    assert.deepEqual(walletIds(await reader.touchedWallets(floorAt(at))), [])
    assert.deepEqual(walletIds(await reader.touchedWallets([])), [])
    await grant(city, id('wlt', 500), at + 1)
    await grant(city, id('wlt', 500), at + 2)
    await grant(city, id('wlt', 501), at + 3)
    assert.deepEqual(walletIds(await reader.touchedWallets(floorAt(at))), [500, 501])
    assert.deepEqual(walletIds(await reader.touchedWallets(floorAt(at + 2))), [501])
    assert.deepEqual(walletIds(await reader.touchedWallets(floorAt(at + 3))), [])
    const elsewhere = [{ issuerId: id('iss', 4), after: 0 }]
    assert.deepEqual(walletIds(await reader.touchedWallets(elsewhere)), [])
  }))

test('a wallet whose lots a movement changed is told', () =>
  withCity(async (city, reader) => {
    const { issuerId, now, pool } = city
    const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
    const seen = (await ledger.lots(issuerId, id('wlt', 11))).find((one) => one.remainingWon > 0)
    assert.ok(seen !== undefined)
    const at = now - 30_000
    const line = {
      debitKind: 'lot',
      debitId: seen.lotId,
      creditKind: 'subsidy_receivable',
    } as const
    const clawback = {
      operationId: operationId('00000000-0000-7000-9000-000000009999'),
      requestHash: new Uint8Array(32),
      kind: 'clawback' as const,
      walletId: seen.walletId,
      lines: [{ ...line, creditId: 1, amountWon: seen.remainingWon }],
      seen: [seen],
    }
    const [outcome] = await ledger.move(issuerId, [clawback], at + 1)
    assert.equal(outcome?.status, 'posted')
    const touched = await reader.touchedWallets([{ issuerId, after: at }])
    assert.deepEqual(walletIds(touched), [seen.walletId])
    const [told] = await reader.wallets([{ issuerId, walletId: seen.walletId }])
    const { programId, kind, expiresAt, remainingWon } = seen
    const gone = { programId, kind, expiresAt, remainingWon }
    assert.ok(told?.lots.every((one) => JSON.stringify(one) !== JSON.stringify(gone)))
  }))

test('a reading leaves out what the one it names has given, and finds what was committed late', () =>
  withCity(async (city, reader) => {
    const { issuerId, now, database } = city
    const at = now - 30_000
    const floors = [{ issuerId, after: at }]
    const begin = await reader.touchedWallets([])
    await grant(city, id('wlt', 500), at + 10)
    const first = await reader.touchedWallets(floors, begin.snapshot)
    assert.deepEqual(walletIds(first), [500])
    assert.deepEqual(walletIds(await reader.touchedWallets(floors, first.snapshot)), [])
    // Booked before what was given already, committed only now.
    const owner = postgres(database.ownerUrl, { max: 1 })
    try {
      await owner.begin(async (transaction) => {
        await transaction`select * from ledger.open_wallets(${issuerId}, ${new Date(at + 5)},
          array[501]::bigint[], array[7501]::bigint[])`
        assert.deepEqual(walletIds(await reader.touchedWallets(floors, first.snapshot)), [])
      })
    } finally {
      await owner.end()
    }
    const second = await reader.touchedWallets(floors, first.snapshot)
    assert.deepEqual(walletIds(second), [501])
    assert.ok(second.transactions > first.transactions)
    // Whoever did not get as far as telling it asks under the same name again.
    assert.deepEqual(walletIds(await reader.touchedWallets(floors, first.snapshot)), [501])
    assert.deepEqual(walletIds(await reader.touchedWallets(floors, second.snapshot)), [])
    // A name that this reader never gave, and none: everything.
    for (const name of ['of another life', '999', undefined]) {
      assert.deepEqual(walletIds(await reader.touchedWallets(floors, name)), [500, 501])
    }
  }))

test('a long journal is read in pages, and none of it is lost between them', () =>
  withCity(async (city) => {
    const { issuerId, now } = city
    const at = now - 30_000
    const reader = createCardFeedReader(city.pool, { touchedPage: 2 })
    // Seven wallets, some of them opened and filled at one instant.
    for (let index = 0; index < 7; index += 1) {
      await grant(city, id('wlt', 500 + index), at + 1 + Math.floor(index / 3))
    }
    const touched = await reader.touchedWallets([{ issuerId, after: at }])
    assert.deepEqual(walletIds(touched), [500, 501, 502, 503, 504, 505, 506])
  }))

test('a wallet is told with the lots that have money left, without any as empty, unknown not at all', () =>
  withCity(async (city, reader) => {
    const { issuerId } = city
    const ledger = createPostgresLedger({
      paying: city.pool,
      buying: city.pool,
      reading: city.pool,
    })
    const empty = { walletId: id('wlt', 600), memberId: id('mbr', 6_000) }
    await ledger.openWallets(issuerId, [empty], city.now)
    const ids = [11, 12, 13, 14, 15, 600, 601].map((number) => id('wlt', number))
    const told = await reader.wallets([
      ...ids.map((walletId) => ({ issuerId, walletId })),
      { issuerId: id('iss', 4), walletId: ids[0]! },
    ])
    assert.deepEqual(walletIds({ wallets: told }), [11, 12, 13, 14, 15, 600])
    for (const { walletId, lots } of told) {
      const spendable = (await ledger.lots(issuerId, walletId)).filter(
        (lot) => lot.remainingWon > 0,
      )
      const expected = spendable
        .toSorted((one, other) => one.lotId - other.lotId)
        .map(({ programId, kind, expiresAt, remainingWon }) => {
          return { programId, kind, expiresAt, remainingWon }
        })
      assert.deepEqual(lots, expected)
    }
    assert.ok(told[0]!.lots.length > 1)
    assert.deepEqual(told.at(-1)?.lots, [])
    assert.deepEqual(await reader.wallets([]), [])

    const paged = [
      ...(await reader.walletsAfter(issuerId, 0, 3)),
      ...(await reader.walletsAfter(issuerId, 13, 2)),
      ...(await reader.walletsAfter(issuerId, 15, 3)),
    ]
    assert.deepEqual(paged, told)
    assert.deepEqual(await reader.walletsAfter(issuerId, 600, 3), [])
  }))

test('records are told from an instant on, those of the kinds asked for, oldest first', () =>
  withCity(async (city, reader) => {
    const { issuerId, now } = city
    const registry = createPostgresRegistry(city.pool)
    const append = (recordId: number, at: Instant) =>
      registry.append(
        issuerId,
        'system',
        [{ kind: 'program', recordId, version: 1, body: { name: `${recordId}` } }],
        at,
      )
    await append(31, now + 1)
    await append(30, now + 2)
    const read = async (after: Instant) => {
      const told: string[] = []
      for await (const page of reader.recordsSince(issuerId, ['program', 'issuer'], after)) {
        for (const { kind, recordId, version } of page) told.push(`${kind} ${recordId}.${version}`)
      }
      return told
    }
    const all = ['issuer 3.1', 'program 21.1', 'program 21.2', 'program 31.1', 'program 30.1']
    assert.deepEqual(await read(0), all)
    assert.deepEqual(await read(now), ['program 31.1', 'program 30.1'])
    assert.deepEqual(await read(now + 1), ['program 30.1'])
    assert.deepEqual(await read(now + 2), [])
    for await (const [record] of reader.recordsSince(issuerId, ['program'], now + 1)) {
      assert.deepEqual(record, {
        issuerId,
        kind: 'program',
        recordId: 30,
        version: 1,
        body: { name: '30' },
      })
    }
  }))
