/** What members agree to: stated one by one at joining, kept as history, read by officers with a trace. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseId } from '../../base/base.ts'
import { initialIssuerRules } from '../../issuing/issuing.ts'
import { requiredAgreements } from '../../registration/fixtures/agreements.ts'
import { naturalKey, newRecord } from '../../registration/registration.ts'
import { GUNSAN, openCity, openMember, type Caller, type Citizen } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const HASH = 'cd'.repeat(32)
const officer = await city.caller('officer-of-gunsan')

interface Consent {
  readonly consentId: string
  readonly purpose: string
  readonly textVersion: string
  readonly method: string
  readonly at: string
  readonly revokedAt: string | null
  readonly revokedBy: string | null
}
const problemOf = (answer: { json(): unknown }) =>
  answer.json() as { readonly code: string; readonly field?: string }
const consentsOf = async (asking: Caller, path = `${base}/members/me/consents`) =>
  (await asking.ask('GET', path)).json<{ items: Consent[] }>().items
const agree = (member: Citizen, ...consents: object[]) =>
  member.ask('POST', `${base}/members/me/consents`, { body: { consents } })
const wordsOf = (consents: readonly Consent[]) =>
  consents.map(({ purpose, textVersion, revokedBy }) =>
    [purpose, textVersion, ...(revokedBy === null ? [] : [revokedBy])].join(' '),
  )

async function joinWith(personId: string, consents: readonly object[] | undefined) {
  const person = await city.caller(personId)
  const assertion = await city.door.assertion(personId, person.device)
  return person.ask('POST', `${base}/members`, { body: { assertion, consents } })
}

test('nobody joins without saying what they agree to, or without what is required', async () => {
  assert.equal((await joinWith('silent', undefined)).statusCode, 400)
  for (const left of requiredAgreements) {
    const refused = await joinWith(
      `without-${left.purpose}`,
      requiredAgreements.filter((agreement) => agreement !== left),
    )
    assert.equal(refused.statusCode, 422, refused.body)
    const { code, field } = problemOf(refused)
    assert.deepEqual([code, field], ['consent_missing', `body.consents.${left.purpose}`])
    const key = naturalKey.person(`without-${left.purpose}`)
    assert.equal(await city.registry.findByKey(GUNSAN, 'member', key), undefined)
  }
})

test('what was not named at joining was not agreed to', async () => {
  const member = await openMember(city, 'sparing')
  const purposes = (await consentsOf(member)).map(({ purpose }) => purpose).toSorted()
  const required = ['personal_data', 'terms_of_service', 'third_party_municipality']
  assert.deepEqual(purposes, ['account_debit', ...required])
})

test('one purpose twice in a list is no agreement', async () => {
  const [first] = requiredAgreements
  const refused = await joinWith('twice', [...requiredAgreements, { ...first, textVersion: '2' }])
  assert.deepEqual(problemOf(refused).field, 'body.consents.purpose')
})

test('optional consents come and go, and every one stays in the history', async () => {
  const member = await openMember(city, 'changing')
  const marketing = { purpose: 'marketing', textVersion: '1', textHash: HASH }
  assert.equal((await agree(member, marketing)).statusCode, 200)
  await agree(member, marketing)
  const standing = (await consentsOf(member)).filter(({ purpose }) => purpose === 'marketing')
  assert.deepEqual(wordsOf(standing), ['marketing 1'])
  city.advance(1_000)
  const url = `${base}/members/me/consents/${standing[0]!.consentId}/revocation`
  const revoked = (await member.ask('POST', url)).json<Consent>()
  const now = new Date(city.time.now).toISOString()
  assert.deepEqual([revoked.revokedAt, revoked.revokedBy], [now, 'app'])
  city.advance(1_000)
  assert.deepEqual((await member.ask('POST', url)).json<Consent>(), revoked)
  await agree(member, { ...marketing, textVersion: '2' })
  const history = (await consentsOf(member)).filter(({ purpose }) => purpose === 'marketing')
  assert.deepEqual(wordsOf(history), ['marketing 2', 'marketing 1 app'])
})

test('given twice at once, it stands once', async () => {
  const member = await openMember(city, 'hasty')
  const location = { purpose: 'location', textVersion: '1', textHash: HASH }
  const answers = await Promise.all([agree(member, location), agree(member, location)])
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 200],
  )
  const given = (await consentsOf(member)).filter(({ purpose }) => purpose === 'location')
  assert.equal(given.length, 1)
})

test('what every member has to agree to is not revoked alone', async () => {
  const member = await openMember(city, 'staying')
  const consents = await consentsOf(member)
  for (const { consentId, purpose } of consents) {
    const url = `${base}/members/me/consents/${consentId}/revocation`
    const answer = await member.ask('POST', url)
    if (purpose === 'account_debit') assert.equal(answer.statusCode, 200)
    else assert.equal(problemOf(answer).code, 'consent_required')
  }
})

test('an officer reads them without the device, with a trace, and writes a revocation down', async () => {
  const member = await openMember(city, 'called')
  await agree(member, { purpose: 'notices', textVersion: '1', textHash: HASH })
  const path = `${base}/members/${member.memberId}/consents`
  const seen = await officer.ask('GET', path)
  assert.doesNotMatch(seen.body, new RegExp(member.device.thumbprint))
  const notices = seen.json<{ items: Consent[] }>().items.find((one) => one.purpose === 'notices')
  const revocation = `${path}/${notices!.consentId}/revocation`
  const noApp = await officer.ask('POST', revocation, { body: { method: 'app' } })
  assert.equal(noApp.statusCode, 400, 'an officer has not the member’s app')
  const revoked = await officer.ask('POST', revocation, { body: { method: 'ars' } })
  assert.equal(revoked.json<Consent>().revokedBy, 'ars')
  const log = await member.ask('GET', `${base}/members/me/access-log`)
  const routes = log.json<{ items: { route: string }[] }>().items.map(({ route }) => route)
  assert.ok(routes.includes('GET /v1/issuers/:issuerCode/members/:memberId/consents'))
  const written = city.registry
    .versions(GUNSAN)
    .findLast(({ recordId }) => recordId === parseId('cas', notices!.consentId))
  assert.equal(written?.recordedBy, 'off_1')
})

test('an officer revokes nothing of a member that is another’s', async () => {
  const member = await openMember(city, 'one')
  const other = await openMember(city, 'another')
  const [consent] = await consentsOf(other)
  const url = `${base}/members/${member.memberId}/consents/${consent!.consentId}/revocation`
  const answer = await officer.ask('POST', url, { body: { method: 'paper' } })
  assert.equal(answer.statusCode, 404)
})

test('the issuer says which texts count, and which consents are required', async () => {
  const member = await openMember(city, 'late')
  const chosen = {
    ...initialIssuerRules,
    consentsRequired: ['terms_of_service'],
    consentTextVersions: ['marketing.2026-03', 'location.1'],
  }
  const rules = Object.entries(chosen).map(([name, value]) => ({ name, value }))
  const body = { effectiveFrom: city.time.now, requestId: null, rules }
  const record = newRecord('issuer_rules', { recordId: GUNSAN, version: 1, body })
  await city.registry.append(GUNSAN, 'system', [record], city.time.now)
  const marketing = { purpose: 'marketing', textHash: HASH }
  const old = await agree(member, { ...marketing, textVersion: '2026-02' })
  assert.equal(problemOf(old).code, 'consent_text_unknown')
  assert.equal((await agree(member, { ...marketing, textVersion: '2026-03' })).statusCode, 200)
  const notices = { purpose: 'notices', textVersion: 'any', textHash: HASH }
  assert.equal((await agree(member, notices)).statusCode, 200, 'of others any counts')
  const [terms] = requiredAgreements
  assert.equal((await joinWith('brief', [terms])).statusCode, 201)
  const unknown = await officer.ask('POST', `${base}/rules`, {
    body: { effectiveFrom: '2027-01-01T00:00:00+09:00', changes: { consentsRequired: ['tea'] } },
  })
  assert.equal(problemOf(unknown).field, 'body.changes.consentsRequired')
})
