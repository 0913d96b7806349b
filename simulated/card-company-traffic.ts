/**
 * Load that a simulated card company makes by itself: sales at a steady pace, whatever the answers take, and what
 * people do with them afterwards. What could not be begun because too much was under way is counted, not hidden.
 */
import { Type, type Static } from 'typebox'
import { createRandom, type Random } from '../src/demonstration/random.ts'
import type { SaleStanding } from './card-company-books.ts'
import { cancelSale, completeSale, reverseSale } from './card-company-changes.ts'
import { DeskRefusal, sell, type DeskRoom } from './card-company-desk.ts'
import { enquireBalance } from './card-company-enquiries.ts'

const UNDER_WAY_MAX = 8_192
const TICK_MS = 10
const LATENCIES_MAX = 1_000_000
const SECONDS_MAX = 86_400
const PER_SECOND_MAX = 5_000

/** What one event of the load does; a sale with an aftermath is one event. */
export const trafficKinds = [
  'financial',
  'split',
  'authorization',
  'cancelled',
  'partly_cancelled',
  'reversed',
  'enquiry',
] as const
export type TrafficKind = (typeof trafficKinds)[number]

const strict = { additionalProperties: false }
const Weight = Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 }))
const AmountWon = Type.Integer({ minimum: 1, maximum: 10_000_000 })
export const TrafficOrder = Type.Object(
  {
    perSecond: Type.Integer({ minimum: 1, maximum: PER_SECOND_MAX }),
    seconds: Type.Number({ exclusiveMinimum: 0, maximum: SECONDS_MAX }),
    /** Weights; financial sales alone where absent. */
    mix: Type.Optional(
      Type.Object(
        {
          financial: Weight,
          split: Weight,
          authorization: Weight,
          cancelled: Weight,
          partly_cancelled: Weight,
          reversed: Weight,
          enquiry: Weight,
        },
        strict,
      ),
    ),
    amountWon: Type.Optional(Type.Object({ min: AmountWon, max: AmountWon }, strict)),
    /** Sales at shops of elsewhere, where the voucher does not apply. */
    elsewherePercent: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    terminals: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0x7fff_ffff })),
    /** False: answered at once; `GET /traffic` tells how it goes. */
    wait: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type TrafficOrder = Omit<Static<typeof TrafficOrder>, 'wait'>

/** Where a card can be used: shops of the municipalities it is linked to, and others. */
export interface TrafficTarget {
  readonly cardToken: string
  readonly merchants: readonly string[]
}

export interface TrafficReport {
  readonly state: 'running' | 'finished' | 'stopped'
  readonly asked: number
  readonly done: number
  /** Not begun, because too much was under way. */
  readonly shed: number
  /** Refused by the company's own desk. */
  readonly refused: Readonly<Record<string, number>>
  readonly verdicts: Readonly<Record<string, number>>
  readonly decidedBy: Readonly<Record<string, number>>
  readonly approvedWon: { readonly voucher: number; readonly account: number }
  readonly provisional: number
  readonly silent: number
  readonly perSecond: number
  readonly latencyMs: {
    readonly p50: number
    readonly p90: number
    readonly p99: number
    readonly max: number
  }
}

export interface Traffic {
  /** Resolves when the last event has ended. */
  start(order: TrafficOrder): Promise<TrafficReport>
  report(): TrafficReport | undefined
  stop(): TrafficReport | undefined
}

export interface TrafficPlaces {
  readonly targets: readonly TrafficTarget[]
  /** Shops that no card of the load is linked to. */
  readonly elsewhere: readonly string[]
}

export function createTraffic(room: DeskRoom, places: () => TrafficPlaces): Traffic {
  let run: Run | undefined
  return {
    async start(order) {
      const own = newRun(room, order, places())
      run = own
      await drive(own)
      return reportOf(own)
    },
    report: () => (run === undefined ? undefined : reportOf(run)),
    stop() {
      if (run === undefined) return undefined
      if (run.state === 'running') run.state = 'stopped'
      return reportOf(run)
    },
  }
}

interface Run {
  readonly room: DeskRoom
  readonly order: TrafficOrder
  readonly places: TrafficPlaces
  readonly random: Random
  readonly kinds: readonly (readonly [TrafficKind, number])[]
  readonly beganMs: number
  readonly latencies: number[]
  readonly verdicts: Record<string, number>
  readonly decidedBy: Record<string, number>
  readonly refused: Record<string, number>
  readonly approvedWon: { voucher: number; account: number }
  state: TrafficReport['state']
  endedMs: number | undefined
  asked: number
  done: number
  shed: number
  provisional: number
  silent: number
}

function newRun(room: DeskRoom, order: TrafficOrder, places: TrafficPlaces): Run {
  const weights = order.mix ?? { financial: 1 }
  const kinds = trafficKinds
    .map((kind) => [kind, weights[kind] ?? 0] as const)
    .filter(([, weight]) => weight > 0)
  return {
    room,
    order,
    places,
    random: createRandom(order.seed ?? 1),
    kinds: kinds.length > 0 ? kinds : [['financial', 1]],
    beganMs: room.time.ticks(),
    latencies: [],
    verdicts: {},
    decidedBy: {},
    refused: {},
    approvedWon: { voucher: 0, account: 0 },
    state: 'running',
    endedMs: undefined,
    asked: 0,
    done: 0,
    shed: 0,
    provisional: 0,
    silent: 0,
  }
}

/** Begins what is due at each tick; resolves when all that was begun has ended. */
function drive(run: Run): Promise<void> {
  const { room, order } = run
  const whole = Math.round(order.perSecond * order.seconds)
  return new Promise((resolve) => {
    const endIfDone = (): void => {
      if (run.endedMs !== undefined || run.done < run.asked) return
      const isOver = run.state === 'stopped' || run.asked + run.shed >= whole
      if (!isOver) return
      run.endedMs = room.time.ticks()
      if (run.state === 'running') run.state = 'finished'
      resolve()
    }
    const tick = (): void => {
      const elapsedMs = room.time.ticks() - run.beganMs
      const due = Math.min(whole, Math.floor((elapsedMs * order.perSecond) / 1_000) + 1)
      while (run.state === 'running' && run.asked + run.shed < due) {
        if (run.asked - run.done >= UNDER_WAY_MAX) {
          run.shed += 1
          continue
        }
        run.asked += 1
        void act(run).finally(() => {
          run.done += 1
          endIfDone()
        })
      }
      endIfDone()
      if (run.endedMs === undefined) room.time.after(TICK_MS, tick)
    }
    tick()
  })
}

async function act(run: Run): Promise<void> {
  const { random, room, places } = run
  const kind = random.pickWeighted(run.kinds)
  if (places.targets.length === 0) return
  const { cardToken, merchants } = random.pick(places.targets)
  const isElsewhere = places.elsewhere.length > 0 && random.chance(run.order.elsewherePercent ?? 0)
  const merchantNumber = random.pick(isElsewhere ? places.elsewhere : merchants)
  const { min, max } = run.order.amountWon ?? { min: 100, max: 1_000 }
  const amountWon = random.integer(Math.min(min, max), Math.max(min, max))
  const terminal = `T${String(random.integer(1, run.order.terminals ?? 200)).padStart(7, '0')}`
  try {
    if (kind === 'enquiry') {
      await enquireBalance(room, { cardToken, merchantNumber })
      return
    }
    const cardClass = kind === 'authorization' ? 'authorization' : 'financial'
    const partialAllowed = kind === 'split'
    const standing = await sell(room, {
      terminal,
      cardToken,
      merchantNumber,
      amountWon,
      partialAllowed,
      cardClass,
    })
    countSale(run, standing)
    await followUp(run, kind, standing)
  } catch (error) {
    if (!(error instanceof DeskRefusal)) throw error
    run.refused[error.reason] = (run.refused[error.reason] ?? 0) + 1
  }
}

async function followUp(run: Run, kind: TrafficKind, standing: SaleStanding): Promise<void> {
  const { room, random } = run
  const { saleId, sale, decided } = standing
  if (decided?.outcome !== 'approved') return
  const part = Math.max(1, Math.floor((sale.amountWon * random.integer(10, 100)) / 100))
  switch (kind) {
    case 'authorization':
      await completeSale(room, saleId, decided.provisional ? sale.amountWon : part)
      return
    case 'cancelled':
      await cancelSale(room, saleId, undefined)
      return
    case 'partly_cancelled':
      await cancelSale(room, saleId, part)
      return
    case 'reversed':
      await reverseSale(room, saleId, 0)
      return
    default:
  }
}

function countSale(run: Run, { decided }: SaleStanding): void {
  if (decided === undefined) return
  const { verdict, decidedBy, latencyMs, voucherWon, accountWon } = decided
  run.verdicts[verdict] = (run.verdicts[verdict] ?? 0) + 1
  if (decidedBy !== null) run.decidedBy[decidedBy] = (run.decidedBy[decidedBy] ?? 0) + 1
  run.approvedWon.voucher += voucherWon
  run.approvedWon.account += accountWon
  if (decided.provisional) run.provisional += 1
  if (decided.silent) run.silent += 1
  if (run.latencies.length < LATENCIES_MAX) run.latencies.push(latencyMs)
}

function reportOf(run: Run): TrafficReport {
  const { state, asked, done, shed, refused, verdicts, decidedBy, provisional, silent } = run
  const sorted = run.latencies.toSorted((a, b) => a - b)
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const elapsedMs = (run.endedMs ?? run.room.time.ticks()) - run.beganMs
  return {
    state,
    asked,
    done,
    shed,
    refused: { ...refused },
    verdicts: { ...verdicts },
    decidedBy: { ...decidedBy },
    approvedWon: { ...run.approvedWon },
    provisional,
    silent,
    perSecond: elapsedMs === 0 ? 0 : Math.round((done * 100_000) / elapsedMs) / 100,
    latencyMs: { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: sorted.at(-1) ?? 0 },
  }
}
