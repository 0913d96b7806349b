/** The log of who looked at whose personal data, in PostgreSQL. */
import type { AccessEntry, AccessLog, AccessPurpose } from '../access/access.ts'
import type { AccessId, IdSource, Instant } from '../base/base.ts'
import { numberArray, textArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface EntryRow {
  access_id: AccessId
  looked_at: Instant
  actor: string
  subject: string
  route: string
  purpose: AccessPurpose
  words: string | null
  sight: 'masked' | 'full'
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresAccessLog(pool: PostgresPool, ids: IdSource): AccessLog {
  return {
    async write({ issuerId, subjects, at, actor, route, purpose, words, sight }) {
      if (subjects.length === 0) return
      await pool.run(
        (sql) => sql`
          select registry.write_access(
            ${issuerId}, ${numberArray(subjects.map(() => ids.next('acs')))}::bigint[],
            ${textArray(subjects)}::text[], ${new Date(at).toISOString()},
            ${actor}, ${route}, ${purpose}, ${words}, ${sight})`,
      )
    },
    async ofSubject(issuerId, subject, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await pool.run(
        (sql) => sql<EntryRow[]>`
          select * from registry.access_to(${issuerId}, ${subject}, ${before}, ${limit})`,
      )
      return rows.map(entryOf)
    },
    async ofActor(issuerId, actor, { before = Number.MAX_SAFE_INTEGER, limit }) {
      const rows = await pool.run(
        (sql) => sql<EntryRow[]>`
          select * from registry.access_by(${issuerId}, ${actor}, ${before}, ${limit})`,
      )
      return rows.map(entryOf)
    },
    async lastLooks(issuerId, actors) {
      const rows = await pool.run(
        (sql) => sql<EntryRow[]>`
          select * from registry.last_looks(${issuerId}, ${textArray(actors)}::text[])`,
      )
      return new Map(rows.map((row) => [row.actor, entryOf(row)]))
    },
    async erase(issuerId, before, limit) {
      const [row] = await pool.run(
        (sql) => sql<{ erased: number }[]>`
          select registry.erase_access(
            ${issuerId}, ${new Date(before).toISOString()}, ${limit}) as erased`,
      )
      return row?.erased ?? 0
    },
  }
}

function entryOf(row: EntryRow): AccessEntry {
  const { access_id: accessId, looked_at: at } = row
  const { actor, subject, route, purpose, words, sight } = row
  return { accessId, at, actor, subject, route, purpose, words, sight }
}
