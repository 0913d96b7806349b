/** The store of cashback in PostgreSQL against the contracts that the one in memory specifies. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openTestDatabase } from '../../test/database.ts'
import { listAnchors } from '../../test/sealed-city.ts'
import { id } from '../base/base.ts'
import { earnsCashback } from '../cashback/cashback.contract.ts'
import type { OpenBench } from '../cashback/fixtures/street.ts'
import { earnsOnce } from '../cashback/killed.contract.ts'
import { spendsCashback } from '../cashback/spending.contract.ts'
import { checkCashback } from './cashback-audit.ts'
import { createPostgresCashback } from './postgres-cashback.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresProgramReading } from './program-reading.ts'
import { createSealSigner } from './seal-keys.ts'
import { createSealer } from './sealer.ts'

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

const open: OpenBench = async () => {
  issuers += 1
  const issuerId = id('iss', issuers)
  await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
    values (${issuerId}, '2026-01-01T00:00:00Z')`
  return {
    issuerId,
    ledger: {
      ...createPostgresLedger({ paying: pool, buying: pool, reading: pool }),
      ...createPostgresProgramReading(pool),
    },
    store: createPostgresCashback(pool),
    async seal(now) {
      while ((await sealer.sealOnce(issuerId, now)).status === 'sealed');
    },
  }
}

earnsCashback(open)
spendsCashback(open)
earnsOnce(open, 9)

test('the audit finds nothing wrong in all these streets', async () => {
  const findings = await owner.begin(async (transaction) => {
    const found: string[] = []
    for (let issuerId = 1; issuerId <= issuers; issuerId += 1) {
      for await (const { where, sentence } of checkCashback(transaction, issuerId)) {
        found.push(`${issuerId}: ${where} ${sentence}`)
      }
    }
    return found
  })
  assert.ok(issuers > 20)
  assert.deepEqual(findings, [])
})
