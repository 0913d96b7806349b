/** The store of documents in PostgreSQL against the contract that the one in memory keeps too. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Fault, id, type IssuerId } from '../base/base.ts'
import { documentStoreContract } from '../registration/document-store.contract.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresDocuments } from './postgres-documents.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
after(() => pool.close())
let issuers = 0

async function openIssuer(): Promise<IssuerId> {
  issuers += 1
  const issuerId = id('iss', issuers)
  await createPostgresRegistry(pool).openIssuer(issuerId)
  return issuerId
}

documentStoreContract('PostgresDocuments', async () => ({
  store: createPostgresDocuments(pool),
  issuerId: await openIssuer(),
  otherIssuerId: await openIssuer(),
}))

test('the database takes no more than a document may have', async () => {
  const store = createPostgresDocuments(pool)
  const bytes = new Uint8Array(2 * 1_024 * 1_024 + 1)
  await assert.rejects(store.store(await openIssuer(), 'ab'.repeat(32), bytes, 1), Fault)
})

test('the application reads the table by its functions only', async () => {
  await assert.rejects(
    pool.run((sql) => sql`select 1 from registry.document_content`),
    Fault,
  )
})
