/** The frame around the routes: probes, pages, limits, streams, the log and the end. */
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { Type } from 'typebox'
import { MINUTE_MS } from '../base/base.ts'
import { STREAMS_BY_PERSON_MAX } from './event-streams.ts'
import { problemResponses, requireClerk, type Door, type EventStream } from './door.ts'
import { openTestDoor, SECRET_NAME, SECRET_PHONE, type Answer } from './fixtures/test-door.ts'
import { FONT_SHEET } from './fonts.ts'
import { createGuessLimit } from './request-limits.ts'

const Answered = Type.Object({ seen: Type.String() })
test('the process says that it is alive, and ready only where the database answers', async () => {
  let answer: () => Promise<{ ready: true } | { ready: false; reason: string }> = async () => ({
    ready: true,
  })
  const { app } = await openTestDoor({ ready: () => answer() })
  assert.deepEqual((await app.inject({ url: '/healthz' })).json(), { status: 'alive' })
  assert.equal((await app.inject({ url: '/readyz' })).statusCode, 200)
  answer = async () => ({ ready: false, reason: 'no primary' })
  const unready = await app.inject({ url: '/readyz' })
  assert.equal(unready.statusCode, 503)
  assert.deepEqual(unready.json(), { status: 'not_ready', reason: 'no primary' })
  answer = async () => {
    throw new Error('password hunter2')
  }
  const failed = await app.inject({ url: '/readyz' })
  assert.deepEqual(failed.json(), { status: 'not_ready', reason: 'Error' })
})

test('a database that does not answer is not waited for', { timeout: 10_000 }, async () => {
  const { app } = await openTestDoor({ ready: () => new Promise(() => {}) })
  const answer = await app.inject({ url: '/readyz' })
  assert.equal(answer.statusCode, 503)
  assert.match(answer.json().reason, /no answer within 2000 ms/)
})

test('monitoring reads durations by route template and never by path', async () => {
  const door = await openTestDoor({ routes: echoRoute })
  await door.app.inject({ url: '/v1/echo/person-123' })
  door.deps.metrics.paymentAnswered({ channel: 'cpm', outcome: 'approved' })
  const { body } = await door.app.inject({ url: '/metrics' })
  assert.match(
    body,
    /dure_http_request_duration_seconds_count\{method="GET",route="\/v1\/echo\/:what",status="200"\} 1/,
  )
  assert.match(body, /dure_payments_total\{channel="cpm",outcome="approved"\} 1/)
  assert.match(body, /dure_event_streams 0/)
  assert.ok(!body.includes('person-123'))
})

test('every answer forbids a browser whatever it does not need', async () => {
  const { app } = await openTestDoor()
  for (const url of ['/', '/docs', '/healthz', '/nothing', '/v1/sessions']) {
    const { headers } = await app.inject({ url })
    assert.match(String(headers['content-security-policy']), /default-src 'none'/, url)
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.equal(headers['x-frame-options'], 'DENY', url)
    assert.equal(headers['referrer-policy'], 'no-referrer', url)
    assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/, url)
    assert.equal(headers['strict-transport-security'], undefined)
  }
  const behindTls = await openTestDoor({ publicOrigin: 'https://dure.example' })
  const { headers } = await behindTls.app.inject({ url: '/' })
  assert.match(String(headers['strict-transport-security']), /^max-age=\d+$/)
})

test('the page at / has no script, says what runs here in both languages and leads on', async () => {
  const { app } = await openTestDoor()
  const { body, headers } = await app.inject({ url: '/' })
  assert.match(String(headers['content-type']), /^text\/html/)
  assert.match(body, /<html lang="ko">/)
  assert.match(body, /지역사랑상품권/)
  assert.match(body, /regional vouchers/)
  assert.ok(!body.includes('<script'))
  for (const [, link = ''] of body.matchAll(/href="([^"]+)"/g)) {
    assert.equal((await app.inject({ url: link })).statusCode, 200, link)
  }
})

test('the documentation comes whole from here, under its strict policy', async () => {
  const { app } = await openTestDoor()
  const { body, headers } = await app.inject({ url: '/docs/' })
  assert.match(String(headers['content-security-policy']), /script-src 'self';/)
  assert.ok(!/<script(?![^>]*\ssrc=)/.test(body))
  for (const [, file = ''] of body.matchAll(/(?:src|href)="\.?([^"]+)"/g)) {
    assert.ok(!file.includes('//'), file)
    assert.equal((await app.inject({ url: `/docs${file}` })).statusCode, 200, file)
  }
  const settings = await app.inject({ url: '/docs/static/swagger-initializer.js' })
  assert.match(settings.body, /"validatorUrl":null/)
})

test('the description is OpenAPI 3.1 of the closed schemas, with session, proof and problems', async () => {
  const { app } = await openTestDoor({ routes: echoRoute })
  const description = (await app.inject({ url: '/openapi.json' })).json()
  assert.equal(description.openapi, '3.1.0')
  assert.deepEqual(Object.keys(description.paths).toSorted(), [
    '/v1/deployment',
    '/v1/echo/{what}',
    '/v1/issuers/{issuerCode}/echo',
    '/v1/own',
    '/v1/sessions',
    '/v1/sessions/current',
    '/v1/sessions/current/clerk-code',
    '/v1/sessions/renew',
  ])
  const { get } = description.paths['/v1/own']
  assert.deepEqual(get.security, [{ session: [] }])
  assert.deepEqual(Object.keys(get.responses['4XX'].content), ['application/problem+json'])
  const write = description.paths['/v1/issuers/{issuerCode}/echo'].post
  const headers = write.parameters.filter(({ in: place }: { in: string }) => place === 'header')
  assert.deepEqual(
    headers.map(({ name }: { name: string }) => name),
    ['DPoP', 'Idempotency-Key'],
  )
  const signIn = description.paths['/v1/sessions'].post
  assert.equal(signIn.security, undefined)
  const body = signIn.requestBody.content['application/json'].schema
  assert.equal(body.additionalProperties, false)
})

test('a route of the API without a schema of its answer stops the start', async () => {
  const routes = ({ app }: Door) => {
    app.get('/v1/careless', async () => 'anything')
  }
  await assert.rejects(openTestDoor({ routes }), /no schema of its answer/)
})

test('strangers are counted by address, persons by themselves, at the edge of each limit', async () => {
  const limits = { openByAddress: 4, byPerson: 2, wrongCodes: 1 }
  const door = await openTestDoor({ routes: echoRoute, limits })
  const first = await door.signIn('person-member')
  const second = await door.signIn('person-clerk')
  const own = { method: 'GET', url: '/v1/own' } as const
  for (const person of [first, second]) {
    assert.equal((await person.request(own)).statusCode, 200)
    assert.equal((await person.request(own)).statusCode, 200)
    limited(await person.request(own))
  }
  // Two sign-ins were open requests; a wrong token counts like one.
  assert.equal((await door.app.inject({ url: '/v1/echo/x' })).statusCode, 200)
  const wrong = { ...own, headers: { authorization: 'DPoP wrong' } }
  assert.equal((await door.app.inject(wrong)).statusCode, 401)
  limited(await door.app.inject(wrong))
  limited(await door.app.inject({ url: '/v1/echo/x' }))
  assert.equal((await door.app.inject({ url: '/healthz' })).statusCode, 200)
})

test('parts of pages are not counted: a telephone fetches all of them at once', async () => {
  const limits = { openByAddress: 2, byPerson: 2, wrongCodes: 1 }
  const door = await openTestDoor({ routes: echoRoute, limits })
  for (let part = 0; part < 5; part += 1) {
    assert.equal((await door.app.inject({ url: FONT_SHEET })).statusCode, 200)
  }
  assert.equal((await door.app.inject({ url: '/v1/echo/x' })).statusCode, 200)
  assert.equal((await door.app.inject({ url: '/v1/echo/x' })).statusCode, 200)
  limited(await door.app.inject({ url: '/v1/echo/x' }))
})

test('the style sheet of the type comes packed as the browser can unpack it', async () => {
  const door = await openTestDoor({ routes: echoRoute })
  const sheetAs = async (accepted: string) => {
    const answer = await door.app.inject({
      url: FONT_SHEET,
      headers: { 'accept-encoding': accepted },
    })
    assert.match(String(answer.headers['content-type']), /^text\/css/)
    return { encoding: answer.headers['content-encoding'], bytes: answer.rawPayload }
  }
  const plain = await sheetAs('identity')
  assert.equal(plain.encoding, undefined)
  assert.match(plain.bytes.toString(), /@font-face/)
  const gzip = await sheetAs('gzip, deflate')
  assert.equal(gzip.encoding, 'gzip')
  assert.deepEqual(gunzipSync(gzip.bytes), plain.bytes)
  const brotli = await sheetAs('gzip, deflate, br')
  assert.equal(brotli.encoding, 'br')
  assert.deepEqual(brotliDecompressSync(brotli.bytes), plain.bytes)
})

test('wrong codes of a clerk are counted for a minute, right ones are forgiven', () => {
  let now = 1_000_000
  const guesses = createGuessLimit({ wrongMax: 2, clock: () => now })
  guesses.begin('a clerk').forgive()
  guesses.begin('a clerk')
  guesses.begin('a clerk')
  assert.throws(() => guesses.begin('a clerk'), { status: 429, code: 'too_many_requests' })
  guesses.begin('another clerk')
  now += MINUTE_MS - 1
  assert.throws(() => guesses.begin('a clerk'), { headers: { 'retry-after': '1' } })
  now += 1
  guesses.begin('a clerk').forgive()
})

test('attempts that are being looked at count as wrong until they are forgiven', () => {
  const guesses = createGuessLimit({ wrongMax: 2, clock: () => 0 })
  const looking = [guesses.begin('a clerk'), guesses.begin('a clerk')]
  assert.throws(() => guesses.begin('a clerk'), { status: 429 })
  looking[0]?.forgive()
  guesses.begin('a clerk')
  assert.throws(() => guesses.begin('a clerk'), { status: 429 })
})

test('no log line of a sign-in and what follows holds a secret, a name or a telephone', async () => {
  const door = await openTestDoor({ routes: echoRoute })
  const device = await door.device()
  const assertion = await door.assertion('person-member', device)
  const dpop = await device.proof({ method: 'POST', path: '/v1/sessions' })
  const answer = await door.app.inject({
    method: 'POST',
    url: '/v1/sessions',
    headers: { dpop },
    payload: { assertion },
  })
  const { accessToken, refreshToken } = answer.json()
  const person = await door.signIn('person-member', device)
  await person.request({ method: 'GET', url: '/v1/own' })
  await door.app.inject({
    url: '/v1/own',
    headers: { authorization: `DPoP ${accessToken}x`, dpop },
  })
  await door.app.inject({ method: 'POST', url: '/v1/sessions', payload: { assertion: 'x', me: 1 } })
  door.deps.log.info('test.everything_given', { assertion, dpop, headers: { dpop }, refreshToken })
  const text = door.log.text()
  const secrets = [assertion, dpop, accessToken, refreshToken, person.accessToken]
  const people = [SECRET_NAME, SECRET_PHONE, '1990-01-02', 'person-member', 'hunter2']
  for (const secret of [...secrets, ...people]) assert.ok(!text.includes(secret), secret)
  const own = door.log.lines().find(({ route }) => route === '/v1/own')
  assert.equal(own?.['event'], 'request.answered')
  assert.equal(own?.['personId'], door.deps.log.pseudonym('person-member'))
  assert.equal(typeof own?.['durationMs'], 'number')
})

test('an event stream brings events, beats for its readers only, and ends with the server', async () => {
  const streams: EventStream[] = []
  const door = await openTestDoor({ routes: streamRoute(streams) })
  const address = await door.app.listen({ port: 0, host: '127.0.0.1' })
  const leaving = new AbortController()
  const first = await fetch(`${address}/v1/stream`, { signal: leaving.signal })
  assert.match(first.headers.get('content-type') ?? '', /^text\/event-stream/)
  assert.match(first.headers.get('content-security-policy') ?? '', /default-src/)
  streams[0]?.send({ id: '7', event: 'payment.approved', data: { text: 'a\nb' } })
  const reader = first.body?.pipeThrough(new TextDecoderStream()).getReader()
  assert.ok(reader !== undefined)
  let seen = ''
  while (!seen.includes('data:')) seen += (await reader.read()).value ?? ''
  assert.match(
    seen,
    /^retry: 2000\n\nid: 7\nevent: payment\.approved\ndata: \{"text":"a\\nb"\}\n\n$/,
  )
  leaving.abort()
  await ended(streams[0])

  const second = await fetch(`${address}/v1/stream`)
  const closed = door.app.close()
  assert.match(await second.text(), /^retry/)
  await ended(streams[1])
  await closed
})

test('one person may hold so many streams and no more', async () => {
  const streams: EventStream[] = []
  const door = await openTestDoor({ routes: streamRoute(streams) })
  const address = await door.app.listen({ port: 0, host: '127.0.0.1' })
  for (let open = 0; open < STREAMS_BY_PERSON_MAX; open += 1) await fetch(`${address}/v1/stream`)
  const refused = await fetch(`${address}/v1/stream`)
  assert.equal(refused.status, 503)
  assert.match(await refused.text(), /too_many_streams/)
  streams[0]?.close()
  await ended(streams[0])
  assert.equal((await fetch(`${address}/v1/stream`)).status, 200)
  await door.app.close()
})

test('closing finishes what is in flight and turns later requests away as a problem', async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>()
  const routes = ({ app }: Door) => {
    app.get(
      '/v1/slow',
      { config: { open: true }, schema: { response: { 200: Answered } } },
      async () => {
        arrive()
        await held
        return { seen: 'done' }
      },
    )
  }
  const door = await openTestDoor({ routes })
  const address = await door.app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  const received = textOf(socket)
  const ask = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  ask('/v1/slow')
  await arrived
  const closed = door.app.close()
  await setTimeout(20)
  // A connection that is kept alive may bring one more.
  ask('/v1/own')
  await setTimeout(20)
  release()
  const [first = '', second = ''] = (await received).split('HTTP/1.1 ').slice(1)
  assert.match(first, /^200 [\s\S]*\{"seen":"done"\}/)
  assert.match(second, /^503 [\s\S]*retry-after: 2[\s\S]*"code":"shutting_down"/)
  await closed
  await assert.rejects(fetch(address))
})

test('bytes that are no HTTP are answered and the connection is closed', async () => {
  const { app } = await openTestDoor()
  const address = new URL(await app.listen({ port: 0, host: '127.0.0.1' }))
  const socket = connect(Number(address.port), '127.0.0.1')
  const received = textOf(socket)
  socket.write('\u0001\r\n\r\n')
  const answer = await received
  assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*malformed_request/)
  await app.close()
})

function echoRoute({ app }: Door): void {
  const response = { 200: Answered }
  app.get(
    '/v1/echo/:what',
    { config: { open: true }, schema: { params: Type.Object({ what: Type.String() }), response } },
    async (request) => ({ seen: request.params.what }),
  )
  app.get('/v1/own', { schema: { response } }, async () => ({ seen: 'own' }))
  app.post(
    '/v1/issuers/:issuerCode/echo',
    { schema: { params: Type.Object({ issuerCode: Type.String() }), response } },
    async (request) => ({ seen: requireClerk(request).role }),
  )
}

function streamRoute(streams: EventStream[]) {
  return ({ app, streams: opener }: Door): void => {
    const response = {
      200: { content: { 'text/event-stream': { schema: Type.String() } } },
      ...problemResponses,
    }
    app.get(
      '/v1/stream',
      { config: { open: true }, schema: { response } },
      async (request, reply) => {
        streams.push(opener.open(request, reply))
      },
    )
  }
}

/** All that comes until the other side closes. */
async function textOf(socket: Socket): Promise<string> {
  let text = ''
  for await (const bytes of socket) text += String(bytes)
  return text
}

async function ended(stream: EventStream | undefined): Promise<void> {
  assert.ok(stream !== undefined)
  if (stream.closed.aborted) return
  await new Promise((resolve) => stream.closed.addEventListener('abort', resolve))
}

function limited(answer: Answer): void {
  assert.equal(answer.statusCode, 429, answer.body)
  assert.equal(answer.json().code, 'too_many_requests')
  assert.match(String(answer.headers['retry-after']), /^[1-9]\d*$/)
}
