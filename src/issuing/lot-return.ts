/**
 * Handing a lot back: a cancelled purchase, a refund of what is left, a full refund. Pure arithmetic and pure
 * permission; the terms are those that the lot was bought under, so that no later version takes a right away.
 */
import {
  addBusinessDays,
  assert,
  BASIS_POINTS_WHOLE,
  businessDate,
  ceilShare,
  DAY_MS,
  floorShare,
  splitByLargestRemainder,
  startOfBusinessDate,
  won,
  type BusinessDate,
  type FundedAmount,
  type Instant,
  type LotKind,
  type Won,
} from '../base/base.ts'
import { memberMoneyRefusals, type MemberMoneyRefusal } from './member-money-refusal.ts'
import type { ProgramTerms, RefundRule } from './program-terms.ts'

/** Where the value of a lot came from; the sum is its face. */
export interface ValueSources {
  readonly payWon: Won
  readonly nationalWon: Won
  readonly provinceWon: Won
  readonly cityWon: Won
}

/** A lot as it stands, with where it came from. */
export interface ReturnedLot {
  readonly kind: LotKind
  readonly faceWon: Won
  readonly remainingWon: Won
  readonly heldWon: Won
  readonly expiresAt: Instant
  readonly issuedAt: Instant
  readonly sources: ValueSources
  /** Given to others as presents and not returned: that is no use at a merchant. */
  readonly givenAwayWon: Won
}

/** Who gets what of the amount that leaves the lot; the parts add up to it. */
export interface LotReturn {
  readonly amountWon: Won
  readonly memberWon: Won
  /** Only the funders that get at least one won. */
  readonly fundedWon: readonly FundedAmount[]
}

export type ReturnDecision =
  | ({ readonly outcome: 'granted' } & LotReturn)
  | { readonly outcome: 'refused'; readonly reason: MemberMoneyRefusal }

/** The whole face of a wholly unused lot: what was paid to the member, the support to the funders. */
export function decideCancellation(
  lot: ReturnedLot,
  terms: ProgramTerms,
  at: { readonly now: Instant; readonly holidays: readonly BusinessDate[] },
): ReturnDecision {
  if (!isReturnable(lot, ['purchase'])) return NOT_REFUNDABLE
  const until = cancellableUntil(lot.issuedAt, terms.purchaseCancelDays, at.holidays)
  const reasons = [
    ...reasonsAgainst(lot, at.now),
    ...(lot.remainingWon + lot.heldWon === lot.faceWon ? [] : (['lot_used'] as const)),
    ...(at.now < until ? [] : (['cancel_window_over'] as const)),
  ]
  const { payWon, nationalWon, provinceWon, cityWon } = lot.sources
  const fundedWon = fundedParts([nationalWon, provinceWon, cityWon])
  return decided(reasons, { amountWon: lot.faceWon, memberWon: payWon, fundedWon })
}

/** The rest of a lot of which enough was used, less the funders' support (지역사랑상품권법 §10②). */
export function decideRefund(lot: ReturnedLot, rule: RefundRule, now: Instant): ReturnDecision {
  if (!isReturnable(lot, ['purchase'])) return NOT_REFUNDABLE
  const isUsed = usedBasisPoints(lot) >= usedBasisPointsMin(lot, rule)
  const reasons = [
    ...reasonsAgainst(lot, now),
    ...(isUsed ? [] : (['refund_ratio_not_met'] as const)),
  ]
  return decided(reasons, quoteRefund(lot, rule))
}

/** The rest of a lot on a ground that stands (전자금융거래법 §19②), whatever was used of it; also of a present. */
export function decideFullRefund(lot: ReturnedLot, rule: RefundRule, now: Instant): ReturnDecision {
  if (!isReturnable(lot, ['purchase', 'gift'])) return NOT_REFUNDABLE
  return decided(reasonsAgainst(lot, now), quoteFullRefund(lot, rule))
}

/**
 * The first instant at which a purchase can no longer be handed back. The day of the purchase is not counted (민법
 * §157); where the last day is no business day it is the next one (§161).
 */
export function cancellableUntil(
  boughtAt: Instant,
  days: number,
  holidays: readonly BusinessDate[],
): Instant {
  const lastDay = businessDate(startOfBusinessDate(businessDate(boughtAt)) + days * DAY_MS)
  return startOfBusinessDate(addBusinessDays(lastDay, 0, holidays)) + DAY_MS
}

/** How much of the face was spent at merchants, rounded down; presents do not count. */
export function usedBasisPoints(
  lot: Pick<ReturnedLot, 'faceWon' | 'remainingWon' | 'heldWon' | 'givenAwayWon'>,
): number {
  const usedWon = lot.faceWon - lot.remainingWon - lot.heldWon - lot.givenAwayWon
  return Number((BigInt(usedWon) * BigInt(BASIS_POINTS_WHOLE)) / BigInt(lot.faceWon))
}

export function usedBasisPointsMin(lot: Pick<ReturnedLot, 'faceWon'>, rule: RefundRule): number {
  return lot.faceWon <= rule.smallLotWonMax
    ? rule.smallLotUsedBasisPointsMin
    : rule.usedBasisPointsMin
}

/** True where no more is left than is refunded in full without any other ground. */
export function remainderIsSmall(
  lot: Pick<ReturnedLot, 'faceWon' | 'remainingWon'>,
  rule: RefundRule,
): boolean {
  return (
    BigInt(lot.remainingWon) * BigInt(BASIS_POINTS_WHOLE) <=
    BigInt(lot.faceWon) * BigInt(rule.smallRemainderBasisPointsMax)
  )
}

/**
 * 100,000 bought for 90,000 with 40,000 left: `proportional` gives 36,000 to the member and 4,000 to the funders,
 * `whole_support` 30,000 and 10,000.
 */
export function quoteRefund(
  lot: Pick<ReturnedLot, 'faceWon' | 'remainingWon' | 'sources'>,
  rule: Pick<RefundRule, 'deduction'>,
): LotReturn {
  const { faceWon, remainingWon, sources } = lot
  const supportWon = faceWon - sources.payWon
  const memberWon =
    rule.deduction === 'proportional'
      ? floorShare(remainingWon, sources.payWon, faceWon)
      : won(Math.max(0, remainingWon - supportWon))
  return splitRest(remainingWon, memberWon, sources)
}

/** What is left with nothing deducted from it: see `FullRefundBasis`. */
export function quoteFullRefund(
  lot: Pick<ReturnedLot, 'faceWon' | 'remainingWon' | 'sources'>,
  rule: Pick<RefundRule, 'fullRefund'>,
): LotReturn {
  const { faceWon, remainingWon, sources } = lot
  const memberWon =
    rule.fullRefund === 'whole_balance'
      ? remainingWon
      : ceilShare(remainingWon, sources.payWon, faceWon)
  return splitRest(remainingWon, memberWon, sources)
}

/** What part of a lot came from whom, to the won. */
export function shareOfSources(amountWon: Won, sources: ValueSources): ValueSources {
  const { payWon, nationalWon, provinceWon, cityWon } = sources
  const parts = splitByLargestRemainder(amountWon, [payWon, nationalWon, provinceWon, cityWon])
  return {
    payWon: parts[0]!,
    nationalWon: parts[1]!,
    provinceWon: parts[2]!,
    cityWon: parts[3]!,
  }
}

function splitRest(amountWon: Won, memberWon: Won, sources: ValueSources): LotReturn {
  const restWon = won(amountWon - memberWon)
  if (restWon === 0) return { amountWon, memberWon, fundedWon: [] }
  const { nationalWon, provinceWon, cityWon } = sources
  const parts = splitByLargestRemainder(restWon, [nationalWon, provinceWon, cityWon])
  return { amountWon, memberWon, fundedWon: fundedParts(parts) }
}

function fundedParts(parts: readonly Won[]): readonly FundedAmount[] {
  assert(parts.length === 3, 'a part for each funder')
  const all: readonly FundedAmount[] = [
    { funder: 'national', amountWon: parts[0]! },
    { funder: 'province', amountWon: parts[1]! },
    { funder: 'city', amountWon: parts[2]! },
  ]
  return all.filter(({ amountWon }) => amountWon > 0)
}

const NOT_REFUNDABLE: ReturnDecision = { outcome: 'refused', reason: 'lot_not_refundable' }

/** Nobody paid for what was granted or earned: its whole value is the funders'. */
function isReturnable(lot: ReturnedLot, kinds: readonly LotKind[]): boolean {
  return kinds.includes(lot.kind) && lot.sources.payWon > 0
}

/** What stands against handing a lot back on any ground. */
function reasonsAgainst(lot: ReturnedLot, now: Instant): MemberMoneyRefusal[] {
  const reasons: MemberMoneyRefusal[] = []
  if (now >= lot.expiresAt) reasons.push('lot_expired')
  if (lot.heldWon > 0) reasons.push('lot_in_use')
  return reasons
}

function decided(reasons: readonly MemberMoneyRefusal[], quote: LotReturn): ReturnDecision {
  const all = quote.memberWon > 0 ? reasons : [...reasons, 'nothing_to_refund' as const]
  const reason = memberMoneyRefusals.find((candidate) => all.includes(candidate))
  return reason === undefined ? { outcome: 'granted', ...quote } : { outcome: 'refused', reason }
}
