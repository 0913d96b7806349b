/** Lots that will expire: PostgreSQL says what the ledger in memory says, page by page. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, test } from 'node:test'
import { DAY_MS, id, operationId, won, type Instant } from '../base/base.ts'
import {
  createMemoryLedger,
  expiryRequest,
  type DueLotCursor,
  type ExpiringLot,
  type ExpiringLots,
  type Ledger,
} from '../ledger/ledger.ts'
import { memoryExpiringLots } from '../ledger/expiring-lots.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createExpiringLots } from './expiring-lots-reader.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { openPool } from './postgres-pool.ts'

const ISSUER = id('iss', 1)
const AT: Instant = Date.parse('2031-01-01T00:00:00+09:00')
const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
after(async () => {
  await pool.close()
  await database.close()
})

let keys = 0
function keyed() {
  keys += 1
  const key = operationId(`00000000-0000-7000-8000-${String(keys).padStart(12, '0')}`)
  return { operationId: key, requestHash: createHash('sha256').update(key).digest() }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const LOTS = 60

/** Wallets with lots of three programs, at ends of days and in the middle of them; some spent, one expired. */
function stories() {
  const issues = Array.from({ length: LOTS }, (_, index) => ({
    ...keyed(),
    walletId: id('wlt', 1 + (Math.floor(index / 4) % 7)),
    lotId: id('lot', 1000 - index),
    programId: id('prg', 1 + (index % 2)),
    kind: 'purchase' as const,
    expiresAt: AT + Math.floor(index / 4) * (DAY_MS / 2) + (index % 5 === 0 ? 1 : 0),
    sources: {
      payWon: won(100 + index),
      nationalWon: won(0),
      provinceWon: won(0),
      cityWon: won(0),
    },
  }))
  const payments = [1, 2, 3].map((wallet) => ({
    ...keyed(),
    channel: 'mpm_static' as const,
    walletId: id('wlt', wallet),
    merchantId: id('mrc', 1),
    outletId: id('out', 1),
    amountWon: won(130 * wallet),
    tenders: [{ programId: id('prg', 1), kind: 'purchase' as const }],
  }))
  return { issues, payments }
}

async function play(ledger: Ledger, { issues, payments }: ReturnType<typeof stories>) {
  const wallets = Array.from({ length: 7 }, (_, index) => index + 1)
  const opened = wallets.map((n) => ({ walletId: id('wlt', n), memberId: id('mbr', 50 + n) }))
  await ledger.openWallets(ISSUER, opened, AT - DAY_MS)
  for (const [index, issue] of issues.entries())
    await ledger.issue(ISSUER, [issue], AT - 1000 + index)
  await ledger.pay(ISSUER, payments, AT - 1)
  const due = await ledger.dueLots(ISSUER, { until: AT + DAY_MS, limit: 3 })
  const requests = due.map((lot) => expiryRequest(sha256, ISSUER, lot))
  await ledger.expire(ISSUER, requests, AT + DAY_MS)
}

async function all(lots: ExpiringLots, limit: number): Promise<ExpiringLot[]> {
  const found: ExpiringLot[] = []
  const window = { from: AT, until: AT + 6 * DAY_MS, limit }
  for (
    let next: DueLotCursor | undefined, page: readonly ExpiringLot[] = [];
    ;
    next = page.at(-1)
  ) {
    const cursor = next && { expiresAt: next.expiresAt, lotId: next.lotId }
    page = await lots.expiringLots(ISSUER, { ...window, after: cursor })
    found.push(...page)
    if (page.length < limit) return found
  }
}

test('it reads what the ledger in memory reads', async () => {
  const told = stories()
  const memory = createMemoryLedger()
  await createPostgresRegistry(pool).openIssuer(ISSUER)
  await play(memory, told)
  await play(createPostgresLedger({ paying: pool, buying: pool, reading: pool }), told)
  const expected = await all(memoryExpiringLots(memory), 100)
  assert.ok(expected.length > 30 && expected.length < LOTS)
  assert.ok(expected.some((lot) => lot.togetherWon > lot.remainingWon))
  assert.ok(expected.some((lot) => lot.remainingWon === 0))
  for (const limit of [100, 7, 1])
    assert.deepEqual(await all(createExpiringLots(pool), limit), expected)
})
