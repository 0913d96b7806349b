/** Reporting as a core runs it. Days are over once they lie under a seal, and settlement asks the same. */
import type { Clock } from '../base/base.ts'
import {
  createPostgresReporting,
  createPostgresSettlements,
  type PostgresPool,
} from '../postgres/postgres.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createReporting, type Reporting, type ReportingStore } from '../reporting/reporting.ts'

export function openReporting(given: {
  readonly pool: PostgresPool
  readonly directory: RecordDirectory
  readonly clock: Clock
}): { readonly reporting: Reporting; readonly store: ReportingStore } {
  const { pool, directory, clock } = given
  const settlements = createPostgresSettlements(pool)
  const store = createPostgresReporting(pool, (issuerId, at) =>
    settlements.sealedUntil(issuerId, at - 1),
  )
  return { store, reporting: createReporting({ store, issuing: directory, clock }) }
}
