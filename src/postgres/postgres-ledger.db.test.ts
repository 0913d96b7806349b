/** The ledger in PostgreSQL against the contract that the in-memory ledger specifies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { id } from '../base/base.ts'
import { ledgerContract } from '../ledger/ledger.contract.ts'
import { accountKinds, movementAccounts, operationKinds, rivalsOf } from '../ledger/ledger.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresProgramReading } from './program-reading.ts'
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
      ...createPostgresProgramReading(pools.reading),
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

test('the database allows each kind of movement the same accounts, and the same ends of a target', async () => {
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  try {
    const allowed = await owner<{ kind: string; debit: string; credit: string }[]>`
      select k::text as kind, d::text as debit, c::text as credit
      from unnest(enum_range(null::ledger.operation_kind)) k, unnest(enum_range(null::ledger.account_kind)) d,
        unnest(enum_range(null::ledger.account_kind)) c
      where ledger.movement_allows(k, d, c)`
    const expected = Object.entries(movementAccounts).flatMap(([kind, pairs]) =>
      pairs.map(([debit, credit]) => `${kind}: ${debit} to ${credit}`),
    )
    const seen = allowed.map(({ kind, debit, credit }) => `${kind}: ${debit} to ${credit}`)
    assert.deepEqual(seen.toSorted(), expected.toSorted())
    const kinds = await owner<{ kind: string; rivals: string[] }[]>`
      select k::text as kind, ledger.movement_rivals(k)::text[] as rivals
      from unnest(enum_range(null::ledger.operation_kind)) k`
    const rivals = new Map(kinds.map((row) => [row.kind, row.rivals]))
    assert.deepEqual([...rivals.keys()].toSorted(), operationKinds.toSorted())
    for (const kind of operationKinds) assert.deepEqual(rivals.get(kind), rivalsOf(kind), kind)
    const accounts = await owner<{ kind: string }[]>`
      select k::text as kind from unnest(enum_range(null::ledger.account_kind)) k`
    assert.deepEqual(accounts.map(({ kind }) => kind).toSorted(), accountKinds.toSorted())
  } finally {
    await owner.end()
  }
})

test('the database refuses what the checks of a core let pass', async () => {
  const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => {} })
  const nothing = '{}'
  const key = '{00000000-0000-7000-8000-000000000001}'
  const one = '{NULL}'
  try {
    await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
      values (9999, '2026-01-01T00:00:00Z')`
    const mint = owner`select * from ledger.post_movements(9999, '2031-01-01T00:00:00Z', ${key}::uuid[],
      '{"\\\\x00"}'::bytea[], '{refund}', ${one}, ${one}, ${one}, ${one}, ${one},
      '{1}', '{operating_fund}', '{0}', '{settlement_in_transit}', '{0}', '{5}',
      ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${nothing},
      ${nothing}, ${nothing}, ${nothing}, ${nothing}, ${one}, ${one}, ${one}, ${one}, ${one}, ${one}, ${one}, ${one},
      ${one}, ${one}, ${one}, ${one}, ${one}, ${nothing}, ${nothing}, ${nothing}, ${nothing})`
    await assert.rejects(mint, /moves money where its kind may not/)
    const [row] = await owner<{ count: string }[]>`
      select count(*)::text as count from ledger.operation where issuer_id = 9999`
    assert.equal(row?.count, '0')
  } finally {
    await owner.end()
  }
})
