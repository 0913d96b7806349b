/** Officers look at members, members see that they did, and nothing is shown that could not be written down. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Fault } from '../../base/base.ts'
import { openCity, openMember } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
city.door.phones.set('looked-at', '010-1234-5678')
const member = await openMember(city, 'looked-at')
const officer = await city.caller('officer-of-gunsan')
const base = '/v1/issuers/gunsan'
const path = `${base}/members/${member.memberId}`

interface Entry {
  readonly by: string
  readonly purpose: string
  readonly reason: string | null
  readonly sight: string
  readonly route: string
  readonly officerId?: string | null
  readonly subject?: string
}
const ownLog = async () => {
  const answer = await member.ask('GET', `${base}/members/me/access-log`)
  return answer.json<{ items: Entry[] }>().items
}

test('an officer sees half, then all for a reason, and the member reads both and the reason', async () => {
  const masked = await officer.ask('GET', path)
  assert.equal(masked.statusCode, 200, masked.body)
  assert.equal(masked.json<{ phone: string }>().phone, '010-****-5678')
  assert.doesNotMatch(masked.body, /1234-5678/)
  const reason = { reason: 'request_of_person', words: '창구에서  본인이 요청' }
  const full = await officer.ask('POST', `${path}/unmasking`, { body: reason })
  assert.equal(full.json<{ phone: string }>().phone, '010-1234-5678', full.body)
  const [second, first, ...others] = await ownLog()
  assert.deepEqual(others, [])
  assert.deepEqual(
    [first?.by, first?.purpose, first?.reason, first?.sight],
    ['officer', 'duty', null, 'masked'],
  )
  assert.deepEqual(
    [second?.purpose, second?.reason, second?.sight],
    ['request_of_person', '창구에서 본인이 요청', 'full'],
  )
  assert.equal(second?.route, 'POST /v1/issuers/:issuerCode/members/:memberId/unmasking')
  assert.equal('officerId' in (second ?? {}), false)
})

test('who looks for no reason, or for one without words, sees nothing and is not in the log', async () => {
  const before = (await ownLog()).length
  for (const body of [
    { reason: 'curiosity', words: '그냥' },
    { reason: 'suspected_fraud' },
    { reason: 'suspected_fraud', words: '   ' },
  ]) {
    const answer = await officer.ask('POST', `${path}/unmasking`, { body })
    assert.equal(answer.statusCode, 400, answer.body)
    assert.doesNotMatch(answer.body, /5678/)
  }
  assert.equal((await officer.ask('GET', `${base}/members/mbr_zzzz`)).statusCode, 404)
  assert.equal((await ownLog()).length, before)
})

test('the log is read by person or by officer, for a reason, and reading it is a look too', async () => {
  const read = (query: string) => officer.ask('GET', `${base}/access-log?${query}`)
  const reason = 'reason=%EC%A0%90%EA%B2%80'
  const ofPerson = await read(`subject=${member.memberId}&${reason}`)
  const { items } = ofPerson.json<{ items: Entry[] }>()
  assert.deepEqual([items[0]?.purpose, items[0]?.reason], ['audit', '점검'])
  const officerId = items[0]?.officerId
  assert.ok(officerId?.startsWith('off_'))
  const ofOfficer = await read(`officerId=${officerId}&${reason}&limit=2`)
  const page = ofOfficer.json<{ items: Entry[]; nextCursor: string }>()
  assert.deepEqual(
    page.items.map(({ subject }) => subject),
    [officerId, member.memberId],
  )
  const next = await read(`officerId=${officerId}&${reason}&limit=2&cursor=${page.nextCursor}`)
  assert.notEqual(next.json<{ items: Entry[] }>().items.length, 0)
  for (const query of [
    `subject=${member.memberId}`,
    `subject=${member.memberId}&reason=%20`,
    reason,
    `subject=${member.memberId}&officerId=${officerId}&${reason}`,
  ]) {
    assert.equal((await read(query)).statusCode, 400, query)
  }
})

test('what cannot be written down is not shown', async (t) => {
  t.mock.method(city.accessLog, 'write', async () => {
    throw new Fault('postgres_unavailable', 'gone')
  })
  const masked = await officer.ask('GET', path)
  assert.equal(masked.statusCode, 503, masked.body)
  assert.doesNotMatch(masked.body, /5678/)
})
