/** Orders at real control doors: one that obeys, one that refuses, one that is away. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { createIdSource, OPERATOR } from '../base/base.ts'
import type { GatewayOrder } from '../http/http.ts'
import { createMemoryRegistry } from '../registration/registration.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { createGatewayOrders } from './gateway-orders.ts'
import { writeRunning } from './running.ts'

const TOKEN = 'control-token'
const told: { url: string; body: unknown }[] = []
const server = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8').on('data', (part: string) => (text += part))
  request.on('end', () => {
    assert.equal(request.headers.authorization, `Bearer ${TOKEN}`)
    const url = request.url ?? ''
    told.push({ url, body: JSON.parse(text) })
    response.writeHead(url.startsWith('/good') ? 200 : 404)
    response.end(JSON.stringify({ problem: 'no such issuer' }))
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
after(() => {
  server.close()
  server.closeAllConnections()
})

test('each gateway is told, each result is told back, and all of it is recorded', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const urls = { good: `${base}/good`, bad: `${base}/bad`, gone: 'http://127.0.0.1:1' }
  await writeRunning(dataDirectory, {
    dataDirectory,
    coreUrl: base,
    identityUrl: base,
    bankUrl: base,
    edgeUrl: base,
    auditUrl: base,
    deskUrl: base,
    companyUrls: {},
    gateways: Object.entries(urls).map(([name, controlUrl]) => ({ name, controlUrl, links: {} })),
  })
  const registry = createMemoryRegistry()
  await registry.openIssuer(OPERATOR)
  const clock = () => 1_795_000_000_000
  const ids = createIdSource({ node: 1, clock })
  const orders = createGatewayOrders({ dataDirectory, token: TOKEN, registry, ids, clock })
  assert.deepEqual(await orders.names(), ['good', 'bad', 'gone'])

  const by = { by: 'operator kim', reason: 'planned work' }
  const standIn: GatewayOrder = {
    gateways: ['good', 'bad', 'gone'],
    action: 'standin',
    mode: 'forced',
    partner: null,
    issuer: 'gunsan',
    ...by,
  }
  const results = await orders.give(standIn)
  assert.deepEqual(results, [
    { gateway: 'good', outcome: 'done', said: null },
    { gateway: 'bad', outcome: 'refused', said: 'no such issuer' },
    { gateway: 'gone', outcome: 'no_answer', said: null },
  ])
  assert.deepEqual(told[0], {
    url: '/good/standin',
    body: { mode: 'forced', issuer: 'gunsan', ...by },
  })
  const off: GatewayOrder = { ...standIn, gateways: ['good'], action: 'sign_off', mode: null }
  await orders.give({ ...off, issuer: null, partner: 'hanbit' })
  assert.deepEqual(told.at(-1), { url: '/good/links/hanbit/sign-off', body: by })

  const [, kept] = await registry.list(OPERATOR, 'gateway_order', { limit: 5 })
  assert.equal(kept?.version, 2)
  assert.deepEqual(kept.body, { ...standIn, at: clock(), results })
})
