/** The bank as a process: its HTTP answers, its duplicates on the wire, and how it starts and ends. */
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { launchSimulated, type SimulatedProcess } from './launch.ts'

let folder: string
let bank: SimulatedProcess

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-bank-process-'))
  bank = await launchSimulated('bank', { BANK_BOOKS: join(folder, 'books.jsonl') })
})
after(async () => {
  await bank.stop()
  await rm(folder, { recursive: true })
})
afterEach(() => send('PUT', '/behaviour', { mode: 'normal' }))

test('a refund gives back what was debited, once for each id, and no more', async () => {
  const debitId = randomUUID()
  await send('POST', '/debits', newDebit({ debitId, accountToken: 'acc-refund' }))
  const refund = { refundId: randomUUID(), debitId, amountWon: 60_000 }
  const first = await send('POST', '/refunds', refund)
  assert.deepEqual(await send('POST', '/refunds', refund), first)
  assert.equal(first.body['status'], 'refunded')
  const conflict = await send('POST', '/refunds', { ...refund, amountWon: 1 })
  assert.deepEqual([conflict.status, conflict.body['error']], [409, 'id_already_used'])
  const more = await send('POST', '/refunds', { ...refund, refundId: randomUUID() })
  assert.deepEqual([more.body['status'], more.body['reason']], ['refused', 'exceeds_debit'])
  const account = await send('GET', '/accounts/acc-refund')
  assert.equal(account.body['balanceWon'], 4_970_000)
})

test('an id in either case is one id', async () => {
  const debit = newDebit({ debitId: 'AAAAAAAA-0000-4000-8000-00000000000A' })
  const first = await send('POST', '/debits', debit)
  const lower = { ...debit, debitId: debit.debitId.toLowerCase() }
  assert.deepEqual(await send('POST', '/debits', lower), first)
})

test('looking at a debit closes nothing; closing does', async () => {
  const debit = newDebit({})
  const look = await send('GET', `/debits/${debit.debitId}`)
  assert.deepEqual([look.status, look.body['closed']], [404, false])
  const close = await send('POST', `/debits/${debit.debitId}/close`)
  assert.deepEqual([close.status, close.body['closed']], [404, true])
  const late = await send('POST', '/debits', debit)
  assert.equal(late.body['reason'], 'debit_closed')
})

test('the books are listed page by page, and add up', async () => {
  for (let turn = 0; turn < 5; turn += 1) await send('POST', '/debits', newDebit({}))
  const sequences: unknown[] = []
  let debitedWon = 0
  let after: number | undefined = 0
  while (after !== undefined) {
    const { body }: { body: Record<string, unknown> } = await send(
      'GET',
      `/books?after=${after}&limit=3`,
    )
    const entries = body['entries']
    assert.ok(Array.isArray(entries) && entries.length <= 3)
    for (const entry of entries) {
      sequences.push(entry.sequence)
      if (entry.kind === 'debit' && entry.refusal === null) debitedWon += entry.amountWon
    }
    after = typeof body['nextAfter'] === 'number' ? body['nextAfter'] : undefined
  }
  assert.deepEqual(
    sequences,
    sequences.map((_, index) => index + 1),
  )
  const { body } = await send('GET', '/books')
  assert.equal(Reflect.get(Object(body['totals']), 'debitedWon'), debitedWon)
})

test('malformed requests are refused and book nothing', async () => {
  const before = await send('GET', '/books')
  const debit = newDebit({})
  for (const wrong of [
    { ...debit, amountWon: '90000' },
    { ...debit, amountWon: 0 },
    { ...debit, amountWon: 0.5 },
    { ...debit, debitId: 'one' },
    { ...debit, accountToken: '../x' },
    { ...debit, callbackUrl: 'http://192.0.2.1/' },
    { ...debit, extra: 1 },
    { ...debit, memo: 'x'.repeat(201) },
  ]) {
    const answer = await send('POST', '/debits', wrong)
    assert.deepEqual([answer.status, answer.body['error']], [400, 'request_invalid'])
  }
  const huge = await send('POST', '/debits', { ...debit, memo: 'x'.repeat(20_000) })
  assert.equal(huge.status, 413)
  assert.deepEqual(await send('GET', '/books'), before)
})

test('answering twice writes the response twice and calls back, and books once', async () => {
  await send('PUT', '/behaviour', { mode: 'answer_twice', delayMs: 5, count: 1 })
  const called = Promise.withResolvers<string>()
  const listener = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (text: string) => called.resolve(text))
    response.end()
  })
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const address = listener.address()
  assert.ok(typeof address === 'object' && address !== null)
  const debit = newDebit({ accountToken: 'acc-twice' })
  const callbackUrl = `http://127.0.0.1:${address.port}/answers`
  const text = await rawPost('/debits', { ...debit, callbackUrl }, 2)
  const answers = text.match(/\{"status":"debited".*?\}/g) ?? []
  assert.equal(answers.length, 2)
  assert.equal(answers[0], answers[1])
  assert.equal(await called.promise, answers[0])
  assert.equal((await send('GET', '/accounts/acc-twice')).body['balanceWon'], 4_910_000)
  listener.closeAllConnections()
  listener.close()
})

test('the bank ends with its parent, even while a request waits', async () => {
  const { child, url } = await forkBank(join(folder, 'orphan.jsonl'))
  await fetch(`${url}/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"mode":"never_answer"}',
  })
  const waiting = fetch(`${url}/debits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(newDebit({})),
  }).catch(() => 'cut')
  const gone = once(child, 'exit')
  child.disconnect()
  assert.deepEqual(await gone, [0, null])
  assert.equal(await waiting, 'cut')
})

test('SIGTERM ends the bank cleanly', async () => {
  const { child } = await forkBank(join(folder, 'told.jsonl'))
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  assert.deepEqual(await gone, [0, null])
})

test('a bank without books, or with books it cannot read, does not start', async () => {
  await assert.rejects(launchSimulated('bank', { PORT: '0' }), /code 1/)
  const path = join(folder, 'unreadable.jsonl')
  await writeFile(path, 'nonsense\n')
  await assert.rejects(launchSimulated('bank', { BANK_BOOKS: path }), /code 1/)
})

function newDebit(options: { debitId?: string; accountToken?: string }) {
  return {
    debitId: options.debitId ?? randomUUID(),
    accountToken: options.accountToken ?? 'acc',
    amountWon: 90_000,
    memo: 'iss_1',
  }
}

async function send(method: string, path: string, body?: object) {
  const response = await fetch(`${bank.url}${path}`, {
    method,
    ...(body && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const answer: Record<string, unknown> = Object(await response.json())
  return { status: response.status, body: answer }
}

/** Reads the connection itself until so many responses came: a client would hide the second. */
async function rawPost(path: string, body: object, responses: number): Promise<string> {
  const { hostname, port } = new URL(bank.url)
  const socket = connect(Number(port), hostname)
  const text = JSON.stringify(body)
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: bank\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
  let seen = ''
  for await (const chunk of socket.setEncoding('utf8')) {
    seen += String(chunk)
    if (seen.split('"status"').length > responses) break
  }
  return seen
}

async function forkBank(books: string) {
  const program = fileURLToPath(new URL('bank.ts', import.meta.url))
  const child = fork(program, [books], { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [message] = await once(child, 'message')
  const facts: unknown = Reflect.get(Object(message), 'ready')
  return { child, url: String(Reflect.get(Object(facts), 'url')) }
}
