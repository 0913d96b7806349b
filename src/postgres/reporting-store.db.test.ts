/** Figures of days in PostgreSQL say what those in memory say, of a city in which everything happened once. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openTestDatabase, type TestDatabase } from '../../test/database.ts'
import { postSmallCity } from '../../test/small-city.ts'
import { businessDate, DAY_MS, id, startOfBusinessDate, type Instant } from '../base/base.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { createMemoryReporting } from '../reporting/fixtures/memory-reporting.ts'
import {
  countNextDay,
  outstandingOf,
  type CountedDay,
  type ReportingStore,
} from '../reporting/reporting.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool, type PostgresPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { createPostgresReporting } from './reporting-store.ts'

const issuerId = id('iss', 3)
const span = { from: '2026-11-01', through: '2026-12-31' } as never
const acquiring = { merchant: () => undefined, outlet: () => undefined }

let database: TestDatabase
let pool: PostgresPool
let stores: readonly ReportingStore[]
let endedAt: Instant

before(async () => {
  database = await openTestDatabase()
  pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
  await createPostgresRegistry(pool).openIssuer(issuerId)
  const memory = createMemoryLedger()
  await postSmallCity(memory, issuerId)
  const postgres = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  endedAt = await postSmallCity(postgres, issuerId)
  stores = [createMemoryReporting(memory), createPostgresReporting(pool, async () => true)]
})
after(async () => {
  await pool.close()
  await database.close()
})

test('days are counted in order, each once, and no day before it is over', async () => {
  for (const store of stores) {
    const count = (now: Instant): Promise<CountedDay> =>
      countNextDay({ store, acquiring }, issuerId, now)
    const endOfFirst = startOfBusinessDate(businessDate(endedAt)) + DAY_MS
    assert.equal((await count(endOfFirst - 1)).status, 'idle')
    const first = await count(endOfFirst + 2 * DAY_MS)
    assert.deepEqual(first, { status: 'counted', day: businessDate(endedAt), daysLeft: 2 })
    assert.equal((await count(endOfFirst + DAY_MS)).status, 'counted')
    assert.equal((await count(endOfFirst + DAY_MS)).status, 'idle')
    assert.equal((await store.days(issuerId, span)).length, 2)
  }
})

test('a day whose end something may still be booked before is not counted', async () => {
  const store = createPostgresReporting(pool, async () => false)
  const counted = await countNextDay({ store, acquiring }, issuerId, endedAt + 9 * DAY_MS)
  assert.equal(counted.status, 'waiting')
})

test('a day that is kept stays as it is', async () => {
  for (const store of stores) {
    const [day] = await store.days(issuerId, span)
    const figures = { day: day!, fromAt: endedAt, untilAt: endedAt + 1, flows: [], accounts: [] }
    const before = await store.totals(issuerId, span)
    assert.equal(await store.keepDay(issuerId, figures), false)
    assert.deepEqual(await store.totals(issuerId, span), before)
  }
})

test('both count the same, and what is outstanding is what the lots hold', async () => {
  const [memory, postgres] = stores as [ReportingStore, ReportingStore]
  const sorted = (sums: readonly unknown[]) => sums.map((each) => JSON.stringify(each)).toSorted()
  const both = async <Answer>(ask: (store: ReportingStore) => Promise<readonly Answer[]>) => {
    const rows = (await ask(postgres)).map((row) => ({ ...row }))
    assert.deepEqual(sorted(rows), sorted(await ask(memory)))
    return rows
  }
  const totals = await both((store) => store.totals(issuerId, span))
  assert.ok(totals.length > 5)
  await both((store) => store.daily(issuerId, span))
  await both((store) => store.accounts(issuerId, span))
  const lots = await pool.run(
    (sql) => sql<{ won: number }[]>`
      select sum(l.remaining_won + l.held_won)::bigint as won
      from generate_series(11, 15) w, ledger.wallet_lots(${issuerId}, w) l`,
  )
  const outstandingWon = [...outstandingOf(totals).values()].reduce((sum, won) => sum + won, 0)
  assert.equal(outstandingWon, lots[0]!.won)
  for (const wallet of [11, 12, 13, 14, 15]) {
    const time = { from: endedAt - DAY_MS, until: endedAt + 1 }
    const [used, expected] = await Promise.all(
      [postgres, memory].map((store) => store.walletUse(issuerId, id('wlt', wallet), time)),
    )
    const sum = (uses: typeof used) => uses!.reduce((total, { usedWon }) => total + usedWon, 0)
    assert.equal(sum(used), sum(expected))
  }
})
