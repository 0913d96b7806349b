/** Buying by virtual account and by standing order through the door, and money back for what was paid in. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { HOUR_MS, parseId } from '../../base/base.ts'
import { created, GUNSAN, openCity, openMember, type Citizen } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const consent = { textVersion: '2026-01', textHash: 'ab'.repeat(32) }

const open = (member: Citizen, faceWon = 30_000, key: string = randomUUID()) =>
  member.ask('POST', `${base}/virtual-accounts`, { key, body: { programId: 'prg_1', faceWon } })
const look = async (member: Citizen, purchaseId: string) =>
  (await member.ask('GET', `${base}/virtual-accounts/${purchaseId}`)).json<Account>()
const pay = ({ accountNumber, payWon: amountWon }: Account) =>
  city.virtualBank.books.payIn(
    { accountNumber: accountNumber!, amountWon, payer: '김하늘' },
    city.time.now,
  )
const codeOf = (answer: { json(): unknown }) => (answer.json() as { code: string }).code
const noticesOf = async (member: Citizen) =>
  (await member.ask('GET', `${base}/members/me/notices`)).json<{ items: Notice[] }>().items

test('a member pays in what the number asks for, and the value is there', async () => {
  const member = await openMember(city, 'payer-in')
  const key = randomUUID()
  const account = created(await open(member, 30_000, key)).json<Account>()
  assert.deepEqual(
    [account.purchaseId, account.state, account.payWon, account.bankCode],
    [key, 'waiting', 27_000, '011'],
  )
  assert.deepEqual(created(await open(member, 30_000, key)).json(), account)
  assert.equal(codeOf(await open(member, 40_000, key)), 'key_reused')
  const before = await member.ask('GET', `${base}/purchases/${key}`)
  assert.equal(before.statusCode, 202)
  pay(account)
  assert.equal((await look(member, key)).state, 'paid')
  assert.equal((await member.ask('GET', `${base}/purchases/${key}`)).statusCode, 200)
  const mine = await member.ask('GET', `${base}/virtual-accounts`)
  assert.deepEqual(
    mine.json<{ items: Account[] }>().items.map(({ state }) => state),
    ['paid'],
  )
  const [notice] = await noticesOf(member)
  assert.match(notice!.text, /27,000.*군산시사랑상품권 ₩30,000/)
  assert.match(notice!.textEn, /₩27,000 .* ₩30,000 of Gunsan/)
  const stranger = await openMember(city, 'nosy')
  assert.equal((await stranger.ask('GET', `${base}/virtual-accounts/${key}`)).statusCode, 404)
  assert.equal(
    (await stranger.ask('POST', `${base}/virtual-accounts/${key}/closure`)).statusCode,
    404,
  )
})

test('handed back, what was paid in goes to the linked account, which has to be there', async () => {
  const joined = await openMember(city, 'no-account')
  const record = await city.registry.read(GUNSAN, 'member', [parseId('mbr', joined.memberId)!])
  const body = { ...(record[0]!.body as object), accountToken: null, debitConsentId: null }
  const { recordId, version } = record[0]!
  const unlinked = { kind: 'member', recordId, version: version + 1, body } as const
  await city.registry.append(GUNSAN, 'system', [unlinked], city.time.now)
  const account = created(await open(joined, 100_000)).json<Account>()
  pay(account)
  assert.equal((await look(joined, account.purchaseId)).state, 'paid')
  const cancel = () => joined.ask('POST', `${base}/purchases/${account.purchaseId}/cancellation`)
  assert.equal(codeOf(await cancel()), 'account_not_linked')
  await joined.ask('POST', `${base}/members/me/account`, { body: { accountToken: 'acc_late' } })
  created(await cancel())
  const beneficiary = { kind: 'member', id: parseId('mbr', joined.memberId)! } as const
  const [payout] = await city.ledger.payouts(GUNSAN, { beneficiary, limit: 2 })
  assert.deepEqual([payout?.account?.accountNumber, payout?.amountWon], ['acc_late', 90_000])
})

test('with an account that may be debited a large purchase is debited', async () => {
  const member = await openMember(city, 'linked')
  const refused = await open(member, 100_000)
  assert.deepEqual([refused.statusCode, codeOf(refused)], [422, 'virtual_account_not_offered'])
})

test('given up or never paid, the member is told not to pay any more', async () => {
  const member = await openMember(city, 'late')
  const first = created(await open(member)).json<Account>()
  const closure = `${base}/virtual-accounts/${first.purchaseId}/closure`
  assert.equal((await member.ask('POST', closure)).json<Account>().state, 'lapsed')
  const second = created(await open(member)).json<Account>()
  assert.equal(Date.parse(second.depositUntil), Date.parse(second.openedAt) + 4 * HOUR_MS)
  city.advance(4 * HOUR_MS)
  await member.renew()
  assert.equal((await look(member, second.purchaseId)).state, 'lapsed')
  assert.equal((await member.ask('GET', `${base}/purchases/${second.purchaseId}`)).statusCode, 422)
  const [notice] = await noticesOf(member)
  assert.match(notice!.text, /입금하지 마세요/)
})

test('a standing order shows what it does next, buys, and is stopped', async () => {
  const member = await openMember(city, 'standing')
  const body = {
    programId: 'prg_1',
    trigger: 'date',
    amountWon: 20_000,
    daysOfMonth: [31, 25],
    monthlyMaxWon: 40_000,
    consent,
  }
  const start = (change: object = {}) =>
    member.ask('POST', `${base}/members/me/top-ups`, { body: { ...body, ...change } })
  const order = created(await start()).json<Order>()
  assert.deepEqual([order.state, order.daysOfMonth, order.isBuying], ['active', [25, 31], false])
  assert.equal(order.nextAt, '2026-11-25T00:00:00.000Z')
  const wrong = await start({ belowWon: 1_000 })
  assert.deepEqual(
    [codeOf(wrong), wrong.json<{ field: string }>().field],
    ['field_invalid', 'body.belowWon'],
  )
  const low = created(
    await start({ trigger: 'threshold', daysOfMonth: undefined, belowWon: 10_000 }),
  ).json<Order>()
  assert.deepEqual([low.nextAt, low.belowWon], [null, 10_000])
  await city.buying.topUpTurn(GUNSAN)
  const [newest] = await noticesOf(member)
  assert.match(newest!.text, /자동충전으로 .*₩20,000.*₩18,000/)
  const items = (await member.ask('GET', `${base}/members/me/top-ups`)).json<{ items: Order[] }>()
  assert.deepEqual(
    items.items.map(({ trigger, boughtThisMonthWon }) => [trigger, boughtThisMonthWon]),
    [
      ['threshold', 20_000],
      ['date', 0],
    ],
  )
  const stop = `${base}/members/me/top-ups/${low.orderId}/stop`
  const stopped = (await member.ask('POST', stop)).json<Order>()
  assert.deepEqual([stopped.state, stopped.reason], ['stopped', 'member'])
  const consents = await member.ask('GET', `${base}/members/me/consents`)
  const own = consents.json<{ items: Consent[] }>().items
  // Before them stands what she agreed to when she joined.
  assert.deepEqual(
    own.slice(0, 3).map(({ purpose, revokedAt }) => [purpose, revokedAt === null]),
    [
      ['automatic_top_up', false],
      ['automatic_top_up', true],
      ['account_debit', true],
    ],
  )
  const revoke = own.find(({ consentId }) => consentId === order.consentId)!
  await member.ask('POST', `${base}/members/me/consents/${revoke.consentId}/revocation`)
  await city.buying.topUpTurn(GUNSAN)
  const [ended] = await noticesOf(member)
  assert.match(ended!.text, /자동충전이 멈췄습니다. 동의를 철회하셨습니다./)
})

test('why an order could not buy stands in the words of the decline', async () => {
  const member = await openMember(city, 'refused')
  const body = {
    programId: 'prg_1',
    trigger: 'threshold',
    amountWon: 20_000,
    belowWon: 10_000,
    monthlyMaxWon: 40_000,
    consent,
  }
  created(await member.ask('POST', `${base}/members/me/top-ups`, { body }))
  city.bank.answer = { status: 'refused', reason: 'insufficient_balance' }
  await city.buying.topUpTurn(GUNSAN)
  city.bank.answer = { status: 'debited' }
  const [notice] = await noticesOf(member)
  assert.match(notice!.textEn, /^Your standing order could not buy ₩20,000\. .*bank/)
})

interface Account {
  readonly purchaseId: string
  readonly state: string
  readonly payWon: number
  readonly bankCode: string | null
  readonly accountNumber: string | null
  readonly openedAt: string
  readonly depositUntil: string
}
interface Order {
  readonly orderId: string
  readonly trigger: string
  readonly state: string
  readonly reason: string | null
  readonly daysOfMonth: readonly number[]
  readonly belowWon: number | null
  readonly isBuying: boolean
  readonly boughtThisMonthWon: number
  readonly nextAt: string | null
  readonly consentId: string
}
interface Consent {
  readonly consentId: string
  readonly purpose: string
  readonly revokedAt: string | null
}
interface Notice {
  readonly text: string
  readonly textEn: string
}
