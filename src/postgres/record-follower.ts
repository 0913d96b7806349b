/**
 * Keeps a core's directory in step with the registry: reads everything once, then what is new, again and again. Looks
 * back a little each time, because a version may be committed after one that was recorded later; once that time has
 * passed and it was looked once more, nothing older can come, and a registry at rest is not read again and again.
 */
import type { RecordKind, StoredRecord } from '../registration/registration.ts'
import type { Instant, IssuerId } from '../base/base.ts'
import type { PostgresRegistry, RecordVersion } from './postgres-registry.ts'

/** Taking in a page is a few milliseconds in which nobody is answered. */
const PAGE = 1_000
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
 * @param ticks a clock in ms that is never set, for tests
 */
export function createRecordFollower(options: {
  registry: Pick<PostgresRegistry, 'since'>
  kinds: readonly RecordKind[]
  apply: (issuerId: IssuerId, version: StoredRecord & { kind: RecordKind }) => void
  from?: Instant
  ticks?: () => number
}): RecordFollower {
  const { registry, kinds, apply, ticks = () => performance.now() } = options
  let newest: Instant = options.from ?? 0
  /** All that was recorded before this and can still be committed has been read. */
  let settled: Instant = 0
  /** What was the newest once, and since when: it settles when the next look after `LOOK_BACK_MS` has ended. */
  let settling = { newest, since: ticks() }
  let turns = 0

  const read = async (from: Instant): Promise<void> => {
    let after: number | RecordVersion = from
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
  }

  return {
    async refresh() {
      turns += 1
      const isFar = turns % LOOK_FAR_BACK_EVERY === 0
      const began = ticks()
      await read(Math.max(0, newest - LOOK_FAR_BACK_MS, isFar ? 0 : nearFloor()))
      if (began - settling.since < LOOK_BACK_MS) return
      settled = Math.max(settled, settling.newest)
      settling = { newest, since: ticks() }
    },
  }

  function nearFloor(): Instant {
    // One millisecond of overlap: the newest itself may have neighbours of the same instant.
    return Math.max(newest - LOOK_BACK_MS, settled - 1)
  }
}
