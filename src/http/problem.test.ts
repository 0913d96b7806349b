/** Whatever is sent, the answer is a problem that says what is wrong, and nothing that is inside. */
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { Type } from 'typebox'
import { declineReasons, Fault, faultTable, type FaultCode } from '../base/base.ts'
import { BODY_BYTES_MAX } from './body-parser.ts'
import {
  declineProblem,
  idempotencyKey,
  idSchema,
  issuerParams,
  keyReused,
  pageQuery,
  wonSchema,
  type Door,
} from './door.ts'
import { openTestDoor, type Answer, type TestDoor } from './fixtures/test-door.ts'

const Answered = Type.Object({ seen: Type.String() })
const Payment = Type.Object({
  wallet: idSchema('wlt'),
  amountWon: wonSchema({ min: 1, max: 500_000 }),
  kind: Type.Optional(Type.Union([Type.Literal('purchase'), Type.Literal('gift')])),
  memo: Type.Optional(Type.String({ maxLength: 70_000 })),
  items: Type.Optional(
    Type.Array(Type.Object({ count: Type.Integer({ minimum: 1 }) }), { maxItems: 50 }),
  ),
})
const right = { wallet: 'wlt_11', amountWon: 1000 }

let handled = 0
const bugs: unknown[] = []

function tryRoutes({ app }: Door): void {
  const config = { open: true }
  const response = { 200: Answered }
  app.post(
    '/v1/issuers/:issuerCode/payments',
    { config, schema: { params: issuerParams, body: Payment, response } },
    async (request) => {
      handled += 1
      return { seen: request.body.memo ?? 'nothing', secret: 'not in the schema' }
    },
  )
  app.get(
    '/v1/list',
    { config, schema: { querystring: Type.Object(pageQuery), response } },
    async (request) => ({ seen: JSON.stringify(request.query) }),
  )
  app.post('/v1/keyed', { config, schema: { response } }, async (request) => ({
    seen: idempotencyKey(request),
  }))
  app.get(
    '/v1/fails/:code',
    { config, schema: { params: Type.Object({ code: Type.String() }), response } },
    async (request) => {
      const { code } = request.params
      const reason = declineReasons.find((known) => known === code)
      if (reason !== undefined) throw declineProblem(reason)
      if (isFaultCode(code)) throw new Fault(code, 'at 10.0.0.7 with password hunter2')
      if (code === 'key_reused') throw keyReused()
      throw new Error('the table "wallet" has no row 12 at /srv/dure/secret.ts')
    },
  )
}

let door: TestDoor

before(async () => {
  door = await openTestDoor({ routes: tryRoutes, onBug: (error) => bugs.push(error) })
})

test('a wrong value is answered 400 with the member named and what would be right', async () => {
  const cases: [unknown, string, RegExp, RegExp][] = [
    [{ amountWon: 1 }, 'body.wallet', /빠진/, /missing/],
    [{ ...right, wallet: 12 }, 'body.wallet', /문자열/, /a string/],
    [{ ...right, wallet: 'mbr_11' }, 'body.wallet', /예: wlt_11/, /such as wlt_11/],
    [{ ...right, amountWon: '1000' }, 'body.amountWon', /정수/, /an integer/],
    [{ ...right, amountWon: 10.5 }, 'body.amountWon', /정수/, /an integer/],
    [{ ...right, amountWon: null }, 'body.amountWon', /정수/, /an integer/],
    [{ ...right, amountWon: 0 }, 'body.amountWon', /1 이상/, /at least 1\./],
    [{ ...right, amountWon: 500_001 }, 'body.amountWon', /500000 이하/, /at most 500000/],
    [{ ...right, amountWon: 1e300 }, 'body.amountWon', /이하/, /at most/],
    [{ ...right, kind: 'stipend' }, 'body.kind', /purchase, gift/, /purchase, gift/],
    [{ ...right, isAdmin: true }, 'body.isAdmin', /모르는/, /not known/],
    [{ ...right, items: [{ count: 1 }, { count: 0 }] }, 'body.items.1.count', /1 이상/, /least 1/],
    [{ ...right, items: [{ count: 1, x: 1 }] }, 'body.items.0.x', /모르는/, /not known/],
    [{ ...right, items: Array(10_000).fill(1) }, 'body.items', /50개/, /at most 50 items/],
    [[], 'body', /객체/, /an object/],
    ['text', 'body', /객체/, /an object/],
    [null, 'body', /객체/, /an object/],
  ]
  for (const [body, field, ko, en] of cases) {
    const payload = JSON.stringify(body)
    const korean = await post(payload)
    assert.equal(korean.statusCode, 400, payload.slice(0, 80))
    isProblem(korean, 'validation_failed')
    assert.equal(korean.json().field, field)
    assert.match(korean.json().detail, ko)
    const english = await post(payload, { 'accept-language': 'en-GB, ko;q=0.5' })
    assert.match(english.json().detail, en)
    assert.equal(english.headers['content-language'], 'en')
  }
})

test('what is refused never reaches the route, and members outside the answer never leave it', async () => {
  const before = handled
  await post('{"wallet":"wlt_11"}')
  assert.equal(handled, before)
  const answer = await post(JSON.stringify({ ...right, memo: '김치 🥬' }))
  assert.deepEqual(answer.json(), { seen: '김치 🥬' })
})

test('a member called __proto__ or constructor poisons nothing', async () => {
  for (const name of ['__proto__', 'constructor']) {
    const text = `{"wallet":"wlt_11","amountWon":1,"${name}":{"prototype":{"isAdmin":true}}}`
    isProblem(await post(text), 'malformed_body', 400)
  }
})

test('bytes that are no JSON, no UTF-8 or not storable are answered 400', async () => {
  const texts = [
    '{',
    '',
    '{"wallet":"wlt_11",}',
    "{'a':1}",

    'NaN',
    '{"memo":"\\u0000"}',
  ]
  const unstorable = ['{"memo":["\\ud800"]}', '{"\\udfff":1}']
  for (const text of [...texts, ...unstorable]) {
    const answer = await post(text)
    isProblem(answer, 'malformed_body', 400)
    assert.equal(answer.json().field, 'body')
  }
  const bytes = Buffer.concat([
    Buffer.from('{"wallet":"wlt_11","amountWon":1,"memo":"'),
    Buffer.from([0xc3, 0x28, 0xff]),
    Buffer.from('"}'),
  ])
  isProblem(await post(bytes), 'malformed_body', 400)
  const surrogates = await post(JSON.stringify(right).replace('}', ',"memo":"\\ud83e\\udd6c"}'))
  assert.equal(surrogates.json().seen, '🥬')
})

test('a body of exactly the limit is taken and one byte more is not', async () => {
  const frame = JSON.stringify({ ...right, memo: '' })
  const memo = 'a'.repeat(BODY_BYTES_MAX - frame.length)
  const largest = JSON.stringify({ ...right, memo })
  assert.equal(Buffer.byteLength(largest), BODY_BYTES_MAX)
  assert.equal((await post(largest)).statusCode, 200)
  isProblem(await post(`${largest} `), 'body_too_large', 413)
})

test('only JSON is taken, whatever else is said to be sent', async () => {
  for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'x']) {
    const answer = await post(JSON.stringify(right), { 'content-type': type })
    isProblem(answer, 'media_type_unsupported', 415)
  }
  const charset = { 'content-type': 'application/json; charset=utf-8' }
  assert.equal((await post(JSON.stringify(right), charset)).statusCode, 200)
  const bodyless = await door.app.inject({ method: 'POST', url: '/v1/issuers/gunsan/payments' })
  isProblem(bodyless, 'validation_failed', 400)
})

test('a query holds numbers, defaults and nothing unknown', async () => {
  const list = async (query: string) => door.app.inject({ url: `/v1/list${query}` })
  assert.equal((await list('')).json().seen, '{"limit":20}')
  assert.equal((await list('?limit=100&cursor=abc')).json().seen, '{"limit":100,"cursor":"abc"}')
  for (const wrong of ['101', '0', '-1', '1.5', '1e1', '0x10', 'ten', '', '99999999999999999999']) {
    const answer = await list(`?limit=${wrong}`)
    isProblem(answer, 'validation_failed', 400)
    assert.equal(answer.json().field, 'query.limit', wrong)
  }
  assert.equal((await list('?limit=1&limit=2')).json().field, 'query.limit')
  assert.equal((await list('?page=2')).json().field, 'query.page')
  assert.equal((await list(`?cursor=${'a'.repeat(81)}`)).json().field, 'query.cursor')
})

test('a path that is none is answered 404, one that cannot be read 400', async () => {
  for (const url of ['/nothing', '/v1/nothing', '/v1/issuers/gunsan/payments/x', '/V1/list']) {
    isProblem(await door.app.inject({ url }), 'not_found', 404)
  }
  isProblem(await door.app.inject({ url: '/v1/%ff' }), 'malformed_request', 400)
  const wrongCode = await door.app.inject({
    method: 'POST',
    url: '/v1/issuers/Gunsan/payments',
    payload: right,
  })
  assert.equal(wrongCode.json().field, 'path.issuerCode')
  isProblem(await door.app.inject({ method: 'DELETE', url: '/v1/list' }), 'not_found', 404)
})

test('a write without a key that is a UUID is told of the header', async () => {
  const keyed = async (key?: string) =>
    door.app.inject({
      method: 'POST',
      url: '/v1/keyed',
      headers: key === undefined ? {} : { 'idempotency-key': key },
    })
  isProblem(await keyed(), 'idempotency_key_missing', 400)
  isProblem(await keyed(''), 'idempotency_key_missing', 400)
  for (const key of ['1', 'x'.repeat(36), '0198f000-0000-7000-8000-00000000000a, b']) {
    const answer = await keyed(key)
    isProblem(answer, 'idempotency_key_malformed', 400)
    assert.equal(answer.json().field, 'header.idempotency-key')
  }
  const key = '0198F000-0000-7000-8000-00000000000A'
  assert.equal((await keyed(key)).json().seen, key.toLowerCase())
})

test('every decline has its status and words in both languages', async () => {
  for (const reason of declineReasons) {
    const answer = await fails(reason)
    isProblem(answer, reason)
    assert.ok([404, 409, 422].includes(answer.statusCode))
    assert.match(answer.json().title, /[가-힣]/)
    assert.match((await fails(reason, 'en')).json().title, /^[\x20-\x7e’]+$/)
  }
})

test('a fault says what may be believed and when to come back, and nothing of the inside', async () => {
  const statusOf = { did_not_happen: [500, 503], may_have_happened: [504] }
  for (const [code, { certainty }] of Object.entries(faultTable)) {
    const answer = await fails(code)
    isProblem(answer, code)
    assert.ok(statusOf[certainty].includes(answer.statusCode), code)
    assert.ok(!answer.body.includes('hunter2'))
  }
  assert.equal((await fails('wallet_busy')).headers['retry-after'], '1')
  assert.equal((await fails('schema_too_new')).headers['retry-after'], undefined)
  isProblem(await fails('key_reused'), 'key_reused', 409)
})

test('a bug is answered 500 without a word of it, is logged, and is told to the process', async () => {
  const answer = await fails('bug')
  isProblem(answer, 'internal_error', 500)
  for (const inside of ['wallet', 'secret.ts', 'Error', 'at ']) {
    assert.ok(!answer.body.includes(inside), inside)
  }
  assert.equal(bugs.length, 1)
  const line = door.log.lines().find(({ event }) => event === 'request.met_bug')
  assert.match(JSON.stringify(line), /no row 12/)
})

test('the language is Korean unless English is preferred', async () => {
  const cases: Record<string, string> = {
    '': 'ko',
    en: 'en',
    'EN-US,en;q=0.9': 'en',
    'fr, de': 'ko',
    'en;q=0.3, ko-KR;q=0.8': 'ko',
    'en;q=0': 'ko',
    ';;;,,,': 'ko',
    'en;q=2': 'ko',
  }
  for (const [header, locale] of Object.entries(cases)) {
    const answer = await fails('sold_out', header)
    assert.equal(answer.headers['content-language'], locale, header)
    assert.equal(answer.headers.vary, 'accept-language')
  }
})

test('the type of a problem is a page that explains it', async () => {
  const { type } = (await fails('sold_out')).json<{ type: string }>()
  const page = await door.app.inject({ url: type })
  assert.equal(page.statusCode, 200)
  assert.equal(page.json().status, 409)
  isProblem(await door.app.inject({ url: '/problems/no_such' }), 'not_found', 404)
})

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultTable, code)
}

async function fails(code: string, language = ''): Promise<Answer> {
  return door.app.inject({ url: `/v1/fails/${code}`, headers: { 'accept-language': language } })
}

async function post(
  payload: string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return door.app.inject({
    method: 'POST',
    url: '/v1/issuers/gunsan/payments',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  })
}

function isProblem(answer: Answer, code: string, status?: number): void {
  const body = answer.json<Record<string, unknown>>()
  assert.equal(body['code'], code, answer.body)
  if (status !== undefined) assert.equal(answer.statusCode, status)
  assert.equal(body['status'], answer.statusCode)
  assert.equal(body['type'], `/problems/${code}`)
  assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
  const allowed = new Set(['type', 'title', 'status', 'detail', 'code', 'field'])
  for (const member of Object.keys(body)) assert.ok(allowed.has(member), member)
}
