/**
 * The core under test: the real card desk, casebook, card feed and batching ledger, in a process that crashes, stands
 * still, is slow, answers nonsense, or finds its database put back to a copy.
 */
import { createIdSource, Fault, type Clock, type IssuerId } from '../../src/base/base.ts'
import { createCardDesk, type CardDesk, type CardFeed, type CardLink } from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import { createCardFeed, type CardFeedJob, type CardFeedReading } from '../../src/jobs/card-feed.ts'
import { createBatchingLedger, type Ledger } from '../../src/ledger/ledger.ts'
import { createRetryingLedger } from '../../src/postgres/retrying-ledger.ts'
import {
  createCasebook,
  createRecordDirectory,
  followedBy,
  readBody,
  type NewRecord,
  type RecordDirectory,
  type RecordedVersion,
  type Registry,
} from '../../src/registration/registration.ts'
import { sha256 } from '../crypto-ports.ts'
import { connectStore, noTrouble } from '../durable-store.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardDatabase } from './card-database.ts'
import type { CardFaults } from './card-faults.ts'
import type { CardPlant } from './card-plant.ts'
import { ISSUERS, OPERATOR } from './card-world.ts'

const DOWN_MS_MIN = 300
const DOWN_MS_MAX = 12_000
const FROZEN_MS_MIN = 1_000
const FROZEN_MS_MAX = 20_000
const BAD_MS_MAX = 15_000
const SLOW_ANSWER_MS_MAX = 6_000
const LOOK_MS = 700
const CORRECTED_MS_MAX = 3_000
const LOST_WITH_THE_COPY_MS = 1_000
const RETRY_DEADLINE_MS = 4_000

export interface CardCoreOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly database: CardDatabase
  readonly plant: CardPlant
  /** Milliseconds that a clock is off, drawn anew. */
  readonly drawSkewMs: () => number
}

export interface CoreRooms {
  readonly desk: CardDesk
  readonly feed: CardFeed
  /** Of QR payments and purchases, which go through the same batches. */
  readonly ledger: Ledger
}

export interface CardCore {
  isUp(): boolean
  /** Lets a call in; it never settles where the core died meanwhile. `lies`: the answer is to be garbled. */
  serve<Result>(work: (rooms: CoreRooms) => Promise<Result>): Promise<{ value: Result; lies: boolean }>
  /** Told once, when the life that was asked ends. */
  onDeath(tell: () => void): () => void
  /** @param forMs absent: for seconds */
  crash(forMs?: number): void
  freeze(): void
  slow(): void
  lie(): void
  /** Crashes, and finds its database as it was a second before. */
  restore(): void
  readonly clock: Clock
  /** Writes the next version of a record as an officer's door would. */
  record(issuerId: IssuerId, record: Pick<NewRecord, 'kind' | 'recordId' | 'body'>): Promise<void>
  /** Ends what still goes on: the core is well from now on. */
  heal(): void
}

interface Life extends CoreRooms {
  alive: boolean
  readonly registry: Registry
  readonly job: CardFeedJob
}

export function createCardCore(options: CardCoreOptions): CardCore {
  const { time, random, journal, database } = options
  let skewMs = options.drawSkewMs()
  let lives = 0
  let [upAgainAt, frozenUntil, slowUntil, liesUntil] = [0, 0, 0, 0]
  const deaths = new Set<() => void>()
  const clock = (): number => time.now() + skewMs
  const thaw = async (): Promise<void> => {
    while (time.now() < frozenUntil) await time.sleep(frozenUntil - time.now())
  }
  const begin = (): Life => beginLife(options, { clock, thaw, node: (lives += 1) })
  let life = begin()
  const isUp = (): boolean => life.alive && time.now() >= upAgainAt

  const die = (why: string, forMs?: number): number => {
    life.alive = false
    for (const tell of [...deaths]) tell()
    deaths.clear()
    frozenUntil = 0
    const downMs = forMs ?? random.integer(DOWN_MS_MIN, DOWN_MS_MAX)
    upAgainAt = time.now() + downMs
    journal.note('core', `${why} for ${downMs} ms`)
    // A machine that boots may find its clock corrected by a little.
    if (random.chance(20)) skewMs += random.integer(0 - CORRECTED_MS_MAX, CORRECTED_MS_MAX)
    return downMs
  }
  let wake = (): void => undefined
  const begins = (dead: Life): void => {
    if (life !== dead) return
    upAgainAt = time.now()
    life = begin()
    journal.note('core', 'begins again')
  }

  return {
    isUp,
    clock,
    async serve(work) {
      const at = life
      await thaw()
      if (!at.alive) return new Promise(() => undefined)
      const value = await work(at)
      await thaw()
      if (time.now() < slowUntil) await time.sleep(random.integer(300, SLOW_ANSWER_MS_MAX))
      if (!at.alive) return new Promise(() => undefined)
      return { value, lies: time.now() < liesUntil }
    },
    onDeath(tell) {
      deaths.add(tell)
      return () => deaths.delete(tell)
    },
    crash(forMs) {
      if (!isUp()) return
      const dead = life
      time.after(die('crashes', forMs), () => begins(dead))
      wake = () => begins(dead)
    },
    freeze() {
      if (!isUp()) return
      frozenUntil = time.now() + random.integer(FROZEN_MS_MIN, FROZEN_MS_MAX)
      journal.note('core', `stands still for ${frozenUntil - time.now()} ms`)
    },
    slow() {
      slowUntil = time.now() + random.integer(0, BAD_MS_MAX)
      journal.note('core', `is slow for ${slowUntil - time.now()} ms`)
    },
    lie() {
      liesUntil = time.now() + random.integer(0, BAD_MS_MAX)
      journal.note('core', `lies for ${liesUntil - time.now()} ms`)
    },
    restore() {
      if (!isUp()) return
      const dead = life
      const downMs = die('is restored from a copy')
      wake = () => undefined
      const copyAt = time.now() - LOST_WITH_THE_COPY_MS
      time.after(downMs / 2, () => {
        void database.restore(copyAt).then((lost) => journal.note('core', `lost ${lost} commits`))
      })
      time.after(downMs, () => begins(dead))
    },
    async record(issuerId, { kind, recordId, body }) {
      const at = life
      const [known] = await database.registry().read(issuerId, kind, [recordId])
      const version = (known?.version ?? 0) + 1
      await at.registry.append(issuerId, 'system', [{ kind, recordId, version, body }], clock())
    },
    heal() {
      frozenUntil = 0
      slowUntil = 0
      liesUntil = 0
      wake()
    },
  }
}

interface LifeParts {
  readonly clock: Clock
  readonly thaw: () => Promise<void>
  readonly node: number
}

function beginLife(options: CardCoreOptions, { clock, thaw, node }: LifeParts): Life {
  const { time, random, faults, journal, database, plant } = options
  const state = { alive: true }
  const isAlive = (): boolean => state.alive
  const open = database.connect()
  const trouble = noTrouble()
  const still = stoppable({ thaw, isAlive })
  const connection = connectStore(open.ledger, { time, random, odds: faults, isAlive, trouble })
  const patient = createRetryingLedger(everyMethod(connection, still), {
    clock,
    sleep: (ms) => time.sleep(ms),
    deadlineMs: RETRY_DEADLINE_MS,
  })
  const ledger = createBatchingLedger(patient, {
    paying: { lanes: random.integer(1, 3), setSizeMax: random.pick([1, 16]), waitingMax: 4_096, clock },
    buying: { lanes: 1, setSizeMax: 16, waitingMax: 16, clock },
  })
  const slowly = afterTrips({ time, random, isAlive })
  const plain = everyMethod(everyMethod(open.registry, slowly), still)
  const directory = createRecordDirectory()
  const links = new Map<string, CardLink>()
  const job = createCardFeed({
    reading: readingOver(open.reading, { slowly, still }),
    issuers: () => ISSUERS.map((issuerId) => ({ issuerId })),
    newLife: () => `life-${node}-${random.integer(0, 1_000_000)}`,
    clock,
  })
  const apply = (issuerId: IssuerId, version: Pick<RecordedVersion, 'kind' | 'recordId' | 'version' | 'body'>): void => {
    directory.apply(issuerId, version)
    if (version.kind !== 'card_link') return
    const { recordId } = version
    const linkId = recordId as CardLink['linkId'] // The record id of a link is the link's own.
    links.set(`${issuerId}/${recordId}`, { issuerId, linkId, ...readBody('card_link', version.body) })
  }
  for (const issuerId of [OPERATOR, ...ISSUERS]) {
    for (const version of database.registry().versions(issuerId)) apply(issuerId, version)
  }
  const registry = followedBy(plain, {
    apply(issuerId, version) {
      apply(issuerId, version)
      job.record(issuerId, version)
    },
  })
  const casebook = createCasebook({ registry, clock, ids: createIdSource({ node, clock }) })
  const desk = createCardDesk({
    ledger,
    reading: { cardOperations: (...args) => database.ledger().cardOperations(...args) },
    ...deskDirectory(directory, links),
    lotsSoon: (issuerId, walletId) => connection.lots(issuerId, walletId),
    casebook: plant.casebook?.(casebook) ?? casebook,
    sha256,
    clock,
  })
  look({ job, time, isAlive, thaw, journal })
  return Object.assign(state, { desk: plant.desk?.(desk) ?? desk, feed: job, job, ledger, registry })
}

function deskDirectory(directory: RecordDirectory, links: ReadonlyMap<string, CardLink>) {
  return {
    issuing: directory,
    placesOf: (merchantNumber: string) => directory.placesOf(merchantNumber),
    linksOf: async (partnerId: number, cardToken: string, issuerIds: readonly IssuerId[]) =>
      [...links.values()].filter(
        (link) =>
          link.partnerId === partnerId &&
          link.cardToken === cardToken &&
          issuerIds.includes(link.issuerId),
      ),
    walletStopped: (...wallet: Parameters<RecordDirectory['walletStopped']>) =>
      directory.walletStopped(...wallet),
  }
}

/** One look after the other, as long as the life lasts. */
function look(given: {
  readonly job: CardFeedJob
  readonly time: VirtualTime
  readonly isAlive: () => boolean
  readonly thaw: () => Promise<void>
  readonly journal: Journal
}): void {
  const { job, time, isAlive, thaw, journal } = given
  const once = async (): Promise<void> => {
    await thaw()
    if (!isAlive()) return
    try {
      await job.look()
    } catch (error) {
      if (!(error instanceof Fault)) journal.violated('core', `the feed met a bug: ${String(error)}`)
    }
    time.after(LOOK_MS, () => void once())
  }
  void once()
}

type Around = <Result>(call: () => Promise<Result>) => Promise<Result>

/** A process that is stopped neither asks nor hears, and a dead one never again. */
function stoppable({ thaw, isAlive }: { thaw: () => Promise<void>; isAlive: () => boolean }): Around {
  return async (call) => {
    await thaw()
    if (!isAlive()) return new Promise(() => undefined)
    try {
      return await call()
    } finally {
      await thaw()
      if (!isAlive()) await new Promise(() => undefined)
    }
  }
}

function afterTrips(given: { time: VirtualTime; random: Random; isAlive: () => boolean }): Around {
  const { time, random, isAlive } = given
  return async (call) => {
    await time.sleep(random.integer(1, 5))
    if (!isAlive()) return new Promise(() => undefined)
    const result = await call()
    await time.sleep(random.integer(1, 5))
    return result
  }
}

/** The same port with something around every call; for ports whose methods all give promises. */
function everyMethod<Port extends object>(port: Port, around: Around): Port {
  const wrapped = Object.entries(port).map(([name, method]: [string, unknown]) => [
    name,
    typeof method === 'function'
      ? (...args: unknown[]) => around(async () => Reflect.apply(method, port, args) as unknown)
      : method,
  ])
  return Object.fromEntries(wrapped) as Port // The same names with methods of the same types.
}

function readingOver(
  reading: CardFeedReading,
  { slowly, still }: { slowly: Around; still: Around },
): CardFeedReading {
  const { recordsSince, ...rest } = reading
  return {
    ...everyMethod(everyMethod(rest, slowly), still),
    async *recordsSince(...args) {
      for await (const page of recordsSince(...args)) {
        yield await still(async () => page)
      }
    },
  }
}
