/** The core's client against servers that misbehave in every way we could think of. */
import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { Fault, id, won } from '../base/base.ts'
import type { CardAnswer, CardNotice, SyncItem, TailPage } from '../cards/cards.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import { payOf, reversalOf, saleOfStan } from '../standin/fixtures/small-town.ts'
import { createCoreClient, type CoreClient } from './core-client.ts'

const TOKEN = 'gateway-token-of-the-tests-0123456789'
const IMPATIENT_MS = 300
const request = payOf(1, 1, 30_000)
const approved: CardAnswer = {
  verdict: 'approved',
  voucherWon: won(30_000),
  accountWon: won(0),
  source: 'voucher',
  approvalCode: '123456',
  decidedBy: 'core',
}
const page: TailPage = {
  coreLife: 'life-1',
  next: 4,
  asOf: 1,
  wallets: [{ issuerId: id('iss', 1), walletId: id('wlt', 1), lots: [] }],
  records: [],
  seals: [],
}
const receipt = { status: 'taken', effect: 'posted', voucherWon: 0, lossWon: 0, takenAt: 1 }

const servers: Server[] = []
const clients: CoreClient[] = []
after(() => {
  for (const client of clients) client.close()
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

async function openCore(listener: RequestListener): Promise<CoreClient> {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return clientOf(server)
}

function clientOf(server: Server): CoreClient {
  const { port } = server.address() as AddressInfo // A server that listens on TCP.
  const client = createCoreClient({
    baseUrl: `http://127.0.0.1:${port}/`,
    token: TOKEN,
    decideMs: IMPATIENT_MS,
    noticesMs: IMPATIENT_MS,
    feedGraceMs: IMPATIENT_MS,
  })
  clients.push(client)
  return client
}

const isFault = (code: string) => (error: unknown) => error instanceof Fault && error.code === code

test('what the core says comes back, and the door hears who asks for what', async () => {
  const heard: { url: string | undefined; token: string | undefined; body: unknown }[] = []
  const answers: Record<string, unknown> = {
    '/edge/decide': approved,
    '/edge/notices': { receipts: [receipt, { status: 'later', because: 'wallet_busy' }] },
    '/edge/tail?life=life%201&next=3&waitMs=50': page,
  }
  const core = await openCore((question, answer) => {
    let text = ''
    question.on('data', (chunk) => (text += String(chunk)))
    question.on('end', () => {
      const body: unknown = text === '' ? undefined : JSON.parse(text)
      heard.push({ url: question.url, token: question.headers.authorization, body })
      answer.end(JSON.stringify(answers[question.url ?? '']))
    })
  })
  assert.deepEqual(await core.desk.decide(request), approved)
  const notices: CardNotice[] = [1, 2].map((stan) => reversalOf(saleOfStan(stan, 1, 10)))
  assert.deepEqual(await core.desk.take(notices), [
    receipt,
    { status: 'later', because: 'wallet_busy' },
  ])
  assert.deepEqual(await core.feed.tail({ coreLife: 'life 1', next: 3 }, 50), page)
  assert.deepEqual(
    heard.map(({ token }) => token),
    [1, 2, 3].map(() => `Bearer ${TOKEN}`),
  )
  assert.deepEqual(heard[0]?.body, { request })
  assert.deepEqual(heard[1]?.body, { notices })
})

test('a core that is not there did certainly nothing', async () => {
  const gone = createServer()
  await new Promise<void>((resolve) => {
    gone.listen(0, '127.0.0.1', resolve)
  })
  const core = clientOf(gone)
  await new Promise((resolve) => {
    gone.close(resolve)
  })
  await assert.rejects(core.desk.decide(request), isFault('core_unavailable'))
  await assert.rejects(core.desk.take([]), isFault('core_unavailable'))
  await assert.rejects(core.feed.tail({ coreLife: 'a', next: 0 }, 0), isFault('core_unavailable'))
  const items = core.feed.synchronise([], [])[Symbol.asyncIterator]()
  await assert.rejects(items.next(), isFault('core_unavailable'))
})

const html = '<html><body>502 Bad Gateway</body></html>'
const ways: readonly [string, string, RequestListener][] = [
  ['hangs', 'core_answer_lost', () => undefined],
  ['cuts the connection', 'core_answer_lost', (question) => question.socket.destroy()],
  [
    'answers half and cuts',
    'core_answer_lost',
    (question, answer) => {
      answer.writeHead(200, { 'content-length': 500 })
      answer.write('{"verdict":"appro', () => question.socket.destroy())
    },
  ],
  [
    'answers half and hangs',
    'core_answer_lost',
    (_question, answer) => {
      answer.writeHead(200, { 'content-length': 500 })
      answer.write('{"verdict":"appro')
    },
  ],
  ['answers HTML', 'core_answer_lost', (_question, answer) => answer.end(html)],
  [
    'answers HTML with 503',
    'core_answer_lost',
    (_question, answer) => answer.writeHead(503).end(html),
  ],
  ['answers nothing', 'core_answer_lost', (_question, answer) => answer.end()],
  ['answers JSON of something else', 'core_answer_lost', (_question, answer) => answer.end('[1]')],
  ['answers null', 'core_answer_lost', (_question, answer) => answer.end('null')],
  [
    'approves more than was asked for',
    'core_answer_lost',
    (_question, answer) =>
      answer.end(JSON.stringify({ ...approved, voucherWon: 30_001, receipts: [] })),
  ],
  [
    'answers without end',
    'core_answer_lost',
    (_question, answer) => {
      const more = (): boolean => answer.write('x'.repeat(65_536)) && more()
      answer.on('drain', more)
      more()
    },
  ],
  [
    'met a fault that lost the answer',
    'postgres_answer_lost',
    (_question, answer) => answer.writeHead(503).end('{"code":"postgres_answer_lost"}'),
  ],
  [
    'is busy',
    'queue_full',
    (_question, answer) => answer.writeHead(503).end('{"code":"queue_full"}'),
  ],
  [
    'has a code that nobody knows',
    'core_answer_lost',
    (_question, answer) => answer.writeHead(503).end('{"code":"moon_phase"}'),
  ],
  [
    'has a code that is no fault of its own',
    'core_answer_lost',
    (_question, answer) => answer.writeHead(503).end('{"code":"toString"}'),
  ],
  [
    'met a bug',
    'core_answer_lost',
    (_question, answer) => answer.writeHead(500).end('{"code":"x"}'),
  ],
  [
    'does not let us in',
    'core_unavailable',
    (_question, answer) => answer.writeHead(401).end('{"code":"unauthorized"}'),
  ],
  [
    'cannot read us',
    'core_refused',
    (_question, answer) => answer.writeHead(400).end('{"code":"request_invalid"}'),
  ],
  [
    'is another server',
    'core_answer_lost',
    (_question, answer) => answer.writeHead(404).end('not here'),
  ],
]
for (const [way, code, listener] of ways) {
  test(`a core that ${way} is ${code}, and the next question is answered`, async () => {
    let isWell = false
    const core = await openCore((question, answer) => {
      const body = question.url === '/edge/decide' ? approved : { receipts: [receipt] }
      if (isWell) question.resume().on('end', () => answer.end(JSON.stringify(body)))
      else listener(question, answer)
    })
    await assert.rejects(core.desk.decide(request), isFault(code))
    await assert.rejects(core.desk.take([reversalOf(saleOfStan(1, 1, 10))]), isFault(code))
    isWell = true
    assert.deepEqual(await core.desk.decide(request), approved)
    assert.deepEqual(await core.desk.take([reversalOf(saleOfStan(1, 1, 10))]), [receipt])
  })
}

test('a connection that the core had closed while it was idle costs no answer', async () => {
  let questions = 0
  const core = await openCore((question, answer) => {
    questions += 1
    // The second finds the connection reset: nothing of it was read.
    if (questions === 2) question.socket.resetAndDestroy()
    else question.resume().on('end', () => answer.end(JSON.stringify(approved)))
  })
  assert.deepEqual(await core.desk.decide(request), approved)
  assert.deepEqual(await core.desk.decide(request), approved)
  assert.equal(questions, 3)
})

const ends: readonly [string, (server: Server) => RequestListener][] = [
  [
    'is gone then',
    (server) => (question) => {
      server.close()
      question.socket.resetAndDestroy()
    },
  ],
  [
    'refuses the repeat',
    () => {
      let isFirst = true
      return (question, answer) => {
        if (isFirst) question.socket.resetAndDestroy()
        else answer.writeHead(503).end(JSON.stringify({ code: 'shutting_down' }))
        isFirst = false
      }
    },
  ],
]
for (const [way, endOf] of ends) {
  test(`a core that dies with the question on a connection that was kept, and ${way}, may have done it`, async () => {
    let listener: RequestListener = (question, answer) => {
      question.resume().on('end', () => answer.end(JSON.stringify(approved)))
    }
    const core = await openCore((question, answer) => listener(question, answer))
    assert.deepEqual(await core.desk.decide(request), approved)
    listener = endOf(servers.at(-1)!)
    await assert.rejects(core.desk.decide(request), isFault('core_answer_lost'))
  })
}

test('a place in the tail that the core does not know is said, everything else is a fault', async () => {
  let status = 409
  let body = '{"code":"resync"}'
  const core = await openCore((_question, answer) => answer.writeHead(status).end(body))
  const place = { coreLife: 'life-1', next: 3 }
  assert.equal(await core.feed.tail(place, 0), undefined)
  body = '{"code":"something"}'
  await assert.rejects(core.feed.tail(place, 0), isFault('core_answer_lost'))
  status = 200
  body = JSON.stringify({ ...page, wallets: [{ issuerId: 1 }] })
  await assert.rejects(core.feed.tail(place, 0), isFault('core_answer_lost'))
})

const begin: SyncItem = { item: 'begin', coreLife: 'life-1', next: 0, asOf: 1 }
const end: SyncItem = { item: 'end' }

async function itemsOf(core: CoreClient): Promise<SyncItem[]> {
  const items: SyncItem[] = []
  for await (const item of core.feed.synchronise([], [])) items.push(item)
  return items
}

test('a synchronisation comes item by item, however its bytes are cut', async () => {
  const items: SyncItem[] = [begin, { item: 'wallets', wallets: page.wallets }, end]
  const bytes = Buffer.from(items.map((item) => `${JSON.stringify(item)}\n`).join(''))
  const core = await openCore((question, answer) => {
    question.resume().on('end', () => {
      let at = 0
      const next = (): void => {
        if (at >= bytes.length) return void answer.end()
        answer.write(bytes.subarray(at, (at += 7)), next)
      }
      next()
    })
  })
  assert.deepEqual(await itemsOf(core), items)
})

test('a synchronisation that breaks off, falls silent or talks nonsense is a fault', async () => {
  const line = (item: unknown): string => `${JSON.stringify(item)}\n`
  const tails: readonly ((question: IncomingMessage, write: (text: string) => void) => void)[] = [
    (question) => question.socket.destroy(),
    () => undefined,
    (_question, write) => write(line({ item: 'moon' })),
    (_question, write) => write('no json\n'),
    (_question, write) => write(line({ item: 'wallets', wallets: [{}] })),
  ]
  for (const tail of tails) {
    const core = await openCore((question, answer) => {
      question.resume().on('end', () => {
        answer.write(line(begin), () => tail(question, (text) => answer.write(text)))
      })
    })
    await assert.rejects(itemsOf(core), isFault('core_answer_lost'))
  }
  const cut = await openCore((_question, answer) => answer.end(line(begin).slice(0, -3)))
  await assert.rejects(itemsOf(cut), isFault('core_answer_lost'))
  const busy = await openCore((_question, answer) =>
    answer.writeHead(503).end('{"code":"postgres_unavailable"}'),
  )
  await assert.rejects(itemsOf(busy), isFault('postgres_unavailable'))
})

test('who takes items slowly slows the core down, and is not cut off for it', async () => {
  const wallets = Array.from({ length: 1_000 }, (_, index) => ({
    issuerId: id('iss', 1),
    walletId: id('wlt', index + 1),
    lots: [],
  }))
  let written = 0
  let isGone = false
  const core = await openCore((question, answer) => {
    question.socket.once('close', () => {
      isGone = true
    })
    const more = (): void => {
      let isFree = true
      while (isFree) {
        written += 1
        isFree = answer.write(`${JSON.stringify({ item: 'wallets', wallets })}\n`)
      }
      answer.once('drain', more)
    }
    question.resume().on('end', more)
  })
  const items = core.feed.synchronise([], [])[Symbol.asyncIterator]()
  await items.next()
  let seen = -1
  // Several times its patience with a silent core.
  await waitUntil(
    () => {
      const isStill = written === seen
      seen = written
      return isStill
    },
    { timeoutMs: 10_000, pollMs: 2 * IMPATIENT_MS },
  )
  assert.ok(written < 1_000, `${written} pages were sent to nobody`)
  assert.equal((await items.next()).done, false)
  assert.equal(isGone, false)
  await items.return?.()
  assert.equal(await waitUntil(() => isGone, { timeoutMs: 5_000 }), true)
})
