/** The question whose an account is, asked of the simulated bank and of servers that answer nonsense. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { Fault } from '../base/base.ts'
import { createBankServer } from '../../simulated/bank-server.ts'
import { createBooks } from '../../simulated/bank-books.ts'
import { createAccountHolders } from './account-holders.ts'

const account = { bankCode: '011', accountNumber: '3020000123451', holderName: '박가네' }

async function asking(url: string) {
  const client = createAccountHolders({ baseUrl: url, timeoutMs: 2_000 })
  after(() => client.close())
  return client
}

test('the simulated bank knows accounts, other holders, and no accounts', async () => {
  const journal = { append: () => {}, durable: async () => {}, close: async () => {} }
  const books = createBooks()
  const server = createBankServer({ books, journal, clock: () => 0 })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  after(() => server.close())
  const { check } = await asking(url)
  assert.equal(await check(account), 'matches')
  assert.equal(await check({ ...account, accountNumber: '8880000000' }), 'differs')
  assert.equal(await check({ ...account, accountNumber: '9990000000' }), 'account_unknown')
})

const nonsense: Readonly<Record<string, RequestListener>> = {
  'another account': (request, response) => {
    response.setHeader('x-message-number', String(request.headers['x-message-number']))
    response.end(JSON.stringify({ result: 'matches', bankCode: '011', accountNumber: '1' }))
  },
  'another message': (_request, response) => {
    response.setHeader('x-message-number', 'holder-0')
    response.end(JSON.stringify({ result: 'matches', ...account }))
  },
  'no JSON': (_request, response) => response.end('<html>'),
  'an error': (_request, response) => response.writeHead(500).end(),
}

for (const [name, listener] of Object.entries(nonsense)) {
  test(`an answer with ${name} is none: nothing is believed`, async () => {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    after(() => server.close())
    const { port } = server.address() as AddressInfo // It listens on TCP.
    const { check } = await asking(`http://127.0.0.1:${port}`)
    await assert.rejects(check(account), (error) => {
      assert.ok(error instanceof Fault)
      return error.code === 'bank_unavailable' && error.certainty === 'did_not_happen'
    })
  })
}
