/** The registry as the use cases see it: bodies with their types, and changes that are decided again on a conflict. */
import { Fault, type Instant, type IssuerId } from '../base/base.ts'
import { readBody, type RecordBodies } from './record-bodies.ts'
import type { NewRecord, RecordKind, Registry, StoredRecord } from './registry.ts'

/** The newest version of a record. */
export interface RecordOf<Kind extends RecordKind> {
  readonly recordId: number
  readonly version: number
  readonly body: RecordBodies[Kind]
}

/** So often a change is decided anew because somebody else changed the record first. */
export const APPEND_ATTEMPTS_MAX = 5

export async function readRecord<Kind extends RecordKind>(
  registry: Registry,
  issuerId: IssuerId,
  kind: Kind,
  recordId: number,
): Promise<RecordOf<Kind> | undefined> {
  const [stored] = await registry.read(issuerId, kind, [recordId])
  return stored && recordOf(kind, stored)
}

export async function findRecord<Kind extends RecordKind>(
  registry: Registry,
  issuerId: IssuerId,
  kind: Kind,
  key: string,
): Promise<RecordOf<Kind> | undefined> {
  const stored = await registry.findByKey(issuerId, kind, key)
  return stored && recordOf(kind, stored)
}

export function recordOf<Kind extends RecordKind>(
  kind: Kind,
  { recordId, version, body }: StoredRecord,
): RecordOf<Kind> {
  return { recordId, version, body: readBody(kind, body) }
}

/** A record to append whose body is checked to be of its kind. */
export function newRecord<Kind extends RecordKind>(
  kind: Kind,
  record: {
    readonly recordId: number
    readonly version: number
    readonly body: RecordBodies[Kind]
    readonly keys?: readonly string[]
  },
): NewRecord {
  return { kind, ...record, body: readBody(kind, record.body) }
}

/** What a use case makes of what it has read: an answer already, or records to write and then an answer. */
export type Change<Answer> =
  | { readonly answer: Answer; readonly records?: undefined }
  | { readonly answer: Answer; readonly records: readonly NewRecord[]; readonly by: string }

/**
 * Reads, decides and appends; where somebody else was first, all over again.
 * @throws Fault `queue_full` after `APPEND_ATTEMPTS_MAX` conflicts: nothing was written
 */
export async function changeRecords<Answer>(
  registry: Registry,
  issuerId: IssuerId,
  at: Instant,
  decide: () => Promise<Change<Answer>>,
): Promise<Answer> {
  for (let attempt = 1; attempt <= APPEND_ATTEMPTS_MAX; attempt += 1) {
    const change = await decide()
    if (change.records === undefined) return change.answer
    const result = await registry.append(issuerId, change.by, change.records, at)
    if (result.status === 'appended') return change.answer
  }
  throw new Fault('queue_full', `a record changed ${APPEND_ATTEMPTS_MAX} times while we looked`)
}
