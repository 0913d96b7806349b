/** How every issuer stands, from books, cases, days, runs and jobs as they are: one statement of a kind. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openSealedCity } from '../../test/sealed-city.ts'
import { OPERATOR } from '../base/base.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { createStatusReader } from './status-reader.ts'

const city = await openSealedCity()
const pool = openPool({ url: city.database.appUrl, name: 'watching', connectionsMax: 2 })
const owner = postgres(city.database.ownerUrl, { max: 1, onnotice: () => undefined })
after(async () => {
  await owner.end()
  await pool.close()
  await city.close()
})
const reader = createStatusReader(pool)
const registry = createPostgresRegistry(pool)
const { issuerId } = city

test('the database says what it is', async () => {
  const { version, isPrimary } = await reader.server()
  assert.match(version, /^\d+/)
  assert.equal(isPrimary, true)
})

test('what is booked and not sealed is told with its oldest, and after sealing the newest seal', async () => {
  const before = (await reader.seals()).get(issuerId)
  assert.equal(before?.newest, null)
  const [oldest] = await owner<{ at: Date }[]>`
    select min(booked_at) as at from ledger.operation where issuer_id = ${issuerId}`
  assert.equal(before?.unsealedSince, oldest?.at.getTime())
  const segments = await city.sealAll()
  const sealed = (await reader.seals()).get(issuerId)
  assert.equal(sealed?.unsealedSince, null)
  assert.equal(sealed?.newest?.segment, segments)
  const [last] = await owner<{ at: Date }[]>`
    select max(until_at) as at from ledger.seal where issuer_id = ${issuerId}`
  assert.equal(sealed?.newest?.sealedAt, last?.at.getTime())
})

test('cases count by their newest version, late ones by the day that is asked about', async () => {
  await registry.openIssuer(OPERATOR)
  const opened = { openedAt: 1_000, facts: {}, resolution: null, closedAt: null }
  const record = (recordId: number, version: number, state: string, dueAt: number) => ({
    kind: 'case' as const,
    recordId,
    version,
    body: {
      ...opened,
      caseKind: 'dispute',
      subject: `s${recordId}`,
      owner: 'issuer',
      state,
      dueAt,
    },
  })
  const write = (...records: ReturnType<typeof record>[]) =>
    registry.append(issuerId, 'system', records, city.now)
  await write(
    record(901, 1, 'open', 5_000),
    record(902, 1, 'open', 9_000),
    record(903, 1, 'open', 9_000),
  )
  await write(record(903, 2, 'closed', 9_000))
  assert.deepEqual([...(await reader.cases(6_000))], [[issuerId, { openCases: 2, lateCases: 1 }]])
  assert.deepEqual([...(await reader.cases(5_000))], [[issuerId, { openCases: 2, lateCases: 0 }]])
})

test('of days and runs the newest is told, and of jobs only what failed', async () => {
  await owner`insert into treasury.day (issuer_id, business_date, computed_at, body) values
    (${issuerId}, '2026-11-20', '2026-11-21', '{"breakCount": 0, "shortWon": 0}'),
    (${issuerId}, '2026-11-21', '2026-11-22', '{"breakCount": 2, "shortWon": 500}')`
  assert.deepEqual(
    [...(await reader.fundDays())],
    [[issuerId, { day: '2026-11-21', breaks: 2, isCovered: false }]],
  )
  await owner`insert into settlement.run (issuer_id, settlement_day, state, until_at, minimum_payout_won, reached,
      opened_at, closed_at) values
    (${issuerId}, '2026-11-20', 'closed', '2026-11-19', 0, 0, '2026-11-20', '2026-11-20'),
    (${issuerId}, '2026-11-23', 'open', '2026-11-22', 0, 0, '2026-11-23', null)`
  await owner`insert into settlement.merchant_settlement (issuer_id, merchant_id, settlement_day, outcome, reason,
      carried_payable_won, carried_fee_won, payments_won, payments, cancellations_won, cancellations, line_fee_won,
      payable_won, fee_won) values
    (${issuerId}, 41, '2026-11-20', 'held', 'account_missing', 0, 0, 9, 1, 0, 0, 0, 9, 0),
    (${issuerId}, 42, '2026-11-23', 'held', 'account_missing', 0, 0, 9, 1, 0, 0, 0, 9, 0),
    (${issuerId}, 43, '2026-11-23', 'carried', null, 0, 0, 9, 1, 0, 0, 0, 9, 0)`
  assert.deepEqual(
    [...(await reader.runs())],
    [[issuerId, { day: '2026-11-23', state: 'open', heldCount: 1 }]],
  )
  await owner`insert into clockwork.job
      (issuer_id, name, key, state, data, due_at, attempts, carried, ended_at, error, failed_at) values
    (0, 'mail', '', 'failed', '{}', '2026-11-20', 5, '{}', '2026-11-20', 'x', '2026-11-20'),
    (${issuerId}, 'mail', '', 'done', '{}', '2026-11-20', 1, '{}', '2026-11-20', null, null)`
  assert.deepEqual([...(await reader.failedJobs())], [[OPERATOR, 1]])
})

test('a pool says how many of its connections work and how many statements wait', async () => {
  const idle = { name: 'watching', inUse: 0, max: 2, waiting: 0 }
  assert.deepEqual(pool.usage(), idle)
  const busy = [1, 2, 3].map(() => pool.run((sql) => sql`select 1`))
  assert.deepEqual(pool.usage(), { name: 'watching', inUse: 2, max: 2, waiting: 1 })
  await Promise.all(busy)
  await assert.rejects(pool.run((sql) => sql`select from nowhere`))
  assert.deepEqual(pool.usage(), idle)
})
