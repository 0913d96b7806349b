/** No payment waits behind a movement that waits itself, and no movement waits for a lot. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { id } from '../base/base.ts'
import { fundedPurse, paymentOf, START_AT, type Purse } from '../ledger/ledger-bench.contract.ts'
import { lotOf, movementText, refundOf } from '../ledger/ledger-movements-bench.contract.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresProgramReading } from './program-reading.ts'
import { createPostgresCardReading, createPostgresReading } from './ledger-reading.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'

const database = await openTestDatabase()
const owner = postgres(database.ownerUrl, { max: 2, onnotice: () => {} })
const [issuerId, otherIssuerId] = [id('iss', 1), id('iss', 2)]
await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
  values (${issuerId}, '2026-01-01T00:00:00Z')`
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
const reading = {
  ...createPostgresReading(pool),
  ...createPostgresCardReading(pool),
  ...createPostgresProgramReading(pool),
}
const bench = { ledger, reading, issuerId, otherIssuerId, close: async () => {} }
after(async () => {
  await pool.close()
  await owner.end()
  await database.close()
})

/** Runs something while a row of the purse is locked by somebody else. */
async function whileLocked<Result>(
  table: 'wallet' | 'lot',
  purse: Purse,
  body: () => Promise<Result>,
): Promise<Result> {
  const reserved = await owner.reserve()
  try {
    await reserved`begin`
    await reserved`select 1 from ${reserved(`ledger.${table}`)}
      where issuer_id = ${issuerId} and wallet_id = ${purse.walletId} for update`
    return await body()
  } finally {
    await reserved`rollback`
    reserved.release()
  }
}

test('a lot that somebody holds is changed, and nobody waits for it', async () => {
  const purse = await fundedPurse(bench, 100)
  const refund = refundOf(await lotOf(bench, purse))
  const move = async () => (await ledger.move(issuerId, [refund], START_AT)).map(movementText)
  assert.deepEqual(await whileLocked('lot', purse, move), ['changed'])
  assert.deepEqual(await move(), ['posted 100'])
})

test('while a movement waits for a wallet, its lots are paid from', async () => {
  const purse = await fundedPurse(bench, 100)
  const refund = refundOf(await lotOf(bench, purse))
  const { moving, paid } = await whileLocked('wallet', purse, async () => {
    const waits = ledger.move(issuerId, [refund], START_AT)
    for (let tries = 0; tries < 1_000 && (await waiting()) === 0; tries += 1);
    assert.equal(await waiting(), 1)
    const outcomes = await ledger.pay(issuerId, [paymentOf(purse, 30)], START_AT)
    assert.equal(await waiting(), 1, 'it has waited all the while')
    return { moving: waits, paid: outcomes }
  })
  assert.equal(paid[0]?.status, 'posted')
  assert.deepEqual((await moving).map(movementText), ['changed'])
})

/** How many connections wait for a lock. */
async function waiting(): Promise<number> {
  const [row] = await owner<{ count: number }[]>`
    select count(*)::integer as count from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`
  return row?.count ?? 0
}
