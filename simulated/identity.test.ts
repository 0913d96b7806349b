/** The identity provider as a process: what it signs, what it refuses, and how it ends. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { calculateJwkThumbprint, createRemoteJWKSet, jwtVerify } from 'jose'
import { launchSimulated, type SimulatedProcess } from './launch.ts'

const people = [
  { personId: 'p-haneul', name: '김하늘', birthDate: '1991-03-02', phone: '010-1234-5678' },
  {
    personId: 'p-bada',
    name: '이바다',
    birthDate: '1980-12-31',
    phone: '010-9876-5432',
    roles: ['merchant'],
  },
]
let folder: string
let env: Record<string, string>
let identity: SimulatedProcess

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-identity-'))
  env = {
    PORT: '0',
    IDENTITY_PEOPLE: join(folder, 'people.json'),
    IDENTITY_KEY: join(folder, 'identity.pem'),
    IDENTITY_ORIGINS: 'http://127.0.0.1:8080',
  }
  await writeFile(join(folder, 'people.json'), JSON.stringify(people))
  identity = await launchSimulated('identity', env)
})
after(async () => {
  await identity.stop()
  await rm(folder, { recursive: true })
})

test('a verified person gets an assertion that is bound to the device', async () => {
  const p256 = publicJwk('P-256')
  const ed25519 = publicJwk('Ed25519')
  const jwks = createRemoteJWKSet(new URL(`${identity.url}/.well-known/jwks.json`))
  const seen = []
  for (const [who, deviceJwk] of [
    [{ phone: '01012345678' }, p256],
    [{ personId: 'p-haneul' }, { ...ed25519, ext: true, key_ops: ['verify'] }],
  ] as const) {
    const { status, body } = await begin({ ...who, deviceJwk })
    assert.equal(status, 201)
    assert.match(String(body['hint']), /000000/)
    const confirmed = await confirm(body['verificationId'], '000000')
    assert.equal(confirmed.status, 200)
    const { payload, protectedHeader } = await jwtVerify(
      String(confirmed.body['assertion']),
      jwks,
      { issuer: 'dure-simulated-identity', audience: 'dure', algorithms: ['EdDSA'] },
    )
    assert.equal(protectedHeader.typ, 'JWT')
    assert.equal(payload.sub, 'p-haneul')
    assert.equal(payload['name'], '김하늘')
    assert.equal(payload['birthdate'], '1991-03-02')
    assert.equal(payload['phone'], '010-1234-5678')
    assert.equal(String(payload['ci']).length, 88)
    assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300)
    const { kty, crv, x, y } = deviceJwk
    const key = y === undefined ? { kty, crv, x } : { kty, crv, x, y }
    assert.deepEqual(payload['cnf'], { jkt: await calculateJwkThumbprint(key) })
    seen.push(payload)
  }
  assert.equal(seen[0]?.['ci'], seen[1]?.['ci'])
  assert.notEqual(seen[0]?.jti, seen[1]?.jti)
})

test('three wrong codes block a verification, and the right one comes too late', async () => {
  const { body } = await begin({ personId: 'p-bada', deviceJwk: publicJwk('P-256') })
  const answers = []
  for (const code of ['000001', '000002', '000003', '000000']) {
    answers.push((await confirm(body['verificationId'], code)).body['error'])
  }
  assert.deepEqual(answers, [
    'code_wrong',
    'code_wrong',
    'verification_blocked',
    'verification_blocked',
  ])
})

test('a verification serves once', async () => {
  const { body } = await begin({ personId: 'p-bada', deviceJwk: publicJwk('P-256') })
  assert.equal((await confirm(body['verificationId'], '000000')).status, 200)
  const again = await confirm(body['verificationId'], '000000')
  assert.deepEqual([again.status, again.body['error']], [409, 'verification_used'])
})

test('people, keys and verifications that are not there are refused by name', async () => {
  const deviceJwk = publicJwk('P-256')
  const unknown = await begin({ phone: '010-0000-0000', deviceJwk })
  assert.deepEqual([unknown.status, unknown.body['error']], [404, 'person_unknown'])
  const nobody = await confirm('00000000-0000-4000-8000-000000000000', '000000')
  assert.deepEqual([nobody.status, nobody.body['error']], [404, 'verification_unknown'])
  const offCurve = { ...deviceJwk, y: deviceJwk.x }
  const wrong = await begin({ personId: 'p-bada', deviceJwk: offCurve })
  assert.deepEqual([wrong.status, wrong.body['error']], [400, 'device_key_invalid'])
  for (const body of [
    { personId: 'p-bada', deviceJwk: { ...deviceJwk, d: deviceJwk.x } },
    { personId: 'p-bada', deviceJwk: { ...deviceJwk, crv: 'P-384' } },
    { personId: 'p-bada', phone: '01012345678', deviceJwk },
    { deviceJwk },
    { personId: 'p-bada' },
  ]) {
    assert.equal((await begin(body)).body['error'], 'request_invalid')
  }
})

test('the list of people shows who one may be, with the phone masked', async () => {
  const all = await get('/people?limit=1')
  assert.deepEqual(all['people'], [
    { ...people[0], birthDate: '1991-03-02', phone: '010-****-5678', roles: [] },
  ])
  assert.equal(all['nextAfter'], 1)
  const merchants = await get('/people?text=merchant')
  assert.deepEqual(merchants['nextAfter'], null)
  assert.match(JSON.stringify(merchants['people']), /^\[\{"personId":"p-bada"/)
})

test('only pages of the named origin may ask', async () => {
  const ask = (origin: string) =>
    fetch(`${identity.url}/verifications`, { method: 'OPTIONS', headers: { origin } })
  const friend = await ask('http://127.0.0.1:8080')
  assert.equal(friend.status, 204)
  assert.equal(friend.headers.get('access-control-allow-origin'), 'http://127.0.0.1:8080')
  const stranger = await ask('http://127.0.0.1:9')
  assert.equal(stranger.headers.get('access-control-allow-origin'), null)
})

test('a missing key is made for its owner only, and stays the same after a restart', async () => {
  assert.equal((await stat(join(folder, 'identity.pem'))).mode & 0o777, 0o600)
  const before = await get('/.well-known/jwks.json')
  assert.doesNotMatch(JSON.stringify(before), /"d":/)
  const second = await launchSimulated('identity', env)
  const after: unknown = await (await fetch(`${second.url}/.well-known/jwks.json`)).json()
  assert.deepEqual(after, before)
  await second.stop()
})

test('a list with two people of one phone is not opened', async () => {
  const path = join(folder, 'twins.json')
  const [first] = JSON.parse(await readFile(join(folder, 'people.json'), 'utf8'))
  await writeFile(path, JSON.stringify([first, { ...first, personId: 'p-twin' }]))
  await assert.rejects(launchSimulated('identity', { ...env, IDENTITY_PEOPLE: path }), /code 1/)
})

function publicJwk(curve: 'P-256' | 'Ed25519') {
  const pair =
    curve === 'P-256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' })
  assert.ok(kty !== undefined && crv !== undefined && x !== undefined)
  return { kty, crv, x, ...(y === undefined ? {} : { y }) }
}

async function get(path: string): Promise<Record<string, unknown>> {
  return Object(await (await fetch(`${identity.url}${path}`)).json())
}

async function post(path: string, body: object) {
  const response = await fetch(`${identity.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const answer: Record<string, unknown> = Object(await response.json())
  return { status: response.status, body: answer }
}

function begin(body: object) {
  return post('/verifications', body)
}

function confirm(verificationId: unknown, code: string) {
  return post(`/verifications/${String(verificationId)}/confirm`, { code })
}
