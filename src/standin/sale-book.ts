/** How the sales that a gateway knows change by what it hears, and how a notice is noted down with that change. */
import {
  businessDate,
  won,
  type Instant,
  type Sha256,
  type Tender,
  type Won,
} from '../base/base.ts'
import { saleOfNotice, cardKeyText, type CardNotice, type CardSale } from '../cards/cards.ts'
import { noticeName, saleFingerprint } from './fingerprints.ts'
import { whereaboutsAt } from './sale-facts.ts'
import type { SaleDecider, StoreBatch, StoredSale, TakenReceipt, WalletRef } from './store.ts'

export interface SaleBook {
  /** A sale that was approved; without a wallet there is nothing that could be kept apart for it. */
  approve(batch: StoreBatch, approval: Approval): void
  /** Voucher money that went back, whoever decided it. */
  giveBack(batch: StoreBatch, saleKey: string, returnedWon: Won): void
  /**
   * Notes a notice down, once, with what it means for its sale. Gives its number, or `undefined` for one that is known.
   * @param wallet whose money it is about, where known
   */
  note(batch: StoreBatch, notice: CardNotice, wallet: WalletRef | undefined): number | undefined
  /** Told anew to a core that may have forgotten it: what the feed shows of its sale is open again. */
  tellAgain(batch: StoreBatch, notice: CardNotice, wallet: WalletRef | undefined): void
  /** Its advice was sent, so that the feed may show it; or it certainly did not arrive. True where that is new. */
  markSeen(batch: StoreBatch, saleKey: string, mayBeSeen: boolean): boolean
  /** The core took a notice. */
  settle(batch: StoreBatch, seq: number, saleKey: string, receipt: TakenReceipt): void
}

export interface Approval {
  readonly sale: CardSale
  readonly wallet: WalletRef
  readonly tenders: readonly Tender[]
  readonly decidedBy: SaleDecider
  readonly approvedWon: Won
  /** The core may have posted it: the feed may show it. */
  readonly mayBeSeen: boolean
  /** Where the core's word is final: when it was given by the core's clock, as well as that is known. */
  readonly settledCoreAt?: Instant | undefined
}

const NOTHING = won(0)

export interface SaleBookDeps {
  readonly clock: () => Instant
  readonly sha256: Sha256
}

export function createSaleBook(deps: SaleBookDeps): SaleBook {
  return {
    approve: (batch, approval) => approve(deps, batch, approval),
    giveBack(batch, saleKey, returnedWon) {
      const sale = batch.sale(saleKey)
      if (sale === undefined || returnedWon <= sale.returnedWon) return
      const capped = won(Math.min(returnedWon, sale.approvedWon))
      batch.putSale(reopened({ ...sale, returnedWon: capped }, deps.clock()))
    },
    note: (batch, notice, wallet) => note(deps, batch, notice, wallet),
    tellAgain: (batch, notice, wallet) => tellAgain(deps, batch, notice, wallet),
    markSeen(batch, saleKey, mayBeSeen) {
      const sale = batch.sale(saleKey)
      if (sale === undefined) return false
      const seenMaxWon = won(Math.max(mayBeSeen ? sale.approvedWon : 0, sale.seenMinWon))
      if (seenMaxWon === sale.seenMaxWon) return false
      batch.putSale({ ...sale, seenMaxWon })
      return true
    },
    settle(batch, seq, saleKey, receipt) {
      const now = deps.clock()
      batch.markTaken(seq, now, receipt)
      const sale = batch.sale(saleKey)
      if (sale === undefined || batch.isSaleWaiting(saleKey)) return
      const settled = { settledAt: now, settledCoreAt: receipt.takenAt }
      batch.putSale({ ...sale, outstanding: false, ...settled })
    },
  }
}

function approve(deps: SaleBookDeps, batch: StoreBatch, approval: Approval): void {
  const { sale, wallet, approvedWon, decidedBy, settledCoreAt } = approval
  const now = deps.clock()
  const isSettled = decidedBy === 'core'
  batch.putSale({
    ...newSale(deps, sale, wallet),
    decidedBy,
    approvedWon,
    returnedWon: NOTHING,
    seenMinWon: NOTHING,
    seenMaxWon: approval.mayBeSeen ? approvedWon : NOTHING,
    tenders: approval.tenders,
    outstanding: decidedBy === 'standin',
    ...(isSettled ? { settledAt: now } : {}),
    ...(isSettled && settledCoreAt !== undefined ? { settledCoreAt } : {}),
  })
}

/** The core may know more of it than we: it may have come over the other gateway, or its answer was lost. */
function firstHeardOf(deps: SaleBookDeps, notice: CardNotice, wallet: WalletRef): StoredSale {
  const sale = saleOfNotice(notice)
  const { netWon, seenMinWon, seenMaxWon } = firstRange(notice)
  const approvedWon = won(Math.max(netWon, sale.amountWon))
  return {
    ...newSale(deps, sale, wallet),
    decidedBy: notice.kind === 'advise' && notice.by !== 'core' ? 'partner' : 'core',
    approvedWon,
    returnedWon: won(approvedWon - netWon),
    seenMinWon,
    seenMaxWon,
    tenders: [],
    outstanding: false,
  }
}

function newSale({ clock, sha256 }: SaleBookDeps, sale: CardSale, wallet: WalletRef) {
  const now = clock()
  return {
    key: cardKeyText(sale.key),
    issuerId: wallet.issuerId,
    walletId: wallet.walletId,
    fingerprint: saleFingerprint(sale, sha256),
    decidedAt: now,
    day: businessDate(now),
    open: true,
  }
}

function note(
  deps: SaleBookDeps,
  batch: StoreBatch,
  notice: CardNotice,
  wallet: WalletRef | undefined,
): number | undefined {
  const sale = saleOfNotice(notice)
  const saleKey = cardKeyText(sale.key)
  const known = batch.sale(saleKey)
  const place = whereaboutsAt(sale, known ?? wallet)
  const notedAt = deps.clock()
  const name = noticeName(notice, deps.sha256)
  const seq = batch.addNotice({ name, group: place.group, saleKey, notedAt, notice })
  if (seq === undefined) return undefined
  if (known === undefined) {
    if (place.wallet !== undefined) batch.putSale(firstHeardOf(deps, notice, place.wallet))
    return seq
  }
  const netWon = netAfter(notice, known)
  if (netWon === undefined) {
    // Something is owed to the core about it: nothing is settled until that is taken.
    batch.putSale(unsettled(known))
    return seq
  }
  const approvedWon = won(Math.max(known.approvedWon, netWon))
  const returnedWon = won(approvedWon - netWon)
  batch.putSale(reopened({ ...known, approvedWon, returnedWon }, undefined))
  return seq
}

function tellAgain(
  deps: SaleBookDeps,
  batch: StoreBatch,
  notice: CardNotice,
  wallet: WalletRef | undefined,
): void {
  const sale = saleOfNotice(notice)
  const saleKey = cardKeyText(sale.key)
  const known = batch.sale(saleKey)
  const { group } = whereaboutsAt(sale, known ?? wallet)
  const name = noticeName(notice, deps.sha256)
  const before = batch.notice(name)
  if (before === undefined) {
    batch.addNotice({ name, group, saleKey, notedAt: deps.clock(), notice })
  } else batch.tellAnew(before.seq)
  if (known === undefined) return
  const netWon = known.approvedWon - known.returnedWon
  const seenMaxWon = won(Math.max(known.seenMaxWon, netWon))
  const outstanding = known.decidedBy === 'standin'
  batch.putSale({ ...unsettled(known), seenMinWon: NOTHING, seenMaxWon, outstanding })
}

/** What stands of a sale that is first heard of by a notice, and how much of it the feed may show. */
function firstRange(notice: CardNotice): { netWon: Won; seenMinWon: Won; seenMaxWon: Won } {
  const { amountWon } = saleOfNotice(notice)
  switch (notice.kind) {
    case 'reverse':
      return { netWon: notice.keepWon, seenMinWon: NOTHING, seenMaxWon: amountWon }
    case 'complete': {
      const seenMaxWon = won(Math.max(amountWon, notice.amountWon))
      return { netWon: notice.amountWon, seenMinWon: NOTHING, seenMaxWon }
    }
    case 'cancelled': {
      const netWon = won(Math.max(0, amountWon - notice.amountWon))
      return { netWon, seenMinWon: netWon, seenMaxWon: amountWon }
    }
    default:
      return notice.by === 'provisional_debit'
        ? { netWon: NOTHING, seenMinWon: NOTHING, seenMaxWon: amountWon }
        : { netWon: notice.approvedWon, seenMinWon: NOTHING, seenMaxWon: NOTHING }
  }
}

/** What stands of a known sale once a notice is told; `undefined` where it says nothing new about the money. */
function netAfter(notice: CardNotice, sale: StoredSale): Won | undefined {
  const netWon = sale.approvedWon - sale.returnedWon
  switch (notice.kind) {
    case 'reverse':
      // Our own reversal takes back what we did not approve; the partner's what we did.
      return won(Math.min(netWon, notice.keepWon))
    case 'complete':
      return notice.amountWon
    case 'cancelled':
      return won(Math.max(0, netWon - notice.amountWon))
    default:
      // The account paid instead.
      return notice.by === 'provisional_debit' ? NOTHING : undefined
  }
}

/** Its money changed: what the feed shows of it is open again. */
function reopened(sale: StoredSale, settledAt: Instant | undefined): StoredSale {
  const netWon = won(sale.approvedWon - sale.returnedWon)
  return {
    ...unsettled(sale),
    seenMinWon: won(Math.min(sale.seenMinWon, netWon)),
    ...(settledAt === undefined ? {} : { settledAt }),
    open: true,
  }
}

function unsettled(sale: StoredSale): StoredSale {
  const { settledAt: _own, settledCoreAt: _core, ...rest } = sale
  return { ...rest, open: true }
}
