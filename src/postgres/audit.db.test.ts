/**
 * Somebody with all rights changes the sealed books: whatever he changes in any table of the ledger and the registry,
 * the audit finds it. Tables and columns come from the catalogue, so that a new one cannot be forgotten.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openSealedCity } from '../../test/sealed-city.ts'
import { auditUndone } from '../../test/undone-change.ts'
import type { AuditReport } from './audit.ts'

/** Columns that hold nothing an auditor needs. Each with its reason. */
const exempt: Record<string, string> = {
  'registry.core_node':
    'the last node number handed out: it names no money, no person and no record',
  'registry.document_content':
    'bytes of papers under their own hash, which the sealed record of each paper bears',
  'registry.access_entry':
    'who looked at whose data: it is erased when its time is over, so no seal covers it; it names no money',
}

const city = await openSealedCity()
const owner = postgres(city.database.ownerUrl, { max: 1, onnotice: () => undefined })
after(async () => {
  await owner.end()
  await city.close()
})
await city.sealAll(10)
interface Column {
  table: string
  column: string
  type: string
  nullable: boolean
  inKey: boolean
}

/** Every column of every table. */
const columns = await owner<Column[]>`
  select format('%I.%I', n.nspname, c.relname) as table, a.attname as column,
    format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
    coalesce(a.attnum = any (i.indkey), false) as "inKey"
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_index i on i.indrelid = c.oid and i.indisprimary
  where n.nspname in ('ledger', 'registry') and c.relkind in ('r', 'p')
  order by 1, a.attnum`
await dropRules()
const checked = columns.filter(({ table }) => exempt[table] === undefined)
const tables = [...new Set(checked.map(({ table }) => table))]

/** Keys, foreign keys and checks would stop some changes; whoever has all rights drops them first. */
async function dropRules(): Promise<void> {
  await owner.unsafe(`do $$ declare c record; begin
    for c in select conrelid::regclass as owner, conname from pg_constraint
      where connamespace in ('ledger'::regnamespace, 'registry'::regnamespace) and contype in ('c', 'f', 'p', 'u', 'x')
      order by contype
    loop execute format('alter table %s drop constraint if exists %I cascade', c.owner, c.conname); end loop;
    for c in select i.indexrelid::regclass as name from pg_index i join pg_class t on t.oid = i.indrelid
      where t.relnamespace in ('ledger'::regnamespace, 'registry'::regnamespace) and i.indisunique
    loop execute format('drop index if exists %s', c.name); end loop;
  end $$`)
}

/** Audits what a change of the city leaves behind, and undoes it. */
function auditAfter(
  change: (transaction: postgres.TransactionSql) => Promise<unknown>,
  { anchors }: { anchors: typeof city.anchors | undefined } = city,
): Promise<AuditReport> {
  const { publicKeys, now } = city
  return auditUndone(owner, change, { publicKeys, anchors, now })
}

/** One row of each sort that the table holds: kinds and states are treated in different ways. */
async function sampleRows(table: string): Promise<string[]> {
  const names = columns.filter((column) => column.table === table).map(({ column }) => column)
  const sorts = names.filter((name) =>
    ['kind', 'state', 'decline', 'from_state', 'to_state', 'sale_returned_by'].includes(name),
  )
  const sort = sorts
    .map((name) => (['decline', 'sale_returned_by'].includes(name) ? `${name} is null` : name))
    .join(', ')
  const rows = await owner.unsafe<{ row: string }[]>(
    sort === ''
      ? `select ctid::text as row from ${table} order by ctid limit 3`
      : `select distinct on (${sort}) ctid::text as row from ${table} order by ${sort}, ctid`,
  )
  return rows.map(({ row }) => row)
}

/** Another value of the same type, as little different as can be, and never one that a key already has. */
function otherValue({ column, type }: Column): string {
  if (['smallint', 'integer', 'bigint'].includes(type)) return `${column} + 1000`
  if (type === 'timestamp with time zone') return `${column} + interval '1 microsecond'`
  if (type === 'date') return `${column} + 1`
  if (type === 'text') return `${column} || ' '`
  if (type === 'boolean') return `not ${column}`
  if (type === 'text[]') return `${column} || 'another'::text`
  if (type === 'uuid') return `md5(${column}::text)::uuid`
  if (type === 'bytea') return `set_byte(${column}, 0, get_byte(${column}, 0) # 1)`
  if (type === 'jsonb') return `${column} || '{"another": true}'`
  return `(select v from unnest(enum_range(null::${type})) v where v <> ${column} limit 1)`
}

/** A value to put where there was none: the empty or first one, which is easily taken for none. */
function firstValue({ type }: Column): string {
  if (['smallint', 'integer', 'bigint'].includes(type)) return '0'
  if (type === 'timestamp with time zone') return `'2026-11-22T00:00:00Z'`
  if (type === 'date') return `'2026-11-22'`
  if (type === 'text') return `''`
  if (type === 'uuid') return `'00000000-0000-0000-0000-000000000000'`
  return `(enum_range(null::${type}))[1]`
}

test('the books are clean before anybody touches them', async () => {
  const { findings, seals } = await auditAfter(async () => undefined)
  assert.deepEqual(findings, [])
  assert.ok(seals > 3)
})

test('every table of the ledger and the registry is checked or exempt, and has rows here', async () => {
  for (const table of Object.keys(exempt)) {
    assert.ok(
      columns.some((column) => column.table === table),
      `${table} is gone: forget it`,
    )
  }
  for (const table of tables) {
    assert.ok((await sampleRows(table)).length > 0, `the small city needs rows of ${table}`)
  }
})

for (const table of tables) {
  test(`a changed value in any column of ${table} is found`, async () => {
    const unseen: string[] = []
    const rows = await sampleRows(table)
    for (const column of checked.filter((one) => one.table === table)) {
      for (const row of rows) {
        const name = column.column
        const [value] = await owner.unsafe<{ empty: boolean }[]>(
          `select ${name} is null as empty from ${table} where ctid = '${row}'`,
        )
        const values = value?.empty === true ? [firstValue(column)] : [otherValue(column)]
        if (column.nullable && value?.empty === false) values.push('null')
        for (const changed of values) {
          const change = `update ${table} set ${name} = ${changed} where ctid = '${row}'`
          const report = await auditAfter((transaction) => transaction.unsafe(change))
          if (report.ok) unseen.push(change)
        }
      }
    }
    assert.deepEqual(unseen, [])
  })

  test(`a row removed from ${table} is found`, async () => {
    for (const row of await sampleRows(table)) {
      const change = `delete from ${table} where ctid = '${row}'`
      assert.equal((await auditAfter((sql) => sql.unsafe(change))).ok, false, change)
    }
  })

  test(`a row added to ${table} is found`, async () => {
    const own = checked.filter((column) => column.table === table)
    for (const row of await sampleRows(table)) {
      for (const changed of [undefined, ...own.filter(({ inKey }) => inKey)]) {
        const values = own.map(
          (column) => (column === changed ? `(${otherValue(column)})` : column.column), // Else as it is.
        )
        const change = `insert into ${table} (${own.map(({ column }) => column).join(', ')})
          select ${values.join(', ')} from ${table} where ctid = '${row}'`
        assert.equal((await auditAfter((sql) => sql.unsafe(change))).ok, false, change)
      }
    }
  })
}

/** Cuts off the last seal with all it sealed, so well that the rest is consistent in itself. */
async function cutOffLastSegment(sql: postgres.TransactionSql): Promise<unknown> {
  return sql.unsafe(`
    create temporary table cut on commit drop as
      select issuer_id, from_at from ledger.seal order by segment desc limit 1;
    delete from ledger.operation o using cut where o.booked_at > cut.from_at;
    delete from ledger.transfer t where not exists (
      select 1 from ledger.operation o where o.operation_id = t.operation_id);
    update ledger.lot l set (closed, remaining_won, held_won) = (
      select false, coalesce(sum(case when t.credit_kind = 'lot' and t.credit_id = l.lot_id then t.amount_won
          when t.debit_kind = 'lot' and t.debit_id = l.lot_id then -t.amount_won end), 0),
        coalesce(sum(case when t.credit_kind = 'lot_hold' and t.credit_id = l.lot_id then t.amount_won
          when t.debit_kind = 'lot_hold' and t.debit_id = l.lot_id then -t.amount_won end), 0)
      from ledger.transfer t);
    delete from ledger.seal s using cut where s.from_at = cut.from_at;
    update ledger.issuer_head h set sealed_until = cut.from_at from cut;`)
}

test('cutting off the last seal with all that it sealed is found by the anchors, and only by them', async () => {
  const withAnchors = await auditAfter(cutOffLastSegment)
  assert.deepEqual(
    withAnchors.findings.map(({ checker, sentence }) => [checker, sentence]),
    [['seal', 'was anchored and is gone']],
  )
  assert.equal((await auditAfter(cutOffLastSegment, { anchors: undefined })).ok, true)
})

test('lost anchors are found', async () => {
  const report = await auditAfter(async () => undefined, { anchors: [] })
  assert.deepEqual(
    report.findings.map(({ sentence }) => sentence),
    ['have no anchor at all'],
  )
})

test('a payment with a time far ahead, which no seal would ever reach, is found', async () => {
  const report = await auditAfter((sql) =>
    sql.unsafe(`
      insert into ledger.wallet values (3, 9000, 9001, '2099-01-01T00:00:00Z')`),
  )
  assert.deepEqual(
    report.findings.map(({ checker }) => checker),
    ['clock'],
  )
})

test('an issuer whose rows were all removed is found by its anchors', async () => {
  const report = await auditAfter(async (sql) => {
    for (const table of tables) await sql.unsafe(`delete from ${table}`)
  })
  assert.equal(report.ok, false)
  assert.ok(report.findings.some(({ sentence }) => sentence === 'was anchored and is gone'))
})

test('a finding says what is wrong where', async () => {
  const report = await auditAfter((sql) =>
    sql.unsafe(`update ledger.lot set remaining_won = remaining_won + 1 where lot_id = 61`),
  )
  const [finding] = report.findings
  assert.deepEqual(finding, {
    checker: 'lot_balance',
    issuerId: 3,
    where: 'lot 61 of wallet 11',
    sentence: finding?.sentence ?? '',
  })
  assert.match(finding?.sentence ?? '', /^says \d+ won remaining, its transfers say \d+$/)
})
