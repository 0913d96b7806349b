/** The index of persons in memory, grown by applying versions of records. */
import type { IssuerId } from '../base/base.ts'
import { readBody } from './record-bodies.ts'
import { PERSON_RECORDS_MAX, type PersonIndex, type PersonRecord } from './registration-deps.ts'
import type { RecordKind, StoredRecord } from './registry.ts'

export interface MemoryPersonIndex extends PersonIndex {
  /** Takes one version in; kinds that name no person are passed over. */
  apply(issuerId: IssuerId, version: StoredRecord & { readonly kind: RecordKind }): void
}

/** In the order of the database's. */
const personKinds = ['clerk', 'member', 'officer', 'operator'] as const

export function createMemoryPersonIndex(): MemoryPersonIndex {
  const records = new Map<string, Map<string, PersonRecord>>()
  return {
    apply(issuerId, { kind, recordId, body }) {
      const personKind = personKinds.find((candidate) => candidate === kind)
      if (personKind === undefined) return
      const { personId } = readBody(personKind, body)
      const known = records.get(personId) ?? new Map<string, PersonRecord>()
      known.set(`${issuerId}/${kind}/${recordId}`, { issuerId, kind: personKind, recordId })
      records.set(personId, known)
    },
    async recordsOf(personId) {
      return [...(records.get(personId)?.values() ?? [])]
        .toSorted(
          (a, b) =>
            a.issuerId - b.issuerId ||
            personKinds.indexOf(a.kind) - personKinds.indexOf(b.kind) ||
            a.recordId - b.recordId,
        )
        .slice(0, PERSON_RECORDS_MAX)
    },
  }
}
