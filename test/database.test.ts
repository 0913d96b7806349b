import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { openTestDatabase } from './database.ts'

test('each test database is its own and has the schema', async () => {
  const first = await openTestDatabase()
  const second = await openTestDatabase()
  const owner = postgres(first.ownerUrl, { max: 1 })
  await owner`insert into ledger.issuer_head (issuer_id, sealed_until) values (7, '2026-01-01T00:00:00Z')`
  const count = async (url: string) => {
    const sql = postgres(url, { max: 1 })
    const rows = await sql<{ count: number }[]>`select count(*)::integer from ledger.issuer_head`
    await sql.end()
    return rows[0]?.count
  }
  assert.equal(await count(first.auditUrl), 1)
  assert.equal(await count(second.auditUrl), 0)
  const app = postgres(first.appUrl, { max: 1 })
  await assert.rejects(app`select 1 from ledger.issuer_head`, /permission denied/)
  await app.end()
  await owner.end()
  await first.close()
  await second.close()
})
