/**
 * Brings a database to the schema this program needs: forward-only numbered migrations, then the current body of
 * every function, then the grants. A program that meets a schema newer than its own refuses to run.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../base/base.ts'
import type { Sql } from './postgres-pool.ts'

const SQL_DIRECTORY = join(import.meta.dirname, '../../sql')
/** Any number that no other application of this database locks: "dure" in ASCII. */
const MIGRATION_LOCK = 0x64757265

export interface MigrationReport {
  applied: string[]
  functionsRenewed: boolean
  version: number
}

interface Step {
  number: number
  name: string
  text: string
  checksum: string
}

/** The number of the newest migration this program brings. */
export async function programVersion(directory: string = SQL_DIRECTORY): Promise<number> {
  return (await readSteps(directory)).at(-1)?.number ?? 0
}

/**
 * Migrates. Safe to run from several programs at once (they take turns) and again at any time.
 * @param sql a connection of the schema's owner
 * @throws Fault `schema_too_new` when the database was migrated by a newer program
 */
export async function migrate(
  sql: Sql,
  options: { appPassword: string; auditPassword: string; directory?: string },
): Promise<MigrationReport> {
  const directory = options.directory ?? SQL_DIRECTORY
  const steps = await readSteps(directory)
  const version = steps.at(-1)?.number ?? 0
  const reserved = await sql.reserve()
  try {
    await reserved`select pg_advisory_lock(${MIGRATION_LOCK})`
    try {
      await reserved.unsafe(`
        create schema if not exists dure;
        create table if not exists dure.migration (
          number integer primary key, name text not null, checksum text not null, applied_at timestamptz not null);
        create table if not exists dure.function_source (
          singleton boolean primary key default true check (singleton), checksum text not null);`)
      await ensureRoles(reserved, options)
      const applied = await applySteps(reserved, steps, version)
      const functionsRenewed = await applyFunctions(reserved, directory)
      return { applied, functionsRenewed, version }
    } finally {
      await reserved`select pg_advisory_unlock(${MIGRATION_LOCK})`
    }
  } finally {
    reserved.release()
  }
}

async function applySteps(sql: Sql, steps: readonly Step[], version: number): Promise<string[]> {
  const done = await sql<{ number: number; name: string; checksum: string }[]>`
    select number, name, checksum from dure.migration order by number`
  const newest = done.at(-1)?.number ?? 0
  if (newest > version) {
    throw new Fault(
      'schema_too_new',
      `the database is at migration ${newest}, this program knows ${version}: start the newer program`,
    )
  }
  for (const row of done) {
    const step = steps.find((candidate) => candidate.number === row.number)
    if (step !== undefined && step.checksum !== row.checksum) {
      throw new Fault(
        'schema_too_new',
        `migration ${row.name} was applied with another text: a migration is never changed after release`,
      )
    }
  }
  const applied: string[] = []
  for (const step of steps.filter((candidate) => candidate.number > newest)) {
    await allOrNothing(
      sql,
      `${step.text}; insert into dure.migration values
        (${step.number}, '${step.name}', '${step.checksum}', now())`,
    )
    applied.push(step.name)
  }
  return applied
}

async function applyFunctions(sql: Sql, directory: string): Promise<boolean> {
  const folder = join(directory, 'functions')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const bodies = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  bodies.push(await readFile(join(directory, 'grants.sql'), 'utf8'))
  const text = bodies.join('\n')
  const checksum = sha256(text)
  const [row] = await sql<{ checksum: string }[]>`select checksum from dure.function_source`
  if (row?.checksum === checksum) return false
  await allOrNothing(
    sql,
    `${text}; insert into dure.function_source (checksum) values ('${checksum}')
      on conflict (singleton) do update set checksum = excluded.checksum`,
  )
  return true
}

/** Without the rollback the connection would stay in the failed transaction, and the next error would hide this one. */
async function allOrNothing(sql: Sql, statements: string): Promise<void> {
  try {
    await sql.unsafe(`begin; ${statements}; commit;`)
  } catch (error) {
    await sql.unsafe('rollback')
    throw error
  }
}

async function ensureRoles(
  sql: Sql,
  passwords: { appPassword: string; auditPassword: string },
): Promise<void> {
  await ensureRole(sql, 'dure_app', passwords.appPassword)
  await ensureRole(sql, 'dure_audit', passwords.auditPassword)
}

/**
 * Roles belong to the whole cluster; their passwords are renewed so that a lost secret file heals itself.
 * @param sql a connection of the schema's owner
 */
export async function ensureRole(
  sql: Sql,
  role: `dure_${string}`,
  password: string,
): Promise<void> {
  if (!/^[A-Za-z0-9_-]{16,128}$/.test(password)) {
    throw new Error(`the password of ${role} must be 16 to 128 letters, digits, - or _`)
  }
  // DDL takes no parameters; the pattern above is what keeps this text harmless.
  await sql.unsafe(`do $$ begin
    if not exists (select 1 from pg_roles where rolname = '${role}') then
      create role ${role} login nosuperuser nocreatedb nocreaterole noreplication;
    end if;
    alter role ${role} login password '${password}';
  end $$;`)
}

async function readSteps(directory: string): Promise<Step[]> {
  const folder = join(directory, 'migrations')
  const names = (await readdir(folder)).filter((name) => /^\d{6}-[a-z0-9-]+\.sql$/.test(name))
  const steps = await Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8')
      return { number: Number(name.slice(0, 6)), name, text, checksum: sha256(text) }
    }),
  )
  return steps
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
