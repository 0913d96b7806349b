/** Records as they stood at an instant of the past: what was right or wrong then is decided by what held then. */
import type { Instant, IssuerId } from '../base/base.ts'
import { withErased, type RecordKind, type StoredRecord } from '../registration/registration.ts'
import { numberArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

export interface RecordHistory {
  /** The versions that were the newest then, by record id; records that were not there yet are left out. */
  readAt(
    issuerId: IssuerId,
    kind: RecordKind,
    ids: readonly number[],
    at: Instant,
  ): Promise<readonly StoredRecord[]>
}

/** Throws Faults as the fault table classifies them. */
export function createRecordHistory(pool: PostgresPool): RecordHistory {
  return {
    async readAt(issuerId, kind, ids, at) {
      if (ids.length === 0) return []
      const rows = await pool.run(
        (sql) => sql<{ record_id: number; version: number; body: unknown }[]>`
          select * from registry.read_records_at(
            ${issuerId}, ${kind}, ${numberArray(ids)}::bigint[], ${at})`,
      )
      return rows.map(({ record_id: recordId, version, body }) => ({
        recordId,
        version,
        body: withErased(kind, body),
      }))
    },
  }
}
