/** Settlements that somebody with all rights changed: the audit finds each. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openTestDatabase } from '../../test/database.ts'
import { listAnchors } from '../../test/sealed-city.ts'
import { sentencesAfter } from '../../test/undone-change.ts'
import { id } from '../base/base.ts'
import { at, openMarket, PROGRAMS, termsOf } from '../settlement/fixtures/market.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresSettlements } from './postgres-settlements.ts'
import { createSealSigner } from './seal-keys.ts'
import { createSealer } from './sealer.ts'

const ISSUER = id('iss', 3)
const SHOPS = [11, 12, 13].map((number) => id('mrc', number))
const database = await openTestDatabase()
const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined })
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
after(async () => {
  await pool.close()
  await owner.end()
  await database.close()
})
const keys = generateKeyPairSync('ed25519')
const sealer = createSealer({
  pool,
  signer: createSealSigner(keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()),
  anchors: listAnchors([]),
})
const publicKeys = [keys.publicKey.export({ type: 'spki', format: 'pem' }).toString()]
const now = at('2026-12-07', 9)

/** The sentences of what the audit of settlements finds after a change that is undone. */
const findingsAfter = (change: string): Promise<string[]> =>
  sentencesAfter(owner, change, {
    checker: 'settlement',
    publicKeys,
    anchors: undefined,
    now,
  })

await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
  values (${ISSUER}, '2026-01-01T00:00:00Z')`
const market = await openMarket({
  issuerId: ISSUER,
  ledger: createPostgresLedger({ paying: pool, buying: pool, reading: pool }),
  store: createPostgresSettlements(pool),
  async seal(issuerId, until) {
    while ((await sealer.sealOnce(issuerId, until)).status === 'sealed');
  },
})
const feeTiers = [{ revenueWonMax: null, feeBasisPoints: 50 }]
market.state.terms = PROGRAMS.map((each) => termsOf(each, { feeTiers }))
// Paid out and cancelled afterwards, held back and paid later, carried on for ever.
const first = await market.pay(SHOPS[0]!, [[PROGRAMS[0], 50_000]], at('2026-12-01', 12))
await market.pay(SHOPS[1]!, [[PROGRAMS[1], 20_000]], at('2026-12-01', 13))
await market.pay(SHOPS[2]!, [[PROGRAMS[1], 500]], at('2026-12-01', 14))
market.state.payees.set(SHOPS[1]!, { status: 'held', reason: 'suspended' })
await market.settle(at('2026-12-02', 9))
market.state.payees.delete(SHOPS[1]!)
await market.cancel(first, SHOPS[0]!, 30_000, at('2026-12-02', 12))
await market.pay(SHOPS[0]!, [[PROGRAMS[0], 90_000]], at('2026-12-03', 12))
for (const day of ['03', '04', '07']) await market.settle(at(`2026-12-${day}`, 9))

test('what was settled agrees with the journal, quiet days and their empty seals too', async () => {
  assert.deepEqual(await findingsAfter(''), [])
})

for (const [sentence, change] of [
  [
    'does not begin where the day before ended',
    `update settlement.closed_day
    set from_at = from_at + interval '1 second' where day = '2026-12-03'`,
  ],
  [
    'settles what was booked after its end, or a day that is not closed',
    `update settlement.run
    set until_at = until_at - interval '1 day' where settlement_day = '2026-12-04'`,
  ],
  [
    'is closed and has payouts that were not moved',
    `update settlement.merchant_settlement
    set outcome = 'due' where merchant_id = 11 and settlement_day = '2026-12-02'`,
  ],
  [
    'has lines that add up to something else',
    `update settlement.merchant_settlement
    set payments = payments + 1 where merchant_id = 13`,
  ],
  [
    'carries something else than the settlement before left',
    `update settlement.merchant_settlement
    set carried_payable_won = 0, payable_won = payments_won - cancellations_won
    where merchant_id = 12 and settlement_day > '2026-12-02'`,
  ],
  [
    'has lines whose fees are not the fee on what is left of the day',
    `update settlement.line
    set fee_won = fee_won + 1 where merchant_id = 12`,
  ],
  [
    'was paid another amount than was settled, or not at all, or twice',
    `update settlement.merchant_settlement
    set payout_key = gen_random_uuid() where merchant_id = 11 and settlement_day = '2026-12-02'`,
  ],
  [
    'says something else than was taken on the day',
    `update settlement.line
    set payments_won = payments_won + 1000 where merchant_id = 11 and paid_on = '2026-12-01'`,
  ],
  [
    'says something else than was taken on the day',
    `delete from settlement.line where merchant_id = 13`,
  ],
  [
    'says something else than was taken on the day',
    `update settlement.program_day
    set settlement_day = '2026-12-07' where day = '2026-12-01' and program_id = 2`,
  ],
] as const) {
  test(`found after ${change.replaceAll(/\s+/g, ' ')}`, async () => {
    const findings = await findingsAfter(change)
    assert.ok(findings.includes(sentence), findings.join('; '))
  })
}
