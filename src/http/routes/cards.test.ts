/** Linked cards, notices, conversions and cases through the door, as members, officers and operators see them. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import {
  businessDate,
  formatId,
  id,
  operationId,
  parseBusinessDate,
  parseId,
  won,
} from '../../base/base.ts'
import { created, GUNSAN, openCity, openMember, OPERATOR } from './fixtures/small-city.ts'
import { requestLimits } from '../request-limits.ts'
import { readGatewayStatus, type GatewayStatus } from './gateways.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const cards = `${base}/members/me/cards`
let codes = 0
const nextCode = () => `code-${(codes += 1)}`

interface CardView {
  readonly cardId: string
  readonly partnerName: string
  readonly lastFour: string
  readonly spending: string
  readonly onUnknown: string | null
  readonly linked: boolean
}
interface Problem {
  readonly code: string
  readonly field?: string
  readonly detail: string
}

describe('a member’s cards', () => {
  test('are linked, changed and taken away, and the card company hears of each', async () => {
    const haneul = await openMember(city, 'haneul')
    const key = randomUUID()
    const body = { partnerCode: 'hanbit', linkCode: nextCode(), onUnknown: 'decline' }
    const linked = created(await haneul.ask('POST', cards, { body, key })).json<CardView>()
    assert.deepEqual(linked, {
      cardId: linked.cardId,
      partnerCode: 'hanbit',
      partnerName: '한빛카드',
      lastFour: '1001',
      spending: 'voucher_first',
      onUnknown: 'decline',
      linked: true,
    })
    assert.deepEqual(created(await haneul.ask('POST', cards, { body, key })).json(), linked)
    const list = async () => (await haneul.ask('GET', cards)).json<{ items: CardView[] }>().items
    assert.deepEqual(await list(), [linked])
    const path = `${cards}/${linked.cardId}`
    const changed = await haneul.ask('PATCH', path, {
      body: { onUnknown: null, spending: 'card_first' },
    })
    assert.equal(changed.statusCode, 200, changed.body)
    assert.deepEqual(await list(), [{ ...linked, spending: 'card_first', onUnknown: null }])
    const told = city.cardCompany.told.get('gunsan/HAN000000001001')
    assert.deepEqual([told?.spending, told?.onUnknown], ['card_first', 'decline'])
    const gone = await haneul.ask('DELETE', path)
    assert.deepEqual([gone.statusCode, gone.json<CardView>().linked], [200, false])
    assert.equal((await haneul.ask('DELETE', path)).statusCode, 200)
    assert.deepEqual(await list(), [])
    assert.equal(city.cardCompany.told.size, 0)
  })

  test('what cannot be linked is said in both languages', async () => {
    const seoyeon = await openMember(city, 'seoyeon')
    const problem = async (body: object, language = 'en') => {
      const headers = { 'accept-language': language }
      const answer = await seoyeon.ask('POST', cards, { body, headers })
      return { status: answer.statusCode, ...answer.json<Problem>() }
    }
    const unknown = await problem({ partnerCode: 'hanbit', linkCode: 'no-such-code' })
    assert.deepEqual([unknown.status, unknown.code], [422, 'link_code_unknown'])
    const korean = await problem({ partnerCode: 'hanbit', linkCode: 'no-such-code' }, 'ko')
    assert.match(korean.detail, /카드사/)
    for (const partnerCode of ['narae', 'nobody']) {
      const none = await problem({ partnerCode, linkCode: nextCode() })
      assert.deepEqual([none.status, none.code], [404, 'partner_unknown'])
    }
    for (const body of [
      { partnerCode: 'hanbit', linkCode: '1' },
      { partnerCode: 'hanbit', linkCode: nextCode(), cardNumber: '4000001234567890' },
      { partnerCode: 'hanbit', linkCode: nextCode(), spending: 'whatever' },
      { linkCode: nextCode() },
    ]) {
      assert.equal((await problem(body)).code, 'validation_failed')
    }
    city.cardCompany.state.isAway = true
    const away = await problem({ partnerCode: 'hanbit', linkCode: nextCode() })
    city.cardCompany.state.isAway = false
    assert.deepEqual([away.status, away.code], [503, 'card_company_unavailable'])
    const other = await openMember(city, 'other-seoyeon')
    const linkCode = nextCode()
    const body = { partnerCode: 'hanbit', linkCode }
    created(await other.ask('POST', cards, { body }))
    assert.equal((await problem(body)).code, 'card_of_another_member')
  })

  test('somebody else’s card is not found by trying codes', async () => {
    const guesser = await openMember(city, 'guesser')
    const link = (linkCode: string) =>
      guesser.ask('POST', cards, { body: { partnerCode: 'hanbit', linkCode } })
    created(await link(nextCode()))
    const { redeemed } = city.cardCompany.state
    for (let guess = 0; guess < requestLimits.wrongCodes; guess += 1) {
      assert.equal((await link(`guess-${guess}`)).statusCode, 422)
    }
    // The right one comes too late, and the card company is not even asked.
    const limited = await link(nextCode())
    assert.equal(limited.statusCode, 429)
    assert.equal(city.cardCompany.state.redeemed - redeemed, requestLimits.wrongCodes)
  })

  test('anybody may read which companies there are, and none that is not active', async () => {
    const answer = await city.app.inject({ method: 'GET', url: '/v1/partners' })
    assert.deepEqual(answer.json(), {
      items: [{ partnerCode: 'hanbit', name: '한빛카드', nameEn: 'Hanbit Card' }],
    })
  })
})

describe('what went wrong', () => {
  const sale = (number: number) =>
    operationId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)
  const conversion = (number: number, memberText: string) => ({
    partnerId: id('prt', 1),
    saleId: sale(number),
    key: {
      acquirer: '000001',
      terminal: 'T0000001',
      stan: String(number).padStart(6, '0'),
      localDate: parseBusinessDate('2026-11-22')!,
      cardClass: 'financial' as const,
    },
    cardToken: 'HAN0000000000001',
    memberId: parseId('mbr', memberText)!,
    walletId: null,
    merchantId: null,
    merchantNumber: '124810099800000',
    saleWon: won(10_000),
    accountWon: won(10_000),
    debitedAt: city.time.now,
    heardFrom: 'advice' as const,
  })

  test('a member sees their own conversions and reads both amounts', async () => {
    const member = await openMember(city, 'converted')
    const other = await openMember(city, 'not-converted')
    await city.casebook.openConversion(GUNSAN, conversion(1, member.memberId))
    await city.casebook.notify(GUNSAN, {
      memberId: parseId('mbr', member.memberId)!,
      noticeKind: 'retro_conversion',
      subject: sale(1),
      facts: { accountWon: 10_000, voucherWon: 8_000, refundedWon: 8_000 },
    })
    const mine = (await member.ask('GET', `${base}/members/me/conversions`)).json<{
      items: Record<string, unknown>[]
    }>().items
    assert.deepEqual(
      mine.map((each) => [each['saleId'], each['state'], each['accountWon']]),
      [[sale(1), 'open', 10_000]],
    )
    assert.doesNotMatch(JSON.stringify(mine), /HAN0|memberId/)
    const notices = (await member.ask('GET', `${base}/members/me/notices`)).json<{
      items: { kind: string; text: string; textEn: string }[]
    }>().items
    assert.equal(notices[0]?.kind, 'retro_conversion')
    for (const text of [notices[0].text, notices[0].textEn]) assert.match(text, /₩10,000.*₩8,000/)
    for (const list of ['conversions', 'notices']) {
      const theirs = await other.ask('GET', `${base}/members/me/${list}`)
      assert.deepEqual(theirs.json(), { items: [] })
    }
    const officer = await city.caller('officer-of-gunsan')
    const all = await officer.ask('GET', `${base}/conversions?state=open`)
    const [found] = all.json<{ items: Record<string, unknown>[] }>().items
    assert.equal(found?.['memberId'], member.memberId)
    const converted = await officer.ask('GET', `${base}/conversions?state=converted`)
    assert.deepEqual(converted.json(), { items: [], nextCursor: null })
  })

  test('the report of a period is for officers of the issuer and for operators, as JSON and as CSV', async () => {
    const iksan = id('iss', 2)
    const late = { ...conversion(31, 'mbr_1'), debitedAt: city.time.now + 86_400_000 }
    await city.casebook.openConversion(GUNSAN, late)
    for (const [number, issuerId] of [
      [32, iksan],
      [33, OPERATOR],
    ] as const) {
      const debitedAt = late.debitedAt
      await city.casebook.openConversion(issuerId, { ...conversion(number, 'mbr_1'), debitedAt })
    }
    const day = businessDate(late.debitedAt)
    const period = `from=${day}&to=${day}`
    const officer = await city.caller('officer-of-gunsan')
    const operator = await city.caller('operator')
    const own = await officer.ask('GET', `${base}/conversions/report?${period}`)
    assert.equal(own.statusCode, 200, own.body)
    const one = { count: 1, accountWon: 10_000, voucherWon: 0 }
    const report = own.json<Record<string, unknown>>()
    assert.deepEqual([report['all'], report['byIssuer']], [one, { iss_1: one }])
    assert.deepEqual(report['period'], { from: day, to: day })
    const path = `/v1/conversions/report?${period}`
    const all = (await operator.ask('GET', path)).json<Record<string, unknown>>()
    assert.deepEqual(all['all'], { count: 3, accountWon: 30_000, voucherWon: 0 })
    assert.deepEqual(all['byIssuer'], { iss_1: one, iss_2: one, operator: one })
    const byHeader = await operator.ask('GET', path, { headers: { accept: 'text/csv' } })
    const byQuery = await operator.ask('GET', `${path}&format=csv`)
    for (const csv of [byHeader, byQuery]) {
      assert.match(String(csv.headers['content-type']), /^text\/csv/)
      assert.ok(csv.body.split('\r\n').includes('state,open,3,30000,0'), csv.body)
    }
    const asJson = await operator.ask('GET', `${path}&format=json`, {
      headers: { accept: 'text/csv' },
    })
    assert.equal(asJson.json<Record<string, unknown>>()['openOverdue'], 0)
    for (const wrong of ['from=2026-02-30&to=2026-03-01', `from=${day}&to=2026-01-01`, 'from=1']) {
      const refused = await operator.ask('GET', `/v1/conversions/report?${wrong}`)
      assert.deepEqual(
        [refused.statusCode, refused.json<Problem>().code],
        [400, 'validation_failed'],
      )
    }
  })

  test('an officer closes the issuer’s cases and no others, an operator the operator’s', async () => {
    const opening = { caseKind: 'clearing_amount_differs', facts: { lineWon: 5 } } as const
    const open = (subject: string, issuerId: typeof GUNSAN, owner: 'issuer' | 'operator') =>
      city.casebook.openCase({ ...opening, subject, issuerId, owner })
    for (const subject of ['a', 'b', 'c']) await open(subject, GUNSAN, 'issuer')
    await open('d', GUNSAN, 'operator')
    await open('e', OPERATOR, 'operator')
    const officer = await city.caller('officer-of-gunsan')
    const operator = await city.caller('operator')
    interface Listed {
      items: { caseId: string; subject: string; state: string; owner: string }[]
      nextCursor: string | null
    }
    const first = (await officer.ask('GET', `${base}/cases?state=open&limit=3`)).json<Listed>()
    assert.deepEqual(
      first.items.map((each) => each.subject),
      ['d', 'c', 'b'],
    )
    const rest = await officer.ask(
      'GET',
      `${base}/cases?state=open&limit=3&cursor=${first.nextCursor}`,
    )
    assert.deepEqual(
      rest.json<Listed>().items.map((each) => each.subject),
      ['a'],
    )
    const [operators, issuers] = first.items
    const close = async (caller: typeof officer, path: string, resolution: string) => {
      const answer = await caller.ask('POST', `${path}/closure`, { body: { resolution } })
      return [answer.statusCode, answer.json<{ code?: string; state?: string }>()] as const
    }
    const [refused] = await close(officer, `${base}/cases/${operators!.caseId}`, '확인함')
    assert.equal(refused, 404)
    const [, closed] = await close(officer, `${base}/cases/${issuers!.caseId}`, '확인함')
    assert.equal(closed.state, 'closed')
    const [status, again] = await close(officer, `${base}/cases/${issuers!.caseId}`, '다름')
    assert.deepEqual([status, again.code], [409, 'case_closed'])
    const own = (await operator.ask('GET', '/v1/cases')).json<Listed>()
    assert.deepEqual(
      own.items.map((each) => each.subject),
      ['e'],
    )
    const [, done] = await close(operator, `/v1/cases/${own.items[0]!.caseId}`, '확인함')
    assert.equal(done.state, 'closed')
    const there = await operator.ask(
      'POST',
      `/v1/cases/${operators!.caseId}/closure?issuerCode=gunsan`,
      {
        body: { resolution: '확인함' },
      },
    )
    assert.equal(there.statusCode, 200, there.body)
    const nowhere = await operator.ask('GET', '/v1/cases?issuerCode=nowhere')
    assert.equal(nowhere.statusCode, 404)
  })

  test('one case is read by its number, by those whose list has it', async () => {
    const opening = { caseKind: 'clearing_amount_differs', facts: { lineWon: 5 } } as const
    const open = async (subject: string, issuerId: typeof GUNSAN, owner: 'issuer' | 'operator') =>
      formatId(
        'cas',
        (await city.casebook.openCase({ ...opening, subject, issuerId, owner })).caseId,
      )
    const ofIssuer = await open('old', GUNSAN, 'issuer')
    const ofOperator = await open('older', OPERATOR, 'operator')
    const officer = await city.caller('officer-of-gunsan')
    const operator = await city.caller('operator')
    const read = async (caller: typeof officer, path: string) => {
      const answer = await caller.ask('GET', path)
      const body = answer.json<{ subject?: string; field?: string }>()
      return [answer.statusCode, body.subject ?? body.field] as const
    }
    const listed = (await officer.ask('GET', `${base}/cases?limit=1`)).json<{ items: object[] }>()
    const alone = (await officer.ask('GET', `${base}/cases/${ofIssuer}`)).json<object>()
    assert.deepEqual(listed.items, [alone])
    assert.deepEqual(await read(officer, `${base}/cases/${ofOperator}`), [404, 'path.caseId'])
    assert.deepEqual(await read(operator, `/v1/cases/${ofOperator}`), [200, 'older'])
    assert.deepEqual(await read(operator, `/v1/cases/${ofIssuer}`), [404, 'path.caseId'])
    const named = `/v1/cases/${ofIssuer}?issuerCode=gunsan`
    assert.deepEqual(await read(operator, named), [200, 'old'])
    const nowhere = `/v1/cases/${ofIssuer}?issuerCode=nowhere`
    assert.deepEqual(await read(operator, nowhere), [404, 'query.issuerCode'])
  })
})

test('an operator sees what each gateway says, and that one is silent', async () => {
  const status: GatewayStatus = {
    core: 'not_asked',
    orders: [{ partnerId: 1, mode: 'forced', by: 'op', at: 1, reason: '점검' }],
    feed: { state: 'cut_off', lagMs: 90_000, cards: 10, wallets: 9 },
    store: { state: 'writable' },
    waiting: { notices: 3, oldestAt: 5 },
    exposure: { nowWon: 30_000, maxWon: 50_000, boundWon: 900_000 },
    counts: { approved: 3 },
    partners: [
      {
        partner: 'hanbit',
        port: 4_000,
        signedOff: false,
        links: [{ peer: '127.0.0.1', phase: 'signed_on', inFlight: 0, silentMs: 5 }],
      },
    ],
  }
  assert.deepEqual(readGatewayStatus({ ...status, more: 'secret' })?.core, 'not_asked')
  assert.equal(readGatewayStatus({ ...status, core: 'asleep' }), undefined)
  assert.equal(readGatewayStatus(undefined), undefined)
  city.gateways.splice(0, 1, { name: 'gateway-a', status }, { name: 'gateway-b', status: null })
  const operator = await city.caller('operator')
  const answer = await operator.ask('GET', '/v1/gateways')
  assert.deepEqual(answer.json(), {
    items: [
      { name: 'gateway-a', status },
      { name: 'gateway-b', status: null },
    ],
  })
})
