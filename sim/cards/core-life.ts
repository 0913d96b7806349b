/**
 * One life of the core under test: the real card desk, casebook, card feed and batching ledger, over connections that
 * take time, break, stand still with the process and die with it.
 */
import { createIdSource, Fault, type Clock, type IssuerId } from '../../src/base/base.ts'
import {
  createCardDesk,
  type CardDesk,
  type CardFeed,
  type CardLink,
} from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import { createCardFeed, type CardFeedJob, type CardFeedReading } from '../../src/jobs/card-feed.ts'
import { createBatchingLedger, type Ledger } from '../../src/ledger/ledger.ts'
import { createRetryingLedger } from '../../src/postgres/retrying-ledger.ts'
import {
  createCasebook,
  createRecordDirectory,
  followedBy,
  readBody,
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

const LOOK_MS = 700
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

export interface CoreLife extends CoreRooms {
  alive: boolean
  readonly registry: Registry
  readonly job: CardFeedJob
}

interface LifeParts {
  readonly clock: Clock
  readonly thaw: () => Promise<void>
  readonly node: number
}

export function beginLife(options: CardCoreOptions, { clock, thaw, node }: LifeParts): CoreLife {
  const { time, random, faults, journal, database, plant } = options
  const state = { alive: true }
  const isAlive = (): boolean => state.alive
  const open = database.connect()
  const trouble = noTrouble()
  const still = stoppable({ thaw, isAlive })
  const connection = connectStore(open.ledger, { time, random, odds: faults, isAlive, trouble })
  const ledger = batching(options, everyMethod(connection, still), clock)
  const slowly = afterTrips({ time, random, isAlive })
  const plain = everyMethod(everyMethod(open.registry, slowly), still)
  const known = createKnown()
  const job = createCardFeed({
    reading: readingOver(open.reading, { slowly, still }),
    issuers: () => ISSUERS.map((issuerId) => ({ issuerId })),
    newLife: () => `life-${node}-${random.integer(0, 1_000_000)}`,
    clock,
  })
  for (const issuerId of [OPERATOR, ...ISSUERS]) {
    for (const version of database.registry().versions(issuerId)) known.apply(issuerId, version)
  }
  const registry = followedBy(plain, {
    apply(issuerId, version) {
      known.apply(issuerId, version)
      job.record(issuerId, version)
    },
  })
  const casebook = createCasebook({ registry, clock, ids: createIdSource({ node, clock }) })
  const desk = createCardDesk({
    ledger,
    reading: { cardOperations: (...args) => database.ledger().cardOperations(...args) },
    ...deskDirectory(known),
    lotsSoon: (issuerId, walletId) => connection.lots(issuerId, walletId),
    casebook: plant.casebook?.(casebook) ?? casebook,
    sha256,
    clock,
  })
  look({ job, time, isAlive, thaw, journal })
  return Object.assign(state, {
    desk: plant.desk?.(desk) ?? desk,
    feed: job,
    job,
    ledger,
    registry,
  })
}

function batching({ time, random }: CardCoreOptions, connection: Ledger, clock: Clock): Ledger {
  const patient = createRetryingLedger(connection, {
    clock,
    sleep: (ms) => time.sleep(ms),
    deadlineMs: RETRY_DEADLINE_MS,
  })
  return createBatchingLedger(patient, {
    paying: {
      lanes: random.integer(1, 3),
      setSizeMax: random.pick([1, 16]),
      waitingMax: 4_096,
      clock,
    },
    buying: { lanes: 1, setSizeMax: 16, waitingMax: 16, clock },
  })
}

/** Records as this life has heard of them. */
interface Known {
  readonly directory: RecordDirectory
  readonly links: Map<string, CardLink>
  apply(
    issuerId: IssuerId,
    version: Pick<RecordedVersion, 'kind' | 'recordId' | 'version' | 'body'>,
  ): void
}

function createKnown(): Known {
  const directory = createRecordDirectory()
  const links = new Map<string, CardLink>()
  return {
    directory,
    links,
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      if (version.kind !== 'card_link') return
      const { recordId, body } = version
      const linkId = recordId as CardLink['linkId'] // The record id of a link is the link's own.
      links.set(`${issuerId}/${recordId}`, { issuerId, linkId, ...readBody('card_link', body) })
    },
  }
}

function deskDirectory({ directory, links }: Known) {
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
      if (!(error instanceof Fault))
        journal.violated('core', `the feed met a bug: ${String(error)}`)
    }
    time.after(LOOK_MS, () => void once())
  }
  void once()
}

type Around = <Result>(call: () => Promise<Result>) => Promise<Result>

/** A process that is stopped neither asks nor hears, and a dead one never again. */
function stoppable({
  thaw,
  isAlive,
}: {
  thaw: () => Promise<void>
  isAlive: () => boolean
}): Around {
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
