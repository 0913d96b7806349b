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

export function createMemoryNotices(log: UndoLog): MemoryNotices {
  const bySeq = new Map<number, StoredNotice>()
  const seqs = new Map<string, number>()
  const inGroup = new Map<string, Set<number>>()
  const ofSale = new Map<string, Set<number>>()
  const reversals = new Map<string, Set<number>>()
  const waitingSeqs = new Map<'waiting', Set<number>>()
  let last = 0
  /** Nothing with a lower number waits: keeps a long history from being walked through. */
  let lowest = 1

  const isWaiting = (seq: number): boolean => waitingSeqs.get('waiting')?.has(seq) ?? false
  const inOrder = (found: Iterable<number> | undefined, limit: number): readonly StoredNotice[] =>
    [...(found ?? [])]
      .toSorted((a, b) => a - b)
      .slice(0, limit)
      .map((seq) => bySeq.get(seq)!)
  const file = (notice: StoredNotice, isIn: boolean): void => {
    const { seq, group, saleKey } = notice
    fileUnder(log, inGroup, { key: group, item: seq, isIn })
    fileUnder(log, ofSale, { key: saleKey, item: seq, isIn })
    fileUnder(log, waitingSeqs, { key: 'waiting', item: seq, isIn })
    if (isIn) lowest = Math.min(lowest, seq)
    // After an undo something below may wait again.
    else log.push(() => (lowest = Math.min(lowest, seq)))
  }
  const waiting = (after: number, limit: number): readonly StoredNotice[] => {
    while (lowest <= last && !isWaiting(lowest)) lowest += 1
    const found: StoredNotice[] = []
    for (let seq = Math.max(after + 1, lowest); seq <= last && found.length < limit; seq += 1) {
      if (isWaiting(seq)) found.push(bySeq.get(seq)!)
    }
    return found
  }
  const change = (seq: number, changes: Partial<StoredNotice>): StoredNotice => {
    const before = bySeq.get(seq)
    assert(before !== undefined, `no notice of number ${seq}`)
    const changed = { ...before, ...changes }
    setIn(log, bySeq, seq, changed)
    return changed
  }

  return {
    byName: (name) => {
      const seq = seqs.get(name)
      return seq === undefined ? undefined : bySeq.get(seq)
    },
    waiting,
    waitingIn: (group, limit) => inOrder(inGroup.get(group), limit),
    isSaleWaiting: (saleKey) => ofSale.has(saleKey),
    isReversed: (saleKey) => reversals.has(saleKey),
    oldestWaitingAt: () => waiting(0, 1)[0]?.notedAt,
    takenSince: (since, { after, limit }) =>
      [...bySeq.values()]
        .filter(({ seq, takenAt }) => seq > after && takenAt !== undefined && takenAt >= since)
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit),
    waitingCount: () => waitingSeqs.get('waiting')?.size ?? 0,
    add(notice) {
      if (seqs.has(notice.name)) return undefined
      last += 1
      log.push(() => (last -= 1))
      const stored = { ...notice, seq: last, attempted: false }
      setIn(log, bySeq, last, stored)
      setIn(log, seqs, notice.name, last)
      if (isPartnersReversal(notice)) {
        fileUnder(log, reversals, { key: notice.saleKey, item: last, isIn: true })
      }
      file(stored, true)
      return last
    },
    change: (seq, changes) => void change(seq, changes),
    take(seq, takenAt, receipt) {
      if (isWaiting(seq)) file(change(seq, { takenAt, receipt }), false)
    },
    tellAnew(seq) {
      const before = bySeq.get(seq)
      if (before === undefined) return
      if (before.takenAt === undefined) file(before, false)
      const { takenAt: _at, receipt: _receipt, ...rest } = before
      last += 1
      log.push(() => (last -= 1))
      const waitingAgain = { ...rest, seq: last }
      setIn(log, bySeq, seq, undefined)
      setIn(log, bySeq, last, waitingAgain)
      setIn(log, seqs, before.name, last)
      if (isPartnersReversal(before)) {
        fileUnder(log, reversals, { key: before.saleKey, item: last, isIn: true })
        fileUnder(log, reversals, { key: before.saleKey, item: seq, isIn: false })
      }
      file(waitingAgain, true)
    },
    prune(before, rowsMax) {
      let removed = 0
      for (const notice of bySeq.values()) {
        if (removed >= rowsMax) break
        if (notice.takenAt === undefined || notice.takenAt >= before) continue
        setIn(log, bySeq, notice.seq, undefined)
        setIn(log, seqs, notice.name, undefined)
        fileUnder(log, reversals, { key: notice.saleKey, item: notice.seq, isIn: false })
        removed += 1
      }
      return removed
    },
  }
}

/** A reversal by our own gateway says nothing about the partner's sale. */
export function isPartnersReversal({ notice }: Pick<StoredNotice, 'notice'>): boolean {
  return notice.kind === 'reverse' && notice.by === undefined
}
