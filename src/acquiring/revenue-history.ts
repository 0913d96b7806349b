/** A merchant's yearly revenue over time: a day long past is settled with the revenue of that day. */
import {
  AMOUNT_WON_MAX,
  assert,
  won,
  type BusinessDate,
  type Instant,
  type Won,
} from '../base/base.ts'
import type { Merchant } from './merchant.ts'

export interface RevenueEntry {
  /** The first Korean day on which it counts. */
  readonly from: BusinessDate
  readonly annualRevenueWon: Won
  /** When it was established; of two for one day the later counts. */
  readonly at: Instant
}

/** One a year, and corrections. The oldest go first; they stay in older versions of the record. */
export const REVENUE_ENTRIES_MAX = 40

/** The revenue that counts on a day; before the first entry that one, `undefined` where there is none. */
export function revenueAt(entries: readonly RevenueEntry[], day: BusinessDate): Won | undefined {
  const inOrder = entries.toSorted((a, b) =>
    a.from === b.from ? a.at - b.at : a.from < b.from ? -1 : 1,
  )
  const inForce = inOrder.findLast((entry) => entry.from <= day) ?? inOrder[0]
  return inForce?.annualRevenueWon
}

/** The merchant as fees and eligibility of a day see it. */
export function merchantAt(
  merchant: Merchant,
  entries: readonly RevenueEntry[],
  day: BusinessDate,
): Merchant {
  return { ...merchant, annualRevenueWon: revenueAt(entries, day) ?? merchant.annualRevenueWon }
}

export function withRevenue(
  entries: readonly RevenueEntry[],
  entry: RevenueEntry,
): readonly RevenueEntry[] {
  return [...entries, entry].slice(-REVENUE_ENTRIES_MAX)
}

const DAYS_OF_YEAR = 365

/**
 * A yearly revenue from that of some days: a part of a year is annualised × 365 / days and rounded down; a shop without
 * a day has none (전통시장법 시행령).
 * @param days 0…366
 */
export function annualRevenue(revenueWon: Won, days: number): Won {
  assert(Number.isInteger(days) && days >= 0 && days <= 366, 'a year has at most 366 days')
  if (days === 0) return won(0)
  if (days >= DAYS_OF_YEAR) return revenueWon
  const year = Number((BigInt(revenueWon) * BigInt(DAYS_OF_YEAR)) / BigInt(days))
  return won(Math.min(year, AMOUNT_WON_MAX))
}
