/**
 * The store in memory: the executable specification of the store on disk, and what simulations run on. What was not
 * committed is lost in a crash; it can be told that its disk is full or failing.
 */
import { assert, Fault, sumWon, won, type Won } from '../base/base.ts'
import type { StandInOrder } from './edge-desk.ts'
import { createMemoryFeedRows } from './memory-feed-rows.ts'
import { createMemoryNotices } from './memory-notices.ts'
import { createUndoLog, fileUnder, setIn, type UndoLog } from './memory-rows.ts'
import type {
  AnswerCursor,
  ShownSales,
  StandInStore,
  StoreBatch,
  StoredAnswer,
  StoredSale,
  StoreReading,
  WalletRef,
} from './store.ts'

export interface MemoryStandInStore extends StandInStore {
  /** Every commit from now on throws `standin_store_full`, or `standin_store_failed`, and writes nothing. */
  failWith(trouble: 'full' | 'failed' | undefined): void
  /**
   * The process died: this handle's later commits are lost, and a handle of what was committed is given back.
   */
  crash(): MemoryStandInStore
}

/** What outlives a process. */
interface Disk {
  readonly log: UndoLog
  readonly batch: StoreBatch
}

export function createMemoryStandInStore(): MemoryStandInStore {
  return openDisk(createDisk())
}

function openDisk(disk: Disk): MemoryStandInStore {
  let trouble: 'full' | 'failed' | undefined
  let isGone = false
  let isInside = false
  return {
    ...readingOf(disk.batch),
    commit(write) {
      assert(!isInside, 'a commit stands within no other')
      if (isGone) throw new Fault('standin_store_failed', 'the process of this store has died')
      if (trouble !== undefined) throw new Fault(`standin_store_${trouble}`, 'as it was told')
      isInside = true
      try {
        const result = write(disk.batch)
        disk.log.forget()
        return result
      } catch (error) {
        disk.log.undo()
        throw error
      } finally {
        isInside = false
      }
    },
    close() {
      isGone = true
    },
    failWith(next) {
      trouble = next
    },
    crash() {
      isGone = true
      return openDisk(disk)
    },
  }
}

/** The methods of a batch that only read. */
function readingOf(batch: StoreBatch): StoreReading {
  return {
    answered: batch.answered,
    sale: batch.sale,
    openSales: batch.openSales,
    notice: batch.notice,
    waiting: batch.waiting,
    waitingIn: batch.waitingIn,
    isSaleWaiting: batch.isSaleWaiting,
    isReversed: batch.isReversed,
    oldestWaitingAt: batch.oldestWaitingAt,
    cards: batch.cards,
    wallet: batch.wallet,
    records: batch.records,
    feed: batch.feed,
    positions: batch.positions,
    positionsOf: batch.positionsOf,
    doubtful: batch.doubtful,
    orders: batch.orders,
    approvedByCoreSince: batch.approvedByCoreSince,
    takenSince: batch.takenSince,
    totals: batch.totals,
  }
}

function createDisk(): Disk {
  const log = createUndoLog()
  const answers = new Map<string, StoredAnswer>()
  const orders = new Map<string, StandInOrder>()
  const notices = createMemoryNotices(log)
  const fed = createMemoryFeedRows(log)
  const sales = createMemorySales(log)
  const { totals: feedTotals, sweep, ...feedRows } = fed
  const batch: StoreBatch = {
    ...feedRows,
    answered: (key) => answers.get(key),
    sale: sales.sale,
    openSales: sales.openSales,
    notice: notices.byName,
    waiting: notices.waiting,
    waitingIn: notices.waitingIn,
    isSaleWaiting: notices.isSaleWaiting,
    isReversed: notices.isReversed,
    oldestWaitingAt: notices.oldestWaitingAt,
    takenSince: notices.takenSince,
    orders: () => [...orders.values()],
    approvedByCoreSince: (since, { after, limit }) =>
      [...answers.values()]
        .filter((each) => each.request !== undefined && each.answer.decidedBy === 'core')
        .filter((each) => each.answeredAt >= since)
        .filter((each) => after === undefined || inOrderOfAnswering(each, after) > 0)
        .toSorted(inOrderOfAnswering)
        .slice(0, limit),
    totals: () => ({
      ...feedTotals(),
      boundWon: sumWon([feedTotals().boundWon, sales.outstandingSeenWon()]),
      waiting: notices.waitingCount(),
      outstandingWon: sales.outstandingWon(),
    }),
    putAnswer: (answer) => setIn(log, answers, answer.key, answer),
    putSale: sales.putSale,
    addNotice: notices.add,
    markAttempted: (seqs, attempted) => {
      for (const seq of seqs) notices.change(seq, { attempted })
    },
    markTaken: notices.take,
    tellAnew: notices.tellAnew,
    putOrder(order) {
      const place = `${order.partnerId ?? 0}/${order.issuerId ?? 0}`
      setIn(log, orders, place, order.mode === 'automatic' ? undefined : order)
    },
    releaseSales: sales.releaseSales,
    prune({ before, today, rowsMax }) {
      let removed = notices.prune(before, rowsMax)
      for (const { key, answeredAt } of answers.values()) {
        if (removed >= rowsMax) break
        if (answeredAt >= before || notices.isSaleWaiting(key)) continue
        setIn(log, answers, key, undefined)
        removed += 1
      }
      removed += sales.prune({ before, today, rowsMax: rowsMax - removed })
      return removed + sweep(Math.max(0, rowsMax - removed))
    },
  }
  return { log, batch }
}

function createMemorySales(log: UndoLog) {
  const sales = new Map<string, StoredSale>()
  const openOf = new Map<string, Set<string>>()
  const settled = new Map<'settled', Set<string>>()
  let outstandingWon = 0
  let outstandingSeenWon = 0

  const placeOf = ({ issuerId, walletId }: WalletRef): string => `${issuerId}/${walletId}`
  const owed = (sale: StoredSale | undefined): number =>
    sale?.outstanding === true && sale.decidedBy === 'standin'
      ? sale.approvedWon - sale.returnedWon
      : 0
  const owedSeen = (sale: StoredSale | undefined): number =>
    Math.min(owed(sale), sale?.seenMaxWon ?? 0)
  const put = (key: string, sale: StoredSale | undefined, wallet: WalletRef): void => {
    const before = sales.get(key)
    const change = owed(sale) - owed(before)
    const seenChange = owedSeen(sale) - owedSeen(before)
    outstandingWon += change
    outstandingSeenWon += seenChange
    log.push(() => {
      outstandingWon -= change
      outstandingSeenWon -= seenChange
    })
    setIn(log, sales, key, sale)
    const isOpen = sale?.open === true
    fileUnder(log, openOf, { key: placeOf(wallet), item: key, isIn: isOpen })
    const isIn = sale?.settledAt !== undefined
    fileUnder(log, settled, { key: 'settled', item: key, isIn })
  }
  const putSale = (sale: StoredSale): void => put(sale.key, sale, sale)

  return {
    sale: (key: string) => sales.get(key),
    openSales: (wallet: WalletRef) =>
      [...(openOf.get(placeOf(wallet)) ?? [])]
        .map((key) => sales.get(key)!)
        .toSorted((a, b) => a.decidedAt - b.decidedAt || byText(a.key, b.key)),
    outstandingWon: () => outstandingWon as Won, // Sums of won, both.
    outstandingSeenWon: () => outstandingSeenWon as Won,
    putSale,
    releaseSales(shown: ShownSales) {
      for (const key of settled.get('settled') ?? []) {
        const sale = sales.get(key)!
        if ('wallet' in shown && placeOf(sale) !== placeOf(shown.wallet)) continue
        if (isShown(sale, shown)) putSale(releasedSale(sale))
      }
    },
    prune({ before, today, rowsMax }: Parameters<StoreBatch['prune']>[0]) {
      let removed = 0
      for (const sale of sales.values()) {
        if (removed >= rowsMax) break
        if (isOver(sale) && sale.day < today && sale.open) putSale({ ...sale, open: false })
        const isOld = sale.decidedAt < before && (!sale.open || sale.decidedBy === 'peer')
        if (isOver(sale) && sale.day < today && isOld) {
          put(sale.key, undefined, sale)
          removed += 1
        } else if (sale.decidedBy === 'peer' && sale.decidedAt < before) {
          put(sale.key, undefined, sale)
          removed += 1
        }
      }
      return removed
    },
  }
}

function inOrderOfAnswering(a: AnswerCursor, b: AnswerCursor): number {
  return a.answeredAt - b.answeredAt || byText(a.key, b.key)
}

function byText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function isShown(sale: StoredSale, shown: ShownSales): boolean {
  if ((sale.settledCoreAt ?? Number.POSITIVE_INFINITY) <= shown.coreBefore) return true
  return 'ownBefore' in shown && sale.settledAt! <= shown.ownBefore
}

/** A sale that the fed lots show in full. That of stand-in still counts for its day. */
export function releasedSale(sale: StoredSale): StoredSale {
  const { settledAt: _own, settledCoreAt: _core, ...rest } = sale
  const netWon = won(sale.approvedWon - sale.returnedWon)
  const open = sale.decidedBy === 'standin' || sale.decidedBy === 'peer'
  return { ...rest, seenMinWon: netWon, seenMaxWon: netWon, open }
}

/** Nothing is owed to the core for it, and the fed lots show it. */
function isOver(sale: StoredSale): boolean {
  const netWon = sale.approvedWon - sale.returnedWon
  return (
    !sale.outstanding &&
    sale.settledAt === undefined &&
    sale.seenMinWon === netWon &&
    sale.seenMaxWon === netWon
  )
}
