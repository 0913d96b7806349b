/**
 * A PostgreSQL for tests: one embedded server for each test process, one migrated template, and a fresh database by
 * copying the template (some 50 ms) for whoever asks. The server goes when the last test of the file has ended.
 */
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import postgres from 'postgres'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { openDataDirectory } from '../src/main/data-directory.ts'
import { startEmbeddedPostgres } from '../src/main/embedded-postgres.ts'
import { migrate } from '../src/postgres/migrator.ts'

export interface TestDatabase {
  /** As the superuser, who owns the schema. */
  readonly ownerUrl: string
  /** As `dure_app`: what the core may do. */
  readonly appUrl: string
  /** As `dure_audit`: reads everything, writes nothing. */
  readonly auditUrl: string
  /** Drops the database. Close your own connections first; those that remain are cut off. */
  close(): Promise<void>
}

interface TestServer {
  readonly port: number
  readonly superuserUrl: string
  readonly admin: postgres.Sql
  stop(): Promise<void>
}

const TEMPLATE = 'dure_template'
const APP_PASSWORD = 'test-password-of-the-app'
const AUDIT_PASSWORD = 'test-password-of-the-audit'

/** Small, and without fsync: what tests write need not outlive a loss of power. */
const TEST_SETTINGS = {
  shared_buffers: '64MB',
  max_connections: '60',
  max_wal_size: '256MB',
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
}

let server: Promise<TestServer> | undefined
let databases = 0
let openDatabases = 0

/** A new database with the schema of this program in it and nothing else. */
export async function openTestDatabase(): Promise<TestDatabase> {
  server ??= startServer()
  const { admin, superuserUrl, port } = await server
  databases += 1
  openDatabases += 1
  const name = `test_${databases}`
  await admin.unsafe(`create database ${name} template ${TEMPLATE}`)
  const urlOf = (role: string, password: string) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${name}`
  return {
    ownerUrl: inDatabase(superuserUrl, name),
    appUrl: urlOf('dure_app', APP_PASSWORD),
    auditUrl: urlOf('dure_audit', AUDIT_PASSWORD),
    close: async () => {
      openDatabases -= 1
      // Where the server is gone, so is the database.
      if (server !== undefined) await admin.unsafe(`drop database if exists ${name} with (force)`)
    },
  }
}

/** Stops the server and removes its files; harmless when there is none. Happens by itself after the last test. */
export async function stopTestServer(): Promise<void> {
  const stopped = server
  server = undefined
  if (stopped !== undefined) await (await stopped).stop()
}

/** How long the server outlives the last test: for hooks of other files that still use or close a database. */
const HOOKS_TIMEOUT_MS = 30_000
const QUIET_MS = 300

// Hooks run in the order of their making, and this one is made first: so it does not wait for the others.
after(() => {
  void stopOnceQuiet()
})

/** Stops the server when every database is closed, or nobody was connected to any for a while. */
async function stopOnceQuiet(): Promise<void> {
  const admin = (await server)?.admin
  if (admin === undefined) return
  let quietSince = performance.now()
  const isQuiet = async () => {
    if (openDatabases === 0 || server === undefined) return true
    const [row] = await admin<{ connected: boolean }[]>`
      select exists (select 1 from pg_stat_activity where datname like 'test\\_%') as connected`
    if (row?.connected === true) quietSince = performance.now()
    return performance.now() - quietSince > QUIET_MS
  }
  await waitUntil(isQuiet, { timeoutMs: HOOKS_TIMEOUT_MS })
  await stopTestServer()
}

async function startServer(): Promise<TestServer> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'dure-test-')))
  await chmod(directory, 0o755) // When root runs the tests the server runs as another user.
  const data = await openDataDirectory(join(directory, 'data'))
  const started = await startEmbeddedPostgres({
    dataDirectory: data.path,
    secrets: data.secrets,
    log: () => undefined,
    settings: TEST_SETTINGS,
  })
  const admin = connect(started.superuserUrl)
  await admin.unsafe(`create database ${TEMPLATE}`)
  const owner = connect(inDatabase(started.superuserUrl, TEMPLATE))
  await migrate(owner, { appPassword: APP_PASSWORD, auditPassword: AUDIT_PASSWORD })
  await owner.end()
  return {
    port: started.port,
    superuserUrl: started.superuserUrl,
    admin,
    stop: async () => {
      await admin.end({ timeout: 1 })
      await started.stop()
      await data.release()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 2, onnotice: () => undefined })
}

function inDatabase(url: string, name: string): string {
  const moved = new URL(url)
  moved.pathname = `/${name}`
  return moved.href
}
