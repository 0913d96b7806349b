/**
 * Which notices are told next: the oldest first, one of a group at a time, and what somebody waits for before all.
 */
import type { Instant } from '../base/base.ts'
import type { StoredNotice, StoreReading } from './store.ts'

export interface OutboxWindow {
  /** Notices of groups that are free now; they count as under way until one of the methods below says how it ended. */
  draw(sizeMax: number, now: Instant): readonly StoredNotice[]
  /** They were not sent after all. */
  putBack(set: readonly StoredNotice[]): void
  failed(set: readonly StoredNotice[]): void
  /** Their groups pause. @param pauseOf by how often in a row */
  later(set: readonly StoredNotice[], now: Instant, pauseOf: (count: number) => number): void
  /** @param againAt present: the store could not write it down, and shows them as waiting: they are told again then */
  taken(set: readonly StoredNotice[], againAt?: Instant): void
  hurry(groups: readonly string[]): Promise<boolean>
  hasUrgent(): boolean
  giveUpUrgent(): void
  /** When the first of the pausing groups may go on; `undefined` where none pauses. */
  resumesAt(now: Instant): Instant | undefined
  /** Of what the store shows as waiting: taken, and not to be told again yet. */
  takenUnrecorded(now: Instant): number
  /** They are told again now. */
  tellUnrecorded(): void
}

/** Notices read at a time in search of groups that are free, and at most in one search. */
const LOOKED_THROUGH = 250
const LOOKED_THROUGH_MAX = 10_000
/** Notices of one group looked at for the first that is not under way. */
const OF_GROUP_MAX = 50

interface Urgent {
  readonly done: Promise<boolean>
  readonly settle: (isEmpty: boolean) => void
}

interface Inside {
  readonly store: StoreReading
  /** Groups, one notice of each. */
  readonly underWay: Set<string>
  readonly pauses: Map<string, { readonly count: number; readonly until: Instant }>
  readonly urgent: Map<string, Urgent>
  /** Taken by the core, and the store could not write it down; told again from an instant on. */
  readonly unrecorded: Map<number, Instant>
}

export function createOutboxWindow(store: StoreReading): OutboxWindow {
  const self: Inside = {
    store,
    underWay: new Set(),
    pauses: new Map(),
    urgent: new Map(),
    unrecorded: new Map(),
  }
  const { underWay, pauses, urgent, unrecorded } = self
  const free = (set: readonly StoredNotice[]): void => {
    for (const { group } of set) underWay.delete(group)
  }
  return {
    draw(sizeMax, now) {
      const set = drawUrgent(self, sizeMax)
      if (set.length < sizeMax) drawInOrder(self, set, sizeMax, now)
      return set
    },
    putBack: free,
    failed(set) {
      free(set)
      for (const { group } of set) settle(self, group, false)
    },
    later(set, now, pauseOf) {
      free(set)
      for (const { group } of set) {
        const count = (pauses.get(group)?.count ?? 0) + 1
        pauses.set(group, { count, until: now + pauseOf(count) })
        settle(self, group, false)
      }
    },
    taken(set, againAt) {
      free(set)
      for (const { group, seq } of set) {
        pauses.delete(group)
        if (againAt !== undefined) unrecorded.set(seq, againAt)
        if (urgent.has(group) && headOf(self, group) === undefined) settle(self, group, true)
      }
    },
    async hurry(groups) {
      const done = await Promise.all(groups.map(async (group) => hurry(self, group)))
      return done.every(Boolean)
    },
    hasUrgent: () => [...urgent.keys()].some((group) => !underWay.has(group)),
    giveUpUrgent() {
      for (const group of urgent.keys()) settle(self, group, false)
    },
    resumesAt(now) {
      const untils = [...pauses.values()].flatMap(({ until }) => (until > now ? [until] : []))
      return untils.length === 0 ? undefined : Math.min(...untils)
    },
    takenUnrecorded(now) {
      for (const [seq, againAt] of unrecorded) if (againAt <= now) unrecorded.delete(seq)
      return unrecorded.size
    },
    tellUnrecorded: () => unrecorded.clear(),
  }
}

function hurry(self: Inside, group: string): Promise<boolean> | true {
  const known = self.urgent.get(group)
  if (known !== undefined) return known.done
  if (!self.underWay.has(group) && headOf(self, group) === undefined) return true
  const { promise, resolve } = Promise.withResolvers<boolean>()
  self.urgent.set(group, { done: promise, settle: resolve })
  return promise
}

function settle({ urgent }: Inside, group: string, isEmpty: boolean): void {
  urgent.get(group)?.settle(isEmpty)
  urgent.delete(group)
}

function headOf({ store, unrecorded }: Inside, group: string): StoredNotice | undefined {
  return store.waitingIn(group, OF_GROUP_MAX).find(({ seq }) => !unrecorded.has(seq))
}

function drawUrgent(self: Inside, sizeMax: number): StoredNotice[] {
  const set: StoredNotice[] = []
  for (const group of self.urgent.keys()) {
    if (self.underWay.has(group)) continue
    const head = headOf(self, group)
    if (head === undefined) {
      settle(self, group, true)
      continue
    }
    if (set.length >= sizeMax) break
    set.push(head)
    self.underWay.add(group)
  }
  return set
}

function drawInOrder(self: Inside, set: StoredNotice[], sizeMax: number, now: Instant): void {
  const { store, unrecorded, underWay, pauses } = self
  let after = 0
  for (let seen = 0; set.length < sizeMax && seen < LOOKED_THROUGH_MAX; seen += LOOKED_THROUGH) {
    const page = store.waiting(after, LOOKED_THROUGH)
    for (const notice of page) {
      if (set.length >= sizeMax) break
      const { group, seq } = notice
      if (unrecorded.has(seq) || underWay.has(group)) continue
      if ((pauses.get(group)?.until ?? 0) > now) continue
      set.push(notice)
      underWay.add(group)
    }
    if (page.length < LOOKED_THROUGH) return
    after = page.at(-1)!.seq
  }
}
