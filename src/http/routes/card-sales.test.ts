/** An operator finds a card sale, with why it went as it did; what is asked wrongly is named. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { id, won, type OperationId } from '../../base/base.ts'
import { openCity } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const operator = await city.caller('operator')
const path = '/v1/operator/card-sales?issuer=gunsan&from=2026-11-22&through=2026-11-22'
const [partner] = city.directory.partners()
assert.ok(partner)

test('a declined sale is told with its reason in both languages and the code that is on the slip', async () => {
  city.foundCardSales.push({
    operationId: '000f4240-0000-7000-8000-000000000000' as OperationId, // 1,000,000: code 000000.
    at: Date.parse('2026-11-22T03:00:00Z'),
    decline: 'wallet_stopped',
    walletId: id('wlt', 1),
    merchantId: undefined,
    outletId: undefined,
    amountWon: won(8_000),
    partnerId: partner.partnerId,
    decidedBy: 'standin',
    isCancelled: false,
  })
  const answer = await operator.ask('GET', path)
  assert.equal(answer.statusCode, 200, answer.body)
  const { items } = answer.json<{ items: Record<string, unknown>[] }>()
  assert.equal(items.length, 1)
  assert.partialDeepStrictEqual(items[0], {
    at: '2026-11-22T03:00:00.000Z',
    approvalCode: '000000',
    partnerName: partner.nameKo,
    merchantName: null,
    amountWon: 8_000,
    outcome: 'declined',
    decidedBy: 'standin',
    reason: { code: 'wallet_stopped' },
  })
  assert.doesNotMatch(answer.body, /wlt_/, 'nothing of the payer')
})

test('days that do not fit and an issuer that is not there are named', async () => {
  for (const [query, status, field] of [
    ['issuer=gunsan&from=2026-11-22&through=2026-11-21', 422, 'query.through'],
    ['issuer=gunsan&from=2026-11-01&through=2026-12-02', 422, 'query.through'],
    ['issuer=gunsan&from=2026-11-31&through=2026-12-01', 400, 'query.from'],
    ['issuer=nowhere&from=2026-11-22&through=2026-11-22', 404, 'query.issuer'],
  ] as const) {
    const answer = await operator.ask('GET', `/v1/operator/card-sales?${query}`)
    assert.equal(answer.statusCode, status, answer.body)
    assert.equal(answer.json<{ field: string }>().field, field)
  }
  const widest = 'issuer=gunsan&from=2026-11-01&through=2026-12-01'
  assert.equal((await operator.ask('GET', `/v1/operator/card-sales?${widest}`)).statusCode, 200)
})
