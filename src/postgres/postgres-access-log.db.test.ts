/** The log of accesses in PostgreSQL against the contract that the one in memory keeps too. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { accessLogContract } from '../access/access-log.contract.ts'
import { createIdSource, Fault, id, type IssuerId } from '../base/base.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresAccessLog } from './postgres-access-log.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
after(() => pool.close())
const log = createPostgresAccessLog(
  pool,
  createIdSource({ node: 1, clock: () => 1_800_000_000_000 }),
)
let issuers = 0

async function openIssuer(): Promise<IssuerId> {
  issuers += 1
  const issuerId = id('iss', issuers)
  await createPostgresRegistry(pool).openIssuer(issuerId)
  return issuerId
}

accessLogContract('PostgresAccessLog', async () => ({
  log,
  issuerId: await openIssuer(),
  otherIssuerId: await openIssuer(),
}))

test('the application can neither change an entry nor erase one by itself', async () => {
  for (const statement of [
    "update registry.access_entry set actor = 'off_9'",
    'delete from registry.access_entry',
    'select 1 from registry.access_entry',
  ]) {
    await assert.rejects(
      pool.run((sql) => sql.unsafe(statement)),
      Fault,
    )
  }
})
