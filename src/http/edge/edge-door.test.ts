/** The door of gateways: who may come in, what is refused and how, and that one crowd does not shut out the others. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { Writable } from 'node:stream'
import { waitUntil } from '../../main/bounded-wait.ts'
import { Fault, id, parseBusinessDate, won, type Won } from '../../base/base.ts'
import {
  FED_WALLETS_PAGE,
  NOTICES_MAX,
  type CardAnswer,
  type CardNotice,
  type CardRequest,
  type NoticeReceipt,
  type SyncItem,
  type TailPage,
} from '../../cards/cards.ts'
import { createLog, createMetrics } from '../../observe/observe.ts'
import { buildEdgeDoor, type EdgeDoor, type EdgeDoorOptions } from '../http.ts'

const TOKEN = 'gateway-token-of-the-tests-0123456789'
const sale = {
  key: {
    partnerId: id('prt', 1),
    acquirer: '000001',
    terminal: 'T0000001',
    stan: '000001',
    localDate: parseBusinessDate('2026-11-22')!,
    cardClass: 'financial',
  },
  cardToken: 'HAN0000000000001',
  merchantNumber: '124810099800000',
  amountWon: won(10_000),
  at: Date.UTC(2026, 10, 22, 3),
  partialAllowed: false,
} as const
const request: CardRequest = { kind: 'pay', sale }
const approved: CardAnswer = {
  verdict: 'approved',
  voucherWon: won(10_000),
  accountWon: won(0),
  source: 'voucher',
  approvalCode: '123456',
  decidedBy: 'core',
}
const page: TailPage = {
  coreLife: 'life-1',
  next: 4,
  asOf: 1,
  wallets: [],
  records: [],
  seals: [],
}

const doors: EdgeDoor[] = []
after(() => Promise.all(doors.map((door) => door.close())))

async function openEdge(
  changes: Partial<EdgeDoorOptions['desk'] & EdgeDoorOptions['feed']> &
    Pick<Partial<EdgeDoorOptions>, 'bounds'> = {},
) {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const bugs: unknown[] = []
  const { bounds, ...rooms } = changes
  const door = buildEdgeDoor({
    desk: {
      decide: rooms.decide ?? (async () => approved),
      take: rooms.take ?? (async (notices) => notices.map(() => posted)),
    },
    feed: {
      tail: rooms.tail ?? (async () => page),
      synchronise: rooms.synchronise ?? (() => items([])),
    },
    token: TOKEN,
    log: createLog({ level: 'debug', pseudonymKey: 'test', destination }),
    metrics: createMetrics(),
    onBug: (error) => bugs.push(error),
    ...(bounds === undefined ? {} : { bounds }),
  })
  doors.push(door)
  const port = await door.listen(0)
  const ask = async (method: string, path: string, body?: unknown, token = TOKEN) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: answer.status, text: await answer.text(), headers: answer.headers }
  }
  const codeOf = async (...question: Parameters<typeof ask>) => {
    const { status, text } = await ask(...question)
    const { code } = JSON.parse(text) as { code?: string } // The door's own words.
    return `${status} ${code}`
  }
  return { door, port, ask, codeOf, lines, bugs }
}

const posted: NoticeReceipt = {
  status: 'taken',
  effect: 'posted',
  voucherWon: won(0),
  lossWon: won(0),
  takenAt: 1,
}

async function* items(list: readonly SyncItem[]): AsyncGenerator<SyncItem> {
  yield* list
}

test('a request is decided and a notice taken as the desk says', async () => {
  const asked: CardRequest[] = []
  const told: CardNotice[] = []
  const { ask } = await openEdge({
    decide: async (each) => {
      asked.push(each)
      return approved
    },
    take: async (notices) => {
      told.push(...notices)
      return notices.map(() => posted)
    },
  })
  const decided = await ask('POST', '/edge/decide', { request })
  assert.deepEqual([decided.status, JSON.parse(decided.text)], [200, approved])
  assert.deepEqual(asked, [request])
  const notice: CardNotice = { kind: 'reverse', sale, keepWon: 0 as Won, decidedAt: sale.at }
  const taken = await ask('POST', '/edge/notices', { notices: [notice, notice] })
  assert.deepEqual([taken.status, JSON.parse(taken.text)], [200, { receipts: [posted, posted] }])
  assert.deepEqual(told, [notice, notice])
})

test('nobody but a gateway comes in, whatever is asked', async () => {
  const { codeOf, port } = await openEdge({
    decide: () => assert.fail('nobody was let in'),
  })
  for (const token of ['', 'wrong', `${TOKEN}x`, TOKEN.slice(0, -1)]) {
    assert.equal(await codeOf('POST', '/edge/decide', { request }, token), '401 unauthorized')
    assert.equal(await codeOf('GET', '/edge/nowhere', undefined, token), '401 unauthorized')
  }
  const bare = await fetch(`http://127.0.0.1:${port}/edge/tail?life=a&next=0`)
  assert.equal(bare.status, 401)
})

test('what is no message is refused by name, and the desk never hears of it', async () => {
  const { codeOf, lines } = await openEdge({
    decide: () => assert.fail('this is no request'),
    take: () => assert.fail('these are no notices'),
  })
  const strange = [
    { request: { ...request, more: 1 } },
    { request: { kind: 'pay', sale: { ...sale, amountWon: '10000' } } },
    { request: { kind: 'pay', sale: { ...sale, cardToken: '4'.repeat(40) } } },
    {},
    [],
    null,
    'no json',
    '',
  ]
  for (const body of strange) {
    assert.equal(await codeOf('POST', '/edge/decide', body), '400 malformed')
  }
  assert.equal(await codeOf('POST', '/edge/notices', { notices: [{}] }), '400 malformed')
  const many = Array.from({ length: NOTICES_MAX + 1 }, () => ({}))
  assert.equal(await codeOf('POST', '/edge/notices', { notices: many }), '400 malformed')
  assert.equal(await codeOf('POST', '/edge/synchronise', { known: 1 }), '400 malformed')
  for (const query of ['', '?life=a', '?life=a&next=-1', '?life=a&next=0&waitMs=99999999']) {
    assert.equal(await codeOf('GET', `/edge/tail${query}`), '400 malformed')
  }
  assert.equal(await codeOf('GET', '/edge/decide'), '404 not_found')
  assert.equal(await codeOf('POST', '/edge/nowhere', {}), '404 not_found')
  assert.ok(lines.join('').includes('edge.refused'))
  assert.doesNotMatch(lines.join(''), /4{40}/)
})

test('a body that is too large is refused before it is read', async () => {
  const { codeOf, port } = await openEdge()
  const large = JSON.stringify({ request, more: 'x'.repeat(100_000) })
  assert.equal(await codeOf('POST', '/edge/decide', large), '413 too_large')
  // One that announces a gibibyte and sends nothing gets its answer at once.
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      const head = `POST /edge/decide HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${TOKEN}\r\n`
      socket.write(`${head}Content-Length: 1073741824\r\n\r\n{`)
    })
    let text = ''
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
    socket.once('close', () => resolve(text))
    socket.once('error', reject)
  })
  assert.match(answer, /^HTTP\/1.1 413/)
})

test('a gateway that leaves in the middle of its body harms nobody', async () => {
  const { port, ask, bugs } = await openEdge()
  const socket = connect(port, '127.0.0.1')
  const head = `POST /edge/decide HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${TOKEN}\r\n`
  socket.write(`${head}Content-Length: 400\r\n\r\n{"request":`)
  socket.destroy()
  assert.equal((await ask('POST', '/edge/decide', { request })).status, 200)
  assert.deepEqual(bugs, [])
})

test('a fault is 503 with its code, a bug is 500, told, and says nothing of the inside', async () => {
  const outcomes: readonly (() => Promise<CardAnswer>)[] = [
    () => Promise.reject(new Fault('postgres_answer_lost', 'at 10.0.0.7')),
    () => Promise.reject(new Error('password hunter2')),
  ]
  let turn = 0
  const { ask, codeOf, bugs } = await openEdge({ decide: () => outcomes[turn++]!() })
  assert.equal(await codeOf('POST', '/edge/decide', { request }), '503 postgres_answer_lost')
  const { status, text } = await ask('POST', '/edge/decide', { request })
  assert.deepEqual([status, text], [500, '{"code":"internal_error"}'])
  assert.equal(bugs.length, 1)
})

test('above its bound a route refuses at once, and the others do not notice', async () => {
  const gate = Promise.withResolvers<CardAnswer>()
  let waiting = 0
  const { ask, codeOf } = await openEdge({
    bounds: { decide: 2 },
    decide: () => {
      waiting += 1
      return gate.promise
    },
  })
  const first = [1, 2].map(() => ask('POST', '/edge/decide', { request }))
  await waitUntil(() => waiting === 2, { timeoutMs: 5_000, pollMs: 5 })
  assert.equal(await codeOf('POST', '/edge/decide', { request }), '503 queue_full')
  assert.equal((await ask('POST', '/edge/notices', { notices: [] })).status, 200)
  gate.resolve(approved)
  for (const answer of await Promise.all(first)) assert.equal(answer.status, 200)
  assert.equal((await ask('POST', '/edge/decide', { request })).status, 200)
})

test('the tail is a page, or says that the gateway has to synchronise', async () => {
  const asked: unknown[] = []
  const { ask, codeOf } = await openEdge({
    tail: async (place, waitMs) => {
      asked.push([place, waitMs])
      return place.coreLife === 'life-1' ? page : undefined
    },
  })
  const { status, text } = await ask('GET', '/edge/tail?life=life-1&next=3&waitMs=50')
  assert.deepEqual([status, JSON.parse(text)], [200, page])
  assert.deepEqual(asked, [[{ coreLife: 'life-1', next: 3 }, 50]])
  assert.equal(await codeOf('GET', '/edge/tail?life=old&next=3'), '409 resync')
})

const begin: SyncItem = { item: 'begin', coreLife: 'life-1', next: 0, asOf: 1 }

test('a resynchronisation is one item a line, in order', async () => {
  const list: SyncItem[] = [
    begin,
    { item: 'issuer', position: { issuerId: id('iss', 1), segment: 0, hash: '' }, afresh: true },
    { item: 'end' },
  ]
  const { ask } = await openEdge({ synchronise: () => items(list) })
  const { status, text, headers } = await ask('POST', '/edge/synchronise', {
    known: [],
    doubtful: [],
  })
  assert.equal(status, 200)
  assert.equal(headers.get('content-type'), 'application/x-ndjson')
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
    list,
  )
})

test('a resynchronisation that fails before it begins is a fault, later it is cut off', async () => {
  async function* failing(after: readonly SyncItem[]): AsyncGenerator<SyncItem> {
    yield* after
    throw new Fault('postgres_unavailable', 'away')
  }
  let sent: readonly SyncItem[] = []
  const { codeOf, ask } = await openEdge({ synchronise: () => failing(sent) })
  const question = { known: [], doubtful: [] }
  assert.equal(await codeOf('POST', '/edge/synchronise', question), '503 postgres_unavailable')
  sent = [begin]
  await assert.rejects(ask('POST', '/edge/synchronise', question))
})

test('a reader that stops reading stops the reading of the ledger', async () => {
  let made = 0
  let ended = false
  const lots = Array.from({ length: FED_WALLETS_PAGE }, (_, index) => ({
    issuerId: id('iss', 1),
    walletId: id('wlt', index + 1),
    lots: [],
  }))
  async function* endless(): AsyncGenerator<SyncItem> {
    try {
      for (;;) {
        made += 1
        yield { item: 'wallets', wallets: lots }
      }
    } finally {
      ended = true
    }
  }
  const { port } = await openEdge({ synchronise: endless })
  const reader = connect(port, '127.0.0.1')
  reader.pause()
  const body = JSON.stringify({ known: [], doubtful: [] })
  const head = `POST /edge/synchronise HTTP/1.1\r\nHost: edge\r\nAuthorization: Bearer ${TOKEN}\r\n`
  reader.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`)
  let seen = -1
  await waitUntil(
    () => {
      const isStill = made > 0 && made === seen
      seen = made
      return isStill
    },
    { timeoutMs: 10_000, pollMs: 200 },
  )
  assert.ok(made < 500, `${made} pages were made for nobody`)
  reader.destroy()
  await waitUntil(() => ended, { timeoutMs: 10_000, pollMs: 20 })
  assert.equal(ended, true)
})

test('a door that closes refuses what is new, lets go of who waits, and finishes the rest', async () => {
  const gate = Promise.withResolvers<CardAnswer>()
  let isAsked = false
  const { door, ask, codeOf } = await openEdge({
    decide: () => {
      isAsked = true
      return gate.promise
    },
    tail: () => new Promise(() => {}),
  })
  const waits = codeOf('GET', '/edge/tail?life=life-1&next=3&waitMs=30000')
  const deciding = ask('POST', '/edge/decide', { request })
  await waitUntil(() => isAsked, { timeoutMs: 5_000, pollMs: 5 })
  const closed = door.close()
  assert.equal(await waits, '503 shutting_down')
  gate.resolve(approved)
  assert.equal((await deciding).status, 200)
  await closed
  await assert.rejects(ask('POST', '/edge/decide', { request }))
})
