/**
 * Every route from the wrong side: nobody, strangers, other members, other shops, other issuers. A route without a
 * row here fails the test, and so does a row without a route.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { formatId } from '../../base/base.ts'
import { accessRows } from './fixtures/access-rows.ts'
import { confirmationRows } from './fixtures/confirmation-rows.ts'
import { corporateRows } from './fixtures/corporate-city.ts'
import { openFormerMember } from './fixtures/former-member.ts'
import { openProposals, proposalRows } from './fixtures/proposal-rows.ts'
import {
  created,
  GUNSAN,
  openCity,
  OPERATOR,
  openMember,
  openShop,
  PROGRAM,
  type Caller,
} from './fixtures/small-city.ts'
import { people, type CallerName, type Row } from './fixtures/wrong-side-row.ts'
import { reportRows } from './fixtures/report-rows.ts'
import { registrationRows } from './fixtures/registration-rows.ts'
import { stipendRows } from './fixtures/stipend-city.ts'
import { settlementRows } from './fixtures/settlement-rows.ts'
import { gatewayRows } from './fixtures/gateway-orders.ts'
import { expectedBy, fundRows } from './fixtures/fund-rows.ts'
import { oweTo } from './fixtures/memory-treasury.ts'
import { buyingRows } from './fixtures/buying-rows.ts'
import { memberMoneyRows } from './fixtures/member-money-rows.ts'
import { payerRows } from './fixtures/payer-rows.ts'
import { requiredAgreements } from '../../registration/fixtures/agreements.ts'

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const otherShop = await openShop(city, { number: 1 })
const iksanShop = await openShop(city, { number: 2, issuerCode: 'iksan' })
const member = await openMember(city, 'member', { boughtWon: 100_000 })
const otherMember = await openMember(city, 'other-member', { boughtWon: 100_000 })
const formerMember = await openFormerMember(city, 'former-member')
const iksanMember = await openMember(city, 'iksan-member', { issuerCode: 'iksan' })

const callers = {
  stranger: await city.caller('stranger'),
  member,
  otherMember,
  formerMember,
  iksanMember,
  clerk: shop.clerk,
  owner: shop.owner,
  otherClerk: otherShop.clerk,
  otherOwner: otherShop.owner,
  iksanOwner: iksanShop.owner,
  officer: await city.caller('officer-of-gunsan'),
  secondOfficer: await city.caller('second-officer-of-gunsan'),
  iksanOfficer: await city.caller('officer-of-iksan'),
  operator: await city.caller('operator'),
} as const satisfies Record<CallerName, Caller>
const callerNames = Object.keys(callers) as CallerName[] // The table's own keys.

const base = '/v1/issuers/gunsan'
const programId = formatId('prg', PROGRAM)
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: staticCode } = kit.json<{ text: string }>()
const paymentId = randomUUID()
const payment = { code: staticCode, amountWon: 5_000 }
created(await member.ask('POST', `${base}/payments`, { body: payment, key: paymentId }))
const purchaseId = randomUUID()
const order = { programId, faceWon: 10_000 }
const bought = await member.ask('POST', `${base}/purchases`, { body: order, key: purchaseId })
const { lotId } = created(bought).json<{ lotId: string }>()
const clerkId = created(
  await shop.owner.ask('POST', `${shop.merchant}/clerks`, { body: { personId: 'to-go' } }),
).json<{ clerkId: string }>().clerkId
const desk = await openProposals(callers.officer, { base, programId })

const cardsPath = `${base}/members/me/cards`
const linkBody = { partnerCode: 'hanbit', linkCode: 'code-1' }
const cardId = created(await member.ask('POST', cardsPath, { body: linkBody })).json<{
  cardId: string
}>().cardId
let codes = 1
const anotherCard = async () => ({ partnerCode: 'hanbit', linkCode: `code-${(codes += 1)}` })
const caseOpening = { caseKind: 'standin_shortage', subject: paymentId, facts: {} } as const
const [issuersCase, operatorsCase] = await Promise.all([
  city.casebook.openCase({ ...caseOpening, issuerId: GUNSAN, owner: 'issuer' }),
  city.casebook.openCase({ ...caseOpening, issuerId: OPERATOR, owner: 'operator' }),
])
const payoutId = formatId('pay', await oweTo(city, shop.merchantId, 5_000))
const expectedId = await expectedBy(callers.officer, base)
const resolution = { resolution: '가맹점에 확인함' }

const brought = await shop.owner.ask(
  'POST',
  `${shop.merchant}/documents?kind=business_registration&name=1.pdf`,
  { bytes: '%PDF-1.7 registration' },
)
const { documentId } = created(brought).json<{ documentId: string }>()
const members = ['member', 'otherMember'] as const
const reason = { reason: '분실' }

// Stops come last: they end what the rows before them use.
const rows: Readonly<Record<string, Row>> = {
  'GET /v1/issuers': { url: '/v1/issuers', allowed: 'open' },
  'GET /v1/issuers/:issuerCode': { url: base, allowed: 'open' },
  'GET /v1/issuers/:issuerCode/rules': { url: `${base}/rules`, allowed: 'open' },
  'POST /v1/issuers/:issuerCode/rules': {
    url: `${base}/rules`,
    allowed: ['officer'],
    body: { effectiveFrom: '2027-01-01T00:00:00+09:00', changes: { objectionDays: 30 } },
  },
  'GET /v1/issuers/:issuerCode/programs': { url: `${base}/programs`, allowed: 'open' },
  ...confirmationRows(base),
  'GET /v1/issuers/:issuerCode/members/me': { url: `${base}/members/me`, allowed: members },
  'POST /v1/issuers/:issuerCode/members/me/devices': {
    url: `${base}/members/me/devices`,
    allowed: members,
  },
  'POST /v1/issuers/:issuerCode/members/me/account': {
    url: `${base}/members/me/account`,
    allowed: members,
    body: { accountToken: 'acc_2', consent: { textVersion: '1', textHash: '0'.repeat(64) } },
  },
  'GET /v1/issuers/:issuerCode/members/me/notices': {
    url: `${base}/members/me/notices`,
    allowed: members,
  },
  'GET /v1/issuers/:issuerCode/members/me/conversions': {
    url: `${base}/members/me/conversions`,
    allowed: members,
  },
  'GET /v1/issuers/:issuerCode/reports/:report': {
    url: `${base}/reports/daily?from=2026-11-01&through=2026-11-30`,
    allowed: ['officer'],
  },
  'GET /v1/partners': { url: '/v1/partners', allowed: 'open' },
  'GET /v1/issuers/:issuerCode/members/me/cards': { url: cardsPath, allowed: members },
  'POST /v1/issuers/:issuerCode/members/me/cards': {
    url: cardsPath,
    allowed: members,
    body: anotherCard,
  },
  'PATCH /v1/issuers/:issuerCode/members/me/cards/:cardId': {
    url: `${cardsPath}/${cardId}`,
    allowed: ['member'],
    body: { spending: 'card_first' },
  },
  'DELETE /v1/issuers/:issuerCode/members/me/cards/:cardId': {
    url: `${cardsPath}/${cardId}`,
    allowed: ['member'],
  },
  'GET /v1/issuers/:issuerCode/cases': { url: `${base}/cases`, allowed: ['officer'] },
  'GET /v1/issuers/:issuerCode/cases/:caseId': {
    url: `${base}/cases/${formatId('cas', issuersCase.caseId)}`,
    allowed: ['officer'],
  },
  'POST /v1/issuers/:issuerCode/cases/:caseId/closure': {
    url: `${base}/cases/${formatId('cas', issuersCase.caseId)}/closure`,
    allowed: ['officer'],
    body: resolution,
  },
  'GET /v1/issuers/:issuerCode/conversions': { url: `${base}/conversions`, allowed: ['officer'] },
  'GET /v1/issuers/:issuerCode/conversions/report': {
    url: `${base}/conversions/report?from=2026-11-01&to=2026-11-30`,
    allowed: ['officer'],
  },
  'GET /v1/conversions/report': {
    url: '/v1/conversions/report?from=2026-11-01&to=2026-11-30&format=csv',
    allowed: ['operator'],
  },
  'GET /v1/cases': { url: '/v1/cases', allowed: ['operator'] },
  'GET /v1/cases/:caseId': {
    url: `/v1/cases/${formatId('cas', operatorsCase.caseId)}`,
    allowed: ['operator'],
  },
  'POST /v1/cases/:caseId/closure': {
    url: `/v1/cases/${formatId('cas', operatorsCase.caseId)}/closure`,
    allowed: ['operator'],
    body: resolution,
    keyless: true,
  },
  ...gatewayRows,
  'GET /v1/operator/jobs': { url: '/v1/operator/jobs', allowed: ['operator'] },
  'GET /v1/issuers/:issuerCode/jobs': { url: `${base}/jobs`, allowed: ['officer'] },
  ...payerRows({ base, wallet: member.wallet, payment, paymentId }),
  'POST /v1/issuers/:issuerCode/purchases/quotes': {
    url: `${base}/purchases/quotes`,
    allowed: members,
    body: order,
    keyless: true,
  },
  'POST /v1/issuers/:issuerCode/purchases': {
    url: `${base}/purchases`,
    allowed: members,
    body: order,
  },
  'GET /v1/issuers/:issuerCode/purchases/:purchaseId': {
    url: `${base}/purchases/${purchaseId}`,
    allowed: ['member'],
  },
  ...fundRows(base, { payoutId, expectedId }),
  ...buyingRows(base, programId),
  ...memberMoneyRows(base, member.wallet, lotId, purchaseId),
  'POST /v1/issuers/:issuerCode/outlets/:outletId/payment-requests': {
    url: `${shop.outlet}/payment-requests`,
    allowed: people,
    body: { amountWon: 1_000 },
    keyless: true,
  },
  'POST /v1/issuers/:issuerCode/outlets/:outletId/payments': {
    url: `${shop.outlet}/payments`,
    allowed: people,
    body: { code: '0'.repeat(24), amountWon: 1_000 },
    answered: 422,
  },
  'POST /v1/issuers/:issuerCode/payments/:paymentId/cancellations': {
    url: `${base}/payments/${paymentId}/cancellations`,
    allowed: people,
    body: { amountWon: 1_000 },
  },
  'GET /v1/issuers/:issuerCode/merchants/:merchantId': {
    url: shop.merchant,
    allowed: [...people, 'officer'],
  },
  'GET /v1/issuers/:issuerCode/merchants': { url: `${base}/merchants`, allowed: ['officer'] },
  'POST /v1/issuers/:issuerCode/merchants/:merchantId/decision': {
    url: `${shop.merchant}/decision`,
    allowed: ['officer'],
    body: { status: 'active' },
  },
  'GET /v1/issuers/:issuerCode/merchants/:merchantId/clerks': {
    url: `${shop.merchant}/clerks`,
    allowed: ['owner'],
  },
  'POST /v1/issuers/:issuerCode/merchants/:merchantId/clerks': {
    url: `${shop.merchant}/clerks`,
    allowed: ['owner'],
    body: { personId: 'new-clerk' },
  },
  'DELETE /v1/issuers/:issuerCode/merchants/:merchantId/clerks/:clerkId': {
    url: `${shop.merchant}/clerks/${clerkId}`,
    allowed: ['owner'],
  },
  'POST /v1/issuers/:issuerCode/merchants/:merchantId/outlets': {
    url: `${shop.merchant}/outlets`,
    allowed: ['owner'],
    body: { name: '지점', district: '월명동', address: '월명로 2' },
  },
  'POST /v1/issuers/:issuerCode/outlets/:outletId/kits': {
    url: `${shop.outlet}/kits`,
    allowed: ['owner'],
    body: {},
  },
  'GET /v1/issuers/:issuerCode/kits/:kitId/code': {
    url: `${base}/kits/${shop.kitId}/code`,
    allowed: [...people, 'officer'],
  },
  'GET /v1/issuers/:issuerCode/merchants/:merchantId/payments': {
    url: `${shop.merchant}/payments`,
    allowed: people,
  },
  ...settlementRows(base, shop.merchant),
  'GET /v1/issuers/:issuerCode/merchants/:merchantId/payable': {
    url: `${shop.merchant}/payable`,
    allowed: people,
  },
  'GET /v1/issuers/:issuerCode/merchants/:merchantId/feed': {
    url: `${shop.merchant}/feed`,
    allowed: people,
    stream: true,
  },
  'GET /v1/issuers/:issuerCode/programs/:programId/terms': {
    url: `${base}/programs/${programId}/terms`,
    allowed: ['officer'],
  },
  ...(await reportRows({ base, shop, member, officer: callers.officer })),
  ...registrationRows({ base, shop, otherShop, documentId }),
  ...proposalRows(desk),
  ...(await stipendRows(city, member)),
  ...(await corporateRows(city, member, otherMember)),
  'GET /v1/operator/issuers': { url: '/v1/operator/issuers', allowed: ['operator'] },
  'POST /v1/issuers/:issuerCode/merchants': {
    url: `${base}/merchants`,
    allowed: 'anyone',
    body: {
      name: '새 가게',
      nameLatin: 'NEW',
      businessNumber: '124-81-00998',
      sector: 'cafe',
      annualRevenueWon: 0,
      district: '월명동',
    },
    // The number is the first shop's; its owner alone gets an answer of success.
    answered: 409,
  },
  'POST /v1/issuers/:issuerCode/members': {
    url: `${base}/members`,
    allowed: 'anyone',
    body: async ({ personId, device }) => ({
      assertion: await city.door.assertion(personId, device),
      consents: requiredAgreements,
    }),
  },
  'POST /v1/issuers/:issuerCode/wallets/:walletId/stop': {
    url: `${member.wallet}/stop`,
    allowed: ['member'],
    body: reason,
  },
  ...accessRows(base, member.memberId),
  'POST /v1/issuers/:issuerCode/members/:memberId/stop': {
    url: `${base}/members/${member.memberId}/stop`,
    allowed: ['officer'],
    body: reason,
  },
  'POST /v1/issuers/:issuerCode/members/:memberId/release': {
    url: `${base}/members/${member.memberId}/release`,
    allowed: ['officer'],
    body: reason,
  },
}

test('every route has a row, and every row a route', () => {
  assert.deepEqual(city.routes.toSorted(), Object.keys(rows).toSorted())
})

for (const [route, row] of Object.entries(rows)) {
  const method = route.split(' ')[0] as 'GET' | 'POST' | 'PATCH' | 'DELETE' // As every key of the table begins.
  const { url, allowed, answered } = row
  const bodyFor = async (
    caller: Caller,
  ): Promise<{ body?: object; bytes?: string; headers?: Record<string, string> }> => {
    if (row.bytes !== undefined) return { bytes: row.bytes }
    const body = typeof row.body === 'function' ? await row.body(caller) : row.body
    const headers = row.headers === undefined ? {} : { headers: row.headers }
    return body === undefined ? headers : { body, ...headers }
  }
  const asked = callerNames.filter((name) => name !== 'secondOfficer' || row.oneOfTwo === true)
  const mayAsk = (name: CallerName): boolean =>
    typeof allowed === 'string' || allowed.includes(name)

  test(`${route}: nobody`, async () => {
    const { body, bytes } = await bodyFor(member)
    const sent = body ?? bytes
    const payload = sent === undefined ? {} : { payload: sent }
    const headers = {
      'idempotency-key': randomUUID(),
      ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
    }
    const answer = await city.app.inject({ method, url, headers, ...payload })
    assert.equal(answer.statusCode, allowed === 'open' ? 200 : 401, answer.body)
  })

  test(`${route}: the wrong people`, async () => {
    for (const name of asked.filter((name) => !mayAsk(name))) {
      const answer = await callers[name].ask(method, url, await bodyFor(callers[name]))
      assert.ok([403, 404].includes(answer.statusCode), `${name}: ${answer.body}`)
      assert.doesNotMatch(answer.body, /홍비밀|010-9876/)
    }
  })

  if (typeof allowed !== 'string' && url.startsWith(base)) {
    test(`${route}: the right people at another issuer`, async () => {
      const there = url.replace('/gunsan', '/iksan')
      for (const name of allowed) {
        const answer = await callers[name].ask(method, there, await bodyFor(callers[name]))
        assert.ok([403, 404].includes(answer.statusCode), `${name}: ${answer.body}`)
      }
    })
  }

  if (row.stream !== true) {
    test(`${route}: the right people${method === 'GET' ? '' : ', with a key'}`, async () => {
      for (const name of asked.filter(mayAsk)) {
        const caller = callers[name]
        const request = await bodyFor(caller)
        if (method !== 'GET' && row.keyless !== true) {
          const keyless = await caller.ask(method, url, {
            ...request,
            headers: { ...row.headers, 'idempotency-key': '' },
          })
          assert.equal(keyless.statusCode, 400, `${name}: ${keyless.body}`)
          assert.match(keyless.body, /idempotency_key_missing/)
        }
        const answer = await caller.ask(method, url, request)
        const isRight = answer.statusCode < 300 || answer.statusCode === answered
        assert.ok(isRight, `${name}: ${answer.body}`)
      }
    })
  }
}
