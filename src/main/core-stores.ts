/** The database as a core uses it: pools, the directory that follows it, and the ledger that payments reach. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../base/base.ts'
import { createPaymentFeed, FEED_POLL_MS, startLoop } from '../jobs/jobs.ts'
import { batchingDefaults, createBatchingLedger } from '../ledger/ledger.ts'
import type { Log, Metrics } from '../observe/observe.ts'
import {
  createPostgresLedger,
  createPostgresReading,
  createPostgresRegistry,
  createRecordFollower,
  createRetryingLedger,
  openPool,
  programVersion,
  RETRY_DEADLINE_MS,
} from '../postgres/postgres.ts'
import {
  createRecordDirectory,
  directoryKinds,
  type RecordDirectory,
} from '../registration/registration.ts'
import type { RecordListener } from './card-side.ts'
import { jobFailed } from './clockwork.ts'
import type { CoreConfig } from './config.ts'
import { errorText, StartupProblem } from './startup-problem.ts'

const FOLLOW_EVERY_MS = 1_000
/** Connections for each kind of work, so that none can take those of another. */
const CONNECTIONS = {
  /** A set each: payments and holds in all lanes, closures of holds in half of them, cancellations in one. */
  paying: batchingDefaults.lanes * 2 + Math.ceil(batchingDefaults.lanes / 2) + 1,
  buying: 3,
  reading: 4,
  /** Looking up cards and figures for card payments. */
  cards: 4,
  /** The feed of gateways: looks, and gateways that synchronise. */
  feeding: 3,
  clearing: 2,
  granting: 2,
  treasury: 2,
  /** The book of jobs, and what they read and record; money moves through the pools of its kind. */
  jobs: 3,
  /** Looking at how all of it stands, while everything else is busy. */
  watching: 2,
} as const

/** Gets what has to be undone at the end, last first. */
type Closing = (() => Promise<unknown>)[]

export type Stores = ReturnType<typeof openStores>

/** `start` migrates and refuses too; a core that is started by hand must not be older than its database either. */
export async function refuseNewerSchema({ registry }: Stores): Promise<void> {
  const [known, found] = [await programVersion(), await registry.schemaVersion()]
  if (found <= known) return
  const versions = `the database is at migration ${found}, this program knows ${known}`
  throw new StartupProblem(`${versions}: start the newer program`)
}

/** The database, in pools that cannot starve each other. */
export function openStores(config: CoreConfig, log: Log, closing: Closing) {
  const pool = (name: keyof typeof CONNECTIONS) =>
    openPool({
      url: config.databaseUrl,
      name,
      connectionsMax: CONNECTIONS[name],
      onUnclassified: (error) => log.error('fault.unclassified', { error: errorText(error) }),
    })
  const pools = {
    paying: pool('paying'),
    buying: pool('buying'),
    reading: pool('reading'),
    cards: pool('cards'),
    feeding: pool('feeding'),
    clearing: pool('clearing'),
    granting: pool('granting'),
    treasury: pool('treasury'),
    jobs: pool('jobs'),
    watching: pool('watching'),
  }
  closing.push(() => Promise.all(Object.values(pools).map((each) => each.close())))
  return {
    pools,
    registry: createPostgresRegistry(pools.reading),
    reading: createPostgresReading(pools.reading),
  }
}

/**
 * What the payment path asks instead of the database; other cores' changes come within a second.
 * @param options.heard who else is told, from after the first reading
 */
export async function followDirectory(
  { registry }: Stores,
  { log, heard }: { readonly log: Log; readonly heard: readonly RecordListener[] },
  closing: Closing,
): Promise<RecordDirectory> {
  const directory = createRecordDirectory()
  const follower = createRecordFollower({
    registry,
    kinds: directoryKinds,
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      for (const listener of heard) listener.apply(issuerId, version)
    },
  })
  await follower.refresh()
  const loop = startLoop({
    everyMs: FOLLOW_EVERY_MS,
    work: () => follower.refresh(),
    onError: jobFailed(log, 'directory'),
  })
  closing.push(() => loop.stop())
  return directory
}

/** PostgreSQL, asked again where that is safe, in natural batches, telling the shops. */
export function openLedger(
  { pools, reading }: Stores,
  { metrics, log, clock }: { metrics: Metrics; log: Log; clock: Clock },
  closing: Closing,
) {
  const feed = createPaymentFeed({ reading, clock })
  const onSet = (set: { size: number; waitedMs: number }): void =>
    metrics.ledgerPosted({ size: set.size, waitMs: set.waitedMs })
  const batching = { ...batchingDefaults, clock, onSet }
  const patience = { clock, sleep: (ms: number) => sleep(ms), deadlineMs: RETRY_DEADLINE_MS }
  const retrying = createRetryingLedger(createPostgresLedger(pools), patience)
  const ledger = feed.telling(
    createBatchingLedger(retrying, { paying: batching, buying: { ...batching, lanes: 2 } }),
  )
  const loop = startLoop({
    everyMs: FEED_POLL_MS,
    work: () => feed.poll(),
    onError: jobFailed(log, 'feed'),
  })
  closing.push(() => loop.stop())
  return { ledger, feed }
}
