/**
 * A gateway under test: the real edge desk over the store in memory, in a process that crashes. Its disk outlives it
 * and may be full for a while; its clock may be wrong.
 */
import { Fault, type Clock, type IssuerId } from '../../src/base/base.ts'
import type {
  CardAnswer,
  CardDesk,
  CardFeed,
  CardNotice,
  CardRequest,
} from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import {
  createEdgeDesk,
  createMemoryStandInStore,
  type EdgeDeps,
  type MemoryStandInStore,
  type StandInDesk,
  type StandInMode,
  type StandInNote,
} from '../../src/standin/standin.ts'
import { sha256 } from '../crypto-ports.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardFaults } from './card-faults.ts'
import type { CardPlant } from './card-plant.ts'

const DOWN_MS_MIN = 200
const DOWN_MS_MAX = 8_000
const FULL_MS_MAX = 15_000
const NOTE_MS_MAX = 400
/** Rows need not go often in a city that lasts for minutes. */
const PRUNE_EVERY_MS = 60_000

export interface CardGatewayOptions {
  readonly name: string
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly plant: CardPlant
  readonly drawSkewMs: () => number
  /** The core as a process of this gateway reaches it. */
  readonly coreFor: (isAlive: () => boolean) => { desk: CardDesk; feed: CardFeed }
  readonly peer: () => CardGateway | undefined
  /** Told before a new process begins, and before the links of the old one end. */
  readonly onCrash: () => void
}

export interface CardGateway {
  readonly name: string
  readonly clock: Clock
  isUp(): boolean
  /** Counts the processes. */
  life(): number
  desk(): StandInDesk
  /** The real disk, whatever the process takes for it. */
  store(): MemoryStandInStore
  isStoreWell(): boolean
  answer(request: CardRequest): Promise<CardAnswer>
  take(notice: CardNotice): Promise<void>
  heard(notes: readonly StandInNote[]): Promise<void>
  /** True once it is on the disk. */
  order(mode: StandInMode, issuerId?: IssuerId): Promise<boolean>
  crash(): void
  fillStore(): void
  heal(): void
}

interface Life {
  alive: boolean
  readonly desk: StandInDesk
}

export function createCardGateway(options: CardGatewayOptions): CardGateway {
  const { name, time, random, journal, plant } = options
  let skewMs = options.drawSkewMs()
  let store = createMemoryStandInStore()
  let lives = 0
  let isFull = false
  const clock = (): number => time.now() + skewMs
  const about = `gateway ${name}`
  const begin = (): Life => {
    lives += 1
    const state = { alive: true }
    const isAlive = (): boolean => state.alive
    const desk = createEdgeDesk(depsOf(options, { clock, isAlive, store }))
    return Object.assign(state, { desk: plant.gateway?.(desk, time) ?? desk })
  }
  let life = begin()

  return {
    name,
    clock,
    isUp: () => life.alive,
    life: () => lives,
    desk: () => life.desk,
    store: () => store,
    isStoreWell: () => !isFull,
    answer: (request) => life.desk.answer(request),
    take: (notice) => life.desk.take(notice),
    heard: (notes) => life.desk.heard(notes),
    order: (mode, issuerId) =>
      life.alive
        ? give(life.desk, { journal, about, clock }, { mode, issuerId })
        : Promise.resolve(false),
    crash() {
      if (!life.alive) return
      life.alive = false
      const downMs = random.integer(DOWN_MS_MIN, DOWN_MS_MAX)
      journal.note(about, `crashes for ${downMs} ms`)
      options.onCrash()
      store = store.crash()
      plant.afterCrash?.(store)
      isFull = false
      if (random.chance(20)) skewMs = options.drawSkewMs()
      time.after(downMs, () => {
        life = begin()
        journal.note(about, 'begins again')
      })
    },
    fillStore() {
      const full = store
      const fullMs = random.integer(500, FULL_MS_MAX)
      journal.note(about, `has a full disk for ${fullMs} ms`)
      full.failWith('full')
      isFull = true
      time.after(fullMs, () => {
        full.failWith(undefined)
        if (full === store) isFull = false
      })
    },
    heal() {
      store.failWith(undefined)
      isFull = false
    },
  }
}

async function give(
  desk: StandInDesk,
  at: { readonly journal: Journal; readonly about: string; readonly clock: Clock },
  { mode, issuerId }: { readonly mode: StandInMode; readonly issuerId: IssuerId | undefined },
): Promise<boolean> {
  const { journal, about, clock } = at
  journal.note(about, `is ordered: ${mode} ${issuerId ?? 'all'}`)
  const order = { mode, by: 'officer', at: clock(), reason: 'simulated' }
  try {
    await desk.order(issuerId === undefined ? order : { ...order, issuerId })
    return true
  } catch (error) {
    unlessFault(journal, about)(error)
    return false
  }
}

function depsOf(
  options: CardGatewayOptions,
  life: {
    readonly clock: Clock
    readonly isAlive: () => boolean
    readonly store: MemoryStandInStore
  },
): EdgeDeps {
  const { name, time, random, faults, journal, plant, peer } = options
  const { clock, isAlive, store } = life
  const { desk, feed } = options.coreFor(isAlive)
  return {
    store: plant.store?.(store, time) ?? store,
    core: plant.core?.(desk) ?? desk,
    feed: plant.feed?.(feed) ?? feed,
    clock,
    timers: {
      after(ms, run) {
        const appointment = time.after(ms, () => {
          if (isAlive()) run()
        })
        return () => appointment.cancel()
      },
    },
    afterTurn: (run) => {
      time.after(0, () => {
        if (isAlive()) run()
      })
    },
    random: () => random.integer(0, 999_999) / 1_000_000,
    sha256,
    log: ({ fact, details }) =>
      journal.note(`gateway ${name}`, `${fact} ${JSON.stringify(details)}`),
    peer: {
      tell: (notes) =>
        new Promise((resolve, reject) => {
          const isLost = random.chance(faults.peerNoteLost)
          time.after(random.integer(1, NOTE_MS_MAX), () => {
            if (!isAlive()) return
            const to = peer()
            if (isLost || to?.isUp() !== true) return reject(new Error('the peer is not reached'))
            to.heard(notes).then(resolve, reject)
          })
        }),
    },
    options: { pruneEveryMs: PRUNE_EVERY_MS },
  }
}

export function unlessFault(journal: Journal, about: string): (error: unknown) => void {
  return (error) => {
    if (error instanceof Fault) return
    journal.violated(
      about,
      `met a bug: ${error instanceof Error ? (error.stack ?? '') : String(error)}`,
    )
  }
}
