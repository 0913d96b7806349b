/**
 * What runs beside the requests. Jobs of issuers, which have a memory in the database, get turns from the queue; what
 * is looked at every few seconds and remembers nothing is a loop.
 */
import { DAY_MS, Fault, type Clock, type IdSource } from '../base/base.ts'
import { holderNotices } from '../corporate/corporate.ts'
import {
  createJobQueue,
  expiryNoticesJob,
  lotExpiryJob,
  OPERATOR_JOBS,
  startClockwork,
  startLoop,
  startPurchaseResolver,
  type Job,
  type JobDefinition,
  type JobQueue,
  type JobReading,
  type TurnListener,
} from '../jobs/jobs.ts'
import { isClawedBack } from '../granting/granting.ts'
import type { Ledger, SealSigner } from '../ledger/ledger.ts'
import { maskText, type Log, type Metrics } from '../observe/observe.ts'
import {
  createExpiringLots,
  createPostgresJobBook,
  createPostgresRegistry,
  type PostgresPool,
} from '../postgres/postgres.ts'
import { createCasebook, type RecordDirectory } from '../registration/registration.ts'
import type { Selling } from '../selling/selling.ts'
import { asRole, type CoreConfig } from './config.ts'
import { holidaysEndSoon, holidaysKnownUntil } from './korean-holidays.ts'
import { sha256 } from './keys.ts'
import { startSealing } from './sealing.ts'
import { errorText } from './startup-problem.ts'
import { openTurnQueue, TURN_ROLE } from './turn-queue.ts'

const ERROR_LENGTH_MAX = 300

export interface ClockworkDeps {
  readonly config: CoreConfig
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly directory: RecordDirectory
  readonly ledger: Ledger
  readonly ids: IdSource
  /** Of the book of jobs, and of what jobs read and write beside money. */
  readonly pool: PostgresPool
  readonly turnsPassword: string
  /** Of rooms that are wired elsewhere. */
  readonly more: readonly JobDefinition[]
}

export interface Clockwork {
  /** For routes that ask for a job. */
  readonly queue: JobQueue
  readonly reading: JobReading
}

/** The jobs of this program. */
function jobDefinitions(deps: ClockworkDeps): readonly JobDefinition[] {
  const { log, clock, ids, directory, ledger, pool } = deps
  const registry = createPostgresRegistry(pool)
  // A corporation holds value too, and those who act for it are told.
  const casebook = holderNotices(createCasebook({ registry, ids, clock }), registry)
  return [
    lotExpiryJob({
      ledger,
      sha256,
      clock,
      isClawedBack: (issuerId, lot) => isClawedBack(directory, issuerId, lot),
      onExpired: (set) => log.info('lots.expired', { ...set }),
    }),
    expiryNoticesJob({ lots: createExpiringLots(pool), issuing: directory, casebook }),
    ...deps.more,
  ]
}

/** @param closing gets what has to be undone at the end, last first */
export async function openClockwork(
  deps: ClockworkDeps,
  closing: (() => Promise<unknown>)[],
): Promise<Clockwork> {
  const { config, log, metrics, clock, directory } = deps
  const book = createPostgresJobBook(deps.pool)
  const onError = jobFailed(log, 'turns')
  const url = asRole(config.databaseUrl, TURN_ROLE, deps.turnsPassword)
  const queue = await openTurnQueue({ url, onError })
  closing.push(() => queue.close())
  const clockwork = startClockwork({
    definitions: jobDefinitions(deps),
    book,
    queue,
    issuers: () => directory.issuers(),
    clock,
    describe: describeError,
    listener: tellOf({ log, metrics, directory }),
    onError,
  })
  closing.push(() => clockwork.stop())
  return { queue: createJobQueue({ book, queue, clock, onError }), reading: book }
}

/** Every few seconds and without a memory: ending purchases, seals, a look at the calendar. */
export function startLoops(
  given: Pick<ClockworkDeps, 'config' | 'log' | 'clock' | 'directory'> & {
    readonly sealKey: SealSigner
    readonly selling: Selling
  },
  closing: (() => Promise<unknown>)[],
): void {
  const { config, log, clock, directory, selling } = given
  const resolver = startPurchaseResolver({
    selling,
    issuers: () => directory.issuers(),
    onResolved: (turn) => log.info('purchases.resolved', { ...turn }),
    onError: jobFailed(log, 'resolver'),
  })
  closing.push(() => resolver.stop())
  const sealing = startSealing({ key: given.sealKey, config, clock, log })
  closing.push(() => sealing.stop())
  const almanac = startLoop({
    everyMs: DAY_MS,
    async work() {
      if (holidaysEndSoon(clock())) log.warn('calendar.ends', { until: holidaysKnownUntil })
    },
    onError: jobFailed(log, 'calendar'),
  })
  closing.push(() => almanac.stop())
}

export function jobFailed(log: Log, job: string): (error: unknown) => void {
  return (error) => log.error('job.failed', { job, error: errorText(error) })
}

function tellOf({
  log,
  metrics,
  directory,
}: Pick<ClockworkDeps, 'log' | 'metrics' | 'directory'>): TurnListener {
  const factsOf = ({ issuerId, name, progress }: Job) => ({
    // Not `name`: the log takes that for a person's.
    job: name,
    issuer: issuerId === OPERATOR_JOBS ? null : directory.issuer(issuerId)?.code,
    ...progress,
  })
  return {
    onStarted: (job) => log.debug('job.started', factsOf(job)),
    onEnded(job) {
      metrics.jobRun({ job: job.name, outcome: 'done' })
      // Most runs find nothing to do.
      log[job.progress !== null && job.progress.done > 0 ? 'info' : 'debug'](
        'job.ended',
        factsOf(job),
      )
    },
    onFailed(job, { error, isFinal }) {
      metrics.jobRun({ job: job.name, outcome: isFinal ? 'failed' : 'tried_again' })
      const facts = { ...factsOf(job), attempt: job.attempts, isFinal }
      log.error('job.failed', { ...facts, error: describeError(error) })
    },
  }
}

/** For operators and officers: a fault's code and what it says, without a secret and nobody's number. */
export function describeError(error: unknown): string {
  const text = error instanceof Fault ? `${error.code}: ${error.message}` : errorText(error)
  return maskText(text.replaceAll(/\/\/[^@/\s]+@/g, '//')).slice(0, ERROR_LENGTH_MAX)
}
