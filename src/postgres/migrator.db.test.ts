import assert from 'node:assert/strict'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import postgres, { type Sql } from 'postgres'
import { openTestDatabase } from '../../test/database.ts'
import { Fault } from '../base/base.ts'
import { migrate, programVersion } from './migrator.ts'

const SQL_DIRECTORY = join(import.meta.dirname, '../../sql')
const PASSWORDS = { appPassword: 'an-app-password-1', auditPassword: 'an-audit-password-1' }

/** Connections of the owner to a database; `at` says to which. */
async function openOwner(t: TestContext, at: 'migrated' | 'empty'): Promise<(max?: number) => Sql> {
  const database = await openTestDatabase()
  const opened: Sql[] = []
  let url = database.ownerUrl
  if (at === 'empty') {
    const admin = postgres(url, { max: 1 })
    const name = `empty_${process.pid}_${performance.now().toFixed(0)}`
    await admin.unsafe(`create database ${name}`)
    await admin.end()
    const moved = new URL(url)
    moved.pathname = `/${name}`
    url = moved.href
  }
  t.after(async () => {
    await Promise.all(opened.map((sql) => sql.end()))
    await database.close()
  })
  return (max = 2) => {
    const sql = postgres(url, { max, onnotice: () => undefined })
    opened.push(sql)
    return sql
  }
}

/** A copy of sql/ that a test may change. */
async function copySql(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dure-sql-'))
  t.after(() => rm(directory, { recursive: true }))
  await cp(SQL_DIRECTORY, directory, { recursive: true })
  return directory
}

const later = (number: number) => `${String(number).padStart(6, '0')}-later.sql`

test('an empty database gets every migration in order, then the functions', async (t) => {
  const sql = (await openOwner(t, 'empty'))()
  const names = (await readdir(join(SQL_DIRECTORY, 'migrations'))).toSorted()
  assert.deepEqual(await migrate(sql, PASSWORDS), {
    applied: names,
    functionsRenewed: true,
    version: await programVersion(),
  })
})

test('two programs that migrate at once take turns: one does all, the other nothing', async (t) => {
  const open = await openOwner(t, 'empty')
  const reports = await Promise.all([migrate(open(), PASSWORDS), migrate(open(), PASSWORDS)])
  const [idle, busy] = reports.toSorted((a, b) => a.applied.length - b.applied.length)
  assert.deepEqual([idle?.applied.length, idle?.functionsRenewed], [0, false])
  assert.deepEqual([busy?.applied.length, busy?.functionsRenewed], [busy?.version, true])
})

test('a second run changes nothing', async (t) => {
  const sql = (await openOwner(t, 'migrated'))()
  const fingerprint = async () => {
    const rows = await sql<{ all: string }[]>`
      select md5(string_agg(xmin::text || oid::text, ',' order by oid)) as all from pg_proc
      where pronamespace in ('ledger'::regnamespace, 'registry'::regnamespace)`
    return rows[0]?.all
  }
  const before = await fingerprint()
  const report = await migrate(sql, PASSWORDS)
  assert.deepEqual([report.applied, report.functionsRenewed], [[], false])
  assert.equal(await fingerprint(), before)
})

test('a function that changed is renewed, and its grants with it', async (t) => {
  const sql = (await openOwner(t, 'migrated'))()
  const directory = await copySql(t)
  await writeFile(
    join(directory, 'functions/registry.planted.sql'),
    `create function registry.planted() returns integer language sql as 'select 1';`,
  )
  const report = await migrate(sql, { ...PASSWORDS, directory })
  assert.deepEqual([report.applied, report.functionsRenewed], [[], true])
  const [row] = await sql<{ app: boolean; audit: boolean }[]>`
    select has_function_privilege('dure_app', 'registry.planted()', 'execute') as app,
      has_function_privilege('dure_audit', 'registry.planted()', 'execute') as audit`
  assert.deepEqual({ ...row }, { app: true, audit: false })
})

test('an old program that meets a newer database refuses, and touches nothing', async (t) => {
  const sql = (await openOwner(t, 'migrated'))()
  const directory = await copySql(t)
  const version = await programVersion()
  const newer = join(directory, 'migrations', later(version + 1))
  await writeFile(newer, 'create table ledger.planted (issuer_id integer primary key);')
  await migrate(sql, { ...PASSWORDS, directory })
  await assert.rejects(migrate(sql, PASSWORDS), (error) => {
    assert.ok(error instanceof Fault)
    assert.equal(error.code, 'schema_too_new')
    assert.match(
      error.message,
      new RegExp(`migration ${version + 1}, this program knows ${version}`),
    )
    return true
  })
  await sql`select 1 from ledger.planted`
})

test('a migration whose text was changed after it was applied is refused', async (t) => {
  const sql = (await openOwner(t, 'migrated'))()
  const directory = await copySql(t)
  const [first] = (await readdir(join(directory, 'migrations'))).toSorted()
  assert.ok(first !== undefined)
  const path = join(directory, 'migrations', first)
  await writeFile(path, `${await readFile(path, 'utf8')}\n-- A harmless comment.\n`)
  await assert.rejects(migrate(sql, { ...PASSWORDS, directory }), (error) => {
    assert.ok(error instanceof Fault)
    assert.match(error.message, /was applied with another text/)
    return true
  })
})

test('a migration that fails leaves nothing behind, and the next attempt can go on', async (t) => {
  const sql = (await openOwner(t, 'migrated'))(3)
  const directory = await copySql(t)
  const version = await programVersion()
  const path = join(directory, 'migrations', later(version + 1))
  await writeFile(path, 'create table ledger.planted (a integer); select 1 / 0;')
  await assert.rejects(migrate(sql, { ...PASSWORDS, directory }), /division by zero/)
  await writeFile(path, 'create table ledger.planted (a integer);')
  const report = await migrate(sql, { ...PASSWORDS, directory })
  assert.deepEqual(report.applied, [later(version + 1)])
})

test('a password that could break out of its statement is refused before anything happens', async (t) => {
  const sql = (await openOwner(t, 'migrated'))()
  const appPassword = "x'; drop schema ledger cascade; --"
  await assert.rejects(migrate(sql, { ...PASSWORDS, appPassword }), /letters, digits/)
  await sql`select 1 from ledger.issuer_head`
})
