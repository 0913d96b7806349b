/**
 * Mistakes that a card path like this could have, as wrappers around its sound parts. Only the test beside this file
 * plants them: a simulation that was never seen finding anything is not trusted.
 */
import { won } from '../../src/base/base.ts'
import type { CardDesk, CardFeed, CardNotice, NoticeReceipt } from '../../src/cards/cards.ts'
import type { Casebook } from '../../src/registration/registration.ts'
import {
  createMemoryStandInStore,
  type MemoryStandInStore,
  type StandInDesk,
  type StandInStore,
  type StoreBatch,
} from '../../src/standin/standin.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardPlant } from './card-plant.ts'

/** How long a lazy gateway keeps in memory what it says that it has written. */
const LAZY_MS = 2_000
const EVERY_NOTICE = 100_000
/** One page of so many is lost. */
const LOST_ONE_IN = 5
const LONG_AGO = '2020-01-01'

/** Name → mistake. Each is planted anew for each run, because some remember. */
export const plantedCardBugs: Readonly<Record<string, () => CardPlant>> = {
  'stand-in answers before it records': () => ({ store: lazyDisk }),
  'an advice bears another key each time it is told': () => ({ core: forgetsNames() }),
  'a reversal that comes before its sale is forgotten': () => ({ desk: forgetsEarlyReversals }),
  'no answer is read as no voucher': () => ({ silenceIsNo: true }),
  'the outbox is empty after a crash': () => ({ afterCrash: emptyOutbox }),
  'what the core posted unheard is not taken back': () => ({ core: keepsUnheard }),
  'limits begin anew after a restart': () => ({ afterCrash: forgetsUse }),
  'the feed loses a page': () => ({ feed: losesPages() }),
  'a restored core is not told again': () => ({ store: tellsOnce }),
  'a loss opens no case': () => ({ casebook: withoutCases }),
  'a provisional debit opens no conversion': () => ({ desk: forgetsConversions }),
  'a repeat is decided anew': () => ({ store: forgetsAnswers }),
  'a notice is acknowledged before it is safe': () => ({ gateway: acknowledgesAtOnce }),
  'an order is not heard': () => ({ gateway: hearsNoOrder }),
  'the voucher pays beside the account': () => ({ desk: paysBeside }),
}

/** Writes to its disk some time after it has said that it did. */
function lazyDisk(disk: MemoryStandInStore, time: VirtualTime): StandInStore {
  const cache = createMemoryStandInStore()
  // What the process that died had written is read back first.
  copyFrom(disk, cache)
  return {
    ...cache,
    commit(write) {
      time.after(LAZY_MS, () => {
        try {
          disk.commit(write)
        } catch {
          // The process of that disk has died: nobody will ever know.
        }
      })
      return cache.commit(write)
    },
  }
}

function copyFrom(from: StandInStore, to: StandInStore): void {
  to.commit((batch) => {
    const feed = from.feed()
    for (const record of from.records()) batch.putRecord(record, feed?.generation ?? 0)
    for (const order of from.orders()) batch.putOrder(order)
    for (const { seq: _seq, attempted: _attempted, ...notice } of from.waiting(0, EVERY_NOTICE)) {
      const sale = from.sale(notice.saleKey)
      if (sale !== undefined) batch.putSale(sale)
      batch.addNotice(notice)
    }
  })
}

function forgetsNames(): (core: CardDesk) => CardDesk {
  let told = 0
  return (core) => ({
    ...core,
    take: (notices) =>
      core.take(
        notices.map((notice): CardNotice => {
          if (notice.kind !== 'advise' || notice.by !== 'standin') return notice
          told += 1
          const stan = String(900_000 + told)
          return { ...notice, sale: { ...notice.sale, key: { ...notice.sale.key, stan } } }
        }),
      ),
  })
}

/** Takes the others, and puts a receipt in the place of each that it leaves out. */
async function takeOthers(
  desk: CardDesk,
  notices: readonly CardNotice[],
  isLeftOut: (notice: CardNotice) => boolean,
): Promise<readonly NoticeReceipt[]> {
  const receipts = [...(await desk.take(notices.filter((notice) => !isLeftOut(notice))))]
  return notices.map((notice) => {
    const nothing = {
      effect: 'already',
      voucherWon: won(0),
      lossWon: won(0),
      takenAt: notice.decidedAt,
    } as const
    return isLeftOut(notice) ? { status: 'taken', ...nothing } : receipts.shift()!
  })
}

function forgetsEarlyReversals(desk: CardDesk): CardDesk {
  const seen = new Set<string>()
  const placeOf = (notice: CardNotice): string =>
    JSON.stringify(notice.kind === 'cancelled' ? notice.original.key : notice.sale.key)
  return {
    decide(request) {
      if (request.kind === 'pay' || request.kind === 'authorize')
        seen.add(JSON.stringify(request.sale.key))
      return desk.decide(request)
    },
    take(notices) {
      const isEarly = (notice: CardNotice): boolean =>
        notice.kind === 'reverse' && !seen.has(placeOf(notice))
      for (const notice of notices) if (notice.kind !== 'reverse') seen.add(placeOf(notice))
      return takeOthers(desk, notices, isEarly)
    },
  }
}

function emptyOutbox(store: MemoryStandInStore): void {
  const receipt = {
    status: 'taken',
    effect: 'already',
    voucherWon: won(0),
    lossWon: won(0),
  } as const
  store.commit((batch) => {
    for (const { seq, notedAt } of batch.waiting(0, EVERY_NOTICE)) {
      batch.markTaken(seq, notedAt, { ...receipt, takenAt: notedAt })
    }
  })
}

function keepsUnheard(core: CardDesk): CardDesk {
  return {
    ...core,
    take: (notices) =>
      takeOthers(core, notices, (notice) => notice.kind === 'reverse' && notice.by === 'gateway'),
  }
}

/** Everything that stand-in approved counts for a day long ago, and as taken. */
function forgetsUse(store: MemoryStandInStore): void {
  store.commit((batch) => {
    for (const { saleKey } of [
      ...batch.waiting(0, EVERY_NOTICE),
      ...batch.takenSince(0, { after: 0, limit: EVERY_NOTICE }),
    ]) {
      const sale = batch.sale(saleKey)
      const day = LONG_AGO as NonNullable<typeof sale>['day'] // A date's own form.
      if (sale?.decidedBy === 'standin') batch.putSale({ ...sale, day, outstanding: false })
    }
  })
}

function losesPages(): (feed: CardFeed) => CardFeed {
  let pages = 0
  return (feed) => ({
    ...feed,
    async tail(after, waitMs) {
      const page = await feed.tail(after, waitMs)
      if (page === undefined || page.wallets.length === 0) return page
      pages += 1
      return pages % LOST_ONE_IN === 0 ? { ...page, wallets: [] } : page
    },
  })
}

function tellsOnce(store: MemoryStandInStore): StandInStore {
  return { ...store, approvedByCoreSince: () => [], takenSince: () => [] }
}

function withoutCases(casebook: Casebook): Casebook {
  return {
    ...casebook,
    async openCase({ openedAt = 0, dueAt = 0, ...opening }) {
      const caseId = 1 as Awaited<ReturnType<Casebook['openCase']>>['caseId'] // A case that nobody will find.
      return {
        ...opening,
        caseId,
        openedAt,
        dueAt,
        state: 'open',
        resolution: null,
        closedAt: null,
      }
    },
  }
}

function isProvisional(notice: CardNotice): boolean {
  return notice.kind === 'advise' && notice.by === 'provisional_debit'
}

function forgetsConversions(desk: CardDesk): CardDesk {
  return {
    ...desk,
    async take(notices) {
      const undone = notices.map((notice): CardNotice => {
        if (!isProvisional(notice) || notice.kind !== 'advise') return notice
        const { sale, decidedAt } = notice
        return { kind: 'reverse', sale, keepWon: won(0), decidedAt }
      })
      return desk.take(undone)
    },
  }
}

function forgetsAnswers(store: MemoryStandInStore): StandInStore {
  const forgetful = <Reading extends Pick<StoreBatch, 'answered'>>(reading: Reading): Reading => ({
    ...reading,
    answered: () => undefined,
  })
  return {
    ...forgetful(store),
    commit: (write) => store.commit((batch) => write(forgetful(batch))),
  }
}

function acknowledgesAtOnce(desk: StandInDesk, time: VirtualTime): StandInDesk {
  return {
    ...desk,
    async take(notice) {
      time.after(LAZY_MS, () => {
        desk.take(notice).catch(() => undefined)
      })
    },
  }
}

function hearsNoOrder(desk: StandInDesk): StandInDesk {
  return { ...desk, order: async () => undefined }
}

/** The account has paid, and the voucher pays as well, under a key of its own. */
function paysBeside(desk: CardDesk): CardDesk {
  return {
    ...desk,
    async take(notices) {
      const receipts = [...(await desk.take(notices))]
      for (const [index, notice] of notices.entries()) {
        if (!isProvisional(notice) || notice.kind !== 'advise') continue
        const { sale } = notice
        const key = { ...sale.key, stan: `8${sale.key.stan.slice(1)}` }
        const [receipt] = await desk.take([{ ...notice, sale: { ...sale, key }, by: 'partner' }])
        if (receipt !== undefined) receipts[index] = receipt
      }
      return receipts
    },
  }
}
