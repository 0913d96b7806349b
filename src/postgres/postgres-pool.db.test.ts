import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import postgres from 'postgres'
import { openTestDatabase, type TestDatabase } from '../../test/database.ts'
import { Fault } from '../base/base.ts'
import { freePort } from '../main/free-port.ts'
import { openPool, type PostgresPool } from './postgres-pool.ts'
import { findPrimary, hostUrls } from './primary.ts'

/** Much longer than refused connections take, and shorter than any patience of the pool's. */
const SOON_MS = 8_000

async function opened(
  t: TestContext,
  hostsOf: (alive: string, dead: string) => string,
): Promise<{ pool: PostgresPool; database: TestDatabase; url: string }> {
  const database = await openTestDatabase()
  const { host } = new URL(database.appUrl)
  const hosts = hostsOf(host, `127.0.0.1:${await freePort()}`)
  const url = database.appUrl.replace(host, hosts)
  const pool = openPool({ url, name: 'test', connectionsMax: 3 })
  t.after(async () => {
    await pool.close()
    await database.close()
  })
  return { pool, database, url }
}

const one = (pool: PostgresPool) => pool.run((sql) => sql<{ n: number }[]>`select 1 as n`)

test('several hosts in one URL are told apart, with all that goes with them', () => {
  assert.deepEqual(hostUrls('postgres://u:p%2C@a:1,b:2/dure?x=1,2'), [
    'postgres://u:p%2C@a:1/dure?x=1,2',
    'postgres://u:p%2C@b:2/dure?x=1,2',
  ])
  assert.deepEqual(hostUrls('postgres://a/dure'), ['postgres://a/dure'])
})

test('a dead host before the living one is passed over', async (t) => {
  const { pool, url, database } = await opened(t, (alive, dead) => `${dead},${alive}`)
  const answers = await Promise.all([one(pool), one(pool), one(pool), one(pool)])
  assert.deepEqual(
    answers.flat().map(({ n }) => n),
    [1, 1, 1, 1],
  )
  assert.equal(await findPrimary(url), database.appUrl)
})

test('where all hosts are dead a statement fails soon, and certainly did not run', async (t) => {
  const { pool, url } = await opened(t, (_alive, dead) => `${dead},${dead}`)
  const late = AbortSignal.timeout(SOON_MS)
  const tooLate = new Promise((_, reject) =>
    late.addEventListener('abort', () => reject(late.reason)),
  )
  await assert.rejects(Promise.race([one(pool), tooLate]), (error) => {
    assert.ok(error instanceof Fault, String(error))
    assert.equal(error.code, 'postgres_unavailable')
    return true
  })
  await assert.rejects(findPrimary(url), /ECONNREFUSED.*; .*ECONNREFUSED/)
})

test('a host that turned read-only is left, and found again when it is the primary', async (t) => {
  const { pool, database, url } = await opened(t, (alive, dead) => `${alive},${dead}`)
  const owner = postgres(database.ownerUrl, { max: 1 })
  t.after(() => owner.end())
  const name = new URL(database.ownerUrl).pathname.slice(1)
  assert.equal((await one(pool)).length, 1)
  await owner.unsafe(`alter database ${name} set default_transaction_read_only = on`)
  await owner`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = ${name} and usename = 'dure_app'`
  // The connections that were cut off may say so first.
  const codes = new Set<string>()
  for (let attempt = 0; attempt < 6; attempt += 1) {
    await one(pool).catch((error: unknown) => codes.add(error instanceof Fault ? error.code : '?'))
  }
  assert.ok(codes.has('postgres_unavailable'), [...codes].join())
  assert.ok(!codes.has('?'))
  await assert.rejects(findPrimary(url), /it is not the primary; .*ECONNREFUSED/)
  await owner.unsafe(`set default_transaction_read_only = off;
    alter database ${name} reset default_transaction_read_only`)
  const [row] = await one(pool)
  assert.equal(row?.n, 1)
})
