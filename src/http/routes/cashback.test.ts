/** Cashback through the door: what a member sees, the choice and the button with their keys, and what officers see. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { sampleCashbackTerms } from '../../issuing/terms-sample.ts'
import { cashbackJob } from '../../jobs/jobs.ts'
import { newRecord } from '../../registration/registration.ts'
import { created, GUNSAN, openCity, openMember, openShop, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()
const { effectiveFrom: _from, ...rules } = sampleCashbackTerms
const { programId: _program, issuerId: _issuer, version: _version, ...terms } = rules
const effectiveFrom = city.time.now
const record = newRecord('terms', {
  recordId: PROGRAM,
  version: 2,
  body: { ...terms, effectiveFrom, requestId: null },
})
await city.registry.append(GUNSAN, 'system', [record], city.time.now)
const ann = await openMember(city, 'ann', { boughtWon: 400_000 })
const bob = await openMember(city, 'bob', { boughtWon: 100_000 })
const officer = await city.caller('officer-of-gunsan')

const { cashback } = city.memberMoney.rooms
const job = cashbackJob({ cashback, paysCashback: () => true })
async function work(): Promise<void> {
  city.advance(1_000)
  while (!(await job.work(GUNSAN, {}, city.time.now)).done);
}
const pay = async (member: typeof ann, amountWon: number) => {
  city.advance(1_000)
  const paid = await member.ask('POST', `${base}/payments`, { body: { code, amountWon } })
  return created(paid).json<{ paymentId: string }>().paymentId
}
interface Earning {
  readonly paymentId: string
  readonly state: string
  readonly waitsFor: string | null
  readonly merchantName: string
  readonly shares: readonly Record<string, unknown>[]
}
interface Page {
  readonly items: readonly Earning[]
  readonly nextCursor: string | null
}
const own = `${base}/members/me/cashback`
const summary = async (member: typeof ann, query = '') => {
  const answer = await member.ask('GET', `${own}${query}`)
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json<{
    month: string
    chosen: string | null
    programs: object[]
    waitingWon: number
  }>()
}
const choose = (member: typeof ann, spending: string, key: string = randomUUID()) =>
  member.ask('POST', `${own}/choices`, { body: { spending }, key })
const press = (member: typeof ann, key: string = randomUUID()) =>
  member.ask('POST', `${own}/presses`, { key })

test('what was earned stands by month and by payment, with the reason why it is not more', async () => {
  await pay(ann, 10_000)
  await pay(ann, 5)
  await pay(ann, 250_000)
  await work()
  const { month, chosen, programs } = await summary(ann)
  assert.deepEqual([month, chosen], ['2026-11', null])
  assert.deepEqual(programs, [
    {
      programId: 'prg_1',
      programName: '군산시사랑상품권',
      programNameEn: 'Gunsan Love Voucher',
      spending: 'automatic',
      earnedWon: 30_000,
      takenBackWon: 0,
      monthlyCapWon: 30_000,
      remainingWon: 0,
      waitingWon: 0,
    },
  ])
  const read = async (query: string) =>
    (await ann.ask('GET', `${own}/earnings?${query}`)).json<Page>()
  const first = await read('limit=2')
  const second = await read(`limit=2&cursor=${first.nextCursor}`)
  const items = [...first.items, ...second.items]
  assert.deepEqual(
    items.map(({ state, shares: [share] }) => [state, share!['earnedWon'], share!['reason']]),
    [
      ['posted', 28_700, 'monthly_cap'],
      ['nothing', 0, 'below_one_won'],
      ['posted', 1_300, null],
    ],
  )
  assert.equal(second.nextCursor, null)
  assert.equal(items[0]!.merchantName, '0호 분식')
  assert.equal(items[0]!.shares[0]!['reasonText'], '이번 달 캐시백 적립한도를 채웠습니다.')
  const copy = await ann.ask('GET', `${base}/members/me/data`)
  assert.deepEqual(copy.json<{ cashback: object[] }>().cashback, items)
  const notices = await ann.ask('GET', `${base}/members/me/notices`)
  assert.match(notices.body, /2026-11 군산시사랑상품권 캐시백 적립한도를 모두 채웠습니다/)
  assert.deepEqual((await summary(ann, '?month=2026-10')).programs.length, 1)
  assert.equal((await ann.ask('GET', `${own}?month=2026-13`)).statusCode, 400)
})

test('the choice and the button are taken once under their keys', async () => {
  const key = randomUUID()
  created(await choose(bob, 'by_button', key))
  created(await choose(bob, 'by_button', key))
  const other = await choose(bob, 'automatic', key)
  assert.deepEqual([other.statusCode, other.json<{ code: string }>().code], [409, 'key_reused'])
  assert.equal((await choose(bob, 'sometimes')).statusCode, 400)
  const paymentId = await pay(bob, 20_000)
  await work()
  assert.equal((await summary(bob)).waitingWon, 2_600)
  const seen = await officer.ask('GET', `${base}/cashback`)
  const [standing] = seen.json<{ items: Record<string, unknown>[] }>().items
  assert.deepEqual([standing?.['waitingWon'], standing?.['waiting']], [2_600, 1])
  const pressKey = randomUUID()
  const pressed = created(await press(bob, pressKey)).json<{ earnings: Earning[] }>()
  assert.deepEqual(
    { ...pressed, earnings: pressed.earnings.map((each) => each.paymentId) },
    {
      movedWon: 2_600,
      earnings: [paymentId],
      waitingWon: 0,
    },
  )
  assert.deepEqual(created(await press(bob, pressKey)).json(), pressed)
  assert.equal((await press(bob, key)).statusCode, 409)
  assert.equal((await press(ann, pressKey)).statusCode, 409)
  const wallet = await bob.ask('GET', bob.wallet)
  assert.equal(wallet.json<{ totalWon: number }>().totalWon, 82_600)
  assert.equal((await bob.ask('POST', `${own}/presses`, { key: 'no key' })).statusCode, 400)
})

test('a cancellation takes back, and the member is told', async () => {
  const [last] = (await bob.ask('GET', `${own}/earnings`)).json<Page>().items
  const cancelled = await shop.owner.ask(
    'POST',
    `${base}/payments/${last!.paymentId}/cancellations`,
    { body: { amountWon: 10_000 } },
  )
  created(cancelled)
  await work()
  const [share] = (await bob.ask('GET', `${own}/earnings`)).json<Page>().items[0]!.shares
  assert.deepEqual([share!['earnedWon'], share!['takenBackWon']], [2_600, 1_300])
  const notices = await bob.ask('GET', `${base}/members/me/notices`)
  assert.match(notices.body, /결제가 취소되어 적립된 캐시백 ₩1,300을 회수하였습니다/)
  const operations = await bob.ask('GET', `${bob.wallet}/operations`)
  assert.match(operations.body, /캐시백 회수/)
})
