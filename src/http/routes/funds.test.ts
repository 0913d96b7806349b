/** The fund through the door: days with their coverage, payouts that are kept back and go on, expected payments. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { businessDate, DAY_MS, formatId, HOUR_MS } from '../../base/base.ts'
import { statementOf } from '../../treasury/fixtures/treasury-city.ts'
import { created, GUNSAN, openCity, openShop } from './fixtures/small-city.ts'
import { oweTo } from './fixtures/memory-treasury.ts'

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const officer = await city.caller('officer-of-gunsan')
const operator = await city.caller('operator')
const base = '/v1/issuers/gunsan/fund'

interface Problem {
  readonly code: string
  readonly field?: string
}

test('payouts are listed by state and page, kept back, and go on; accounts are hidden', async () => {
  const ids = [await oweTo(city, shop.merchantId, 5_000), await oweTo(city, shop.merchantId, 7_000)]
  const [first, second] = ids.map((payoutId) => formatId('pay', payoutId))
  const list = async (query: string) =>
    (await officer.ask('GET', `${base}/payouts?${query}`)).json<{
      items: Record<string, unknown>[]
      nextCursor: string | null
    }>()
  const page = await list('state=due&limit=1')
  assert.deepEqual([page.items[0]?.['payoutId'], page.nextCursor], [first, first])
  const rest = await list(`state=due&limit=1&cursor=${page.nextCursor}`)
  assert.equal(rest.items[0]?.['payoutId'], second)
  assert.deepEqual(page.items[0]?.['beneficiary'], {
    kind: 'merchant',
    id: formatId('mrc', shop.merchantId),
  })
  assert.equal(page.items[0]?.['accountNumber'], '*********6781')
  const act = async (what: string) => {
    const answer = await officer.ask('POST', `${base}/payouts/${first}/${what}`)
    return [answer.statusCode, answer.json<{ state?: string; code?: string }>()] as const
  }
  for (const [what, state] of [
    ['parking', 'parked'],
    ['parking', 'parked'],
    ['retry', 'due'],
  ] as const) {
    const [status, body] = await act(what)
    assert.deepEqual([status, body.state], [200, state])
  }
  // A Monday; the city's day is a Sunday.
  await city.treasury.writePayoutFile(GUNSAN, city.time.now + DAY_MS)
  for (const what of ['parking', 'retry']) {
    const [status, body] = await act(what)
    assert.deepEqual([status, body.code], [409, 'payout_moves'])
  }
  const nobody = await officer.ask('POST', `${base}/payouts/pay_zzz/retry`)
  assert.deepEqual([nobody.statusCode, nobody.json<Problem>().code], [404, 'payout_unknown'])
})

test('an expected payment is recorded once and withdrawn; what is wrong is named', async () => {
  const path = `${base}/expected-payments`
  const body = {
    funder: 'city',
    amountWon: 1_000,
    expectedOn: '2026-11-30',
    reference: '군산시 교부금',
  }
  const key = randomUUID()
  const one = created(await officer.ask('POST', path, { body, key })).json<{ expectedId: string }>()
  assert.deepEqual(created(await officer.ask('POST', path, { body, key })).json(), one)
  const other = await officer.ask('POST', path, { body: { ...body, amountWon: 2 }, key })
  assert.equal(other.statusCode, 409, other.body)
  for (const [change, field] of [
    [{ expectedOn: '2026-02-30' }, 'body.expectedOn'],
    [{ amountWon: 0 }, 'body.amountWon'],
    [{ funder: 'nobody' }, 'body.funder'],
    [{ reference: '도' }, 'reference'],
  ] as const) {
    const answer = await officer.ask('POST', path, { body: { ...body, ...change } })
    assert.ok(answer.statusCode === 422 || answer.statusCode === 400, answer.body)
    assert.match(answer.json<Problem>().field ?? '', new RegExp(field))
  }
  const list = (await officer.ask('GET', path)).json<{ items: { state: string }[] }>()
  assert.deepEqual(
    list.items.map(({ state }) => state),
    ['open'],
  )
  const withdrawn = await officer.ask('POST', `${path}/${one.expectedId}/withdrawal`)
  assert.equal(withdrawn.json<{ state: string }>().state, 'withdrawn')
  const unknown = await officer.ask('POST', `${path}/cas_zzz/withdrawal`)
  assert.equal(unknown.json<Problem>().code, 'expected_payment_unknown')
})

test('a day shows both sides and the coverage; the operator sees every issuer’s newest', async () => {
  const before = await operator.ask('GET', '/v1/operator/funds')
  const none = before.json<{ items: { issuerCode: string; day: unknown }[] }>().items
  assert.deepEqual(
    none.map(({ issuerCode, day }) => [issuerCode, day]),
    [
      ['gunsan', null],
      ['iksan', null],
    ],
  )
  const yesterday = businessDate(city.time.now - DAY_MS)
  const { name, bytes } = statementOf(yesterday, 0, [['10:00', 4_000, '누군가']])
  const taken = await city.treasury.takeFile(GUNSAN, { name, bytes }, city.time.now)
  assert.equal(taken.status, 'taken', JSON.stringify(taken))
  await city.treasury.reconcile(GUNSAN, city.time.now + HOUR_MS)
  const days = await officer.ask('GET', `${base}/days`)
  const [day] = days.json<{ items: Record<string, unknown>[] }>().items
  assert.deepEqual(
    [day?.['date'], day?.['bankWon'], day?.['openWon'], day?.['unexplainedWon']],
    [yesterday, 4_000, 4_000, 0],
  )
  const earlier = await officer.ask('GET', `${base}/days?before=${yesterday}`)
  assert.deepEqual(earlier.json<{ items: unknown[] }>().items, [])
  const wrong = await officer.ask('GET', `${base}/days?before=2026-13-01`)
  assert.equal(wrong.json<Problem>().field, 'query.before')
  const after = (await operator.ask('GET', '/v1/operator/funds')).json<{
    items: { issuerCode: string; treasuryBank: string; day: { date: string } | null }[]
  }>()
  assert.deepEqual(
    after.items.map((item) => item.day?.date ?? null),
    [yesterday, null],
  )
})
