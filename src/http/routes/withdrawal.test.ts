/** Leaving through the door: what is refused, what ends, and what officers and the person see afterwards. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { addYears, formatId } from '../../base/base.ts'
import { requiredAgreements } from '../../registration/fixtures/agreements.ts'
import { eraseStep } from '../../rights/rights.ts'
import { created, GUNSAN, openCity, openMember, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const officer = await city.caller('officer-of-gunsan')
type Asking = Awaited<ReturnType<typeof openMember>>

const leave = (member: Asking, renounce = false) =>
  member.ask('POST', `${base}/members/me/withdrawal`, { body: { renounce } })
const codeOf = (answer: { json(): unknown }) => (answer.json() as { code: string }).code

test('a purchase that can still be cancelled keeps the member, whatever they say', async () => {
  const member = await openMember(city, 'rich', { boughtWon: 10_000 })
  assert.equal(codeOf(await leave(member, true)), 'refund_first')
})

test('with cards, a telephone and nothing left, all of it ends and nothing can be done any more', async () => {
  const member = await openMember(city, 'leaver')
  created(await member.ask('POST', `${base}/members/me/devices`))
  const card = { partnerCode: 'hanbit', linkCode: 'code-1' }
  created(await member.ask('POST', `${base}/members/me/cards`, { body: card }))
  const left = await leave(member)
  assert.equal(left.statusCode, 200, left.body)
  const { leftAt, keptUntil } = left.json<{ leftAt: string; keptUntil: string }>()
  assert.equal(Date.parse(leftAt), city.time.now)
  assert.equal(Date.parse(keptUntil), addYears(city.time.now, 5))
  assert.deepEqual((await leave(member)).json(), left.json(), 'a repeat gets the same')
  const order = { programId: formatId('prg', PROGRAM), faceWon: 10_000 }
  const bought = await member.ask('POST', `${base}/purchases`, { body: order })
  assert.ok(bought.statusCode >= 400, bought.body)
  await member.renew()
  assert.equal((await member.ask('GET', `${base}/members/me`)).statusCode, 403)
  const copy = await member.ask('GET', `${base}/members/me/data`)
  assert.equal(copy.json<{ complete: boolean }>().complete, true, 'what is kept is theirs to see')
  const seen = await officer.ask('GET', `${base}/members/${member.memberId}`)
  assert.equal(seen.json<{ status: string }>().status, 'left')
})

test('forgotten, the member is shown as erased, and the person joins anew', async () => {
  const member = await openMember(city, 'forgotten')
  await leave(member)
  const now = addYears(city.time.now, 5)
  let before: number | null = null
  for (let done = false; !done;) {
    const deps = { registry: city.registry, issuerRules: city.directory }
    const step = await eraseStep(deps, { issuerId: GUNSAN, before, now })
    before = step.before
    done = step.done
  }
  const path = `${base}/members/${member.memberId}`
  const masked = (await officer.ask('GET', path)).json<Record<string, string>>()
  const body = { reason: 'error_correction', words: '확인' }
  const whole = await officer.ask('POST', `${path}/unmasking`, { body })
  for (const seen of [masked, whole.json<Record<string, string>>()]) {
    const { name, phone, birthDate } = seen
    assert.deepEqual([name, phone, birthDate], ['(erased)', '(erased)', '(erased)'])
  }
  const assertion = await city.door.assertion('forgotten', member.device)
  const joining = { assertion, consents: requiredAgreements }
  const again = created(await member.ask('POST', `${base}/members`, { body: joining }))
  assert.notEqual(again.json<{ memberId: string }>().memberId, member.memberId)
  await member.renew()
  const copy = await member.ask('GET', `${base}/members/me/data`)
  assert.doesNotMatch(copy.body, new RegExp(`${member.memberId}"`), 'nothing of the one before')
})
