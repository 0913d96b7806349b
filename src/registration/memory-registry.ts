/**
 * The registry in memory: the executable specification that PostgreSQL is held to, and the registry of simulations.
 * Each method does all its work before it returns its promise, so that calls cannot interleave.
 */
import { assert, type Instant, type IssuerId } from '../base/base.ts'
import { isPersonalKey, personalRecordFields, type PersonalErasure } from './personal-fields.ts'
import type { NewRecord, RecordKind, Registry, StoredRecord } from './registry.ts'

/** One version as it was recorded. */
export interface RecordedVersion extends StoredRecord {
  readonly kind: RecordKind
  readonly recordedAt: Instant
  readonly recordedBy: string
  /** True: what was personal in it is gone. */
  readonly isErased?: boolean
}

export interface MemoryRegistry extends Registry, PersonalErasure {
  /** Every version of an issuer, in the order of recording. */
  versions(issuerId: IssuerId): readonly RecordedVersion[]
}

interface IssuerRecords {
  readonly versions: RecordedVersion[]
  readonly newest: Map<string, RecordedVersion>
  /** Record id by kind and natural key. */
  readonly keys: Map<string, number>
}

/** @param onAppended told of every version as it is recorded, so that a directory can follow */
export function createMemoryRegistry(
  onAppended?: (issuerId: IssuerId, version: RecordedVersion) => void,
): MemoryRegistry {
  const issuers = new Map<IssuerId, IssuerRecords>()
  const recordsOf = (issuerId: IssuerId): IssuerRecords | undefined => issuers.get(issuerId)
  return {
    async openIssuer(issuerId) {
      if (issuers.has(issuerId)) return
      issuers.set(issuerId, { versions: [], newest: new Map(), keys: new Map() })
    },
    async append(issuerId, by, records, at) {
      const stored = recordsOf(issuerId)
      assert(stored !== undefined, 'an issuer is opened before its records are written')
      const conflict = findConflict(stored, records)
      if (conflict !== undefined) return conflict
      for (const record of records) {
        const { kind, recordId, version } = record
        const written: RecordedVersion = {
          kind,
          recordId,
          version,
          body: asJson(record.body),
          recordedAt: at,
          recordedBy: by,
        }
        stored.versions.push(written)
        stored.newest.set(`${kind}/${recordId}`, written)
        for (const key of record.keys ?? []) stored.keys.set(`${kind}/${key}`, recordId)
        onAppended?.(issuerId, written)
      }
      return { status: 'appended', recordedAt: at }
    },
    async read(issuerId, kind, ids) {
      return [...new Set(ids)].flatMap((recordId) => {
        const newest = recordsOf(issuerId)?.newest.get(`${kind}/${recordId}`)
        return newest === undefined ? [] : [storedRecord(newest)]
      })
    },
    async findByKey(issuerId, kind, key) {
      return foundByKey(recordsOf(issuerId), kind, key)
    },
    async findByKeys(kind, wanted) {
      return wanted.map(({ issuerId, key }) => foundByKey(recordsOf(issuerId), kind, key))
    },
    async listByKey(issuerId, kind, prefix, limit, before) {
      const records = recordsOf(issuerId)
      const places = [...(records?.keys ?? [])]
        .filter(([place]) => place.startsWith(`${kind}/${prefix}`))
        .filter(([place]) => before === undefined || place < `${kind}/${before}`)
        .toSorted(([a], [b]) => (a < b ? 1 : -1))
      const ids = new Set(places.map(([, recordId]) => recordId))
      return [...ids]
        .slice(0, limit)
        .map((recordId) => storedRecord(records!.newest.get(`${kind}/${recordId}`)!))
    },
    async list(issuerId, kind, { state, before, limit }) {
      return [...(recordsOf(issuerId)?.newest.values() ?? [])]
        .filter((record) => record.kind === kind)
        .filter((record) => before === undefined || record.recordId < before)
        .filter(({ body }) => state === undefined || Reflect.get(Object(body), 'state') === state)
        .toSorted((a, b) => b.recordId - a.recordId)
        .slice(0, limit)
        .map(storedRecord)
    },
    erasePersonal: async (issuerId, kind, recordIds) => erase(recordsOf(issuerId), kind, recordIds),
    versions: (issuerId) => structuredClone(recordsOf(issuerId)?.versions ?? []),
  }
}

/** In every version; keys that led to the records with them. */
function erase(
  stored: IssuerRecords | undefined,
  kind: RecordKind,
  recordIds: readonly number[],
): number {
  const erased = personalRecordFields[kind] ?? {}
  const isTheirs = (record: { kind: RecordKind; recordId: number }): boolean =>
    record.kind === kind && recordIds.includes(record.recordId)
  for (const [place, recordId] of stored?.keys ?? []) {
    const key = place.slice(kind.length + 1)
    const isOfKind = place === `${kind}/${key}` && recordIds.includes(recordId)
    if (isOfKind && isPersonalKey(kind, key)) stored?.keys.delete(place)
  }
  let count = 0
  for (const [index, version] of (stored?.versions ?? []).entries()) {
    if (
      !isTheirs(version) ||
      version.isErased === true ||
      personalRecordFields[kind] === undefined
    ) {
      continue
    }
    const body = Object(version.body)
    const gone = Object.entries(erased).filter(([field]) => (body[field] ?? null) !== null)
    const next = { ...version, isErased: true, body: { ...body, ...Object.fromEntries(gone) } }
    stored!.versions[index] = next
    stored!.newest.set(`${kind}/${version.recordId}`, next)
    count += 1
  }
  return count
}

function foundByKey(
  records: IssuerRecords | undefined,
  kind: RecordKind,
  key: string,
): StoredRecord | undefined {
  const recordId = records?.keys.get(`${kind}/${key}`)
  const newest = recordId === undefined ? undefined : records?.newest.get(`${kind}/${recordId}`)
  return newest && storedRecord(newest)
}

/** Versions are looked at before keys; both against what stood before the call, and within the set. */
function findConflict(
  stored: IssuerRecords,
  records: readonly NewRecord[],
): { status: 'version_conflict' } | { status: 'key_taken'; key: string } | undefined {
  const seen = new Set<string>()
  for (const { kind, recordId, version } of records) {
    const place = `${kind}/${recordId}`
    const follows = (stored.newest.get(place)?.version ?? 0) + 1 === version
    if (!follows || seen.has(place)) return { status: 'version_conflict' }
    seen.add(place)
  }
  const keys = new Map(stored.keys)
  for (const { kind, recordId, keys: wanted } of records) {
    for (const key of wanted ?? []) {
      const holder = keys.get(`${kind}/${key}`)
      if (holder !== undefined && holder !== recordId) return { status: 'key_taken', key }
      keys.set(`${kind}/${key}`, recordId)
    }
  }
  return undefined
}

/** What a database would give back: no functions, no `undefined`, nothing shared with the caller. */
function asJson(body: object): unknown {
  return JSON.parse(JSON.stringify(body))
}

function storedRecord({ recordId, version, body }: RecordedVersion): StoredRecord {
  return { recordId, version, body: structuredClone(body) }
}
