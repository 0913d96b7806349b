/** What the roles of the database may and may not do: the last wall, should everything in front of it fall. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import postgres, { type Sql } from 'postgres'
import { schemas } from '../tools/schemas.ts'
import { openTestDatabase, type TestDatabase } from './database.ts'

const PERMISSION_DENIED = '42501'

let database: TestDatabase
let owner: Sql
let app: Sql
let audit: Sql

before(async () => {
  database = await openTestDatabase()
  const open = (url: string): Sql => postgres(url, { max: 1, onnotice: () => undefined })
  owner = open(database.ownerUrl)
  app = open(database.appUrl)
  audit = open(database.auditUrl)
  await app`select registry.open_issuer(1)`
})

after(async () => {
  await Promise.all([owner, app, audit].map((sql) => sql.end()))
  await database.close()
})

/** With the schema, views aside. */
async function tableNames(): Promise<string[]> {
  const rows = await owner<{ name: string }[]>`
    select schemaname || '.' || tablename as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema') order by 1`
  assert.ok(rows.length > 10)
  return rows.map(({ name }) => name)
}

async function isDenied(sql: Sql, statement: string): Promise<void> {
  await assert.rejects(
    sql.begin((transaction) => transaction.unsafe(statement)),
    { code: PERMISSION_DENIED },
    statement,
  )
}

/** Every way to change a table, as statements that do nothing where they are allowed. */
async function changesOf(table: string): Promise<string[]> {
  const [column] = await owner<{ name: string }[]>`
    select attname as name from pg_attribute
    where attrelid = ${table}::regclass and attnum > 0 and not attisdropped order by attnum limit 1`
  assert.ok(column !== undefined)
  return [
    `insert into ${table} select * from ${table} where false`,
    `insert into ${table} default values`,
    `update ${table} set ${column.name} = ${column.name} where false`,
    `delete from ${table} where false`,
    `truncate ${table}`,
    `lock table ${table} in exclusive mode`,
    `alter table ${table} add column x integer`,
    `drop table ${table}`,
    `create index on ${table} (${column.name})`,
  ]
}

test('the application reads no table and changes none', async () => {
  for (const table of await tableNames()) {
    await isDenied(app, `select 1 from ${table}`)
    await isDenied(app, `select 1 from ${table} for update`)
    for (const statement of await changesOf(table)) await isDenied(app, statement)
  }
})

test('the application creates nothing and reaches no file, no program and no other role', async () => {
  for (const schema of [...schemas, 'dure', 'public']) {
    await isDenied(app, `create table ${schema}.x (a integer)`)
    await isDenied(app, `create function ${schema}.x() returns integer language sql as 'select 1'`)
    await isDenied(app, `create view ${schema}.x as select 1`)
  }
  await isDenied(app, 'create schema x')
  await isDenied(app, 'create role x')
  await isDenied(app, 'alter role dure_app superuser')
  await isDenied(app, "copy (select 1) to '/dev/null'")
  await isDenied(app, "copy (select 1) to program 'true'")
  await isDenied(app, "select pg_read_file('PG_VERSION')")
  await isDenied(app, 'set role dure_audit')
})

test('the application executes every function of the ledger and the registry but parts of one', async () => {
  const rows = await owner<{ name: string }[]>`
    select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any(${schemas}) and not has_function_privilege('dure_app', p.oid, 'execute')`
  // Parts of others: alone, they would fill lots without a line that says whence, or count what nobody waits for.
  assert.deepEqual(rows.map(({ name }) => name.replace(/\(.*/, '')).toSorted(), [
    'cashback.count_promises',
    'ledger.movement_lots',
    'ledger.movement_payouts',
    'ledger.movement_sales',
    'ledger.movement_targets',
  ])
  const [row] = await app<{ count: number }[]>`
    select count(*)::integer as count from ledger.wallet_lots(1, 1)`
  assert.equal(row?.count, 0)
})

test('the auditor reads every table of money and of records, and changes none', async () => {
  for (const table of await tableNames()) {
    if (!table.startsWith('dure.')) await audit.unsafe(`select 1 from ${table} limit 1`)
    for (const statement of await changesOf(table)) await isDenied(audit, statement)
  }
})

test('the auditor executes nothing that writes', async () => {
  const rows = await owner<{ name: string; volatile: boolean }[]>`
    select p.proname as name, p.provolatile = 'v' as volatile
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any(${schemas}) and has_function_privilege('dure_audit', p.oid, 'execute')`
  assert.deepEqual([...rows], [{ name: 'journal_rows', volatile: false }])
  await isDenied(audit, 'select registry.open_issuer(2)')
  await isDenied(audit, 'create table public.x (a integer)')
})

test('everybody else has nothing', async () => {
  const open = await owner<{ name: string }[]>`
    select n.nspname as name from pg_namespace n, aclexplode(n.nspacl) a
    where a.grantee = 0 and n.nspname = any(${[...schemas, 'dure']})`
  assert.deepEqual([...open], [])
  const relations = await owner<{ name: string }[]>`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace,
      aclexplode(c.relacl) a
    where a.grantee = 0 and n.nspname = any(${[...schemas, 'dure']})`
  assert.deepEqual([...relations], [])
  // Without an access list of its own, everybody may execute a function.
  const functions = await owner<{ name: string }[]>`
    select distinct p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace,
      aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    where a.grantee = 0 and n.nspname = any(${[...schemas, 'dure']})`
  assert.deepEqual([...functions], [])
})

test('no application role owns anything, and neither is a superuser', async () => {
  const owned = await owner<{ name: string }[]>`
    select c.relname as name from pg_class c where pg_get_userbyid(c.relowner) like 'dure\\_%'
    union all select p.proname from pg_proc p where pg_get_userbyid(p.proowner) like 'dure\\_%'`
  assert.deepEqual([...owned], [])
  const roles = await owner<{ name: string }[]>`
    select rolname as name from pg_roles where rolname like 'dure\\_%'
      and (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)`
  assert.deepEqual([...roles], [])
})

test('no function can be led astray by a table of another schema', async () => {
  const rows = await owner<{ name: string }[]>`
    select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = any(${schemas}) and p.prosecdef
      and not exists (select 1 from unnest(p.proconfig) s where s ~ '^search_path=.*pg_temp$')`
  assert.deepEqual([...rows], [])
})

test('a hole in the wall would be seen here', async () => {
  await owner`grant select on ledger.lot to dure_app`
  await assert.rejects(isDenied(app, 'select 1 from ledger.lot'), /Missing expected rejection/)
  await owner`revoke select on ledger.lot from dure_app`
  await isDenied(app, 'select 1 from ledger.lot')
})
