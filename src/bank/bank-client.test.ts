/** The bank client against the simulated bank as a real process, in each of its misbehaviours. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { Fault, id, operationId, won } from '../base/base.ts'
import type { DebitOrder } from '../issuing/issuing.ts'
import { launchSimulated, type SimulatedProcess } from '../../simulated/launch.ts'
import { createBankClient, type BankClient } from './bank.ts'

const TIMEOUT_MS = 400
const PATIENT_MS = 5000

let folder: string
let bank: SimulatedProcess
/** Gives up soon. */
let hasty: BankClient
/** Waits for what is expected to come. */
let client: BankClient

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-bank-'))
  bank = await launchSimulated('bank', { PORT: '0', BANK_BOOKS: join(folder, 'books.jsonl') })
  hasty = createBankClient({ baseUrl: bank.url, timeoutMs: TIMEOUT_MS })
  client = createBankClient({ baseUrl: `${bank.url}/`, timeoutMs: PATIENT_MS })
})
after(async () => {
  hasty.close()
  client.close()
  await bank.stop()
  await rm(folder, { recursive: true })
})
afterEach(() => behave({ mode: 'normal' }))

test('a debit is made once, however often it is ordered', async () => {
  const order = newOrder({ accountToken: 'acc-once' })
  for (let time = 0; time < 3; time += 1) {
    assert.deepEqual(await client.debit(order), { status: 'debited' })
  }
  assert.equal(await balanceWon('acc-once'), 4_910_000)
  assert.deepEqual(await client.enquire(order.debitId), { status: 'debited' })
})

test('each refusal of the bank is told with its reason', async () => {
  const reasons = {
    'poor-1': 'insufficient_balance',
    'stopped-1': 'account_stopped',
    'unknown-1': 'account_unknown',
  }
  for (const [accountToken, reason] of Object.entries(reasons)) {
    const order = newOrder({ accountToken })
    assert.deepEqual(await client.debit(order), { status: 'refused', reason })
    assert.deepEqual(await client.enquire(order.debitId), { status: 'refused', reason })
  }
})

test('an enquiry about an unknown debit closes its id to a late order', async () => {
  const order = newOrder({ accountToken: 'acc-closed' })
  assert.deepEqual(await client.enquire(order.debitId), { status: 'unknown_debit' })
  assert.deepEqual(await client.debit(order), { status: 'refused', reason: 'debit_closed' })
  assert.deepEqual(await client.enquire(order.debitId), { status: 'unknown_debit' })
  assert.equal(await balanceWon('acc-closed'), 5_000_000)
})

test('the same id with another amount is never taken for debited', async () => {
  const order = newOrder({})
  await client.debit(order)
  await rejectsWith('bank_answer_lost', client.debit({ ...order, amountWon: won(1) }))
})

test('a bank that decides later is pending until it has decided', async () => {
  await behave({ mode: 'pending', delayMs: 500 })
  const order = newOrder({ accountToken: 'acc-pending' })
  assert.deepEqual(await client.debit(order), { status: 'pending' })
  assert.deepEqual(await client.enquire(order.debitId), { status: 'pending' })
  await until(async () => (await client.enquire(order.debitId)).status === 'debited')
  assert.equal(await balanceWon('acc-pending'), 4_910_000)
})

test('a slow answer within the deadline counts', async () => {
  await behave({ mode: 'slow', delayMs: 50 })
  assert.deepEqual(await client.debit(newOrder({})), { status: 'debited' })
})

test('an answer after the deadline is lost, and the enquiry finds the debit', async () => {
  await behave({ mode: 'slow', delayMs: 2 * TIMEOUT_MS })
  const order = newOrder({})
  await rejectsWith('bank_answer_lost', hasty.debit(order))
  assert.deepEqual(await client.enquire(order.debitId), { status: 'debited' })
})

test('a debit that the bank would book after we gave up is stopped by the enquiry', async () => {
  await behave({ mode: 'slow', delayMs: 2 * TIMEOUT_MS, booked: false })
  const order = newOrder({ accountToken: 'acc-late' })
  await rejectsWith('bank_answer_lost', hasty.debit(order))
  assert.deepEqual(await client.enquire(order.debitId), { status: 'unknown_debit' })
  // Ordered again on a second connection; its answer comes after the first order was worked off.
  assert.deepEqual(await client.debit(order), { status: 'refused', reason: 'debit_closed' })
  assert.equal(await balanceWon('acc-late'), 5_000_000)
})

test('a 500 is lost, for it does not say whether money moved', async () => {
  await behave({ mode: 'fail' })
  const order = newOrder({})
  await rejectsWith('bank_answer_lost', client.debit(order))
  assert.deepEqual(await client.enquire(order.debitId), { status: 'unknown_debit' })
})

test('a closed bank that says so is unavailable for debits, and tells nothing by enquiry', async () => {
  await behave({ mode: 'unavailable', on: ['debit', 'enquiry'] })
  const order = newOrder({})
  await rejectsWith('bank_unavailable', client.debit(order))
  await rejectsWith('bank_answer_lost', client.enquire(order.debitId))
})

test('an answer that the connection took with it is lost, and the enquiry finds the debit', async () => {
  await behave({ mode: 'lose_answer' })
  const order = newOrder({})
  await rejectsWith('bank_answer_lost', client.debit(order))
  assert.deepEqual(await client.enquire(order.debitId), { status: 'debited' })
})

test('silence is lost, and the enquiry tells what happened', async () => {
  for (const [booked, status] of [
    [true, 'debited'],
    [false, 'unknown_debit'],
  ] as const) {
    await behave({ mode: 'never_answer', booked })
    const order = newOrder({})
    await rejectsWith('bank_answer_lost', hasty.debit(order))
    assert.deepEqual(await client.enquire(order.debitId), { status })
  }
})

test('debits that hang do not keep enquiries from being answered', async () => {
  await behave({ mode: 'never_answer', booked: true })
  const crowded = createBankClient({
    baseUrl: bank.url,
    timeoutMs: PATIENT_MS,
    debitsRunningMax: 2,
    debitsWaitingMax: 1,
  })
  const orders = [newOrder({}), newOrder({}), newOrder({})]
  const hanging = orders.map((order) => rejectsWith('bank_answer_lost', crowded.debit(order)))
  await until(async () => crowded.load().debits.running === 2)
  // The fourth was never sent: that is certain.
  await rejectsWith('bank_unavailable', crowded.debit(newOrder({})))
  await until(async () => {
    const answer = await fetch(`${bank.url}/debits/${orders[0]?.debitId}`)
    return answer.status === 200
  })
  const [first] = orders
  assert.deepEqual(first && (await crowded.enquire(first.debitId)), { status: 'debited' })
  crowded.close()
  await behave({ mode: 'normal' })
  // Those on the wire are cut; the one that waited gets its place and a new connection.
  await Promise.allSettled(hanging)
  assert.deepEqual(crowded.load().debits, { running: 0, waiting: 0 })
})

test('response bytes that come twice never answer the next question', async () => {
  let answered = 0
  for (const delayMs of [0, 1, 20]) {
    await behave({ mode: 'answer_twice', delayMs, on: ['debit', 'enquiry'] })
    for (let turn = 0; turn < 15; turn += 1) {
      const order = newOrder({})
      // Either answer is right; what would be wrong is the answer of another question.
      const debit = await settled(client.debit(order))
      assert.ok(['debited', 'bank_answer_lost'].includes(debit), debit)
      const refused = await settled(client.debit(newOrder({ accountToken: 'poor-2' })))
      assert.ok(['refused', 'bank_answer_lost'].includes(refused), refused)
      const enquiry = await settled(client.enquire(order.debitId))
      assert.ok(['debited', 'bank_answer_lost'].includes(enquiry), enquiry)
      answered += [debit, refused, enquiry].filter((word) => word !== 'bank_answer_lost').length
    }
  }
  // Cut connections cost some answers; the client must still be of use.
  assert.ok(answered > 45, `${answered} of 135 answered`)
})

test('a bank that is not there is unavailable for debits, and an enquiry says nothing', async () => {
  const gone = createServer()
  const baseUrl = await listen(gone)
  await new Promise((resolve) => gone.close(resolve))
  const lonely = createBankClient({ baseUrl, timeoutMs: PATIENT_MS })
  await rejectsWith('bank_unavailable', lonely.debit(newOrder({})))
  await rejectsWith('bank_answer_lost', lonely.enquire(newOrder({}).debitId))
  lonely.close()
})

test('a connection that broke in use is lost even when the bank is gone afterwards', async () => {
  const order = newOrder({})
  const answer = await withFakeBank(
    (request) => request.socket.resetAndDestroy(),
    (fake) => settled(fake.debit(order)),
  )
  assert.equal(answer, 'bank_answer_lost')
})

test('nonsense and answers about something else are lost', async () => {
  const order = newOrder({})
  const { debitId } = order
  const good = { status: 'debited', debitId, amountWon: 90_000, at: '2026-11-22T00:00:00Z' }
  const nonsense: { status?: number; body: string; number?: string }[] = [
    { body: JSON.stringify({ ...good, debitId: randomUUID() }) },
    { body: JSON.stringify({ ...good, amountWon: 90_001 }) },
    { body: JSON.stringify({ ...good, amountWon: '90000' }) },
    { body: JSON.stringify({ ...good, status: 'done' }) },
    { body: JSON.stringify({ status: 'refused', debitId, reason: 'moon_phase' }) },
    { body: JSON.stringify({ status: 'refused', debitId: randomUUID(), reason: 'debit_closed' }) },
    { body: JSON.stringify(good), number: 'another' },
    { body: JSON.stringify(good), status: 202 },
    { body: JSON.stringify({ status: 'unknown_debit', debitId, closed: true }), status: 404 },
    { body: '{"error":"nothing_booked"}', status: 500 },
    { body: '<html>busy</html>', status: 503 },
    { body: JSON.stringify(good).slice(0, -5) },
    { body: '' },
    { body: 'null' },
    { body: `"${'x'.repeat(20_000)}"` },
  ]
  for (const { status = 200, body, number } of nonsense) {
    const answer = await withFakeBank(
      (request, response) => {
        const own = String(request.headers['x-message-number'])
        response.writeHead(status, { 'x-message-number': number ?? own }).end(body)
      },
      (fake) => settled(fake.debit(order)),
    )
    assert.equal(answer, 'bank_answer_lost', body.slice(0, 100))
  }
})

test('an enquiry believes "unknown" only where the id was closed and is the one asked about', async () => {
  const { debitId } = newOrder({})
  for (const body of [
    { status: 'unknown_debit', debitId, closed: false },
    { status: 'unknown_debit', debitId: randomUUID(), closed: true },
    { error: 'not_found' },
  ]) {
    const answer = await withFakeBank(
      (request, response) => {
        const number = String(request.headers['x-message-number'])
        response.writeHead(404, { 'x-message-number': number }).end(JSON.stringify(body))
      },
      (fake) => settled(fake.enquire(debitId)),
    )
    assert.equal(answer, 'bank_answer_lost')
  }
})

test('a bank killed at its work knows after its restart what it did', async () => {
  const books = join(folder, 'killed.jsonl')
  const first = await launchSimulated('bank', { PORT: '0', BANK_BOOKS: books })
  const before = createBankClient({ baseUrl: first.url, timeoutMs: PATIENT_MS })
  const orders = Array.from({ length: 60 }, () => newOrder({}))
  const answers = orders.map((order) => settled(before.debit(order)))
  await Promise.race(answers)
  await first.kill()
  const outcomes = await Promise.all(answers)
  before.close()

  const second = await launchSimulated('bank', { PORT: '0', BANK_BOOKS: books })
  const after = createBankClient({ baseUrl: second.url, timeoutMs: PATIENT_MS })
  let debited = 0
  for (const [index, order] of orders.entries()) {
    const { status } = await after.enquire(order.debitId)
    if (status === 'debited') debited += 1
    // What was answered stands; what was certainly not sent is unknown; of the lost either is true.
    if (outcomes[index] === 'debited') assert.equal(status, 'debited')
    if (outcomes[index] === 'bank_unavailable') assert.equal(status, 'unknown_debit')
  }
  assert.ok(debited >= 1)
  const answer: unknown = await (await fetch(`${second.url}/books`)).json()
  assert.equal(Reflect.get(Object(Reflect.get(Object(answer), 'totals')), 'debits'), debited)
  after.close()
  await second.stop()
})

function newOrder(options: { accountToken?: string }): DebitOrder {
  return {
    debitId: operationId(randomUUID()),
    issuerId: id('iss', 1),
    accountToken: options.accountToken ?? `acc-${randomUUID()}`,
    amountWon: won(90_000),
  }
}

async function behave(behaviour: object): Promise<void> {
  const response = await fetch(`${bank.url}/behaviour`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(behaviour),
  })
  assert.equal(response.status, 200, await response.text())
}

async function balanceWon(accountToken: string): Promise<unknown> {
  const answer: unknown = await (await fetch(`${bank.url}/accounts/${accountToken}`)).json()
  return Reflect.get(Object(answer), 'balanceWon')
}

/** The status of the answer, or the code of the fault. */
async function settled(call: Promise<{ status: string }>): Promise<string> {
  try {
    return (await call).status
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

async function rejectsWith(code: string, call: Promise<{ status: string }>): Promise<void> {
  assert.equal(await settled(call), code)
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENT_MS
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, 'waited in vain')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  assert.ok(typeof address === 'object' && address !== null)
  return `http://127.0.0.1:${address.port}`
}

async function withFakeBank<Result>(
  listener: RequestListener,
  use: (client: BankClient) => Promise<Result>,
): Promise<Result> {
  const server = createServer(listener)
  const fake = createBankClient({ baseUrl: await listen(server), timeoutMs: PATIENT_MS })
  try {
    return await use(fake)
  } finally {
    fake.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
