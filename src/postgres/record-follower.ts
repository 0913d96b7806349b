/**
 * Keeps a core's directory in step with the registry: reads everything once, then what is new, again and again. Looks
 * back a little each time, because a version may be committed after one that was recorded later.
 */
import type { RecordKind, StoredRecord } from '../registration/registration.ts'
import type { Instant, IssuerId } from '../base/base.ts'
import type { PostgresRegistry, RecordVersion } from './postgres-registry.ts'

const PAGE = 5_000
/** Longer than any append may take: its lock and statement time-outs together. */
const LOOK_BACK_MS = 15_000
/**
 * Now and then it looks back much further: records bear the clock of the core that wrote them, and a core that is
 * minutes ahead would hide what the others record.
 */
const LOOK_FAR_BACK_MS = 15 * 60_000
const LOOK_FAR_BACK_EVERY = 30

export interface RecordFollower {
  /** Takes in what was recorded since the last call; the first call takes in everything, or all since `from`. */
  refresh(): Promise<void>
}

/**
 * @param apply takes one version; it may come more than once
 * @param from what was recorded long before is not asked for; absent: everything is
 */
export function createRecordFollower(options: {
  registry: Pick<PostgresRegistry, 'since'>
  kinds: readonly RecordKind[]
  apply: (issuerId: IssuerId, version: StoredRecord & { kind: RecordKind }) => void
  from?: Instant
}): RecordFollower {
  const { registry, kinds, apply } = options
  let newest: Instant = options.from ?? 0
  let turns = 0
  return {
    async refresh() {
      turns += 1
      const lookBackMs = turns % LOOK_FAR_BACK_EVERY === 0 ? LOOK_FAR_BACK_MS : LOOK_BACK_MS
      let after: number | RecordVersion = Math.max(0, newest - lookBackMs)
      for (;;) {
        const page: RecordVersion[] = await registry.since(kinds, after, PAGE)
        for (const version of page) {
          apply(version.issuerId, version)
          newest = Math.max(newest, version.recordedAt)
        }
        const last = page.at(-1)
        if (page.length < PAGE || last === undefined) return
        after = last
      }
    },
  }
}
