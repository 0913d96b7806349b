/**
 * Follows a merchant's feed for as long as it is wanted: connects again by itself, resumes after what it saw last, also
 * of an earlier life of the app, and gives each operation once. A silent connection is dead: the server sends a sign of
 * life every fifteen seconds.
 */
import { get, set } from 'idb-keyval'
import { storeOf } from '../api/device-key.ts'
import { readEvents } from '../api/event-stream.ts'
import type { paths } from '../api/schema.ts'
import { serverNow } from '../api/server-clock.ts'
import type { SessionHolder } from '../api/session.ts'

type SalesPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/payments'
export type Sale =
  paths[SalesPath]['get']['responses'][200]['content']['application/json']['items'][number]

export type Connection = 'connecting' | 'connected' | 'refused'

export interface SaleFeedOptions {
  readonly session: SessionHolder
  readonly issuerCode: string
  readonly merchantId: string
  readonly signal: AbortSignal
  /** @param isNews false for what was booked before this app came: it may be told late, where the feed resumes early */
  readonly onSale: (sale: Sale, isNews: boolean) => void
  /** Connected, anew or again, or more was missed than is sent: what lists say may be old. */
  readonly onCaughtUp: () => void
  readonly onConnection: (connection: Connection) => void
}

/** Three signs of life of the server's. */
const SILENT_MAX_MS = 45_000
const RETRY_MIN_MS = 300
const RETRY_MAX_MS = 5_000
/** A place in the feed that is older is not resumed from: the lists say what happened since. */
const PLACE_AGE_MAX_MS = 12 * 3_600_000
/** Sales that are known as seen, so that an overlap is not given twice. */
const SEEN_MAX = 1_000

interface FeedPlace {
  readonly id: string
  readonly at: number
}

export async function followSales(options: SaleFeedOptions): Promise<void> {
  const { signal, onConnection } = options
  const reader = createReader(options)
  let pauseMs = RETRY_MIN_MS
  while (!signal.aborted) {
    onConnection('connecting')
    const ended = await readOnce(options, reader).catch(() => 'unreachable' as const)
    if (ended === 'refused') return onConnection('refused')
    pauseMs = ended === 'closed' ? RETRY_MIN_MS : Math.min(pauseMs * 2, RETRY_MAX_MS)
    if (!signal.aborted) onConnection('connecting')
    await pauseUnlessOnline(pauseMs, signal)
  }
}

interface Reader {
  place(): Promise<string | undefined>
  take(event: { id: string | undefined; event: string; data: string }): Promise<void>
}

function createReader({ issuerCode, merchantId, onSale, onCaughtUp }: SaleFeedOptions): Reader {
  const store = storeOf('shop')
  const key = `feed:${issuerCode}.${merchantId}`
  const seen = new Set<string>()
  let place: string | undefined
  let cameAt = 0
  return {
    async place() {
      if (place !== undefined) return place
      const kept = await get<FeedPlace>(key, store).catch(() => undefined)
      const isFresh = kept !== undefined && serverNow() - kept.at < PLACE_AGE_MAX_MS
      return isFresh ? kept.id : undefined
    },
    async take({ id, event, data }) {
      if (event === 'gap') onCaughtUp()
      if (event === 'opened') {
        cameAt = Date.parse((JSON.parse(data) as { at: string }).at) // As the server writes it.
      }
      if (event === 'operation') {
        const sale = JSON.parse(data) as Sale // As the API's description of the list says.
        const [oldest] = seen
        if (!seen.has(sale.operationId)) onSale(sale, Date.parse(sale.bookedAt) >= cameAt)
        seen.add(sale.operationId)
        if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest)
      }
      if (id === undefined || id === place) return
      place = id
      await set(key, { id, at: serverNow() } satisfies FeedPlace, store).catch(() => undefined)
    },
  }
}

/** One connection, from its beginning to its end. */
async function readOnce(options: SaleFeedOptions, reader: Reader): Promise<'closed' | 'refused'> {
  const { session, issuerCode, merchantId, signal, onConnection, onCaughtUp } = options
  const silent = new AbortController()
  const place = await reader.place()
  const path = `/v1/issuers/${issuerCode}/merchants/${merchantId}/feed`
  const request = new Request(new URL(path, location.origin), {
    headers: place === undefined ? {} : { 'last-event-id': place },
    signal: AbortSignal.any([signal, silent.signal]),
  })
  const answer = await session.stream(request)
  if (answer.status === 403 || answer.status === 404) return 'refused'
  if (!answer.ok || answer.body === null) throw new Error(`the feed answered ${answer.status}`)
  onConnection('connected')
  onCaughtUp()
  let timer: ReturnType<typeof setTimeout> | undefined
  const heard = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => silent.abort(), SILENT_MAX_MS)
  }
  heard()
  try {
    for await (const event of readEvents(answer.body, heard)) await reader.take(event)
    return 'closed'
  } finally {
    clearTimeout(timer)
  }
}

/** Waits; less where the network comes back meanwhile. */
function pauseUnlessOnline(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      removeEventListener('online', end)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    addEventListener('online', end)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
