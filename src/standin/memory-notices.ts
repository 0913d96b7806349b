/** The notices of the store in memory: a list by number, with what waits filed by group and sale. */
import { assert, type Instant } from '../base/base.ts'
import { fileUnder, setIn, type UndoLog } from './memory-rows.ts'
import type { NewNotice, StoredNotice, TakenReceipt } from './store.ts'

export interface MemoryNotices {
  byName(name: string): StoredNotice | undefined
  waiting(after: number, limit: number): readonly StoredNotice[]
  waitingIn(group: string, limit: number): readonly StoredNotice[]
  isSaleWaiting(saleKey: string): boolean
  isReversed(saleKey: string): boolean
  oldestWaitingAt(): Instant | undefined
  takenSince(since: Instant, page: { after: number; limit: number }): readonly StoredNotice[]
  waitingCount(): number
  add(notice: NewNotice): number | undefined
  change(seq: number, change: Partial<StoredNotice>): void
  take(seq: number, at: Instant, receipt: TakenReceipt): void
  tellAnew(seq: number): void
  prune(before: Instant, rowsMax: number): number
}

interface Shelf {
  readonly log: UndoLog
  readonly bySeq: Map<number, StoredNotice>
  readonly seqs: Map<string, number>
  /** Waiting ones, by group, by sale, and all of them. */
  readonly inGroup: Map<string, Set<number>>
  readonly ofSale: Map<string, Set<number>>
  readonly waiting: Map<'all', Set<number>>
  readonly reversals: Map<string, Set<number>>
  last: number
  /** Nothing with a lower number waits: keeps a long history from being walked through. */
  lowest: number
}

export function createMemoryNotices(log: UndoLog): MemoryNotices {
  const shelf: Shelf = {
    log,
    bySeq: new Map(),
    seqs: new Map(),
    inGroup: new Map(),
    ofSale: new Map(),
    waiting: new Map(),
    reversals: new Map(),
    last: 0,
    lowest: 1,
  }
  const { bySeq, seqs } = shelf
  return {
    byName(name) {
      const seq = seqs.get(name)
      return seq === undefined ? undefined : bySeq.get(seq)
    },
    waiting: (after, limit) => waitingAfter(shelf, after, limit),
    waitingIn: (group, limit) =>
      [...(shelf.inGroup.get(group) ?? [])]
        .toSorted((a, b) => a - b)
        .slice(0, limit)
        .map((seq) => bySeq.get(seq)!),
    isSaleWaiting: (saleKey) => shelf.ofSale.has(saleKey),
    isReversed: (saleKey) => shelf.reversals.has(saleKey),
    oldestWaitingAt: () => waitingAfter(shelf, 0, 1)[0]?.notedAt,
    takenSince: (since, { after, limit }) =>
      [...bySeq.values()]
        .filter(({ seq, takenAt }) => seq > after && takenAt !== undefined && takenAt >= since)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit),
    waitingCount: () => shelf.waiting.get('all')?.size ?? 0,
    add: (notice) => (seqs.has(notice.name) ? undefined : store(shelf, notice, false)),
    // One that was told anew meanwhile bears another number: nothing is known of the old one any more.
    change: (seq, changes) => void (bySeq.has(seq) && change(shelf, seq, changes)),
    take(seq, takenAt, receipt) {
      if (isWaiting(shelf, seq)) file(shelf, change(shelf, seq, { takenAt, receipt }), false)
    },
    tellAnew(seq) {
      const before = bySeq.get(seq)
      if (before === undefined) return
      remove(shelf, before)
      store(shelf, before, before.attempted)
    },
    prune(before, rowsMax) {
      let removed = 0
      for (const notice of bySeq.values()) {
        if (removed >= rowsMax) break
        if (notice.takenAt === undefined || notice.takenAt >= before) continue
        remove(shelf, notice)
        removed += 1
      }
      return removed
    },
  }
}

/** Under the next number, waiting. */
function store(shelf: Shelf, notice: NewNotice, attempted: boolean): number {
  const { log, bySeq, seqs, reversals } = shelf
  shelf.last += 1
  log.push(() => (shelf.last -= 1))
  const seq = shelf.last
  const { name, group, saleKey, notedAt } = notice
  const stored = { seq, name, group, saleKey, notedAt, notice: notice.notice, attempted }
  setIn(log, bySeq, seq, stored)
  setIn(log, seqs, name, seq)
  if (isPartnersReversal(notice)) fileUnder(log, reversals, { key: saleKey, item: seq, isIn: true })
  file(shelf, stored, true)
  return seq
}

function remove(shelf: Shelf, notice: StoredNotice): void {
  const { log, bySeq, seqs, reversals } = shelf
  const { seq, name, saleKey } = notice
  if (isWaiting(shelf, seq)) file(shelf, notice, false)
  setIn(log, bySeq, seq, undefined)
  setIn(log, seqs, name, undefined)
  fileUnder(log, reversals, { key: saleKey, item: seq, isIn: false })
}

function isWaiting({ waiting }: Shelf, seq: number): boolean {
  return waiting.get('all')?.has(seq) ?? false
}

function waitingAfter(shelf: Shelf, after: number, limit: number): readonly StoredNotice[] {
  while (shelf.lowest <= shelf.last && !isWaiting(shelf, shelf.lowest)) shelf.lowest += 1
  const found: StoredNotice[] = []
  const from = Math.max(after + 1, shelf.lowest)
  for (let seq = from; seq <= shelf.last && found.length < limit; seq += 1) {
    if (isWaiting(shelf, seq)) found.push(shelf.bySeq.get(seq)!)
  }
  return found
}

function file(shelf: Shelf, { seq, group, saleKey }: StoredNotice, isIn: boolean): void {
  const { log } = shelf
  fileUnder(log, shelf.inGroup, { key: group, item: seq, isIn })
  fileUnder(log, shelf.ofSale, { key: saleKey, item: seq, isIn })
  fileUnder(log, shelf.waiting, { key: 'all', item: seq, isIn })
  const lower = (): void => {
    shelf.lowest = Math.min(shelf.lowest, seq)
  }
  // After an undo something below may wait again.
  if (isIn) lower()
  else log.push(lower)
}

function change(shelf: Shelf, seq: number, changes: Partial<StoredNotice>): StoredNotice {
  const before = shelf.bySeq.get(seq)
  assert(before !== undefined, `no notice of number ${seq}`)
  const changed = { ...before, ...changes }
  setIn(shelf.log, shelf.bySeq, seq, changed)
  return changed
}

/** A reversal by our own gateway says nothing about the partner's sale. */
export function isPartnersReversal({ notice }: Pick<StoredNotice, 'notice'>): boolean {
  return notice.kind === 'reverse' && notice.by === undefined
}
