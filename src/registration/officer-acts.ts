/** What officers did last, from the records that they wrote: who does nothing any more is to be asked about. */
import type { Instant, IssuerId } from '../base/base.ts'
import type { MemoryRegistry } from './memory-registry.ts'
import type { RecordKind } from './registry.ts'

/** The newest record that somebody wrote. */
export interface WrittenAct {
  readonly at: Instant
  readonly kind: RecordKind
  readonly recordId: number
  readonly version: number
}

export interface OfficerActs {
  /** By actor, as id texts; those who wrote nothing are left out. */
  lastActs(issuerId: IssuerId, actors: readonly string[]): Promise<ReadonlyMap<string, WrittenAct>>
}

export function createMemoryOfficerActs(registry: Pick<MemoryRegistry, 'versions'>): OfficerActs {
  return {
    async lastActs(issuerId, actors) {
      const acts = new Map<string, WrittenAct>()
      for (const version of registry.versions(issuerId)) {
        const { recordedBy, recordedAt: at, kind, recordId, version: number } = version
        const known = acts.get(recordedBy)
        if (!actors.includes(recordedBy) || (known !== undefined && known.at > at)) continue
        acts.set(recordedBy, { at, kind, recordId, version: number })
      }
      return acts
    },
  }
}
