/** The client of virtual accounts against the simulated bank as a real process, in its misbehaviours. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Fault, HOUR_MS, id, operationId, won } from '../base/base.ts'
import type { VirtualAccountOrder } from '../issuing/issuing.ts'
import { launchSimulated, type SimulatedProcess } from '../../simulated/launch.ts'
import { createVirtualAccounts, type VirtualAccountClient } from './bank.ts'

const ISSUER = id('iss', 1)
let folder: string
let bank: SimulatedProcess
let client: VirtualAccountClient
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-virtual-'))
  await start()
})
after(async () => {
  client.end()
  await bank.stop()
  await rm(folder, { recursive: true })
})

async function start(): Promise<void> {
  bank = await launchSimulated('bank', { PORT: '0', BANK_BOOKS: join(folder, 'books.jsonl') })
  client = createVirtualAccounts({ baseUrl: bank.url, timeoutMs: 2_000 })
}
const orderOf = (change: Partial<VirtualAccountOrder> = {}): VirtualAccountOrder => ({
  accountId: operationId(randomUUID()),
  issuerId: ISSUER,
  amountWon: won(27_000),
  expiresAt: Date.now() + HOUR_MS,
  ...change,
})
const send = (path: string, method: 'POST' | 'PUT', body: object) =>
  fetch(`${bank.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
const behave = async (mode: string) => {
  const on = ['virtual_account']
  assert.equal((await send('/behaviour', 'PUT', { mode, on, count: 1 })).status, 200)
}
async function payIn(accountNumber: string, change: object = {}): Promise<string> {
  const body = { accountNumber, amountWon: 27_000, payer: '김하늘', ...change }
  const answer = (await (await send('/pay-ins', 'POST', body)).json()) as Record<string, string>
  return answer['depositId'] ?? answer['error']!
}
async function opened(order: VirtualAccountOrder): Promise<string> {
  const answer = await client.open(order)
  assert.ok(answer.status === 'open', JSON.stringify(answer))
  return answer.accountNumber
}
async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'none'
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

test('an account takes its amount once, and tells of it until it is taken, over a kill too', async () => {
  const order = orderOf()
  const number = await opened(order)
  assert.equal(await opened(order), number)
  assert.equal(await payIn(number, { amountWon: 26_999 }), 'amount_differs')
  const depositId = await payIn(number)
  assert.equal(await payIn(number), 'already_paid')
  assert.deepEqual(await client.open(order), { status: 'deposited', depositId })
  assert.deepEqual(await client.close(order.accountId), { status: 'deposited', depositId })
  client.end()
  await bank.kill()
  await start()
  const told = [{ depositId, accountId: order.accountId, amountWon: 27_000 }]
  assert.deepEqual(await client.deposits(ISSUER, 10), told)
  assert.deepEqual(await client.deposits(id('iss', 2), 10), [])
  await client.take(depositId)
  await client.take(depositId)
  assert.deepEqual(await client.deposits(ISSUER, 10), [])
})

test('closed, run out or never opened: nothing is taken, and what is forced in goes back once', async () => {
  const order = orderOf()
  const number = await opened(order)
  assert.deepEqual(await client.close(order.accountId), { status: 'closed' })
  assert.equal(await payIn(number), 'account_closed')
  const unknown = orderOf()
  assert.deepEqual(await client.close(unknown.accountId), { status: 'closed' })
  assert.deepEqual(await client.open(unknown), { status: 'closed' })
  assert.deepEqual(await client.open(orderOf({ expiresAt: 1 })), { status: 'closed' })
  const forced = await payIn(number, { isForced: true })
  assert.equal(await client.giveBack(forced), 'returned')
  assert.equal(await client.giveBack(forced), 'returned')
  const stuck = await payIn(number, { isForced: true, payer: '해지 계좌' })
  assert.equal(await client.giveBack(stuck), 'refused')
  for (const depositId of [forced, stuck]) await client.take(depositId)
})

test('what is no answer is a fault, and says whether anything was sent', async () => {
  const order = orderOf()
  await behave('lose_answer')
  assert.equal(await faultOf(client.open(order)), 'bank_answer_lost')
  assert.match(await opened(order), /^790\d{9}$/)
  await behave('unavailable')
  assert.equal(await faultOf(client.open(orderOf())), 'bank_unavailable')
  await behave('fail')
  assert.equal(await faultOf(client.deposits(ISSUER, 10)), 'bank_answer_lost')
  // The same id with another amount is the caller's mistake, and never taken for open.
  assert.equal(await faultOf(client.open({ ...order, amountWon: won(1) })), 'bank_answer_lost')
  assert.equal(await faultOf(client.take('dep-0')), 'bank_answer_lost')
})
