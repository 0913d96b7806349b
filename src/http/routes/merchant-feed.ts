/**
 * One reader of a merchant's feed: first what it missed, then what happens. Told at least once: a reader drops an
 * event whose id it has. What was missed is read with an overlap, because operations are not booked in the order in
 * which they become visible.
 */
import { operationId, type Instant, type IssuerId, type MerchantId } from '../../base/base.ts'
import { encodeCursor, instantText, type Cursor, type EventStream } from '../door.ts'
import type { MerchantOperation, RouteDeps } from './route-deps.ts'
import { merchantOperationView } from './views.ts'

/** So many operations wait while the missed ones are read; with more the reader is told of a gap. */
export const FEED_QUEUE_MAX = 1_000
/** So many missed operations are sent; a reader that missed more reads the list instead. */
export const FEED_MISSED_MAX = 2_000
const MISSED_PAGE = 200
/** Longer than any operation takes from its booking time to being readable. */
export const FEED_OVERLAP_MS = 5_000
/** Operations remembered as sent, so that the overlap is not sent twice on one connection. */
const SENT_REMEMBERED_MAX = 4_000

/** A reader that has seen nothing resumes after the instant at which it came, and after no operation. */
const NO_OPERATION = operationId('00000000-0000-0000-0000-000000000000')

export interface FeedReader {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The last event that the reader saw on an earlier connection. */
  readonly resumeAfter: Cursor | undefined
}

/** Returns when the missed operations are sent; the rest follows until the stream closes. */
export async function followMerchant(
  deps: Pick<RouteDeps, 'clock' | 'feed' | 'reading'>,
  stream: EventStream,
  reader: FeedReader,
): Promise<void> {
  const { issuerId, merchantId, resumeAfter } = reader
  const openedAt = deps.clock()
  const sent = new Set<string>()
  const send = (operation: MerchantOperation): void => {
    const { operationId, bookedAt, decline } = operation
    // What was declined is in the list; a till rings for money only.
    if (decline !== undefined || sent.has(operationId)) return
    const [oldest] = sent
    if (sent.size >= SENT_REMEMBERED_MAX && oldest !== undefined) sent.delete(oldest)
    sent.add(operationId)
    const id = encodeCursor({ bookedAt, operationId })
    stream.send({ id, event: 'operation', data: merchantOperationView(operation) })
  }
  // Subscribed before the past is read: what happens meanwhile waits its turn.
  let waiting: MerchantOperation[] | undefined = []
  const unsubscribe = deps.feed.subscribe(issuerId, merchantId, (operation) => {
    if (waiting === undefined) send(operation)
    else if (waiting.length < FEED_QUEUE_MAX) waiting.push(operation)
    else stream.close()
  })
  stream.closed.addEventListener('abort', unsubscribe, { once: true })
  if (stream.closed.aborted) return unsubscribe()
  try {
    if (resumeAfter === undefined) {
      const id = encodeCursor({ bookedAt: openedAt, operationId: NO_OPERATION })
      stream.send({ id, event: 'opened', data: { at: instantText(openedAt) } })
    } else {
      const after = resumeAfter.bookedAt - FEED_OVERLAP_MS
      sent.add(resumeAfter.operationId)
      const complete = await sendMissed(deps, { issuerId, merchantId, after, send })
      if (!complete) stream.send({ event: 'gap', data: {} })
    }
  } catch (error) {
    // The answer has begun, so no problem can be sent: the reader comes back with its last id.
    stream.close()
    throw error
  }
  const queued = waiting
  waiting = undefined
  for (const operation of queued) send(operation)
}

/** @returns false where there was more than is sent */
async function sendMissed(
  { reading }: Pick<RouteDeps, 'reading'>,
  missed: {
    readonly issuerId: IssuerId
    readonly merchantId: MerchantId
    readonly after: Instant
    readonly send: (operation: MerchantOperation) => void
  },
): Promise<boolean> {
  const { issuerId, merchantId, send } = missed
  let { after } = missed
  for (let count = 0; count < FEED_MISSED_MAX; count += MISSED_PAGE) {
    const page = await reading.merchantOperationsSince(issuerId, merchantId, after, MISSED_PAGE)
    for (const operation of page) send(operation)
    const last = page.at(-1)
    if (last === undefined || page.length < MISSED_PAGE) return true
    // One millisecond back: others booked in the same one may stand on the next page.
    const next = Math.max(after, last.bookedAt - 1)
    if (next === after && page[0]!.bookedAt === last.bookedAt) return false
    after = next
  }
  return false
}
