/** The registry in PostgreSQL, and what a core's directory follows. */
import { randomBytes } from 'node:crypto'
import type { IssuerId } from '../base/base.ts'
import {
  isPersonalKey,
  naturalKey,
  personalRecordFields,
  PERSON_RECORDS_MAX,
  withErased,
  type PersonalErasure,
  type PersonIndex,
  type PersonRecord,
  type RecordKind,
  type Registry,
  type StoredRecord,
} from '../registration/registration.ts'
import { numberArray, textArray, wordArray } from './array-literal.ts'
import { errorCode } from './postgres-fault.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** A version of a record with whose it is and when it was recorded. */
export interface RecordVersion extends StoredRecord {
  readonly issuerId: IssuerId
  readonly kind: RecordKind
  readonly recordedAt: number
}

export interface PostgresRegistry extends Registry, PersonIndex, PersonalErasure {
  issuerIds(): Promise<IssuerId[]>
  /** The newest migration that was applied to the database. */
  schemaVersion(): Promise<number>
  /** A node number that no running core shares, 0…1023. */
  nextNode(): Promise<number>
  /** Versions of all issuers after one of them (or after an instant), oldest first, at most `limit`. */
  since(
    kinds: readonly RecordKind[],
    after: number | RecordVersion,
    limit: number,
  ): Promise<RecordVersion[]>
}

interface RecordRow {
  record_id: number
  version: number
  body: unknown
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresRegistry(pool: PostgresPool): PostgresRegistry {
  return {
    async openIssuer(issuerId) {
      await pool.run((sql) => sql`select registry.open_issuer(${issuerId})`)
    },
    append: (issuerId, by, records, at) => append(pool, issuerId, by, records, at),
    async read(issuerId, kind, ids) {
      if (ids.length === 0) return []
      const rows = await pool.run(
        (sql) => sql<RecordRow[]>`
          select * from registry.read_records(${issuerId}, ${kind}, ${numberArray(ids)}::bigint[])`,
      )
      return rows.map((row) => storedRecord(kind, row))
    },
    async findByKey(issuerId, kind, key) {
      const rows = await pool.run(
        (sql) => sql<RecordRow[]>`
          select * from registry.find_records(${issuerId}, ${kind}, ${textArray([key])}::text[])`,
      )
      return rows.map((row) => storedRecord(kind, row))[0]
    },
    erasePersonal: (issuerId, kind, recordIds) => erasePersonal(pool, issuerId, kind, recordIds),
    findByKeys: (kind, wanted) => findByKeys(pool, kind, wanted),
    async listByKey(issuerId, kind, prefix, limit, before) {
      const rows = await pool.run(
        (sql) => sql<RecordRow[]>`
          select * from registry.list_records_by_key_before(
            ${issuerId}, ${kind}, ${prefix}, ${before ?? null}, ${limit})`,
      )
      return rows.map((row) => storedRecord(kind, row))
    },
    async list(issuerId, kind, { state, before, limit }) {
      const rows = await pool.run(
        (sql) => sql<RecordRow[]>`
          select * from registry.list_records(
            ${issuerId}, ${kind}, ${state ?? null}, ${before ?? Number.MAX_SAFE_INTEGER}, ${limit})`,
      )
      return rows.map((row) => storedRecord(kind, row))
    },
    async issuerIds() {
      const rows = await pool.run(
        (sql) => sql<{ issuer_id: number }[]>`select issuer_id from registry.issuer_ids()`,
      )
      return rows.map((row) => row.issuer_id as IssuerId)
    },
    schemaVersion: () => schemaVersion(pool),
    async nextNode() {
      const rows = await pool.run(
        (sql) => sql<{ node: number }[]>`select registry.next_node() as node`,
      )
      return rows[0]!.node
    },
    since: (kinds, after, limit) => since(pool, kinds, after, limit),
    async recordsOf(personId) {
      const rows = await pool.run(
        (sql) => sql<{ issuer_id: number; kind: PersonRecord['kind']; record_id: number }[]>`
          select * from registry.person_records(
            ${naturalKey.person(personId)}, ${PERSON_RECORDS_MAX})`,
      )
      return rows.map((row) => ({
        issuerId: row.issuer_id as IssuerId,
        kind: row.kind,
        recordId: row.record_id,
      }))
    },
  }
}

async function since(
  pool: PostgresPool,
  ...[kinds, after, limit]: Parameters<PostgresRegistry['since']>
): Promise<RecordVersion[]> {
  const from =
    typeof after === 'number'
      ? { recordedAt: after, issuerId: -1, kind: '', recordId: 0, version: 0 }
      : after
  const rows = await pool.run(
    (sql) => sql<
      (RecordRow & { issuer_id: number; kind: RecordKind; recorded_at: number })[]
    >`select * from registry.all_records_since(${wordArray(kinds)}::text[], ${from.recordedAt},
      ${from.issuerId}, ${from.kind}, ${from.recordId}, ${from.version}, ${limit})`,
  )
  return rows.map((row) => ({
    ...storedRecord(row.kind, row),
    issuerId: row.issuer_id as IssuerId,
    kind: row.kind,
    recordedAt: row.recorded_at,
  }))
}

async function erasePersonal(
  pool: PostgresPool,
  ...[issuerId, kind, recordIds]: Parameters<PersonalErasure['erasePersonal']>
): Promise<number> {
  const rows = await pool.run(
    (sql) => sql<{ erased: number }[]>`
      select registry.erase_personal(
        ${issuerId}, ${kind}, ${numberArray(recordIds)}::bigint[]) as erased`,
  )
  return rows[0]!.erased
}

async function findByKeys(
  pool: PostgresPool,
  ...[kind, wanted]: Parameters<Registry['findByKeys']>
): ReturnType<Registry['findByKeys']> {
  const found: (StoredRecord | undefined)[] = wanted.map(() => undefined)
  if (wanted.length === 0) return found
  const rows = await pool.run(
    (sql) => sql<(RecordRow & { place: number })[]>`
      select * from registry.find_records_of_all(${kind},
        ${numberArray(wanted.map(({ issuerId }) => issuerId))}::integer[],
        ${textArray(wanted.map(({ key }) => key))}::text[])`,
  )
  for (const row of rows) found[row.place - 1] = storedRecord(kind, row)
  return found
}

async function schemaVersion(pool: PostgresPool): Promise<number> {
  const rows = await pool.run(
    (sql) => sql<{ version: number }[]>`select registry.schema_version() as version`,
  )
  return rows[0]!.version
}

async function append(
  pool: PostgresPool,
  ...[issuerId, by, records, at]: Parameters<Registry['append']>
): ReturnType<Registry['append']> {
  const keys = records.flatMap(({ kind, keys: own = [] }, index) =>
    own.map((key) => ({ key, position: index + 1, isPersonal: isPersonalKey(kind, key) })),
  )
  const personal = records.map(({ kind }) => Object.keys(personalRecordFields[kind] ?? {}))
  try {
    const rows = await pool.run(
      (sql) => sql<{ at: number }[]>`select registry.write_records(${issuerId}, ${at}, ${by},
        ${wordArray(records.map((record) => record.kind))}::text[],
        ${numberArray(records.map((record) => record.recordId))}::bigint[],
        ${numberArray(records.map((record) => record.version))}::integer[],
        ${textArray(records.map((record) => JSON.stringify(record.body)))}::text[],
        ${textArray(personal.map((names) => (names.length === 0 ? '' : newSalt())))}::text[],
        ${textArray(personal.map((names) => JSON.stringify(names)))}::text[],
        ${numberArray(keys.map(({ position }) => position))}::integer[],
        ${textArray(keys.map(({ key }) => key))}::text[],
        ${wordArray(keys.map(({ isPersonal }) => String(isPersonal)))}::boolean[]) as at`,
    )
    return { status: 'appended', recordedAt: rows[0]!.at }
  } catch (error) {
    if (errorCode(error) === 'VB002') return { status: 'version_conflict' }
    if (errorCode(error) === 'VB003') return { status: 'key_taken', key: detailOf(error) }
    throw error
  }
}

/** As it is read: what was erased is said to be so. */
function storedRecord(kind: RecordKind, row: RecordRow): StoredRecord {
  return { recordId: row.record_id, version: row.version, body: withErased(kind, row.body) }
}

const SALT_BYTES = 32

/** Of one version of one record: who guesses what was in it has to guess this too. */
function newSalt(): string {
  return randomBytes(SALT_BYTES).toString('hex')
}

function detailOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'detail' in error
    ? String(error.detail)
    : ''
}
