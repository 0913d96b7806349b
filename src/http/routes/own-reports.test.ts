/** A report through the door: about an own payment, answered in time, contested, and seen when it is late. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { DAY_MS } from '../../base/base.ts'
import type { Answer } from '../fixtures/test-door.ts'
import { created, openCity, openMember, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const shop = await openShop(city, { number: 0 })
const member = await openMember(city, 'member', { boughtWon: 100_000 })
const other = await openMember(city, 'other')
const officer = await city.caller('officer-of-gunsan')
const operator = await city.caller('operator')
const own = `${base}/members/me/reports`
const jsonOf = (answer: Answer) => answer.json<Record<string, unknown>>()

const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()
const operationId = randomUUID()
const payment = { code, amountWon: 5_000 }
created(await member.ask('POST', `${base}/payments`, { body: payment, key: operationId }))
const report = {
  kind: 'error_report',
  category: 'purchase',
  operationId,
  description: '금액이 다릅니다.\n확인해 주세요.',
}

describe('a report', () => {
  test('is about an operation of the reporter’s own, of payer and of shop', async () => {
    const stranger = await other.ask('POST', own, { body: report })
    assert.equal(stranger.statusCode, 404)
    assert.equal(jsonOf(stranger)['field'], 'body.operationId')
    const unknown = { ...report, operationId: randomUUID() }
    assert.equal((await member.ask('POST', own, { body: unknown })).statusCode, 404)
    const shops = { ...report, category: 'settlement' }
    created(await shop.owner.ask('POST', `${shop.merchant}/reports`, { body: shops }))
    const elsewhere = await openShop(city, { number: 1 })
    const notTheirs = await elsewhere.owner.ask('POST', `${elsewhere.merchant}/reports`, {
      body: shops,
    })
    assert.equal(notTheirs.statusCode, 404)
  })

  test('is answered to the reporter, who may have it looked at again or contest it', async () => {
    const key = randomUUID()
    const opened = created(await member.ask('POST', own, { body: report, key }))
    const again = created(await member.ask('POST', own, { body: report, key }))
    const { caseId } = opened.json<{ caseId: string }>()
    assert.equal(jsonOf(again)['caseId'], caseId)
    assert.equal(jsonOf(opened)['description'], report.description)
    const path = `${base}/cases/${caseId}`
    const closure = await officer.ask('POST', `${path}/closure`, { body: { resolution: '종결' } })
    assert.equal(jsonOf(closure)['code'], 'case_transition_refused')
    const question = { words: '영수증을 보내 주시겠어요?' }
    await officer.ask('POST', `${path}/questions`, { body: question })
    const answer = { words: '보냈습니다' }
    const answered = await member.ask('POST', `${own}/${caseId}/answers`, { body: answer })
    assert.equal(jsonOf(answered)['stage'], 'answered')
    const resolution = { outcome: 'rejected', words: '단말기 금액과 같습니다' }
    const resolved = await officer.ask('POST', `${path}/resolution`, { body: resolution })
    assert.equal(jsonOf(resolved)['stage'], 'resolved')
    const notices = await member.ask('GET', `${base}/members/me/notices`)
    assert.match(notices.body, /답변드립니다: 단말기 금액과 같습니다/)
    assert.match(notices.body, /A question about your report: 영수증을/)
    const words = { words: '아닙니다' }
    const contested = await member.ask('POST', `${own}/${caseId}/escalation`, { body: words })
    assert.equal(jsonOf(contested)['stage'], 'escalated')
    const dispute = String(jsonOf(contested)['dispute'])
    const shown = await member.ask('GET', `${own}/${dispute}`)
    assert.deepEqual([jsonOf(shown)['kind'], jsonOf(shown)['contests']], ['dispute', caseId])
    const hidden = await other.ask('GET', `${own}/${dispute}`)
    assert.equal(hidden.statusCode, 404)
  })

  test('that is late is seen by officers and operators, with its age and without its words', async () => {
    const { caseId } = created(await member.ask('POST', own, { body: report })).json<{
      caseId: string
    }>()
    const listed = async (by: typeof officer, url: string) => {
      const answer = await by.ask('GET', url)
      assert.equal(answer.statusCode, 200, answer.body)
      assert.doesNotMatch(answer.body, /금액이 다릅니다/)
      const { items } = answer.json<{ items: { caseId: string; due: string; ageDays: number }[] }>()
      return items
        .filter((item) => item.caseId === caseId)
        .map(({ due, ageDays }) => [due, ageDays])
    }
    assert.deepEqual(await listed(officer, `${base}/cases/due`), [])
    city.advance(12 * DAY_MS)
    await officer.renew()
    await operator.renew()
    assert.deepEqual(await listed(officer, `${base}/cases/due`), [['soon', 12]])
    assert.deepEqual(await listed(operator, '/v1/cases/due'), [])
    city.advance(3 * DAY_MS)
    await officer.renew()
    await operator.renew()
    assert.deepEqual(await listed(officer, `${base}/cases/due`), [['overdue', 15]])
    assert.deepEqual(await listed(operator, '/v1/cases/due'), [['overdue', 15]])
    // The operator sees that it is late; what it is about is the issuer's.
    const read = await operator.ask('GET', `/v1/cases/${caseId}/report?issuerCode=gunsan`)
    assert.equal(read.statusCode, 404)
  })
})
