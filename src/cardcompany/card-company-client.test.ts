/** The client of a linking service against a company that answers well, badly, late and not at all. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { Fault } from '../base/base.ts'
import { createCardCompanyClient } from './cardcompany.ts'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let answer: Answer = (_request, response) => response.end()
const asked: { line: string; body: string; connection: unknown }[] = []
const server = createServer((request, response) => {
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (text: string) => (body += text))
  request.on('end', () => {
    asked.push({ line: `${request.method} ${request.url}`, body, connection: request.socket })
    answer(request, response)
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const address = server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0
after(() => {
  server.close()
  server.closeAllConnections()
})

const company = createCardCompanyClient({
  baseUrl: `http://127.0.0.1:${port}/linking/`,
  timeoutMs: 400,
})
const says =
  (status: number, body: unknown = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
const card = { cardToken: 'HAN0000000000001', lastFour: '0001' }
const request = { linkCode: '482913', issuerCode: 'gunsan' }
const wishes = { issuerCode: 'gunsan', spending: 'voucher_first', onUnknown: 'decline' } as const
const isUnavailable = (error: unknown): boolean =>
  error instanceof Fault &&
  error.code === 'card_company_unavailable' &&
  error.certainty === 'did_not_happen'

test('the three calls are made as the company expects them', async () => {
  asked.length = 0
  answer = says(201, { ...card, holder: 'nobody asked' })
  assert.deepEqual(await company.redeem(request), card)
  answer = says(204, '')
  assert.equal(await company.tellWishes(card.cardToken, wishes), true)
  await company.endLink(card.cardToken, 'busan-donggu')
  assert.deepEqual(
    asked.map(({ line, body }) => [line, body]),
    [
      ['POST /linking/links', JSON.stringify(request)],
      [`PUT /linking/links/${card.cardToken}`, JSON.stringify(wishes)],
      [`DELETE /linking/links/${card.cardToken}?issuer=busan-donggu`, ''],
    ],
  )
  assert.equal(new Set(asked.map(({ connection }) => connection)).size, 3)
})

test('what the company does not know is said by it', async () => {
  for (const status of [404, 409, 410]) {
    answer = says(status)
    assert.equal(await company.redeem(request), undefined)
  }
  answer = says(404)
  assert.equal(await company.tellWishes(card.cardToken, wishes), false)
  await company.endLink(card.cardToken, 'gunsan')
})

test('whatever else it says is no answer', async () => {
  const nonsense: readonly Answer[] = [
    says(200),
    says(200, 'no json'),
    says(200, []),
    says(200, { ...card, cardToken: '4000 0012 3456 7890' }),
    says(200, { ...card, lastFour: '12' }),
    says(202, card),
    says(301, card),
    says(500, card),
    says(200, { ...card, more: 'x'.repeat(20_000) }),
    (_incoming, response) => response.destroy(),
    (_incoming, response) => {
      response.writeHead(200, { 'content-length': 100 })
      response.write('{')
      setImmediate(() => response.destroy())
    },
    () => {},
  ]
  for (const [index, each] of nonsense.entries()) {
    answer = each
    await assert.rejects(company.redeem(request), isUnavailable, `redeem ${index}`)
  }
  for (const each of [says(500), says(302), says(409), () => {}]) {
    answer = each
    await assert.rejects(company.tellWishes(card.cardToken, wishes), isUnavailable)
    await assert.rejects(company.endLink(card.cardToken, 'gunsan'), isUnavailable)
  }
})

test('nobody there is no answer either, and a company that hangs holds only so many', async () => {
  const nobody = createCardCompanyClient({ baseUrl: 'http://127.0.0.1:1', timeoutMs: 400 })
  await assert.rejects(nobody.redeem(request), isUnavailable)
  answer = () => {}
  asked.length = 0
  const calls = Array.from({ length: 20 }, () => company.redeem(request))
  const ends = await Promise.allSettled(calls)
  assert.ok(ends.every((end) => end.status === 'rejected' && isUnavailable(end.reason)))
  assert.equal(asked.length, 16)
  answer = says(200, card)
  assert.deepEqual(await company.redeem(request), card)
})

test('a token that is none of ours cannot lead anywhere else', async () => {
  asked.length = 0
  answer = says(404)
  await company.endLink('../accounts?x=', 'a&issuer=b')
  assert.equal(asked[0]?.line, 'DELETE /linking/links/..%2Faccounts%3Fx%3D?issuer=a%26issuer%3Db')
})
