/** The ledger in PostgreSQL against the contract that the in-memory ledger specifies. */
import postgres from 'postgres'
import { id } from '../base/base.ts'
import { ledgerContract } from '../ledger/ledger.contract.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresCardReading, createPostgresReading } from './ledger-reading.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'

const database = await openTestDatabase()
let issuers = 0

const TABLES = [
  ...(['wallet', 'lot', 'transfer', 'purchase', 'program_sale', 'member_sale'] as const),
  ...(['payout', 'payout_step', 'payout_file'] as const),
]

ledgerContract('PostgresLedger', async () => {
  const issuerId = id('iss', (issuers += 1))
  const otherIssuerId = id('iss', (issuers += 1))
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  for (const one of [issuerId, otherIssuerId]) {
    await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
      values (${one}, '2026-01-01T00:00:00Z')`
  }
  const unclassified: unknown[] = []
  const pool = (name: string) =>
    openPool({
      url: database.appUrl,
      name,
      connectionsMax: 6,
      onUnclassified: (error) => unclassified.push(error),
    })
  const pools = { paying: pool('paying'), buying: pool('buying'), reading: pool('reading') }
  return {
    ledger: createPostgresLedger(pools),
    reading: {
      ...createPostgresReading(pools.reading),
      ...createPostgresCardReading(pools.reading),
    },
    issuerId,
    otherIssuerId,
    async dump() {
      const rows = TABLES.map(
        (table) => owner`select * from ${owner(`ledger.${table}`)} t
          where issuer_id in (${issuerId}, ${otherIssuerId}) order by t`,
      )
      return JSON.stringify(await Promise.all(rows))
    },
    async close() {
      await Promise.all([...Object.values(pools).map((each) => each.close()), owner.end()])
      if (unclassified.length > 0)
        throw new Error('an error that no table names', { cause: unclassified[0] })
    },
  }
})
