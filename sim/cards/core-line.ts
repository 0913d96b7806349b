/**
 * The core as one gateway reaches it: calls that are lost on the way there or back, come twice or late, are refused
 * while the core is down, or are answered with nonsense. What passes goes through the readers of the real wire.
 */
import { Fault } from '../../src/base/base.ts'
import {
  readAnswerTo,
  readCardNotices,
  readCardRequest,
  readReceipts,
  readSyncItem,
  readTailPage,
  type CardDesk,
  type CardFeed,
  type SyncItem,
  type TailPage,
  type WireRead,
} from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardCore } from './card-core.ts'
import type { CoreRooms } from './core-life.ts'
import type { CardFaults } from './card-faults.ts'

const TRIP_MS_MAX = 15
/** What was lost without a word is given up by the connection itself, sooner or later. */
const LOST_MS_MAX = 12_000
const TAIL_POLL_MS = 100

export interface CoreLineOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly core: CardCore
  /** Of the gateway's process. */
  readonly isAlive: () => boolean
  /** Nobody reaches the core. */
  readonly isCut: () => boolean
}

export function createCoreLine(options: CoreLineOptions): { desk: CardDesk; feed: CardFeed } {
  const call = callOver(options)
  return {
    desk: {
      decide: async (request) =>
        readOrFault(
          readAnswerTo(
            request,
            await call(asWire(request), async ({ desk }, wire) =>
              desk.decide(readOrFault(readCardRequest(wire))),
            ),
          ),
        ),
      take: async (notices) =>
        readOrFault(
          readReceipts(
            await call(asWire(notices), async ({ desk }, wire) =>
              desk.take(readOrFault(readCardNotices(wire))),
            ),
            notices.length,
          ),
        ),
    },
    feed: {
      async tail(after, waitMs) {
        const page = await call(after, async ({ feed }) => tailOf(options, feed, after, waitMs))
        return page === null ? undefined : readOrFault(readTailPage(page))
      },
      synchronise: (...args) => synchroniseOver(options, call, args),
    },
  }
}

type Call = <Question, Result>(
  question: Question,
  work: (rooms: CoreRooms, question: Question) => Promise<Result>,
) => Promise<unknown>

function callOver(options: CoreLineOptions): Call {
  const { time, random, faults, core, isAlive, isCut, journal } = options
  const tripMs = (): number =>
    random.integer(1, TRIP_MS_MAX) +
    (random.chance(faults.callDelayed) ? random.integer(0, faults.callDelayMsMax) : 0)
  return (question, work) =>
    new Promise((resolve, reject) => {
      const hear = (afterMs: number, settle: () => void): void => {
        time.after(afterMs, () => {
          if (isAlive()) settle()
        })
      }
      const lose = (): void =>
        hear(random.integer(100, LOST_MS_MAX), () =>
          reject(new Fault('core_answer_lost', 'the connection ended without an answer')),
        )
      const run = async (): Promise<void> => {
        const silent = core.onDeath(lose)
        try {
          const { value, lies } = await core.serve((rooms) => work(rooms, question))
          silent()
          if (isCut() || random.chance(faults.callAnswerLost)) return lose()
          const wire = asWire(value)
          hear(tripMs(), () => resolve(lies ? garbled(random, wire) : wire))
        } catch (error) {
          silent()
          if (!(error instanceof Fault)) {
            journal.violated('core', `the core met a bug: ${textOf(error)}`)
            return
          }
          const { code, message } = error
          if (isCut() || random.chance(faults.callAnswerLost)) return lose()
          hear(tripMs(), () => reject(new Fault(code, message)))
        }
      }
      if (random.chance(faults.callLost)) return lose()
      const arrive = (): void => {
        if (isCut() || !core.isUp()) {
          if (random.chance(30)) return lose()
          return hear(tripMs(), () => reject(new Fault('core_unavailable', 'connection refused')))
        }
        void run()
      }
      time.after(tripMs(), arrive)
      // Told twice by an impatient connection: the second answer is heard by nobody. Questions are never repeated.
      if (Array.isArray(question) && random.chance(faults.callDoubled)) {
        time.after(tripMs(), () => {
          if (core.isUp() && !isCut()) void deaf(core.serve((rooms) => work(rooms, question)))
        })
      }
    })
}

async function deaf(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}

/** Waits in virtual time: the tail itself is asked for what there is now. */
async function tailOf(
  { time }: CoreLineOptions,
  feed: CardFeed,
  after: { coreLife: string; next: number },
  waitMs: number,
): Promise<TailPage | null> {
  const endsAt = time.now() + waitMs
  for (;;) {
    const page = await feed.tail(after, 0)
    if (page === undefined) return null
    if (page.next > after.next || time.now() >= endsAt) return page
    await time.sleep(TAIL_POLL_MS)
  }
}

async function* synchroniseOver(
  { time, random, faults, isCut, core }: CoreLineOptions,
  call: Call,
  args: Parameters<CardFeed['synchronise']>,
): AsyncGenerator<SyncItem> {
  const source: { items?: AsyncIterator<SyncItem> } = {}
  await call(args, async ({ feed }) => {
    source.items = feed.synchronise(...args)[Symbol.asyncIterator]()
    return true
  })
  let isDead = false
  core.onDeath(() => {
    isDead = true
  })
  for (;;) {
    const { items } = source
    if (isDead || isCut() || items === undefined || random.chance(faults.callAnswerLost / 4)) {
      throw new Fault('core_answer_lost', 'the synchronisation broke off')
    }
    await time.sleep(random.integer(1, TRIP_MS_MAX))
    const next = await items.next()
    if (next.done === true) return
    yield readOrFault(readSyncItem(asWire(next.value)))
  }
}

function asWire<Value>(value: Value): Value {
  // What JSON does not carry must not be missed on the other side; it is read there by the shape's own reader.
  return JSON.parse(JSON.stringify(value)) as Value
}

function readOrFault<Value>(read: WireRead<Value>): Value {
  if (!read.ok) throw new Fault('core_answer_lost', read.problem)
  return read.value
}

/** What a confused core might say: never what it should, and nothing that could be meant. */
function garbled(random: Random, value: unknown): unknown {
  if (Array.isArray(value)) {
    return random.pick([[], [...value, ...value], value.map(() => ({ status: 'well' })), 'yes'])
  }
  if (typeof value !== 'object' || value === null) return value
  if ('verdict' in value) {
    return random.pick([
      null,
      'approved',
      {},
      { ...value, voucherWon: -1 },
      { ...value, verdict: 'approved', voucherWon: 7, accountWon: 1, source: 'voucher' },
      { ...value, verdict: 'unknown' },
      { ...value, decidedBy: 'standin' },
      { ...value, verdict: 'partially_approved', source: 'none', voucherWon: 1.5 },
    ])
  }
  return 'coreLife' in value ? random.pick([{}, { ...value, next: -1 }, 'tail']) : value
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
}
