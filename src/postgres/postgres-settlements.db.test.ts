/** The store of settlements in PostgreSQL against the contract that the one in memory specifies. */
import { generateKeyPairSync } from 'node:crypto'
import { after } from 'node:test'
import postgres from 'postgres'
import { listAnchors } from '../../test/sealed-city.ts'
import { openTestDatabase } from '../../test/database.ts'
import { id, type Instant, type IssuerId } from '../base/base.ts'
import { settledOnce } from '../settlement/settlement-killed.contract.ts'
import { settledAtRandom } from '../settlement/settlement-random.contract.ts'
import { createPostgresReading } from './ledger-reading.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresSettlements } from './postgres-settlements.ts'
import { createSealSigner } from './seal-keys.ts'
import { createSealer } from './sealer.ts'
import { createPostgresSettlementReading } from './settlement-reading.ts'

const database = await openTestDatabase()
const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 8 })
const signer = createSealSigner(
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
)
const sealer = createSealer({ pool, signer, anchors: listAnchors([]) })
after(async () => {
  await pool.close()
  await owner.end()
  await database.close()
})
let issuers = 0

async function open() {
  issuers += 1
  const issuerId = id('iss', issuers)
  await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
    values (${issuerId}, '2026-01-01T00:00:00Z')`
  const pools = { paying: pool, buying: pool, reading: pool }
  return {
    issuerId,
    ledger: { ...createPostgresLedger(pools), ...createPostgresReading(pool) },
    store: createPostgresSettlements(pool),
    reading: createPostgresSettlementReading(pool),
    async seal(issuer: IssuerId, now: Instant) {
      while ((await sealer.sealOnce(issuer, now)).status === 'sealed');
    },
  }
}

settledAtRandom(open, 12)
settledOnce(open)
