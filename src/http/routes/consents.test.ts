/** Consent to debits: no purchase without it, provable afterwards, and gone at once when it is revoked. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { parseId } from '../../base/base.ts'
import { initialIssuerRules } from '../../issuing/issuing.ts'
import { newRecord } from '../../registration/registration.ts'
import { GUNSAN, openCity, openMember, type Citizen } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const base = '/v1/issuers/gunsan'
const HASH = 'cd'.repeat(32)

const link = (member: Citizen, body: object) =>
  member.ask('POST', `${base}/members/me/account`, { body })
const buy = (member: Citizen) =>
  member.ask('POST', `${base}/purchases`, { body: { programId: 'prg_1', faceWon: 10_000 } })
const consentsOf = async (member: Citizen) =>
  (await member.ask('GET', `${base}/members/me/consents`))
    .json<{ items: Consent[] }>()
    .items.filter(({ purpose }) => purpose === 'account_debit')
const codeOf = (answer: { json(): unknown }) => (answer.json() as Consent & { code: string }).code

test('an account that nobody agreed to debit is paid to, and never debited', async () => {
  const member = await openMember(city, 'payee')
  const linked = await link(member, { accountToken: 'acc_other' })
  const { accountLinked, debitAgreed } = linked.json<Record<string, boolean>>()
  assert.deepEqual([accountLinked, debitAgreed], [true, false])
  const debits = city.bank.debits
  const refused = await buy(member)
  assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'debit_consent_missing'])
  assert.equal(city.bank.debits, debits)
})

test('a consent tells who agreed to which text, when and on which device', async () => {
  const member = await openMember(city, 'agreeing')
  const body = { accountToken: 'acc_new', consent: { textVersion: '2026-02', textHash: HASH } }
  await link(member, body)
  await link(member, body)
  const [newest, first, ...more] = await consentsOf(member)
  assert.equal(more.length, 0)
  assert.deepEqual(
    [newest?.textVersion, newest?.textHash, newest?.device, newest?.method, newest?.revokedAt],
    ['2026-02', HASH, member.device.thumbprint, 'app', null],
  )
  assert.equal(newest?.at, new Date(city.time.now).toISOString())
  assert.equal(first?.textVersion, '2026-01')
  assert.equal((await buy(member)).statusCode, 201)
  const orders = city.bank.orders.at(-1)
  assert.equal(orders?.consentId, newest?.consentId)
})

test('revoked, nothing is debited any more; a stranger’s consent does not exist', async () => {
  const member = await openMember(city, 'revoking')
  const [consent] = await consentsOf(member)
  const url = `${base}/members/me/consents/${consent!.consentId}/revocation`
  const stranger = await openMember(city, 'nosy')
  assert.equal((await stranger.ask('POST', url)).statusCode, 404)
  const revoked = (await member.ask('POST', url)).json<Consent>()
  assert.notEqual(revoked.revokedAt, null)
  city.advance(1_000)
  assert.deepEqual((await member.ask('POST', url)).json<Consent>(), revoked)
  assert.equal(codeOf(await buy(member)), 'debit_consent_missing')
  const account = await city.registration.member(GUNSAN, parseId('mbr', member.memberId)!)
  assert.ok(account?.accountToken !== undefined, 'refunds still find the account')
})

test('only texts that the issuer counts are agreed to, and a hash is a hash', async () => {
  const member = await openMember(city, 'reading')
  const rules = Object.entries({ ...initialIssuerRules, debitConsentVersions: ['2026-03'] })
  const settings = rules.map(([name, value]) => ({ name, value }))
  const body = { effectiveFrom: city.time.now, requestId: null, rules: settings }
  const record = newRecord('issuer_rules', { recordId: GUNSAN, version: 1, body })
  await city.registry.append(GUNSAN, 'system', [record], city.time.now)
  const withText = (textVersion: string, textHash = HASH) =>
    link(member, { accountToken: 'acc_r', consent: { textVersion, textHash } })
  assert.equal(codeOf(await withText('2026-02')), 'consent_text_unknown')
  assert.equal((await withText('2026-03', 'no hash')).statusCode, 400)
  assert.equal((await withText('2026-03')).statusCode, 200)
})

interface Consent {
  readonly consentId: string
  readonly purpose: string
  readonly textVersion: string
  readonly textHash: string
  readonly device: string
  readonly method: string
  readonly at: string
  readonly revokedAt: string | null
}
