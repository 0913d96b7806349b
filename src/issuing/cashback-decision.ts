/**
 * The arithmetic of cashback (캐시백): what a payment earns of one program, what it keeps when it is cancelled, and until
 * when that can be spent. src/cashback/SPEC.md says the same in words, for whoever computes it anew.
 */
import {
  addMonths,
  assert,
  businessDate,
  DAY_MS,
  floorToWon,
  startOfBusinessDate,
  won,
  type FundedAmount,
  type Instant,
  type LotKind,
  type Won,
} from '../base/base.ts'
import type { CashbackRules, ProgramTerms } from './program-terms.ts'
import { fundedBy } from './purchase-quote.ts'

/** Money whose spending earns: bought, or given by somebody who bought it. Grants and cashback itself do not. */
export const earningLotKinds: readonly LotKind[] = ['purchase', 'gift']

/**
 * Why a payment earned nothing, or less than its rate.
 * - `rate_is_zero`: paying at merchants of this revenue earns nothing.
 * - `below_one_won`: the rate of so small a payment is less than a won.
 * - `monthly_cap`: the month's cap left less, or nothing.
 * - `budget_exhausted`: a funder's pot could not pay it any more.
 */
export const cashbackReasons = [
  'rate_is_zero',
  'below_one_won',
  'monthly_cap',
  'budget_exhausted',
] as const
export type CashbackReason = (typeof cashbackReasons)[number]

export interface EarnedCashback {
  readonly rateBasisPoints: number
  readonly earnedWon: Won
  readonly reason: CashbackReason | null
}

/** The rate at a merchant of this yearly revenue. */
export function cashbackRate({ tiers }: Pick<CashbackRules, 'tiers'>, revenueWon: Won): number {
  const tier = tiers.find(
    ({ revenueWonMax }) => revenueWonMax === null || revenueWon <= revenueWonMax,
  )
  assert(tier !== undefined, 'the last tier has no upper bound')
  return tier.rateBasisPoints
}

/** What spending `spentWon` of the program earns, and why it is not more. Pots are not asked here. */
export function earnCashback(
  rules: CashbackRules,
  payment: {
    readonly spentWon: Won
    /** The merchant's, on the day of the payment. */
    readonly revenueWon: Won
    /** What the member earned before in that month, less what was taken back. */
    readonly earnedBeforeWon: Won
  },
): EarnedCashback {
  const rateBasisPoints = cashbackRate(rules, payment.revenueWon)
  const wholeWon = floorToWon(payment.spentWon, rateBasisPoints)
  const leftWon = won(Math.max(0, rules.monthlyCapWon - payment.earnedBeforeWon))
  const earnedWon = won(Math.min(wholeWon, leftWon))
  const reason =
    rateBasisPoints === 0
      ? 'rate_is_zero'
      : wholeWon === 0
        ? 'below_one_won'
        : earnedWon < wholeWon
          ? 'monthly_cap'
          : null
  return { rateBasisPoints, earnedWon, reason }
}

/**
 * What a payment keeps of what it earned when only `leftWon` of what it spent is left: what the rest would have earned
 * by itself, and never more than it did earn. Nothing is left of a payment that is cancelled whole.
 */
export function keptCashback(earned: {
  readonly rateBasisPoints: number
  readonly earnedWon: Won
  readonly leftWon: Won
}): Won {
  return won(Math.min(earned.earnedWon, floorToWon(earned.leftWon, earned.rateBasisPoints)))
}

/** The end of the Korean day so many months after the payment, or of the program's last day where that is earlier. */
export function cashbackExpiresAt(
  terms: Pick<ProgramTerms, 'usableUntil'>,
  rules: Pick<CashbackRules, 'validityMonths'>,
  paidAt: Instant,
): Instant {
  const endOf = (date: ReturnType<typeof businessDate>) => startOfBusinessDate(date) + DAY_MS
  const ownEnd = endOf(businessDate(addMonths(paidAt, rules.validityMonths)))
  return terms.usableUntil === null ? ownEnd : Math.min(ownEnd, endOf(terms.usableUntil))
}

/** What a payment of `paidWon` earns at best: at a merchant of the highest rate, with the month still untouched. */
export function quoteCashback(
  { benefit, cashback }: Pick<ProgramTerms, 'benefit' | 'cashback'>,
  paidWon: Won,
): { readonly cashbackWon: Won; readonly fundingShares: readonly FundedAmount[] } {
  const isPaid = benefit.mode === 'cashback' && cashback !== null
  const cashbackWon = isPaid
    ? won(Math.min(floorToWon(paidWon, benefit.rateBasisPoints), cashback.monthlyCapWon))
    : won(0)
  return { cashbackWon, fundingShares: fundedBy(benefit, cashbackWon) }
}
