/** The registry in PostgreSQL against the contract that the one in memory specifies. */
import { after } from 'node:test'
import type { IssuerId } from '../base/base.ts'
import { registryContract } from '../registration/registry.contract.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { openPool } from './postgres-pool.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
after(() => pool.close())
let issuers = 0

registryContract('PostgresRegistry', async () => ({
  registry: createPostgresRegistry(pool),
  issuerId: (issuers += 1) as IssuerId,
  otherIssuerId: (issuers += 1) as IssuerId,
  close: async () => {},
}))
