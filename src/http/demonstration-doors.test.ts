/** What passes to simulated parties, and what does not: real HTTP to parties that write down what reaches them. */
import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { after, beforeEach, test } from 'node:test'
import { requestLimits } from './http.ts'
import { openTestDoor } from './fixtures/test-door.ts'

interface Reached {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

const reached: Reached[] = []
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8').on('data', (text: string) => (body += text))
  request.on('end', () => {
    const { method = '', url = '', headers } = request
    reached.push({ method, url, headers, body })
    response.writeHead(409, { 'content-type': 'application/json', 'set-cookie': 'a=1' })
    response.end('{"error":"as_told"}')
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
const deskUrl = 'http://127.0.0.1:9'
const demonstration = {
  identityUrl: url,
  bankUrl: url,
  companyUrls: { hanbit: url, gone: 'http://127.0.0.1:1' },
  deskUrl,
}
const { app } = await openTestDoor({ demonstration, version: '7.0.0' })
after(async () => {
  await app.close()
  server.close()
  server.closeAllConnections()
})
beforeEach(() => void reached.splice(0))

const passes: readonly (readonly ['GET' | 'POST', string, string])[] = [
  ['POST', '/simulated/identity/verifications', '/verifications'],
  ['POST', '/simulated/identity/verifications/v-1/confirm', '/verifications/v-1/confirm'],
  ['GET', '/simulated/identity/people?text=%EA%B9%80&limit=8', '/people?text=%EA%B9%80&limit=8'],
  ['POST', '/simulated/bank/pay-ins', '/pay-ins'],
  ['GET', '/simulated/bank/accounts/account-p-1', '/accounts/account-p-1'],
  ['GET', '/simulated/companies/hanbit/cards?personId=p-1', '/cards?personId=p-1'],
  ['POST', '/simulated/companies/hanbit/cards/HAN1/link-codes', '/cards/HAN1/link-codes'],
  ['POST', '/simulated/companies/hanbit/terminals/T1/sales', '/terminals/T1/sales'],
]

for (const [method, path, upstream] of passes) {
  test(`${method} ${path} passes, and no header of the caller with it`, async () => {
    const payload = method === 'POST' ? { payload: { name: '김' } } : {}
    const headers = { authorization: 'DPoP secret', dpop: 'proof', cookie: 'c=1', 'x-a': '1' }
    const answer = await app.inject({ method, url: path, headers, ...payload })
    assert.equal(answer.statusCode, 409)
    assert.deepEqual(answer.json(), { error: 'as_told' })
    assert.equal(answer.headers['set-cookie'], undefined)
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    const [one] = reached
    assert.equal(one?.url.replaceAll('김', '%EA%B9%80'), upstream)
    assert.equal(one.method, method)
    assert.equal(one.body, method === 'POST' ? '{"name":"김"}' : '')
    for (const name of Object.keys(headers)) assert.equal(one.headers[name], undefined, name)
  })
}

const refused: readonly (readonly ['GET' | 'POST' | 'PUT' | 'DELETE', string])[] = [
  ['PUT', '/simulated/bank/behaviour'],
  ['GET', '/simulated/bank/books'],
  ['POST', '/simulated/bank/debits'],
  ['GET', '/simulated/identity/verifications'],
  ['PUT', '/simulated/companies/hanbit/behaviour'],
  ['GET', '/simulated/companies/hanbit/books'],
  ['POST', '/simulated/companies/hanbit/links'],
  ['DELETE', '/simulated/companies/hanbit/cards/HAN1'],
  ['GET', '/simulated/companies/nobody/cards'],
  ['GET', '/simulated/companies/hanbit/cards/..%2Fbooks'],
  ['GET', '/simulated/companies/hanbit/cards/%2e%2e'],
  ['POST', '/simulated/companies/hanbit/cards/%2e%2e/link-codes'],
  ['POST', '/simulated/companies/hanbit/terminals/..%5Cx/sales'],
  ['GET', '/simulated/bank/accounts/http:%2F%2F127.0.0.1'],
]

for (const [method, path] of refused) {
  test(`${method} ${path} does not exist here`, async () => {
    const payload = method === 'POST' ? { payload: {} } : {}
    const answer = await app.inject({ method, url: path, ...payload })
    assert.equal(answer.statusCode, 404, answer.body)
    assert.deepEqual(reached, [])
  })
}

test('a party that is away is told as one, and what was asked may have happened', async () => {
  const answer = await app.inject({ method: 'GET', url: '/simulated/companies/gone/cards' })
  assert.equal(answer.statusCode, 503)
  assert.equal(answer.json().code, 'simulated_party_away')
})

test('what is no JSON does not pass', async () => {
  const path = '/simulated/bank/pay-ins'
  const text = { 'content-type': 'text/plain' }
  const plain = await app.inject({ method: 'POST', url: path, headers: text, payload: '{}' })
  assert.equal(plain.statusCode, 415)
  const json = { 'content-type': 'application/json' }
  const broken = await app.inject({ method: 'POST', url: path, headers: json, payload: '{' })
  assert.equal(broken.statusCode, 400)
  assert.deepEqual(reached, [])
})

test('a deployment says what it is, to anybody', async () => {
  const asked = { method: 'GET', url: '/v1/deployment' } as const
  assert.deepEqual((await app.inject(asked)).json(), {
    demonstration: true,
    deskUrl,
    version: '7.0.0',
  })
  const { app: real } = await openTestDoor({ version: '7.0.0' })
  assert.deepEqual((await real.inject(asked)).json(), {
    demonstration: false,
    deskUrl: null,
    version: '7.0.0',
  })
  for (const [method, path] of passes) {
    const payload = method === 'POST' ? { payload: {} } : {}
    const answer = await real.inject({ method, url: path, ...payload })
    assert.equal(answer.statusCode, 404)
  }
  await real.close()
})

test('simulated parties are asked no oftener than one address may ask', async () => {
  const limits = { ...requestLimits, openByAddress: 1 }
  const { app: narrow } = await openTestDoor({ demonstration, limits })
  const ask = () => narrow.inject({ method: 'GET', url: '/simulated/identity/people' })
  assert.equal((await ask()).statusCode, 409)
  assert.equal((await ask()).statusCode, 429)
  await narrow.close()
})
