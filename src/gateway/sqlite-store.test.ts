/** The store on disk keeps the contract of the one in memory; what only a disk can do wrong is tested here. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { Fault, id, lotKinds, won } from '../base/base.ts'
import type { FedLot } from '../cards/cards.ts'
import { NOON, reversalOf, saleOfStan, TOWN } from '../standin/fixtures/small-town.ts'
import { storeContract } from '../standin/store.contract.ts'
import type { StandInStore } from '../standin/standin.ts'
import { mountSmallVolume } from '../../test/faults/fixtures/small-volume.ts'
import { packLots, unpackLots } from './sqlite-store-lots.ts'
import { STORE_VERSION } from './sqlite-store-schema.ts'
import { openSqliteStore, readSqliteStore } from './sqlite-store.ts'

async function scratch(): Promise<{ path: string; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'dure-store-'))
  return { path: join(folder, 'store.db'), close: () => rm(folder, { recursive: true }) }
}

async function scratchFor(t: TestContext): Promise<string> {
  const { path, close } = await scratch()
  t.after(close)
  return path
}

storeContract('the store in SQLite', async () => {
  const { path, close } = await scratch()
  let store = openSqliteStore(path)
  return {
    store,
    async reopen() {
      store.close()
      store = openSqliteStore(path)
      return store
    },
    async close() {
      store.close()
      await close()
    },
  }
})

const isFault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

function note(store: StandInStore, stan: number): void {
  store.commit((batch) =>
    batch.addNotice({
      name: `reverse/${stan}`,
      group: 'w/1/1',
      saleKey: `key-${stan}`,
      notedAt: NOON,
      notice: reversalOf(saleOfStan(stan, 1, 1_000)),
    }),
  )
}

test('lots are the same after packing, whatever their numbers', () => {
  const lot = fc.record(
    {
      programId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((n) => id('prg', n)),
      kind: fc.constantFrom(...lotKinds),
      expiresAt: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      remainingWon: fc.integer({ min: 0, max: 1_000_000_000_000 }).map(won),
    },
    { noNullPrototype: true },
  ) satisfies fc.Arbitrary<FedLot>
  fc.assert(
    fc.property(fc.array(lot, { maxLength: 12 }), (lots) => {
      assert.deepEqual(unpackLots(packLots(lots)), lots)
    }),
  )
})

test('a store of a newer program, of another program, and no store at all are refused', async (t) => {
  const path = await scratchFor(t)
  openSqliteStore(path).close()
  const newer = new DatabaseSync(path)
  newer.exec(`pragma user_version = ${STORE_VERSION + 1}`)
  newer.close()
  assert.throws(() => openSqliteStore(path), isFault('schema_too_new'))
  assert.throws(() => readSqliteStore(path), isFault('schema_too_new'))
  const foreign = new DatabaseSync(`${path}.foreign`)
  foreign.exec('create table something (n)')
  foreign.close()
  assert.throws(() => openSqliteStore(`${path}.foreign`), isFault('standin_store_failed'))
  await writeFile(`${path}.text`, 'this was never a database, whatever its name says'.repeat(50))
  assert.throws(() => openSqliteStore(`${path}.text`), isFault('standin_store_failed'))
  assert.throws(() => openSqliteStore('/nowhere/store.db'), isFault('standin_store_failed'))
})

test('one process owns a store, others may read it meanwhile', async (t) => {
  const path = await scratchFor(t)
  const store = openSqliteStore(path)
  note(store, 1)
  assert.throws(() => openSqliteStore(path), isFault('standin_store_failed'))
  const reading = readSqliteStore(path)
  assert.equal([...reading.notices()].length, 1)
  note(store, 2)
  assert.equal([...reading.notices()].length, 2)
  assert.equal(reading.totals().waiting, 2)
  assert.deepEqual([...reading.answers()], [])
  reading.close()
  store.close()
  const next = openSqliteStore(path)
  assert.equal(next.totals().waiting, 2)
  next.close()
})

test('a corrupt page is said to be one', async (t) => {
  const path = await scratchFor(t)
  const store = openSqliteStore(path)
  for (let stan = 1; stan <= 200; stan += 1) note(store, stan)
  store.close()
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  const pages = size / 4_096
  // All pages but the first, which holds the schema.
  await file.write(Buffer.alloc((pages - 1) * 4_096, 0xa5), 0, (pages - 1) * 4_096, 4_096)
  await file.close()
  assert.throws(() => {
    const broken = openSqliteStore(path)
    try {
      note(broken, 999)
    } finally {
      broken.close()
    }
  }, isFault('standin_store_failed'))
})

test('a full disk is said to be full, loses nothing, and is well again once there is room', async (t) => {
  const volume = await mountSmallVolume(4)
  if ('impossible' in volume) return t.skip(volume.impossible)
  const store = openSqliteStore(join(volume.path, 'store.db'))
  t.after(async () => {
    store.close()
    await volume.close()
  })
  note(store, 1)
  await volume.fill()
  let written = 1
  assert.throws(() => {
    for (let stan = 2; stan < 5_000; stan += 1) {
      note(store, stan)
      written = stan
    }
  }, isFault('standin_store_full'))
  // Reading goes on, and what was written is there.
  assert.equal(store.totals().waiting, written)
  assert.equal(store.waiting(0, 10_000).length, written)
  assert.throws(() => note(store, 5_001), isFault('standin_store_full'))
  await volume.free()
  note(store, 5_002)
  assert.equal(store.totals().waiting, written + 1)
})

/** Commits two notices at a time, from a number on, and says the number once its commit has returned. */
const WRITER = `
  import { openSqliteStore } from ${JSON.stringify(new URL('./sqlite-store.ts', import.meta.url).href)}
  const [path, first] = process.argv.slice(1)
  const store = openSqliteStore(path)
  for (let n = Number(first); ; n += 1) {
    store.commit((batch) => {
      for (const part of ['a', 'b']) {
        batch.addNotice({ name: part + n, group: 'w/1/1', saleKey: 'key-' + n, notedAt: n, notice: {
          kind: 'reverse', sale: {}, keepWon: 0, decidedAt: n } })
      }
    })
    process.stdout.write(n + '\\n')
  }
`

test('nothing that was acknowledged is lost when the process is killed in the middle of commits', async (t) => {
  const path = await scratchFor(t)
  let committed = 0
  for (let round = 0; round < 4; round += 1) {
    const args = ['--input-type=module', '--eval', WRITER, path, String(committed + 1)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(child, 'exit')
    let acknowledged = committed
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged = Number(line)
      if (acknowledged >= committed + 40) child.kill('SIGKILL')
    }
    await ended
    const store = openSqliteStore(path)
    const names = store.waiting(0, 100_000).map(({ name }) => name)
    store.close()
    // The last commit may have been made without our hearing of it, but never a half of one.
    committed = names.length / 2
    assert.ok(committed >= acknowledged, `${committed} are there, ${acknowledged} were said`)
    const whole = Array.from({ length: committed }, (_, n) => [`a${n + 1}`, `b${n + 1}`])
    assert.deepEqual(names, whole.flat())
  }
})

test('millions of rows are not needed to see that a card costs few bytes', async (t) => {
  const path = await scratchFor(t)
  const store = openSqliteStore(path)
  t.after(() => store.close())
  const cards = 20_000
  for (let from = 0; from < cards; from += 1_000) {
    store.commit((batch) => {
      for (let n = from + 1; n <= from + 1_000; n += 1) {
        // Ids as the id source makes them are large; tokens come in no order.
        const number = 4_000_000_000_000 + n * 7_919
        const walletId = id('wlt', number)
        const cardToken = `T${((n * 2_654_435_761) % 4_294_967_296).toString(16).padStart(19, '0')}`
        const lot = { kind: 'purchase', expiresAt: NOON + n, remainingWon: won(50_000) } as const
        const lots = [1, 2].map((program) => ({ ...lot, programId: id('prg', number + program) }))
        batch.putWallet({ issuerId: TOWN, walletId, lots }, 1)
        const link = {
          issuerId: TOWN,
          linkId: id('crd', number),
          partnerId: id('prt', 1),
          cardToken,
          lastFour: '1234',
          memberId: id('mbr', number),
          walletId,
          personId: `person-${String(number).padStart(13, '0')}`,
          spending: 'voucher_first' as const,
          onUnknown: null,
          active: true,
        }
        batch.putCard(link, 1, 1)
      }
    })
  }
  assert.equal(store.totals().cards, cards)
  const database = new DatabaseSync(path, { readOnly: true })
  const pages = database.prepare('pragma page_count').get()
  database.close()
  const bytes = (Number(pages?.['page_count']) * 4_096) / cards
  // 1 GiB for 2.5 million leaves 429 bytes for each.
  assert.ok(bytes < 330, `${bytes} bytes for a card with its wallet`)
})
