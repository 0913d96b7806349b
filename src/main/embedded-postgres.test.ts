import assert from 'node:assert/strict'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitUntil } from './bounded-wait.ts'
import { atEnd } from './fixtures/cleanup.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { startedPostgres, withSql } from './fixtures/started-postgres.ts'
import { freePort } from './free-port.ts'
import { clusterProcesses } from './postgres-cluster.ts'
import { isAlive, sendSignal } from './process-table.ts'

/** One cluster for all tests here, since making one costs half a second of processor time. */
const shared = await scratchDirectory({ after })

const scalar = (url: string, setting: string) =>
  withSql(url, async (sql) => (await sql`select current_setting(${setting}) as value`)[0]?.value)

test('the first start makes a durable cluster that only a password opens', async (t) => {
  const first = await startedPostgres(t, shared)
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
  const secret = join(shared, 'secrets', 'postgres-superuser-password')
  assert.equal((await stat(secret)).mode & 0o777, 0o600)
  assert.equal(new URL(url).password, (await readFile(secret, 'utf8')).trim())
})

test('a restart keeps data, password and port, and stop leaves no process', async (t) => {
  const first = await startedPostgres(t, shared)
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

  const second = await startedPostgres(t, shared)
  assert.equal(second.superuserUrl, first.superuserUrl)
  const rows = await withSql(second.superuserUrl, (sql) => sql`select remaining from lot`)
  assert.equal(rows[0]?.remaining, '110000')
})

test('a killed postmaster is reported, and the next start recovers what was committed', async (t) => {
  const first = await startedPostgres(t, shared)
  await withSql(first.superuserUrl, (sql) => sql`create table paid as select 7 as won`)
  sendSignal(first.pid, 'SIGKILL')
  assert.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' })
  assert.ok(await stat(join(first.clusterDirectory, 'postmaster.pid')), 'a stale file is there')
  await first.release()

  const second = await startedPostgres(t, shared)
  const rows = await withSql(second.superuserUrl, (sql) => sql`select won from paid`)
  assert.equal(rows[0]?.won, 7)
  await first.stop() // The life that is over does not harm the next one.
  assert.ok(isAlive(second.pid))
})

test('a stale postmaster.pid that names a living stranger does not prevent the start', async (t) => {
  const first = await startedPostgres(t, shared)
  sendSignal(first.pid, 'SIGKILL')
  await first.exited
  await first.finish()
  const pidFile = join(first.clusterDirectory, 'postmaster.pid')
  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'))

  const second = await startedPostgres(t, shared)
  assert.ok(second.events.includes('postgres.stale_pid_file_removed'))
})

test('a start that was killed while making the cluster leaves nothing in the way', async (t) => {
  const first = await startedPostgres(t, shared)
  await first.finish()
  const home = join(shared, 'postgres')
  await rm(first.clusterDirectory, { recursive: true })
  await writeFile(join(home, 'unfinished-12345678'), 'half a cluster')

  const second = await startedPostgres(t, shared)
  assert.ok(second.events.includes('postgres.cluster_created'))
  assert.deepEqual((await readdir(home)).sort(), ['cluster', 'log', 'port'])
})

test('a port in use is said when it was asked for, and evaded when it was not', async (t) => {
  const taken = await freePort()
  const first = await startedPostgres(t, shared, { port: taken })
  assert.equal(first.port, taken)
  await first.finish()
  const stranger = createServer().listen(taken, '127.0.0.1')
  atEnd(t, () => stranger[Symbol.asyncDispose]())
  await once(stranger, 'listening')
  await assert.rejects(startedPostgres(t, shared, { port: taken, portVariable: 'PG_PORT' }), {
    name: 'StartupProblem',
    message: new RegExp(`^port ${taken} is in use .* set PG_PORT`),
  })
})

test('the remembered port is left to whoever took it meanwhile', async (t) => {
  const first = await startedPostgres(t, shared)
  await first.finish()
  const stranger = createServer().listen(first.port, '127.0.0.1')
  atEnd(t, () => stranger[Symbol.asyncDispose]())
  await once(stranger, 'listening')
  const second = await startedPostgres(t, shared)
  assert.notEqual(second.port, first.port)
})

test('what PostgreSQL complains of is told, and nothing keeps running', async (t) => {
  await assert.rejects(startedPostgres(t, shared, { settings: { shared_buffers: 'much' } }), {
    name: 'StartupProblem',
    message: /^PostgreSQL did not start: .*shared_buffers/s,
  })
  assert.deepEqual(await clusterProcesses(join(shared, 'postgres', 'cluster')), [])
})

test('complaints that went to the log file are told too', async (t) => {
  // TEST-NET-3 (RFC 5737) is no address of any machine.
  const settings = { listen_addresses: '203.0.113.1' }
  await assert.rejects(startedPostgres(t, shared, { settings }), {
    name: 'StartupProblem',
    message: /could not create any TCP\/IP sockets/,
  })
})

test('a start that is told to stop leaves no process', async (t) => {
  const stopping = new AbortController()
  const log = (event: string) => assert.notEqual(event, 'postgres.started')
  const started = startedPostgres(t, shared, { stopping: stopping.signal, log })
  stopping.abort()
  await assert.rejects(started, /told to stop while starting/)
  assert.deepEqual(await clusterProcesses(join(shared, 'postgres', 'cluster')), [])
})

test('a busy process that outlives its postmaster does not delay the next start', async (t) => {
  const first = await startedPostgres(t, shared)
  const endless = 'select sum(sqrt(n::float8)) from generate_series(1, 1e10::bigint) n'
  const query = withSql(first.superuserUrl, (sql) => sql.unsafe(endless))
  const cutOff = assert.rejects(query)
  const isBusy = async () =>
    withSql(first.superuserUrl, async (sql) => {
      const rows =
        await sql`select 1 from pg_stat_activity where query like ${'%sqrt(n::%'} and pid <> pg_backend_pid()`
      return rows.length > 0
    })
  assert.ok(await waitUntil(isBusy, { timeoutMs: 5_000 }))
  sendSignal(first.pid, 'SIGKILL')
  await first.exited
  await first.release()
  const beganAt = performance.now()
  const second = await startedPostgres(t, shared)
  assert.ok(performance.now() - beganAt < 4_000, 'the orphan was waited for too long')
  assert.ok(isAlive(second.pid))
  await cutOff
})

test('a lost password is said instead of making another cluster', async (t) => {
  const first = await startedPostgres(t, shared)
  await first.finish()
  const secret = join(shared, 'secrets', 'postgres-superuser-password')
  await rename(secret, `${secret}.away`)
  atEnd(t, () => rename(`${secret}.away`, secret))
  await assert.rejects(startedPostgres(t, shared), /restore secrets\/postgres-superuser-password/)
})

test('old log files are removed', async (t) => {
  const first = await startedPostgres(t, shared)
  await first.finish()
  const folder = join(shared, 'postgres', 'log')
  for (let n = 10; n < 30; n += 1)
    await writeFile(join(folder, `postgres-200101${n}T000000Z.log`), '')
  const second = await startedPostgres(t, shared)
  const kept = async () => (await readdir(folder)).filter((name) => name.endsWith('.log'))
  assert.ok(await waitUntil(async () => (await kept()).length <= 9, { timeoutMs: 2_000 }))
  assert.ok((await kept()).every((name) => name > 'postgres-20010120'))
  await second.finish()
})
