import assert from 'node:assert/strict'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { waitUntil } from './bounded-wait.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { startedPostgres, withSql } from './fixtures/started-postgres.ts'
import { freePort } from './free-port.ts'
import { clusterProcesses } from './postgres-cluster.ts'
import { isAlive, sendSignal } from './process-table.ts'

const scalar = (url: string, setting: string) =>
  withSql(url, async (sql) => (await sql`select current_setting(${setting}) as value`)[0]?.value)

test('the first start makes a durable cluster that only a password opens', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  assert.deepEqual(first.events, ['postgres.cluster_created', 'postgres.started'])
  const { superuserUrl: url } = first
  const expected = {
    server_version_num: /^18/,
    synchronous_commit: /^on$/,
    fsync: /^on$/,
    full_page_writes: /^on$/,
    data_checksums: /^on$/,
    server_encoding: /^UTF8$/,
    wal_compression: /^(pglz|lz4|on)$/,
    checkpoint_timeout: /^15min$/,
    TimeZone: /^UTC$/,
    log_timezone: /^UTC$/,
    jit: /^off$/,
    listen_addresses: /^127\.0\.0\.1$/,
    unix_socket_directories: /^$/,
    shared_buffers: /^16MB$/, // The caller's settings go before ours.
  }
  for (const [name, pattern] of Object.entries(expected)) {
    assert.match(String(await scalar(url, name)), pattern, name)
  }
  const locale = await withSql(
    url,
    (sql) => sql`
    select datlocprovider, datlocale from pg_database where datname = current_database()`,
  )
  assert.deepEqual({ ...locale[0] }, { datlocprovider: 'b', datlocale: 'C.UTF-8' })
  const wrong = new URL(url)
  wrong.password = 'wrong'
  await assert.rejects(
    withSql(wrong.href, (sql) => sql`select 1`),
    { code: '28P01' },
  )
  const secret = join(directory, 'secrets', 'postgres-superuser-password')
  assert.equal((await stat(secret)).mode & 0o777, 0o600)
  assert.equal(new URL(url).password, (await readFile(secret, 'utf8')).trim())
})

test('a restart keeps data, password and port, and stop leaves no process', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await withSql(first.superuserUrl, async (sql) => {
    await sql`create table lot (remaining bigint)`
    await sql`insert into lot values (110000)`
  })
  assert.ok((await clusterProcesses(first.clusterDirectory)).length > 3)
  await first.finish()
  assert.deepEqual(await first.exited, { code: 0, signal: null })
  assert.deepEqual(await clusterProcesses(first.clusterDirectory), [])
  assert.equal(isAlive(first.pid), false)
  await first.stop() // Harmless when it is over.

  const second = await startedPostgres(t, directory)
  assert.equal(second.superuserUrl, first.superuserUrl)
  const rows = await withSql(second.superuserUrl, (sql) => sql`select remaining from lot`)
  assert.equal(rows[0]?.remaining, '110000')
})

test('a killed postmaster is reported, and the next start recovers what was committed', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await withSql(first.superuserUrl, (sql) => sql`create table paid as select 7 as won`)
  sendSignal(first.pid, 'SIGKILL')
  assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' })
  await first.finish()
  assert.ok(await stat(join(first.clusterDirectory, 'postmaster.pid')), 'a stale file is there')

  const second = await startedPostgres(t, directory)
  const rows = await withSql(second.superuserUrl, (sql) => sql`select won from paid`)
  assert.equal(rows[0]?.won, 7)
})

test('a stale postmaster.pid that names a living stranger does not prevent the start', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  sendSignal(first.pid, 'SIGKILL')
  await first.exited
  await first.finish()
  const pidFile = join(first.clusterDirectory, 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'))

  const second = await startedPostgres(t, directory)
  assert.ok(second.events.includes('postgres.stale_pid_file_removed'))
})

test('a start that was killed while making the cluster leaves nothing in the way', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await first.finish()
  const home = join(directory, 'postgres')
  await rm(first.clusterDirectory, { recursive: true })
  await writeFile(join(home, 'unfinished-12345678'), 'half a cluster')

  const second = await startedPostgres(t, directory)
  assert.ok(second.events.includes('postgres.cluster_created'))
  assert.deepEqual((await readdir(home)).sort(), ['cluster', 'log', 'port'])
})

test('a port in use is said when it was asked for, and evaded when it was not', async (t) => {
  const directory = await scratchDirectory(t)
  const taken = await freePort()
  const first = await startedPostgres(t, directory, { port: taken })
  assert.equal(first.port, taken)
  await first.finish()
  const stranger = createServer().listen(taken, '127.0.0.1')
  t.after(() => stranger[Symbol.asyncDispose]())
  await once(stranger, 'listening')
  await assert.rejects(startedPostgres(t, directory, { port: taken, portVariable: 'PG_PORT' }), {
    name: 'StartupProblem',
    message: new RegExp(`^port ${taken} is in use .* set PG_PORT`),
  })
})

test('the remembered port is left to whoever took it meanwhile', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await first.finish()
  const stranger = createServer().listen(first.port, '127.0.0.1')
  t.after(() => stranger[Symbol.asyncDispose]())
  await once(stranger, 'listening')
  const second = await startedPostgres(t, directory)
  assert.notEqual(second.port, first.port)
})

test('what PostgreSQL complains of is told, and nothing keeps running', async (t) => {
  const directory = await scratchDirectory(t)
  await assert.rejects(startedPostgres(t, directory, { settings: { shared_buffers: 'much' } }), {
    name: 'StartupProblem',
    message: /^PostgreSQL did not start: .*shared_buffers/s,
  })
  assert.deepEqual(await clusterProcesses(join(directory, 'postgres', 'cluster')), [])
})

test('a lost password is said instead of making another cluster', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await first.finish()
  await rm(join(directory, 'secrets', 'postgres-superuser-password'))
  await assert.rejects(
    startedPostgres(t, directory),
    /restore secrets\/postgres-superuser-password/,
  )
})

test('old log files are removed', async (t) => {
  const directory = await scratchDirectory(t)
  const first = await startedPostgres(t, directory)
  await first.finish()
  const folder = join(directory, 'postgres', 'log')
  for (let n = 10; n < 30; n += 1)
    await writeFile(join(folder, `postgres-200101${n}T000000Z.log`), '')
  const second = await startedPostgres(t, directory)
  const kept = async () => (await readdir(folder)).filter((name) => name.endsWith('.log'))
  assert.ok(await waitUntil(async () => (await kept()).length <= 9, { timeoutMs: 2_000 }))
  assert.ok((await kept()).every((name) => name > 'postgres-20010120'))
  await second.finish()
})
