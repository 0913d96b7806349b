/**
 * The core as a gateway sees it, over HTTP: its desk and its feed behind the edge door. Nothing that comes is believed
 * before it was read: a core that answers nonsense is a fault like a core that is away.
 */
import type { IncomingMessage } from 'node:http'
import { assert, Fault } from '../base/base.ts'
import {
  FEED_BYTES_MAX,
  NOTICES_BYTES_MAX,
  readAnswerTo,
  readReceipts,
  readSyncItem,
  readTailPage,
  type CardDesk,
  type CardFeed,
  type SyncItem,
  type WireRead,
} from '../cards/cards.ts'
import { createCoreExchange, lost } from './core-client-exchange.ts'

export interface CoreClientOptions {
  /** `http:` or `https:`; of the edge door. */
  readonly baseUrl: string
  readonly token: string
  /** Whoever asks has a deadline of his own; after this a connection that hangs is cut. */
  readonly decideMs?: number
  readonly noticesMs?: number
  /** A tail that brings nothing for so much longer than it may wait, and a silent synchronisation, are cut. */
  readonly feedGraceMs?: number
}

export interface CoreClient {
  readonly desk: CardDesk
  readonly feed: CardFeed
  /** Cuts all connections: what still runs ends in a fault. */
  close(): void
}

const DECIDE_MS = 5_000
const NOTICES_MS = 10_000
const FEED_GRACE_MS = 30_000
const ANSWER_BYTES_MAX = 16 * 1_024
/** Requests, notices and the feed have connections of their own: one that hangs takes nothing from the others. */
const DECIDE_CONNECTIONS_MAX = 512
const NOTICES_CONNECTIONS_MAX = 16
const FEED_CONNECTIONS_MAX = 4

export function createCoreClient(options: CoreClientOptions): CoreClient {
  const { baseUrl, token, feedGraceMs = FEED_GRACE_MS } = options
  assert(URL.canParse(baseUrl), 'the address of the core is a URL')
  const exchangeOf = (connectionsMax: number) =>
    createCoreExchange({ baseUrl, token, connectionsMax })
  const deciding = exchangeOf(DECIDE_CONNECTIONS_MAX)
  const noticing = exchangeOf(NOTICES_CONNECTIONS_MAX)
  const feeding = exchangeOf(FEED_CONNECTIONS_MAX)
  return {
    desk: {
      async decide(request) {
        const timeoutMs = options.decideMs ?? DECIDE_MS
        const question = { method: 'POST', path: '/edge/decide', body: { request } } as const
        const body = await deciding.ask({ ...question, timeoutMs }, ANSWER_BYTES_MAX)
        return believed(readAnswerTo(request, body))
      },
      async take(notices) {
        const timeoutMs = options.noticesMs ?? NOTICES_MS
        const question = { method: 'POST', path: '/edge/notices', body: { notices } } as const
        const body = await noticing.ask({ ...question, timeoutMs }, NOTICES_BYTES_MAX)
        return believed(readReceipts(member(body, 'receipts'), notices.length))
      },
    },
    feed: {
      async tail({ coreLife, next }, waitMs) {
        const query = `life=${encodeURIComponent(coreLife)}&next=${next}&waitMs=${waitMs}`
        const timeoutMs = waitMs + feedGraceMs
        const question = { method: 'GET', path: `/edge/tail?${query}`, timeoutMs } as const
        const { status, body, distrust } = await feeding.askAny(question, FEED_BYTES_MAX)
        if (status === 409 && member(body, 'code') === 'resync') return undefined
        if (status === 200) return believed(readTailPage(body))
        distrust()
        throw lost(`the feed answered HTTP ${status}`)
      },
      async *synchronise(known, doubtful) {
        const response = await feeding.open({
          method: 'POST',
          path: '/edge/synchronise',
          body: { known, doubtful },
          timeoutMs: feedGraceMs,
        })
        yield* itemsOf(response, feedGraceMs)
      },
    },
    close() {
      for (const exchange of [deciding, noticing, feeding]) exchange.close()
    },
  }
}

/** @throws Fault `core_answer_lost` where it is no answer: whatever was asked may have happened */
function believed<Value>(read: WireRead<Value>): Value {
  if (read.ok) return read.value
  throw lost(`the core answers nonsense: ${read.problem}`)
}

function member(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
}

/**
 * One item a line. Nothing is read ahead of who takes it, so a slow reader slows the core down instead of filling
 * this process. @throws Faults where it breaks off, falls silent, or says what is no item
 */
async function* itemsOf(response: IncomingMessage, silenceMsMax: number): AsyncGenerator<SyncItem> {
  const { socket } = response
  let timer: NodeJS.Timeout | undefined
  const watch = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => socket.destroy(), silenceMsMax)
  }
  try {
    watch()
    for await (const line of linesOf(response, FEED_BYTES_MAX, watch)) {
      // Whoever takes the item may take his time.
      clearTimeout(timer)
      yield believed(readSyncItem(parsed(line)))
      watch()
    }
  } catch (error) {
    throw error instanceof Fault ? error : lost('the synchronisation broke off', error)
  } finally {
    clearTimeout(timer)
    socket.destroy()
  }
}

async function* linesOf(
  response: IncomingMessage,
  bytesMax: number,
  onBytes: () => void,
): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    onBytes()
    let rest = Buffer.from(chunk)
    for (let end = rest.indexOf(0x0a); end >= 0; end = rest.indexOf(0x0a)) {
      parts.push(rest.subarray(0, end))
      yield Buffer.concat(parts).toString('utf8')
      parts = []
      length = 0
      rest = rest.subarray(end + 1)
    }
    if (rest.length === 0) continue
    parts.push(rest)
    length += rest.length
    if (length > bytesMax) throw lost(`a line above ${bytesMax} bytes`)
  }
  if (length > 0) throw lost('the last line is cut off')
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Read as nothing, which no item is.
    return undefined
  }
}
