/** The store of recipients in PostgreSQL against the contract of the one in memory. */
import { after } from 'node:test'
import { id, type IssuerId } from '../base/base.ts'
import { recipientStoreContract } from '../corporate/recipient-store.contract.ts'
import { openTestDatabase } from '../../test/database.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRecipientStore } from './postgres-recipient-store.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
after(async () => {
  await pool.close()
  await database.close()
})
const registry = createPostgresRegistry(pool)
let issuers = 0
const openIssuer = async (): Promise<IssuerId> => {
  const issuerId = id('iss', (issuers += 1))
  await registry.openIssuer(issuerId)
  return issuerId
}

recipientStoreContract('PostgresRecipientStore', async () => ({
  store: createPostgresRecipientStore(pool),
  issuerId: await openIssuer(),
  otherIssuerId: await openIssuer(),
}))
