/** A person is let in as a clerk by the code on their telephone: once, for minutes, and by nothing alike. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { SignJWT } from 'jose'
import { CLERK_CODE_LIFE_MS } from '../clerk-code.ts'
import type { Caller } from './fixtures/city-caller.ts'
import { created, openCity, openShop, type Shop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const otherShop = await openShop(city, { number: 1 })
const path = '/v1/sessions/current/clerk-code'

interface Code {
  code: string
  expiresAt: string
}
interface Clerk {
  clerkId: string
  personId: string
  role: string
}
const show = async (person: Caller) => {
  const answer = await person.ask('GET', path)
  assert.equal(answer.statusCode, 200, answer.body)
  assert.equal(answer.headers['cache-control'], 'no-store')
  return answer.json<Code>()
}
const letIn = (by: Shop, code: unknown, key: string = randomUUID()) =>
  by.owner.ask('POST', `${by.merchant}/clerks`, { key, body: { code } })
const clerksOf = async (of: Shop) =>
  (await of.owner.ask('GET', `${of.merchant}/clerks`)).json<{ items: Clerk[] }>().items
const problem = (answer: { statusCode: number; json(): unknown }) => {
  const { code, field } = answer.json() as { code: string; field?: string }
  return [answer.statusCode, code, field]
}

test('whoever shows a code is let in by it, and may take payments after renewing', async () => {
  const person = await city.caller('newcomer')
  const { code } = await show(person)
  const clerk = created(await letIn(shop, code)).json<Clerk>()
  assert.deepEqual([clerk.personId, clerk.role], ['newcomer', 'clerk'])
  await person.renew()
  const merchant = await person.ask('GET', shop.merchant)
  assert.equal(merchant.statusCode, 200)
  assert.equal((await clerksOf(shop)).filter(({ personId }) => personId === 'newcomer').length, 1)
})

test('a code names the person, a time and itself, and nothing else', async () => {
  const { code, expiresAt } = await show(await city.caller('modest'))
  const [header, payload] = code
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object)
  assert.deepEqual(Object.keys(header!), ['alg', 'typ', 'kid'])
  assert.deepEqual(Object.keys(payload!).toSorted(), ['exp', 'jti', 'sub'])
  assert.equal(Date.parse(expiresAt), Reflect.get(payload!, 'exp') * 1000)
  assert.ok(code.length < 400, 'it fits a QR code that a telephone reads at once')
})

test('a code lets in once, whoever scans it again, and a repeat is no second time', async () => {
  const person = await city.caller('once')
  const { code } = await show(person)
  const key = randomUUID()
  const clerk = created(await letIn(shop, code, key)).json<Clerk>()
  assert.deepEqual(created(await letIn(shop, code, key)).json<Clerk>(), clerk)
  const used = [409, 'clerk_code_used', 'body.code']
  assert.deepEqual(problem(await letIn(shop, code)), used)
  assert.deepEqual(problem(await letIn(otherShop, code)), used)
  assert.deepEqual(problem(await letIn(otherShop, code, key)), used)
  assert.equal(
    (await clerksOf(otherShop)).some(({ personId }) => personId === 'once'),
    false,
  )
  const gone = await shop.owner.ask('DELETE', `${shop.merchant}/clerks/${clerk.clerkId}`)
  assert.equal(gone.statusCode, 200)
  assert.deepEqual(problem(await letIn(shop, code)), used)
  const again = created(await letIn(shop, (await show(person)).code)).json<Clerk>()
  assert.equal(again.clerkId, clerk.clerkId)
})

test('a code of somebody who is a clerk already is used up too', async () => {
  const { code } = await show(shop.clerk)
  created(await letIn(shop, code))
  assert.deepEqual(problem(await letIn(otherShop, code)), [409, 'clerk_code_used', 'body.code'])
})

test('of two shops that scan one code at once, one lets in', async () => {
  const { code } = await show(await city.caller('torn'))
  const answers = await Promise.all([letIn(shop, code), letIn(otherShop, code)])
  const statuses = answers.map(({ statusCode }) => statusCode)
  assert.deepEqual(new Set(statuses), new Set([201, 409]))
})

test('a key that was used with one code is not taken with another', async () => {
  const key = randomUUID()
  created(await letIn(shop, (await show(await city.caller('keyed'))).code, key))
  const other = await letIn(shop, (await show(await city.caller('unkeyed'))).code, key)
  assert.deepEqual(problem(other).slice(0, 2), [409, 'request_reused'])
})

test('a code whose minutes are over, the owner’s own, and what is no code are refused by name', async () => {
  const person = await city.caller('late')
  const { code } = await show(person)
  const own = await letIn(shop, (await show(shop.owner)).code)
  assert.deepEqual(problem(own), [422, 'clerk_code_own', 'body.code'])
  const strangerKey = generateKeyPairSync('ed25519').privateKey
  const forged = await new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', typ: 'dure-clerk+jwt', kid: 'test-1' })
    .setSubject('late')
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(city.time.now / 1000) + 60)
    .sign(strangerKey)
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: 'test-1' })
    .setSubject('late')
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(city.time.now / 1000) + 60)
    .sign(city.door.deps.signing.privateKey)
  const [head, payload, signature] = code.split('.')
  const other = Buffer.from(JSON.stringify({ sub: 'owner', jti: 'x', exp: 9e9 })).toString(
    'base64url',
  )
  for (const wrong of [
    forged,
    token,
    `${head}.${other}.${signature}`,
    `${head}.${payload}`,
    'late',
  ]) {
    assert.deepEqual(problem(await letIn(shop, wrong)), [422, 'clerk_code_invalid', 'body.code'])
  }
  city.advance(CLERK_CODE_LIFE_MS)
  assert.deepEqual(problem(await letIn(shop, code)), [422, 'clerk_code_expired', 'body.code'])
  assert.equal(
    (await clerksOf(shop)).some(({ personId }) => personId === 'late'),
    false,
  )
})

test('without a session there is no code, and a clerk may not let anybody in', async () => {
  assert.equal((await city.app.inject({ method: 'GET', url: path })).statusCode, 401)
  await shop.clerk.renew()
  const { code } = await show(await city.caller('waiting'))
  const byClerk = await shop.clerk.ask('POST', `${shop.merchant}/clerks`, { body: { code } })
  assert.equal(byClerk.statusCode, 403)
  const both = await shop.owner.ask('POST', `${shop.merchant}/clerks`, {
    body: { code, personId: 'waiting' },
  })
  assert.equal(both.statusCode, 400)
  assert.equal(
    (await shop.owner.ask('POST', `${shop.merchant}/clerks`, { body: {} })).statusCode,
    400,
  )
})
