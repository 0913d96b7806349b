/** What officers did, read by an index of its own. */
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
interface TrailRow extends ActRow {
  state: string | null
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresOfficerActs(pool: PostgresPool): OfficerActs {
  return {
    async acts(issuerId, { actors, from, until, before, limit }) {
      const { at = null, kind = null, recordId = null, version = null } = before ?? {}
      const rows = await pool.run(
        (sql) => sql<TrailRow[]>`
          select * from registry.acts(
            ${issuerId}, ${textArray(actors)}::text[], ${from}, ${until},
            ${at}, ${kind}, ${recordId}, ${version}, ${limit})`,
      )
      return rows.map(({ recorded_at: recordedAt, record_id: id, ...rest }) => ({
        ...rest,
        at: recordedAt,
        recordId: id,
      }))
    },
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
