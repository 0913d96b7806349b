/** A small city in PostgreSQL with its records, ready to be sealed and audited. */
import { generateKeyPairSync } from 'node:crypto'
import { id, type Instant, type IssuerId } from '../src/base/base.ts'
import type { SealAnchor } from '../src/ledger/ledger.ts'
import { createPostgresLedger } from '../src/postgres/postgres-ledger.ts'
import { openPool, type PostgresPool } from '../src/postgres/postgres-pool.ts'
import { createPostgresRegistry } from '../src/postgres/postgres-registry.ts'
import { createSealSigner } from '../src/postgres/seal-keys.ts'
import { createSealer, type SealAnchors, type Sealer } from '../src/postgres/sealer.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'
import { CITY_OPENED_AT, postSmallCity } from './small-city.ts'

export interface SealedCity {
  readonly database: TestDatabase
  readonly pool: PostgresPool
  readonly issuerId: IssuerId
  readonly publicKeys: string[]
  /** What was anchored, oldest first. */
  readonly anchors: SealAnchor[]
  /** Later than everything that was posted. */
  readonly now: Instant
  sealer(options?: { rowsMax?: number; settleTimeoutMs?: number; anchored?: boolean }): Sealer
  /** Seals until nothing waits; returns how many segments that took. */
  sealAll(rowsMax?: number): Promise<number>
  close(): Promise<void>
}

export async function openSealedCity(): Promise<SealedCity> {
  const database = await openTestDatabase()
  const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 8 })
  const issuerId = id('iss', 3)
  const lastAt = await postRecordsAndCity(pool, issuerId)
  const keys = generateKeyPairSync('ed25519')
  const signer = createSealSigner(
    keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  const anchors: SealAnchor[] = []
  const city: SealedCity = {
    database,
    pool,
    issuerId,
    publicKeys: [keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    anchors,
    now: lastAt + 60_000,
    sealer: ({ anchored = true, ...bounds } = {}) =>
      createSealer({ pool, signer, anchors: listAnchors(anchored ? anchors : []), ...bounds }),
    async sealAll(rowsMax = 10) {
      const sealer = city.sealer({ rowsMax })
      let segments = 0
      while ((await sealer.sealOnce(issuerId, city.now)).status === 'sealed') segments += 1
      return segments
    },
    async close() {
      await pool.close()
      await database.close()
    },
  }
  return city
}

/** Anchors in a list. */
export function listAnchors(list: SealAnchor[]): SealAnchors {
  return {
    last: (issuerId) => list.findLast((anchor) => anchor.issuerId === issuerId),
    append: async (anchor) => void list.push(anchor),
  }
}

async function postRecordsAndCity(pool: PostgresPool, issuerId: IssuerId): Promise<Instant> {
  const registry = createPostgresRegistry(pool)
  await registry.openIssuer(issuerId)
  const issuer = { code: 'testcity', nameKo: '시험시', nameEn: 'Test City' }
  const append = (records: Parameters<typeof registry.append>[2]) =>
    registry.append(issuerId, 'system', records, CITY_OPENED_AT)
  await append([
    { kind: 'issuer', recordId: 3, version: 1, body: issuer, keys: ['code:testcity'] },
    // Texts that a careless canonical form would confuse.
    { kind: 'program', recordId: 21, version: 1, body: { name: 'a|b","c\\', nameEn: '\u0007é' } },
    {
      kind: 'member',
      recordId: 51,
      version: 1,
      body: { personId: 'p1', name: '김하나' },
      keys: ['person:p1', 'request:r1'],
    },
  ])
  await append([{ kind: 'program', recordId: 21, version: 2, body: { name: 'c' } }])
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  return postSmallCity(ledger, issuerId)
}
