/** Reporting as a core runs it. Days are over once they lie under a seal, and settlement asks the same. */
import type { Clock } from '../base/base.ts'
import { dayFiguresJob, type JobDefinition } from '../jobs/jobs.ts'
import type { Log } from '../observe/observe.ts'
import {
  createPostgresReporting,
  createPostgresSettlements,
  type PostgresPool,
} from '../postgres/postgres.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createReporting, type Reporting } from '../reporting/reporting.ts'

export function openReporting(given: {
  readonly pool: PostgresPool
  readonly directory: RecordDirectory
  readonly clock: Clock
  readonly log: Log
}): { readonly reporting: Reporting; readonly jobs: readonly JobDefinition[] } {
  const { pool, directory, clock, log } = given
  const settlements = createPostgresSettlements(pool)
  const store = createPostgresReporting(pool, (issuerId, at) =>
    settlements.sealedUntil(issuerId, at - 1),
  )
  const figures = dayFiguresJob({ store, acquiring: directory }, (issuerId, { day }) =>
    log.info('day.counted', { issuerId, day }),
  )
  return {
    jobs: [figures],
    reporting: createReporting({ store, issuing: directory, acquiring: directory, clock }),
  }
}
