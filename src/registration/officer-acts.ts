/** What officers did, from the records that they wrote: the last of each, and all of a time. */
import type { Instant, IssuerId } from '../base/base.ts'
import type { MemoryRegistry, RecordedVersion } from './memory-registry.ts'
import type { RecordKind } from './registry.ts'

/** The newest record that somebody wrote. */
export interface WrittenAct {
  readonly at: Instant
  readonly kind: RecordKind
  readonly recordId: number
  readonly version: number
}

/** One of several, told in the order of time: by whom, and the word for what the record said then. */
export interface OfficerAct extends WrittenAct {
  readonly actor: string
  /** The state or status in that version; null where the kind has none. */
  readonly state: string | null
}

/** `from` and what comes before `until`; `before`: after the last one that was told. */
export interface ActsWanted {
  readonly actors: readonly string[]
  readonly from: Instant
  readonly until: Instant
  readonly before?: WrittenAct | undefined
  readonly limit: number
}

export interface OfficerActs {
  /** Newest first. @param wanted.actors as id texts of officers */
  acts(issuerId: IssuerId, wanted: ActsWanted): Promise<readonly OfficerAct[]>
  /** By actor, as id texts; those who wrote nothing are left out. */
  lastActs(issuerId: IssuerId, actors: readonly string[]): Promise<ReadonlyMap<string, WrittenAct>>
}

export function createMemoryOfficerActs(registry: Pick<MemoryRegistry, 'versions'>): OfficerActs {
  return {
    async acts(issuerId, { actors, from, until, before, limit }) {
      return registry
        .versions(issuerId)
        .map((version) => actOf(version))
        .filter(({ actor, at }) => actors.includes(actor) && at >= from && at < until)
        .filter((act) => before === undefined || compareActs(act, before) < 0)
        .toSorted((left, right) => compareActs(right, left))
        .slice(0, limit)
    },
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

function actOf({
  recordedBy,
  recordedAt,
  kind,
  recordId,
  version,
  body,
}: RecordedVersion): OfficerAct {
  const word: unknown = Reflect.get(Object(body), 'state') ?? Reflect.get(Object(body), 'status')
  const state = typeof word === 'string' ? word : null
  return { actor: recordedBy, at: recordedAt, kind, recordId, version, state }
}

/** By time; what one commit wrote, by its place. */
function compareActs(left: WrittenAct, right: WrittenAct): number {
  if (left.at !== right.at) return left.at - right.at
  if (left.kind !== right.kind) return left.kind < right.kind ? -1 : 1
  return left.recordId - right.recordId || left.version - right.version
}
