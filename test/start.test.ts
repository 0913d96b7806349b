/**
 * The manners of `npm start`: what it says when it cannot, what it leaves behind (nothing), and what it keeps (all).
 * Whole processes, as a newcomer and an operator meet them.
 */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { waitForCards } from '../src/main/card-readiness.ts'
import { atEnd, type Cleaned } from '../src/main/fixtures/cleanup.ts'
import { scratchDirectory } from '../src/main/fixtures/scratch-directory.ts'
import {
  startedPostgres,
  withSql,
  type StartedPostgres,
} from '../src/main/fixtures/started-postgres.ts'
import { freePort, isPortFree } from '../src/main/free-port.ts'
import { secretNames } from '../src/main/keys.ts'
import { isAlive, listProcesses } from '../src/main/process-table.ts'
import { openSecretFiles } from '../src/main/secret-file.ts'
import { done, newKey, signIn } from './api-client.ts'
import { assertAuditClean } from './faults/fixtures/books.ts'
import { pathOf } from './faults/fixtures/town.ts'
import { startProduct, type RunningProduct } from './running-product.ts'

const DATABASE = 'somebody_s_own'
/** 김하늘 and her wallet, as the demonstration has her. */
const PERSON = 'person-0001'
const WALLET = pathOf('wallets/wlt_1')

test('what was there before a restart is there after it, and a second start is refused', async (t) => {
  const dataDirectory = join(await scratchDirectory(t), 'data')
  const first = await started(t, { dataDirectory })
  const member = await signIn(first, PERSON)
  const key = newKey()
  const purchase = await done(
    member.send('POST', pathOf('purchases'), {
      key,
      body: { programId: 'prg_1', faceWon: 30_000 },
    }),
  )
  const wallet = await done(member.send('GET', WALLET))
  await refused({ dataDirectory }, `another dure (pid ${first.pid}) runs on ${dataDirectory}`)
  assert.deepEqual(await done(member.send('GET', WALLET)), wallet, 'the refused one did no harm')
  const postgresPid = await first.postgresPid()
  await first.stop({ keepData: true })
  assert.equal(isAlive(postgresPid), false)

  const second = await started(t, { dataDirectory })
  const again = await signIn(second, PERSON)
  assert.deepEqual(await done(again.send('GET', WALLET)), wallet)
  const enquired = await done(again.send('GET', pathOf(`purchases/${key}`)))
  assert.deepEqual(enquired, purchase)
  await assertAuditClean(second)
  await killedAndBack(second, () => second.gatewayPid('gateway-a'))
  await killedAndBack(second, () => second.companyPid('narae'))

  // Ctrl-C.
  assert.equal(await second.interrupt(), 0)
  const left = (await listProcesses()).filter(({ command }) => command.includes(dataDirectory))
  assert.deepEqual(left, [])
  const urls = [
    second.coreUrl,
    second.bankUrl,
    second.identityUrl,
    second.auditUrl,
    second.edgeUrl,
    second.deskUrl,
    ...second.gateways.flatMap(({ controlUrl, links }) => [
      controlUrl,
      ...Object.values(links).map((address) => `tls://${address}`),
    ]),
    ...Object.values(second.companyUrls),
  ]
  for (const url of urls) {
    assert.ok(await isPortFree(Number(new URL(url).port)), `nobody listens at ${new URL(url).port}`)
  }
})

/** Kills a part of the card side; another takes its place and every company is linked to every gateway again. */
async function killedAndBack(product: RunningProduct, pid: () => Promise<number>): Promise<void> {
  const before = await pid()
  process.kill(before, 'SIGKILL')
  const isBack = async (): Promise<boolean> => (await pid().catch(() => before)) !== before
  assert.ok(await waitUntil(isBack, { timeoutMs: 20_000 }), product.output())
  const secrets = await openSecretFiles(product.dataDirectory)
  const controlToken = await secrets.text(secretNames.gatewayControlToken)
  assert.ok(await waitForCards(product, { controlToken, timeoutMs: 20_000 }), product.output())
}

test('a port in use is told with the variable that sets it', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  atEnd(t, async () => server[Symbol.asyncDispose]())
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  const { port } = address
  const dataDirectory = join(await scratchDirectory(t), 'data')
  await refused({ dataDirectory, port }, `port ${port} is in use`, 'set PORT to a free port')
})

test('all settings that cannot be are told at once, with what would be right', async (t) => {
  const dataDirectory = join(await scratchDirectory(t), 'data')
  const environment = { PORT: '80a', DURE_DATABASE_URL: 'mysql://localhost/dure' }
  await refused(
    { dataDirectory, environment },
    'PORT must be a number from 1 to 65535, not "80a"',
    'DURE_DATABASE_URL must look like postgres://user:password@host:5432,host2:5432/database',
  )
})

test('a PostgreSQL of one’s own serves, the first of its two hosts being dead', async (t) => {
  const { server, url } = await externalDatabase(t)
  const dataDirectory = join(await scratchDirectory(t), 'data')
  const product = await started(t, { dataDirectory, environment: { DURE_DATABASE_URL: url } })
  const wallet = await done((await signIn(product, PERSON)).send('GET', WALLET))
  assert.equal(wallet['totalWon'], 250_000)
  await assert.rejects(product.postgresPid(), /no process/, 'none of ours was started')
  await assertAuditClean(product)
  await product.stop({ keepData: true })
  assert.ok(isAlive(server.pid), 'it is not ours to stop')

  await withSql(
    url,
    (sql) => sql`
    insert into dure.migration values (900000, '900000-of-a-newer-program.sql', 'x', now())`,
  )
  await refused(
    { dataDirectory, environment: { DURE_DATABASE_URL: url } },
    'the database is at migration 900000',
    'start the newer program',
  )
})

test('a database that nobody answers for is told, not waited for without end', async (t) => {
  const dataDirectory = join(await scratchDirectory(t), 'data')
  const hosts = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`] as const
  const environment = { DURE_DATABASE_URL: `postgres://dure:secret-word@${hosts.join()}/dure` }
  const told = await refused(
    { dataDirectory, environment },
    'DURE_DATABASE_URL leads to no database that can be written to',
    `${hosts[0]}: connect ECONNREFUSED`,
    `${hosts[1]}: connect ECONNREFUSED`,
  )
  assert.ok(!told.includes('secret-word'), 'the password is not told')
})

type StartOptions = NonNullable<Parameters<typeof startProduct>[0]>

/** A start that is stopped with the test, whatever happens to it. */
async function started(test: Cleaned, options: StartOptions): Promise<RunningProduct> {
  const product = await startProduct(options)
  atEnd(test, () => product.stop({ keepData: true }))
  return product
}

/** The start ends with 1, saying all of this. Gives what it said. */
async function refused(options: StartOptions, ...sentences: readonly string[]): Promise<string> {
  let said = ''
  await assert.rejects(startProduct(options), (error) => {
    said = error instanceof Error ? error.message : ''
    return true
  })
  assert.match(said, /\(exit 1\)/)
  for (const sentence of sentences) assert.ok(said.includes(sentence), said)
  assert.doesNotMatch(said, /^\s+at /m, 'no stack is shown to an operator')
  return said
}

/** A server that is not of the product, with an empty database; its URL names a dead host first. */
async function externalDatabase(test: Cleaned): Promise<{ server: StartedPostgres; url: string }> {
  const server = await startedPostgres(test, await scratchDirectory(test), {
    settings: { shared_buffers: '32MB', max_connections: '40' },
  })
  await withSql(server.superuserUrl, (sql) => sql.unsafe(`create database ${DATABASE}`))
  const { username, password, port } = new URL(server.superuserUrl)
  const hosts = `127.0.0.1:${await freePort()},127.0.0.1:${port}`
  return { server, url: `postgres://${username}:${password}@${hosts}/${DATABASE}` }
}
