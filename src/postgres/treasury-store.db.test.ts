/** The treasury's store in PostgreSQL against its contract, as the application's role. */
import { id } from '../base/base.ts'
import { openTestDatabase } from '../../test/database.ts'
import { treasuryStoreContract } from '../treasury/treasury-store.contract.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { createPostgresTreasuryStore } from './treasury-store.ts'

const database = await openTestDatabase()
let issuers = 0

treasuryStoreContract('PostgreSQL', async () => {
  const unclassified: unknown[] = []
  const pool = openPool({
    url: database.appUrl,
    name: 'treasury',
    connectionsMax: 3,
    onUnclassified: (error) => unclassified.push(error),
  })
  const [issuerId, otherIssuerId] = [id('iss', (issuers += 1)), id('iss', (issuers += 1))]
  const registry = createPostgresRegistry(pool)
  for (const one of [issuerId, otherIssuerId]) await registry.openIssuer(one)
  return {
    ledger: createPostgresLedger({ paying: pool, buying: pool, reading: pool }),
    store: createPostgresTreasuryStore(pool),
    issuerId,
    otherIssuerId,
    async close() {
      await pool.close()
      if (unclassified.length > 0) {
        throw new Error('an error that no table names', { cause: unclassified[0] })
      }
    },
  }
})
