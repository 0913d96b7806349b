/** A registration through the door: papers, deadlines, hearing, cancellation, publication, account. */
import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { DOCUMENT_BYTES_MAX } from '../../acquiring/acquiring.ts'
import { DAY_MS } from '../../base/base.ts'
import type { Answer } from '../fixtures/test-door.ts'
import { created, openCity, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const officer = await city.caller('officer-of-gunsan')
const jsonOf = (answer: Answer) => answer.json<Record<string, unknown>>()

async function apply(name: string, businessNumber: string) {
  const owner = await city.caller(`applicant-${businessNumber}`)
  const applied = await owner.ask('POST', `${base}/merchants`, {
    body: {
      name,
      nameLatin: 'SHOP',
      businessNumber,
      sector: 'cafe',
      annualRevenueWon: 0,
      district: '월명동',
    },
  })
  const { merchantId } = created(applied).json<{ merchantId: string }>()
  await owner.renew()
  return { owner, merchant: `${base}/merchants/${merchantId}`, merchantId }
}

describe('papers', () => {
  test('are taken up to their size, by what they are, and come back as they went in', async () => {
    const { owner, merchant } = await apply('서류', '220-81-62517')
    const path = `${merchant}/documents?kind=business_registration&name=reg.pdf`
    const largest = Buffer.alloc(DOCUMENT_BYTES_MAX, 'x')
    largest.write('%PDF-')
    const { documentId } = created(await owner.ask('POST', path, { bytes: largest })).json<{
      documentId: string
    }>()
    const tooLarge = Buffer.concat([largest, Buffer.from('x')])
    const refused = await owner.ask('POST', path, { bytes: tooLarge })
    assert.equal(refused.statusCode, 413, refused.body)
    const page = await owner.ask('POST', path, { bytes: '<html><script>1</script>' })
    assert.equal(page.statusCode, 422)
    assert.equal(jsonOf(page)['code'], 'document_type_refused')
    assert.equal((await owner.ask('POST', path, { bytes: '' })).statusCode, 422)
    const back = await officer.ask('GET', `${merchant}/documents/${documentId}`)
    assert.equal(back.headers['content-type'], 'application/pdf')
    assert.equal(back.headers['x-content-type-options'], 'nosniff')
    assert.match(String(back.headers['content-disposition']), /^attachment; /)
    assert.deepEqual(back.rawPayload, largest)
    // Bytes are taken there and nowhere else.
    const elsewhere = await owner.ask('POST', `${merchant}/closure`, { bytes: '%PDF-1' })
    assert.equal(elsewhere.statusCode, 415, elsewhere.body)
  })
})

describe('a decision', () => {
  test('is listed by its deadline, soon and overdue, and rests while papers are asked for', async () => {
    const { owner, merchant, merchantId } = await apply('기한', '120-81-47521')
    const listed = async (due: string) => {
      const answer = await officer.ask('GET', `${base}/registrations?due=${due}&limit=100`)
      return answer
        .json<{ items: { merchantId: string }[] }>()
        .items.some((item) => item.merchantId === merchantId)
    }
    assert.deepEqual([await listed('soon'), await listed('overdue')], [false, false])
    city.advance(5 * DAY_MS)
    await officer.renew()
    assert.deepEqual([await listed('soon'), await listed('overdue')], [true, false])
    const ask = { documents: ['lease'], words: '임대차 계약서를 올려 주세요' }
    const asked = await officer.ask('POST', `${merchant}/document-requests`, { body: ask })
    assert.equal(asked.statusCode, 200, asked.body)
    assert.deepEqual([await listed('soon'), await listed('overdue')], [false, false])
    await owner.renew()
    const told = await owner.ask('GET', `${merchant}/notices`)
    assert.match(told.body, /임대차 계약서를 올려 주세요/)
    const lease = `${merchant}/documents?kind=lease&name=lease.pdf`
    created(await owner.ask('POST', lease, { bytes: '%PDF-1.7 lease' }))
    city.advance(3 * DAY_MS)
    await officer.renew()
    assert.deepEqual([await listed('soon'), await listed('overdue')], [false, true])
    const rules = {
      effectiveFrom: new Date(city.time.now).toISOString(),
      changes: { districtsRegistered: ['나운동'] },
    }
    created(await officer.ask('POST', `${base}/rules`, { body: rules }))
    const approve = { body: { status: 'active' } }
    const failed = await officer.ask('POST', `${merchant}/decision`, approve)
    assert.equal(failed.statusCode, 409, failed.body)
    assert.equal(jsonOf(failed)['field'], 'body.district')
    const back = { ...rules, changes: { districtsRegistered: [] } }
    created(await officer.ask('POST', `${base}/rules`, { body: back }))
    assert.equal((await officer.ask('POST', `${merchant}/decision`, approve)).statusCode, 200)
    const desk = await officer.ask('GET', `${base}/notices`)
    assert.match(desk.body, /documents_complete/)
  })
})

describe('a cancellation', () => {
  test('is heard, decided, published for its time, and bars', async () => {
    const shop = await openShop(city, { number: 0 })
    await officer.renew()
    const listOf = async (name: string) => {
      const answer = await city.app.inject({ method: 'GET', url: `${base}/published/${name}` })
      assert.equal(answer.statusCode, 200)
      assert.match(String(answer.headers['content-type']), /^text\/csv/)
      return answer.body
    }
    const list = await listOf('merchants')
    assert.match(list, /^\ufeff상호,매장,업종,읍면동,주소\r\n/)
    assert.match(list, /0호 분식,본점,분식,월명동,월명로 1/)
    assert.doesNotMatch(list, /124-?81-?00998|owner-gunsan/)
    const notice = { reason: 'false_redemption', words: '판매 없는 환전' }
    await officer.ask('POST', `${shop.merchant}/cancellation-notice`, { body: notice })
    const cancel = { outcome: 'cancelled', words: '등록취소', barHalved: true }
    const early = await officer.ask('POST', `${shop.merchant}/cancellation`, { body: cancel })
    assert.equal(early.statusCode, 409)
    assert.equal(jsonOf(early)['code'], 'merchant_too_early')
    assert.match(String(jsonOf(early)['detail']), /2026-12-\d\d 00:00:00/)
    const closing = await shop.owner.ask('POST', `${shop.merchant}/closure`, {
      body: { words: '폐업' },
    })
    assert.equal(closing.statusCode, 409)
    const objected = await shop.owner.ask('POST', `${shop.merchant}/objections`, {
      body: { words: '판매가 있었습니다' },
    })
    assert.equal(jsonOf(objected)['state'], 'objected')
    const cancelled = await officer.ask('POST', `${shop.merchant}/cancellation`, { body: cancel })
    assert.equal(jsonOf(cancelled)['state'], 'cancelled')
    city.advance(6 * 60_000)
    assert.doesNotMatch(await listOf('merchants'), /0호 분식/)
    assert.match(
      await listOf('cancellations'),
      /0호 분식,분식,월명동,2026-\d\d-\d\d,판매 없는 환전·초과 환전/,
    )
    await shop.owner.renew()
    const again = await shop.owner.ask('POST', `${base}/merchants`, {
      body: {
        name: '0호 분식',
        nameLatin: 'BUNSIK',
        businessNumber: '124-81-00998',
        sector: 'snack_bar',
        annualRevenueWon: 0,
        district: '월명동',
      },
    })
    assert.equal(jsonOf(again)['code'], 'merchant_barred')
    city.advance(370 * DAY_MS)
    assert.doesNotMatch(await listOf('cancellations'), /0호 분식/)
  })

  test('names that a spreadsheet would calculate are published as text', async () => {
    const { owner, merchant } = await apply('=HYPERLINK(A1)', '214-88-00591')
    const colleague = await city.caller('officer-of-gunsan')
    await colleague.ask('POST', `${merchant}/decision`, { body: { status: 'active' } })
    const place = { name: '본점', district: '월명동', address: '월명로 3' }
    created(await owner.ask('POST', `${merchant}/outlets`, { body: place }))
    city.advance(6 * 60_000)
    const list = await city.app.inject({ method: 'GET', url: `${base}/published/merchants` })
    assert.match(list.body, /\r\n'=HYPERLINK/)
  })
})

describe('the settlement account', () => {
  test('leaves the house masked, and is refused where the bank knows another holder', async () => {
    const shop = await openShop(city, { number: 0, issuerCode: 'iksan' })
    const path = `${shop.merchant}/settlement-account`
    const body = {
      payee: 'own',
      bankCode: '011',
      accountNumber: '302-0000-1234-51',
      holderName: '박가네분식',
    }
    const chosen = created(await shop.owner.ask('POST', path, { body }))
    assert.equal(jsonOf(chosen)['accountNumber'], '*********3451')
    city.holders.answer = 'differs'
    const refused = await shop.owner.ask('POST', path, { body })
    assert.equal(refused.statusCode, 422)
    assert.equal(jsonOf(refused)['field'], 'body.holderName')
    city.holders.answer = 'matches'
    for (const caller of [shop.owner, await city.caller('officer-of-iksan')]) {
      const shown = await caller.ask('GET', path)
      assert.equal(shown.statusCode, 200)
      assert.doesNotMatch(shown.body, /302|박가네분식/)
      assert.match(shown.body, /박\*\*\*식/)
    }
    const told = await shop.owner.ask('GET', `${shop.merchant}/notices`)
    assert.match(told.body, /정산계좌가 .* 바뀝니다/)
    const unnamed = await shop.owner.ask('POST', path, {
      body: { payee: 'agent', agentId: 'mrc_1' },
    })
    assert.equal(jsonOf(unnamed)['code'], 'agent_unknown')
  })
})
