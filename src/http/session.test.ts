/** Signing in, and what a token and a proof of the device are worth elsewhere, later and in other hands. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { before, test } from 'node:test'
import { SignJWT } from 'jose'
import { Type } from 'typebox'
import type { SessionRole } from '../access/access.ts'
import { DAY_MS, id, MINUTE_MS } from '../base/base.ts'
import { ROLES_MAX } from './role-claim.ts'
import { createMetrics } from '../observe/observe.ts'
import {
  issuerParams,
  requireClerk,
  requireMember,
  requireOfficer,
  requireOperator,
  type Door,
} from './door.ts'
import { sha256, type ProofRequest } from './fixtures/test-device.ts'
import { openTestDoor, type Answer, type SignedIn, type TestDoor } from './fixtures/test-door.ts'

const WALLET = '/v1/issuers/gunsan/wallet'

/** A path for each role, so that every role can be tried on every other's door. */
function roleRoutes({ app }: Door): void {
  const schema = { params: issuerParams, response: { 200: Type.Object({ role: Type.String() }) } }
  app.get('/v1/issuers/:issuerCode/wallet', { schema }, async (request) => requireMember(request))
  app.get('/v1/issuers/:issuerCode/till', { schema }, async (request) => requireClerk(request))
  app.get('/v1/issuers/:issuerCode/shop', { schema }, async (request) =>
    requireClerk(request, undefined, 'merchant:manage'),
  )
  app.get('/v1/issuers/:issuerCode/office', { schema }, async (request) => requireOfficer(request))
  app.get('/v1/machine', { schema: { response: schema.response } }, async (request) =>
    requireOperator(request),
  )
}

let door: TestDoor
let member: SignedIn

before(async () => {
  door = await openTestDoor({ routes: roleRoutes })
  member = await door.signIn('person-member')
})

test('a person signs in with either kind of device key and is known by it', async () => {
  for (const algorithm of ['ES256', 'EdDSA'] as const) {
    const signedIn = await door.signIn('person-member', await door.device(algorithm))
    const answer = await signedIn.request({ method: 'GET', url: `${WALLET}?` })
    assert.equal(answer.statusCode, 200, answer.body)
    assert.deepEqual(answer.json(), { role: 'member' })
  }
})

test('the answer to a sign-in says who one is, with ids as text', async () => {
  const device = await door.device()
  const answer = await postSession(
    { assertion: await door.assertion('person-clerk', device) },
    device,
  )
  assert.equal(answer.statusCode, 201)
  assert.equal(answer.headers['cache-control'], 'no-store')
  const { personId, roles, accessExpiresAt, refreshExpiresAt } = answer.json()
  assert.equal(personId, 'person-clerk')
  assert.deepEqual(roles, [{ role: 'clerk', issuer: 'gunsan', clerk: 'clk_n', merchant: 'mrc_p' }])
  assert.equal(accessExpiresAt, '2026-11-22T01:10:00.000Z')
  assert.equal(refreshExpiresAt, '2026-12-22T01:00:00.000Z')
})

test('every role opens its own doors and no other, nor those of another issuer', async () => {
  const paths: Record<string, string> = {
    'person-member': WALLET,
    'person-clerk': '/v1/issuers/gunsan/till',
    'person-owner': '/v1/issuers/gunsan/shop',
    'person-officer': '/v1/issuers/gunsan/office',
    'person-operator': '/v1/machine',
  }
  for (const personId of Object.keys(paths)) {
    const person = await door.signIn(personId)
    for (const [other, path] of Object.entries(paths)) {
      const answer = await person.request({ method: 'GET', url: path })
      const isAllowed = other === personId || (personId === 'person-owner' && path.endsWith('till'))
      assert.equal(answer.statusCode, isAllowed ? 200 : 403, `${personId} at ${path}`)
      if (!isAllowed) assert.equal(answer.json().code, 'forbidden')
      if (other !== personId || other === 'person-operator') continue
      const elsewhere = await person.request({
        method: 'GET',
        url: path.replace('gunsan', 'onnuri'),
      })
      assert.equal(elsewhere.statusCode, 403, `${personId} at another issuer`)
      const nowhere = await person.request({
        method: 'GET',
        url: path.replace('gunsan', 'nowhere'),
      })
      assert.equal(nowhere.json().code, 'issuer_unknown')
    }
  }
})

test('without a session a path of the API is closed, and says how it opens', async () => {
  const answer = await door.app.inject({ url: WALLET })
  refused(answer, 'session_missing')
  assert.equal(answer.headers['www-authenticate'], 'DPoP algs="ES256 EdDSA"')
})

test('a token expires after ten minutes to the second', async () => {
  const own = await openTestDoor({ routes: roleRoutes })
  own.now = Date.parse('2026-11-22T01:00:00Z')
  const person = await own.signIn('person-member')
  own.now += 10 * MINUTE_MS - 1
  assert.equal((await person.request({ method: 'GET', url: WALLET })).statusCode, 200)
  own.now += 1
  const answer = await person.request({ method: 'GET', url: WALLET })
  refused(answer, 'token_expired', 'invalid_token')
})

test('a token is worth nothing with the key of another device', async () => {
  const other = await door.device()
  const proof = await other.proof({ method: 'GET', path: WALLET, token: member.accessToken })
  const answer = await member.request({ method: 'GET', url: WALLET, headers: { dpop: proof } })
  refused(answer, 'token_of_other_device', 'invalid_token')
})

test('a text that is no token of ours for this use is refused', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const claims = JSON.parse(
    Buffer.from(member.accessToken.split('.')[1] ?? '', 'base64url').toString(),
  )
  const forge = (header: Record<string, string>, key = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', ...header }).sign(key)
  const [head, body, signature] = member.accessToken.split('.')
  const none = Buffer.from('{"alg":"none","typ":"at+jwt","kid":"test-1"}').toString('base64url')
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: 'person-operator' }))
  const texts = {
    'another key': await forge({ kid: 'test-1' }),
    'an unknown key id': await forge({ kid: 'test-2' }, door.deps.signing.privateKey),
    'a refresh token': member.refreshToken,
    'no algorithm': `${none}.${body}.${signature}`,
    'no signature': `${head}.${body}.`,
    'altered claims': `${head}.${altered.toString('base64url')}.${signature}`,
    'no JSON': 'YQ.YQ.YQ',
    'no token': 'x',
    'too long': 'a'.repeat(9000),
  }
  for (const [name, token] of Object.entries(texts)) {
    const proof = await member.device.proof({ method: 'GET', path: WALLET, token })
    const headers = { authorization: `DPoP ${token}`, dpop: proof }
    const answer = await door.app.inject({ url: WALLET, headers })
    assert.equal(answer.statusCode, 401, name)
    assert.equal(answer.json().code, 'token_invalid', name)
  }
  const bearer = { authorization: `Bearer ${member.accessToken}` }
  refused(await member.request({ method: 'GET', url: WALLET, headers: bearer }), 'token_invalid')
})

test('a proof counts for one method, one address, one token, one minute and one time', async () => {
  const right: ProofRequest = { method: 'GET', path: WALLET, token: member.accessToken }
  const nowSeconds = Math.floor(door.now / 1000)
  const claims = (changes: Record<string, unknown>): ProofRequest => ({ ...right, claims: changes })
  const header = (changes: Record<string, unknown>): ProofRequest => ({ ...right, header: changes })
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const cases: Record<string, [ProofRequest, string]> = {
    'another method': [claims({ htm: 'POST' }), 'proof_invalid'],
    'another path': [claims({ htu: 'http://localhost:80/v1/machine' }), 'proof_invalid'],
    'another host': [claims({ htu: `http://evil.example${WALLET}` }), 'proof_invalid'],
    'another port': [claims({ htu: `http://localhost:8080${WALLET}` }), 'proof_invalid'],
    'no web address': [claims({ htu: `ftp://localhost${WALLET}` }), 'proof_invalid'],
    'no address': [claims({ htu: 'wallet' }), 'proof_invalid'],
    'another token': [claims({ ath: sha256('another') }), 'proof_invalid'],
    'no token': [claims({ ath: undefined }), 'proof_invalid'],
    'no id': [claims({ jti: undefined }), 'proof_invalid'],
    'an id too long': [claims({ jti: 'x'.repeat(129) }), 'proof_invalid'],
    'too old': [claims({ iat: nowSeconds - 61 }), 'proof_out_of_time'],
    'too new': [claims({ iat: nowSeconds + 62 }), 'proof_out_of_time'],
    'another type': [header({ typ: 'JWT' }), 'proof_invalid'],
    'a private key in it': [header({ jwk: privateKey.export({ format: 'jwk' }) }), 'proof_invalid'],
    'a key that did not sign': [
      header({ jwk: { ...member.device.jwk, y: member.device.jwk.x } }),
      'token_of_other_device',
    ],
    'an extension': [header({ crit: ['b64'], b64: true }), 'proof_invalid'],
  }
  for (const [name, [proof, code]] of Object.entries(cases)) {
    const dpop = await member.device.proof(proof)
    const answer = await member.request({ method: 'GET', url: WALLET, headers: { dpop } })
    assert.equal(answer.statusCode, 401, name)
    assert.equal(answer.json().code, code, `${name}: ${answer.body}`)
  }
  for (const iat of [nowSeconds - 59, nowSeconds + 60]) {
    const dpop = await member.device.proof(claims({ iat }))
    const answer = await member.request({ method: 'GET', url: WALLET, headers: { dpop } })
    assert.equal(answer.statusCode, 200, answer.body)
  }
  const dpop = await member.device.proof(right)
  const send = () => member.request({ method: 'GET', url: WALLET, headers: { dpop } })
  assert.equal((await send()).statusCode, 200)
  refused(await send(), 'proof_repeated', 'invalid_dpop_proof')
  const twice = { dpop: [dpop, dpop] }
  refused(await member.request({ method: 'GET', url: WALLET, headers: twice }), 'proof_invalid')
  const none = { authorization: `DPoP ${member.accessToken}` }
  refused(await door.app.inject({ url: WALLET, headers: none }), 'proof_missing')
})

test('a proof that was altered, or signed by another key than it shows, is refused', async () => {
  const other = await door.device()
  const { jwk } = member.device
  const request: ProofRequest = { method: 'GET', path: WALLET, token: member.accessToken }
  const stolen = await other.proof({ ...request, header: { jwk } })
  const [head, body, signature = ''] = (await member.device.proof(request)).split('.')
  const zero = Buffer.alloc(64).toString('base64url')
  const short = signature.slice(0, -4)
  for (const dpop of [stolen, `${head}.${body}.${zero}`, `${head}.${body}.${short}`]) {
    const answer = await member.request({ method: 'GET', url: WALLET, headers: { dpop } })
    refused(answer, 'proof_invalid', 'invalid_dpop_proof')
  }
})

test('behind a proxy the configured origin counts, with its scheme', async () => {
  const publicOrigin = 'https://dure.example'
  const own = await openTestDoor({ routes: roleRoutes, publicOrigin })
  const device = await own.device()
  const assertion = await own.assertion('person-member', device)
  const signIn = async (htu: string) =>
    own.app.inject({
      method: 'POST',
      url: '/v1/sessions',
      payload: { assertion },
      headers: {
        dpop: await device.proof({ method: 'POST', path: '/v1/sessions', claims: { htu } }),
      },
    })
  assert.equal((await signIn(`${publicOrigin}/v1/sessions`)).statusCode, 201)
  assert.equal((await signIn('https://DURE.example:443/v1/sessions')).statusCode, 201)
  refused(await signIn('http://dure.example/v1/sessions'), 'proof_invalid')
  refused(await signIn('http://localhost:80/v1/sessions'), 'proof_invalid')
})

test('an assertion is taken from its own device, in its time, and signed by the provider', async () => {
  const own = await openTestDoor()
  const device = await own.device()
  const assertion = await own.assertion('person-member', device)
  const submit = async (text: string, from = device) =>
    own.app.inject({
      method: 'POST',
      url: '/v1/sessions',
      payload: { assertion: text },
      headers: { dpop: await from.proof({ method: 'POST', path: '/v1/sessions' }) },
    })
  refused(await submit(assertion, await own.device()), 'assertion_invalid')
  refused(await submit(`${assertion.slice(0, -8)}AAAAAAAA`), 'assertion_invalid')
  refused(await submit(await door.assertion('person-member', device)), 'assertion_invalid')
  refused(await submit('nonsense'), 'assertion_invalid')
  assert.equal((await submit(assertion)).statusCode, 201)
  own.now += 5 * MINUTE_MS
  const late = await submit(assertion)
  refused(late, 'assertion_expired')
  assert.equal(late.json().field, 'body.assertion')
})

test('a session is renewed for its own device until thirty days after the sign-in', async () => {
  const asked: string[] = []
  const own = await openTestDoor({
    rolesOf: async (personId) => {
      asked.push(personId)
      return []
    },
  })
  own.now = Date.parse('2026-11-22T01:00:00Z')
  const { device, refreshToken, accessToken } = await own.signIn('person-member')
  const renew = async (token: string, from = device) =>
    own.app.inject({
      method: 'POST',
      url: '/v1/sessions/renew',
      payload: { refreshToken: token },
      headers: { dpop: await from.proof({ method: 'POST', path: '/v1/sessions/renew' }) },
    })
  own.now += 30 * DAY_MS - 5 * MINUTE_MS
  const renewed = await renew(refreshToken)
  assert.equal(renewed.statusCode, 201, renewed.body)
  assert.deepEqual(asked, ['person-member', 'person-member'])
  // Neither token outlives the sign-in by more than thirty days.
  assert.equal(renewed.json().refreshExpiresAt, '2026-12-22T01:00:00.000Z')
  assert.equal(renewed.json().accessExpiresAt, '2026-12-22T01:00:00.000Z')
  refused(await renew(refreshToken, await own.device()), 'token_of_other_device')
  refused(await renew(accessToken), 'token_invalid')
  own.now += 5 * MINUTE_MS
  refused(await renew(renewed.json().refreshToken), 'token_expired')
})

test('a token signed by the key before this one is good while that key is known', async () => {
  const old = generateKeyPairSync('ed25519')
  const earlier = await openTestDoor({
    routes: roleRoutes,
    signing: { keyId: 'old', privateKey: old.privateKey },
    verificationKeys: new Map([['old', old.publicKey]]),
  })
  const person = await earlier.signIn('person-member')
  const now = generateKeyPairSync('ed25519')
  const later = await openTestDoor({
    routes: roleRoutes,
    signing: { keyId: 'new', privateKey: now.privateKey },
    verificationKeys: new Map([
      ['new', now.publicKey],
      ['old', old.publicKey],
    ]),
  })
  const { accessToken: token, device } = person
  const dpop = await device.proof({ method: 'GET', path: WALLET, token })
  const headers = { authorization: `DPoP ${token}`, dpop }
  assert.equal((await later.app.inject({ url: WALLET, headers })).statusCode, 200)
})

test('roles in a token that name what is not here are left out, not believed', async () => {
  const issuing = { ...door.deps.issuing, issuerByCode: () => undefined }
  const own = await openTestDoor({ ...door.deps, issuing, metrics: createMetrics() })
  const { accessToken: token, device } = member
  const dpop = await device.proof({ method: 'GET', path: '/v1/machine', token })
  const headers = { authorization: `DPoP ${token}`, dpop }
  const answer = await own.app.inject({ url: '/v1/machine', headers })
  assert.equal(answer.json().code, 'forbidden')
})

test('a person with more roles than a token holds signs in with the first of them', async () => {
  const roles = Array.from({ length: ROLES_MAX + 1 }, (_, at): SessionRole => {
    const merchantId = id('mrc', at + 1)
    return { role: 'owner', issuerId: id('iss', 1), clerkId: id('clk', at + 1), merchantId }
  })
  const elsewhere: SessionRole = {
    role: 'officer',
    issuerId: id('iss', 9),
    officerId: id('off', 1),
  }
  const own = await openTestDoor({ rolesOf: async () => [elsewhere, ...roles] })
  const person = await own.signIn('person-owner')
  const answer = await person.request({ method: 'GET', url: '/v1/sessions/current' })
  assert.equal(answer.statusCode, 200)
  const claims = answer.json<{ roles: { merchant: string }[] }>().roles
  assert.equal(claims.length, ROLES_MAX)
  assert.equal(claims[0]?.merchant, 'mrc_1')
})

function refused(answer: Answer, code: string, challenge?: string): void {
  assert.equal(answer.statusCode, 401, answer.body)
  assert.equal(answer.json().code, code)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const header = String(answer.headers['www-authenticate'])
  assert.match(header, /^DPoP /)
  if (challenge !== undefined) assert.match(header, new RegExp(`error="${challenge}"`))
}

async function postSession(
  payload: Record<string, unknown>,
  device: Awaited<ReturnType<TestDoor['device']>>,
): Promise<Answer> {
  const dpop = await device.proof({ method: 'POST', path: '/v1/sessions' })
  return door.app.inject({ method: 'POST', url: '/v1/sessions', payload, headers: { dpop } })
}
