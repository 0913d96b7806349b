/** Clearing as a core runs it: files come and go through the exchange directory, everything else is the database. */
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BusinessDate, Clock, IdSource } from '../base/base.ts'
import { clearingRules, createClearing } from '../clearing/clearing.ts'
import {
  createClearingExchange,
  startClearingRun,
  type ClearingTold,
  type Loop,
} from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../observe/observe.ts'
import {
  createPostgresCardReading,
  createPostgresRegistry,
  createRecordHistory,
  type PostgresPool,
} from '../postgres/postgres.ts'
import { createCasebook, type RecordDirectory } from '../registration/registration.ts'
import { sha256 } from './keys.ts'
import { createSaleHistory } from './sale-history.ts'
import { errorText } from './startup-problem.ts'

/** In the data directory; card companies' transfers end there. */
export const EXCHANGE_FOLDER = 'exchange'

export function startClearing(given: {
  readonly dataDirectory: string
  readonly log: Log
  readonly clock: Clock
  readonly ids: IdSource
  readonly directory: RecordDirectory
  readonly ledger: Ledger
  /** Of its own: a day's file must not keep anybody from paying. */
  readonly pool: PostgresPool
  readonly holidays: readonly BusinessDate[]
}): Loop {
  const { dataDirectory, log, clock, ids, directory, ledger, pool } = given
  const registry = createPostgresRegistry(pool)
  const exchange = createClearingExchange(join(dataDirectory, EXCHANGE_FOLDER))
  const clearing = createClearing({
    ledger,
    reading: createPostgresCardReading(pool),
    registry,
    casebook: createCasebook({ registry, ids, clock }),
    issuers: () => directory.issuers(),
    partners: () => directory.partners(),
    placesOf: (merchantNumber) => directory.placesOf(merchantNumber),
    history: createSaleHistory({ directory, registry, history: createRecordHistory(pool) }),
    files: exchange,
    ids,
    sha256,
    clock,
    pause: () => nextTurn(),
    rules: { ...clearingRules, holidays: given.holidays },
  })
  return startClearingRun({
    clearing,
    arrivals: exchange,
    partners: () => directory.partners(),
    clock,
    told: toldTo(log),
    onError: (error) => log.error('job.failed', { job: 'clearing', error: errorText(error) }),
  })
}

function toldTo(log: Log): ClearingTold {
  return {
    file: (partner, taken) => {
      // Not `name`: the log takes that for a person's.
      const facts = { partner: partner.code, file: taken.name, status: taken.status }
      if (taken.status === 'refused') log.warn('clearing.file_refused', facts)
      else log.info('clearing.file_taken', facts)
    },
    matched: (partner, { date, differences, waiting }) =>
      log.warn('clearing.differed', { partner: partner.code, date, differences, waiting }),
    conversions: (turn) => log.info('conversions.decided', { ...turn }),
    given: (partner, kind, { name, ...rest }) =>
      log.info('clearing.file_given', { partner: partner.code, kind, file: name, ...rest }),
    holdsReleased: (count) => log.info('holds.released', { count }),
  }
}
