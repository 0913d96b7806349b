/** The routes of card gateways. Each reads strictly, makes one call into a room, and writes what came out. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '../../base/base.ts'
import {
  DECIDE_BYTES_MAX,
  NOTICES_BYTES_MAX,
  readCardNotices,
  readCardRequest,
  readSynchroniseQuestion,
  type CardDesk,
  type CardFeed,
  type SyncItem,
  type WireRead,
} from '../../cards/cards.ts'
import { EdgeProblem, queryOf, readJson } from './edge-request.ts'

/** Positions of every issuer and a long list of doubtful wallets. */
const SYNCHRONISE_BYTES_MAX = 8 * 1_048_576
const WAIT_MS_MAX = 30_000
/** A gateway that reads nothing for so long is cut off; it begins again. */
const READER_PATIENCE_MS = 30_000

export interface EdgeRoute {
  readonly name: 'decide' | 'notices' | 'tail' | 'synchronise'
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** @param closing aborted when the door closes */
  answer(request: IncomingMessage, response: ServerResponse, closing: AbortSignal): Promise<void>
}

export function edgeRoutes(rooms: {
  readonly desk: CardDesk
  readonly feed: CardFeed
}): readonly EdgeRoute[] {
  const { desk, feed } = rooms
  return [
    {
      name: 'decide',
      method: 'POST',
      path: '/edge/decide',
      async answer(request, response) {
        const body = await readJson(request, DECIDE_BYTES_MAX)
        send(response, await desk.decide(taken(readCardRequest(member(body, 'request')))))
      },
    },
    {
      name: 'notices',
      method: 'POST',
      path: '/edge/notices',
      async answer(request, response) {
        const body = await readJson(request, NOTICES_BYTES_MAX)
        const notices = taken(readCardNotices(member(body, 'notices')))
        send(response, { receipts: await desk.take(notices) })
      },
    },
    {
      name: 'tail',
      method: 'GET',
      path: '/edge/tail',
      async answer(request, response, closing) {
        const { coreLife, next, waitMs } = tailQuery(request)
        const page = await unlessClosing(feed.tail({ coreLife, next }, waitMs), closing)
        if (page === undefined) throw new EdgeProblem(409, 'resync')
        send(response, page)
      },
    },
    {
      name: 'synchronise',
      method: 'POST',
      path: '/edge/synchronise',
      async answer(request, response, closing) {
        const body = await readJson(request, SYNCHRONISE_BYTES_MAX)
        const { known, doubtful } = taken(readSynchroniseQuestion(body))
        await stream(response, feed.synchronise(known, doubtful), closing)
      },
    },
  ]
}

function taken<Value>(read: WireRead<Value>): Value {
  if (read.ok) return read.value
  throw new EdgeProblem(400, 'malformed', read.problem)
}

function member(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

function send(response: ServerResponse, value: object): void {
  const text = JSON.stringify(value)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

function tailQuery(request: IncomingMessage): { coreLife: string; next: number; waitMs: number } {
  const query = queryOf(request)
  const coreLife = query.get('life') ?? ''
  const next = Number(query.get('next') ?? Number.NaN)
  const waitMs = Number(query.get('waitMs') ?? 0)
  const isWhole = (number: number): boolean => Number.isSafeInteger(number) && number >= 0
  if (!isWhole(next) || !isWhole(waitMs) || waitMs > WAIT_MS_MAX) {
    throw new EdgeProblem(400, 'malformed', 'life, next or waitMs is not right')
  }
  return { coreLife, next, waitMs }
}

/** A door that closes does not sit out a long wait. @throws Fault `shutting_down` */
async function unlessClosing<Value>(waiting: Promise<Value>, closing: AbortSignal): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = (): void => reject(new Fault('shutting_down', 'the edge door is closing'))
  closing.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([waiting, promise])
  } finally {
    closing.removeEventListener('abort', giveUp)
  }
}

/** One JSON object a line. An answer that ends without its last item was cut off. */
async function stream(
  response: ServerResponse,
  items: AsyncIterable<SyncItem>,
  closing: AbortSignal,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]()
  try {
    // The first item before the head: where there is none, the answer can still be a fault.
    let step = await iterator.next()
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    while (step.done !== true) {
      if (closing.aborted || response.destroyed) throw new Fault('shutting_down', 'cut off')
      if (!response.write(`${JSON.stringify(step.value)}\n`)) await drained(response)
      step = await iterator.next()
    }
    response.end()
  } finally {
    await iterator.return?.()
  }
}

function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => reject(new EdgeProblem(503, 'reader_too_slow')),
    READER_PATIENCE_MS,
  )
  const end = (): void => {
    clearTimeout(timer)
    response.off('drain', end)
    response.off('close', end)
    resolve()
  }
  response.once('drain', end)
  response.once('close', end)
  return promise
}
