/** What officers did last, read by an index of its own. */
import type { Instant } from '../base/base.ts'
import type { OfficerActs, RecordKind } from '../registration/registration.ts'
import { textArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface ActRow {
  actor: string
  recorded_at: Instant
  kind: RecordKind
  record_id: number
  version: number
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresOfficerActs(pool: PostgresPool): OfficerActs {
  return {
    async lastActs(issuerId, actors) {
      const rows = await pool.run(
        (sql) => sql<ActRow[]>`
          select * from registry.last_acts(${issuerId}, ${textArray(actors)}::text[])`,
      )
      return new Map(
        rows.map(({ actor, recorded_at: at, kind, record_id: recordId, version }) => [
          actor,
          { at, kind, recordId, version },
        ]),
      )
    },
  }
}
