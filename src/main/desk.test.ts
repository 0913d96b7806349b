/** The desk of the demonstration: whom it answers, and what it does to parts that are real. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { waitUntil } from './bounded-wait.ts'
import { buildDesk, deskService } from './desk.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { freePort } from './free-port.ts'
import { isAlive } from './process-table.ts'
import { programService } from './program.ts'
import { createSupervisor } from './supervisor.ts'

const ORIGIN = 'http://localhost:8080'
const headers = { origin: ORIGIN }
const sold: { url: string; body: string }[] = []
const company = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => (body += text))
  request.on('end', () => {
    sold.push({ url: request.url ?? '', body })
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end('{"outcome":"approved"}')
  })
})
await new Promise<void>((resolve) => company.listen(0, '127.0.0.1', resolve))
const address = company.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const folder = await scratchDirectory({ after })
const supervisor = createSupervisor({ log: () => undefined, onGivenUp: () => undefined })
const programOf = (name: string) =>
  programService({
    name,
    file: join(import.meta.dirname, 'fixtures', 'small-program.ts'),
    arguments: ['serve', join(folder, name)],
    onLine: () => undefined,
  })
await supervisor.start(programOf('postgres'))
const core = await supervisor.start(programOf('core'))
const desk = buildDesk({
  port: 0,
  origins: [ORIGIN],
  supervisor,
  companyUrls: { hanbit: `http://127.0.0.1:${port}`, gone: 'http://127.0.0.1:1' },
  gateways: async () => [{ name: 'gateway-a', status: null }],
})
after(async () => {
  await supervisor.stop()
  await desk.close()
  company.close()
  company.closeAllConnections()
})

const post = (url: string, payload?: object, from: object = headers) =>
  desk.inject({ method: 'POST', url, headers: { ...from }, ...(payload ? { payload } : {}) })
const coreState = (): string | undefined =>
  supervisor.parts().find(({ name }) => name === 'core')?.state

test('a page from elsewhere, or one that says no origin, stops nothing', async () => {
  const strangers = [
    {},
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { origin: `${ORIGIN}.evil.example` },
    { origin: 'http://localhost:8081' },
  ]
  for (const stranger of strangers) {
    for (const path of ['/parts/core/stop', '/parts/core/kill', '/terminals/hanbit/T1/sales']) {
      const answer = await post(path, undefined, stranger)
      assert.equal(answer.statusCode, 403, path)
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
    const asked = { method: 'GET', url: '/parts', headers: stranger } as const
    assert.equal((await desk.inject(asked)).statusCode, 403)
    const preflight = { method: 'OPTIONS', url: '/parts/core/stop', headers: stranger } as const
    assert.equal((await desk.inject(preflight)).statusCode, 403)
  }
  assert.equal(coreState(), 'running')
  assert.deepEqual(sold, [])
})

test('the core’s page is answered across origins', async () => {
  const preflight = { method: 'OPTIONS', url: '/parts/core/stop', headers } as const
  const answer = await desk.inject(preflight)
  assert.equal(answer.statusCode, 204)
  assert.equal(answer.headers['access-control-allow-origin'], ORIGIN)
})

test('the core is stopped and stays so until it is started; the database is nobody’s to stop', async () => {
  const states = (body: { parts: { name: string; state: string }[] }) =>
    body.parts.map(({ name, state }) => [name, state])
  assert.deepEqual(states((await post('/parts/core/stop')).json()), [['core', 'stopped']])
  assert.equal(isAlive(core.pid), false)
  assert.equal((await post('/parts/core/kill')).statusCode, 409)
  assert.deepEqual(states((await post('/parts/core/start')).json()), [['core', 'running']])
  assert.equal((await post('/parts/postgres/stop')).statusCode, 400)
  assert.equal((await post('/parts/nobody/stop')).statusCode, 400)
})

test('a killed core is started again without a word', async () => {
  const since = supervisor.parts().find(({ name }) => name === 'core')?.since ?? 0
  assert.equal((await post('/parts/core/kill')).statusCode, 200)
  const isBack = () =>
    supervisor.parts().some((one) => {
      return one.name === 'core' && one.state === 'running' && one.since > since
    })
  assert.ok(await waitUntil(isBack, { timeoutMs: 10_000 }))
})

test('a terminal sells by its company, and a company that is away leaves it unknown', async () => {
  const sale = { card: 'HAN0000000000001', merchantNumber: '900010001300000', amountWon: 8_000 }
  const answer = await post('/terminals/hanbit/T0000001/sales', sale)
  assert.deepEqual(answer.json(), { outcome: 'approved' })
  assert.deepEqual(sold, [{ url: '/terminals/T0000001/sales', body: JSON.stringify(sale) }])
  assert.equal((await post('/terminals/gone/T0000001/sales', sale)).statusCode, 504)
  assert.equal((await post('/terminals/nobody/T0000001/sales', sale)).statusCode, 404)
  assert.equal((await post('/terminals/hanbit/..%2Fx/sales', sale)).statusCode, 400)
  assert.equal((await post('/terminals/hanbit/T1/sales', { ...sale, more: 1 })).statusCode, 400)
  assert.equal(sold.length, 1)
})

test('the gateways are shown without the core', async () => {
  const answer = await desk.inject({ method: 'GET', url: '/gateways', headers })
  assert.deepEqual(answer.json(), { items: [{ name: 'gateway-a', status: null }] })
})

test('as a service it listens on its port, and its end is told', async () => {
  const own = await freePort()
  const service = deskService({
    port: own,
    origins: [ORIGIN],
    supervisor,
    companyUrls: {},
    gateways: async () => [],
  })
  const running = await service.start(new AbortController().signal)
  assert.equal((await fetch(`http://127.0.0.1:${own}/parts`, { headers })).status, 200)
  await running.stop()
  await running.exited
  await assert.rejects(fetch(`http://127.0.0.1:${own}/parts`, { headers }))
})
