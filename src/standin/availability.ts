/**
 * What a wallet can spend, as well as a gateway can know it: the lots that the core told, less what was approved since.
 * Between "the core has posted it and told us" and "it has not" lies a time in which nobody here can tell, so the
 * answer is a range, and only what holds for the whole range is stated.
 */
import { won, type Instant, type ProgramId, type Tender, type Won } from '../base/base.ts'
import type { FedLot } from '../cards/cards.ts'
import type { StoredSale } from './store.ts'

export interface Availability {
  /** Certainly there. */
  readonly lowerWon: Won
  /** Certainly no more than this. */
  readonly upperWon: Won
  /** What is certainly there, lot by lot, in the order in which a payment takes it. */
  readonly lots: readonly FedLot[]
}

/** @param sales those of the wallet that the lots may not show yet, in order of deciding */
export function availability(
  lots: readonly FedLot[],
  sales: readonly StoredSale[],
  tenders: readonly Tender[],
  now: Instant,
): Availability {
  const living = lots.filter((lot) => lot.expiresAt > now)
  let low: readonly FedLot[] = living
  let high: readonly FedLot[] = living
  let givenBackWon = 0
  for (const sale of sales) {
    const netWon = sale.approvedWon - sale.returnedWon
    low = less(low, sale.tenders, netWon - sale.seenMinWon)
    high = less(high, sale.tenders, netWon - sale.seenMaxWon)
    // The lots may still lack what was given back; into which lot it returns is not known here.
    if (sale.seenMaxWon > netWon && touches(sale.tenders, tenders)) {
      givenBackWon += sale.seenMaxWon - netWon
    }
  }
  const spendable = inTenderOrder(low, tenders)
  return {
    lowerWon: sumOf(spendable),
    upperWon: won(sumOf(inTenderOrder(high, tenders)) + givenBackWon),
    lots: spendable,
  }
}

/** The programs whose lots an amount would be taken from. */
export function programsUsed(lots: readonly FedLot[], amountWon: Won): ReadonlySet<ProgramId> {
  const used = new Set<ProgramId>()
  let restWon: number = amountWon
  for (const lot of lots) {
    if (restWon <= 0) break
    if (lot.remainingWon > 0) used.add(lot.programId)
    restWon -= lot.remainingWon
  }
  return used
}

/** Takes an amount as the ledger would; what the lots do not have is passed over. */
function less(
  lots: readonly FedLot[],
  tenders: readonly Tender[],
  amountWon: number,
): readonly FedLot[] {
  if (amountWon <= 0) return lots
  const left = new Map<FedLot, number>()
  let restWon = amountWon
  for (const lot of inConsumption(lots, tenders)) {
    const takenWon = Math.min(restWon, lot.remainingWon)
    left.set(lot, lot.remainingWon - takenWon)
    restWon -= takenWon
  }
  return lots.map((lot) => {
    const remainingWon = left.get(lot)
    return remainingWon === undefined ? lot : { ...lot, remainingWon: won(remainingWon) }
  })
}

/** Where it is not known what a sale was taken from, it may have been any lot. */
function inConsumption(lots: readonly FedLot[], tenders: readonly Tender[]): readonly FedLot[] {
  if (tenders.length > 0) return inTenderOrder(lots, tenders)
  return lots.toSorted((a, b) => a.expiresAt - b.expiresAt)
}

/** Tender by tender, earliest expiry first; lots that no tender names are left out. */
function inTenderOrder(lots: readonly FedLot[], tenders: readonly Tender[]): readonly FedLot[] {
  return tenders.flatMap((tender) =>
    lots
      .filter((lot) => lot.programId === tender.programId && lot.kind === tender.kind)
      .toSorted((a, b) => a.expiresAt - b.expiresAt),
  )
}

function touches(some: readonly Tender[], others: readonly Tender[]): boolean {
  if (some.length === 0) return true
  return some.some((tender) =>
    others.some((other) => other.programId === tender.programId && other.kind === tender.kind),
  )
}

function sumOf(lots: readonly FedLot[]): Won {
  return won(lots.reduce((sum, lot) => sum + lot.remainingWon, 0))
}
