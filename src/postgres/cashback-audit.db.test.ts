/** Rows of cashback that somebody with all rights changed: the audit finds each. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openTestDatabase } from '../../test/database.ts'
import { listAnchors } from '../../test/sealed-city.ts'
import { sentencesAfter } from '../../test/undone-change.ts'
import { DAY_MS, id } from '../base/base.ts'
import { LARGE, openStreet, OTHER, PROGRAM, SMALL, termsOf } from '../cashback/fixtures/street.ts'
import { sampleCashbackRules } from '../issuing/terms-sample.ts'
import { createPostgresCashback } from './postgres-cashback.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresProgramReading } from './program-reading.ts'
import { createSealSigner } from './seal-keys.ts'
import { createSealer } from './sealer.ts'

const ISSUER = id('iss', 3)
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

/** The sentences of what the audit of cashback finds after a change that is undone. */
const findingsAfter = (change: string): Promise<string[]> =>
  sentencesAfter(owner, change, {
    checker: 'cashback',
    publicKeys,
    anchors: undefined,
    now: street.time.now,
  })

await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
  values (${ISSUER}, '2026-01-01T00:00:00Z')`
const street = await openStreet({
  issuerId: ISSUER,
  ledger: {
    ...createPostgresLedger({ paying: pool, buying: pool, reading: pool }),
    ...createPostgresProgramReading(pool),
  },
  store: createPostgresCashback(pool),
  async seal(now) {
    while ((await sealer.sealOnce(ISSUER, now)).status === 'sealed');
  },
})
// Two programs, cancelled before and after posting, in part, with other lots and with nothing left.
const ann = await street.join([
  [PROGRAM, 100_000],
  [OTHER, 20_000],
])
const bob = await street.join([[PROGRAM, 100_000]])
const first = await street.pay(ann, SMALL, 110_000)
const all = await street.pay(bob, SMALL, 100_000)
const early = await street.pay(ann, SMALL, 5_000)
await street.cancel(early, SMALL, 1_000)
await street.work()
await street.cancel(first, SMALL, 40_001)
await street.pay(bob, LARGE, 13_000)
await street.cancel(all, SMALL, 60_000)
await street.pay(bob, LARGE, 60_000)
await street.work()
// Waits, of which part is cancelled, part brought in, and part lapses.
street.terms[0] = termsOf(PROGRAM, {
  cashback: { ...sampleCashbackRules, spending: 'by_button', validityMonths: 1 },
})
const eve = await street.join([[PROGRAM, 100_000]])
const press = { issuerId: ISSUER, walletId: eve }
const lapsing = await street.pay(eve, SMALL, 10_000)
await street.cancel(lapsing, SMALL, 3_000)
await street.work()
await street.cancel(lapsing, SMALL, 2_000)
await street.work()
street.time.now += 40 * DAY_MS
await street.work()
await street.pay(eve, SMALL, 10_000)
await street.work()
await street.cashback.press({ ...press, requestId: street.newKey() })
await street.pay(eve, SMALL, 10_000)
await street.pay(eve, SMALL, 10_000)
await street.work()

test('what is written agrees with the journal', async () => {
  assert.deepEqual(await findingsAfter(''), [])
  const { count } = await owner`select from cashback.take_back where state = 'short'`
  assert.equal(count, 1)
  const states = await owner<{ state: string }[]>`
    select distinct state::text from cashback.earning where wallet_id = ${eve} order by 1`
  assert.deepEqual(
    states.map(({ state }) => state),
    ['lapsed', 'posted', 'waiting'],
  )
})

const share = (change: string, payment: string) =>
  `update cashback.earning_share set ${change} where payment_id = '${payment}'`

for (const [sentence, change] of [
  ['spent something else than is written of it', share('spent_won = spent_won + 1', all)],
  [
    'has earned more than its rate, or less without a reason',
    share('rate_basis_points = rate_basis_points - 1', first),
  ],
  [
    'keeps something else than its rest would have earned',
    share('taken_back_won = taken_back_won - 1', all),
  ],
  [
    'was cancelled by something else than is written of it',
    share('cancelled_won = cancelled_won - 1', all),
  ],
  [
    'is of no cancellation of the payment, or of another amount',
    `update cashback.take_back_share set cancelled_won = cancelled_won - 1 where cancelled_won = 60000`,
  ],
  [
    'was posted otherwise than is written, or not at all, or twice',
    share('posted_won = posted_won - 1', early),
  ],
  [
    'was posted otherwise than is written, or not at all, or twice',
    `update cashback.earning set state = 'refused', operation_id = null where payment_id = '${early}'`,
  ],
  [
    'gave back to its funders something else than is written',
    `update cashback.earning_share set returned_national_won = returned_national_won - 1
    where returned_national_won > 0`,
  ],
  [
    'has promised more or less than waits',
    `update cashback.promise set waiting_won = waiting_won + 1`,
  ],
  [
    'says that more or less was taken than went back',
    `update cashback.take_back_share set taken_won = taken_won - 1
    where taken_won > 0 and cancellation_id in (
      select cancellation_id from cashback.take_back where payment_id = '${early}')`,
  ],
] as const) {
  test(`found: it ${sentence}`, async () => {
    assert.ok((await findingsAfter(change)).includes(sentence))
  })
}
