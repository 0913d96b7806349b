/** An operator finds a card sale, with why it went as it did; what is asked wrongly is named. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { formatId, id, won, type OperationId } from '../../base/base.ts'
import { cardActors, type FoundCardSale } from '../../cards/cards.ts'
import { declineAnswers } from '../door.ts'
import { openCity } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const operator = await city.caller('operator')
const path = '/v1/operator/card-sales?issuer=gunsan&from=2026-11-22&through=2026-11-22'
const [partner] = city.directory.partners()
assert.ok(partner)

function sale(more: Partial<FoundCardSale>): FoundCardSale {
  assert.ok(partner)
  return {
    operationId: '000f4240-0000-7000-8000-000000000000' as OperationId, // 1,000,000: code 000000.
    at: Date.parse('2026-11-22T03:00:00Z'),
    decline: undefined,
    merchantId: undefined,
    outletId: undefined,
    amountWon: won(8_000),
    partnerId: partner.partnerId,
    actor: formatId('prt', partner.partnerId),
    isCancelled: false,
    lastFours: ['4321'],
    caseIds: [id('cas', 7)],
    ...more,
  }
}

test('a declined sale is told with its reason in both languages and nothing of the payer', async () => {
  city.foundCardSales.splice(0, Infinity, sale({ decline: 'wallet_stopped' }))
  const answer = await operator.ask('GET', path)
  assert.equal(answer.statusCode, 200, answer.body)
  const { items, nextCursor } = answer.json<{ items: object[]; nextCursor: unknown }>()
  assert.equal(items.length, 1)
  assert.equal(nextCursor, null)
  const { ko, en } = declineAnswers.wallet_stopped
  assert.partialDeepStrictEqual(items[0], {
    at: '2026-11-22T03:00:00.000Z',
    approvalCode: null,
    lastFours: ['4321'],
    partnerName: partner.nameKo,
    merchantName: null,
    amountWon: 8_000,
    outcome: 'declined',
    source: 'none',
    decidedBy: 'core',
    reason: { code: 'wallet_stopped', ko, en },
    caseIds: [formatId('cas', id('cas', 7))],
  })
  assert.doesNotMatch(answer.body, /wlt_/, 'nothing of the payer')
})

test('what paid, who decided and what is on the slip follow from what the ledger recorded', async () => {
  const asked = formatId('prt', partner.partnerId)
  const cases = [
    [asked, undefined, 'voucher', 'core', '000000'],
    [asked, 'insufficient_funds', 'account', 'core', null],
    [asked, 'own_shop', 'account', 'core', null],
    [asked, 'amount_above_limit', 'none', 'core', null],
    [cardActors.core, undefined, 'voucher', 'core', '000000'],
    [cardActors.standin, undefined, 'voucher', 'standin', '000000'],
    [cardActors.standin, 'insufficient_funds', 'unknown', 'standin', '000000'],
    [cardActors.partner, 'wallet_stopped', 'unknown', 'partner', '000000'],
    [cardActors.completion, undefined, 'voucher', 'later', null],
    [cardActors.conversion, undefined, 'voucher', 'later', null],
  ] as const
  const rows = cases.map(([actor, decline]) => sale({ actor, decline }))
  city.foundCardSales.splice(0, Infinity, ...rows)
  const { items } = (await operator.ask('GET', path)).json<{ items: Record<string, unknown>[] }>()
  assert.deepEqual(
    items.map(({ source, decidedBy, approvalCode }) => [source, decidedBy, approvalCode]),
    cases.map(([, , ...told]) => told),
  )
})

test('a full page says where the next begins, and only that place is taken', async () => {
  city.foundCardSales.splice(0, Infinity, sale({}))
  const { nextCursor } = (await operator.ask('GET', `${path}&limit=1`)).json<{
    nextCursor: string
  }>()
  const next = await operator.ask('GET', `${path}&limit=1&cursor=${nextCursor}`)
  assert.equal(next.statusCode, 200, next.body)
  const wrong = await operator.ask('GET', `${path}&cursor=eyJ9`)
  assert.equal(wrong.statusCode, 400, wrong.body)
  assert.equal(wrong.json<{ field: string }>().field, 'query.cursor')
})

test('days that do not fit and an issuer that is not there are named', async () => {
  for (const [query, status, field] of [
    ['issuer=gunsan&from=2026-11-22&through=2026-11-21', 422, 'query.through'],
    ['issuer=gunsan&from=2026-11-01&through=2026-12-02', 422, 'query.through'],
    ['issuer=gunsan&from=2026-11-31&through=2026-12-01', 400, 'query.from'],
    ['issuer=gunsan&from=2026-11-22&through=2026-11-22&lastFour=43', 400, 'query.lastFour'],
    ['issuer=nowhere&from=2026-11-22&through=2026-11-22', 404, 'query.issuer'],
  ] as const) {
    const answer = await operator.ask('GET', `/v1/operator/card-sales?${query}`)
    assert.equal(answer.statusCode, status, answer.body)
    assert.equal(answer.json<{ field: string }>().field, field)
  }
  const widest = 'issuer=gunsan&from=2026-11-01&through=2026-12-01'
  assert.equal((await operator.ask('GET', `/v1/operator/card-sales?${widest}`)).statusCode, 200)
})
