/**
 * May this member buy this face now? Everything that can be said without counting what was bought
 * before: caps and quota are the ledger's to decide, under its locks.
 */
import {
  addYears,
  businessDate,
  DAY_MS,
  firstDecline,
  minuteOfDay,
  startOfBusinessDate,
  weekdayOf,
  type DeclineReason,
  type Instant,
  type Won,
} from '../base/base.ts'
import { ageAt, type Member } from './member.ts'
import type { ProgramTerms, SaleTime } from './program-terms.ts'
import { quotePurchase, type PurchaseQuote } from './purchase-quote.ts'

export type PurchaseDecision =
  | {
      readonly outcome: 'offered'
      readonly quote: PurchaseQuote
      /** The first instant at which the lot can no longer be used. */
      readonly expiresAt: Instant
    }
  | { readonly outcome: 'declined'; readonly reason: DeclineReason }

/**
 * Quotes a purchase or gives the first reason against it in the order of `declineReasons`.
 * @param request.terms the version in force, `undefined` where the program does not exist
 */
export function decidePurchase(request: {
  readonly terms: ProgramTerms | undefined
  readonly member: Member
  readonly faceWon: Won
  readonly now: Instant
}): PurchaseDecision {
  const { terms, member, faceWon, now } = request
  const reasons: DeclineReason[] = []
  if (member.status === 'left') reasons.push('wallet_unknown')
  if (member.status === 'stopped') reasons.push('wallet_stopped')
  if (terms === undefined || terms.issuerId !== member.issuerId) {
    return { outcome: 'declined', reason: firstDecline([...reasons, 'program_unknown'])! }
  }
  if (ageAt(member.birthDate, now) < terms.purchaseAgeMin) reasons.push('member_too_young')
  if (!saleIsOpen(terms, now)) reasons.push('sale_not_open')
  if (!amountIsOffered(terms, faceWon)) reasons.push('amount_not_offered')
  const reason = firstDecline(reasons)
  if (reason !== undefined) return { outcome: 'declined', reason }
  const expiresAt = lotExpiresAt(terms, now)
  // A program whose last day of use has passed sells lots that are dead on arrival.
  if (expiresAt <= now) return { outcome: 'declined', reason: 'sale_not_open' }
  return { outcome: 'offered', quote: quotePurchase(terms, faceWon), expiresAt }
}

/** True while members may buy: the program sells at all, is inside its window and hours and not suspended. */
export function saleIsOpen(terms: ProgramTerms, now: Instant): boolean {
  const { opensAt, closesAt } = terms.saleWindow
  return (
    terms.kind === 'purchase' &&
    !terms.saleSuspended &&
    now >= opensAt &&
    (closesAt === null || now < closesAt) &&
    saleTimeHolds(terms.saleTimes, now)
  )
}

/** True where nothing is said, and inside each of the stretches that are. */
export function saleTimeHolds(saleTimes: readonly SaleTime[], now: Instant): boolean {
  const date = businessDate(now)
  const day = Number(date.slice(-2))
  const weekday = weekdayOf(date)
  const minute = minuteOfDay(now)
  return (
    saleTimes.length === 0 ||
    saleTimes.some(
      ({ daysOfMonth, weekdays, opensAtMinute, closesAtMinute }) =>
        (daysOfMonth === null || daysOfMonth.includes(day)) &&
        (weekdays === null || weekdays.includes(weekday)) &&
        minute >= opensAtMinute &&
        minute < closesAtMinute,
    )
  )
}

/** True for a face of whole units that is not below the smallest purchase; caps are not asked. */
export function amountIsOffered(terms: ProgramTerms, faceWon: Won): boolean {
  return faceWon > 0 && faceWon >= terms.purchaseWonMin && faceWon % terms.purchaseUnitWon === 0
}

/**
 * When a lot issued now ends: at the end of the Korean day `validityYears` later (지역사랑상품권법 §4②;
 * 민법 §157 does not count the first day), or of `usableUntil` where that comes first.
 * The instant is exclusive: at it the lot is already expired.
 */
export function lotExpiresAt(
  terms: Pick<ProgramTerms, 'validityYears' | 'usableUntil'>,
  now: Instant,
): Instant {
  const ownEnd = endOfDay(businessDate(addYears(now, terms.validityYears)))
  return terms.usableUntil === null ? ownEnd : Math.min(ownEnd, endOfDay(terms.usableUntil))
}

/** The same for a stipend granted now, whose own validity may be counted in days. */
export function stipendExpiresAt(
  terms: Pick<ProgramTerms, 'validityYears' | 'usableUntil' | 'stipend'>,
  now: Instant,
): Instant {
  const validityDays = terms.stipend?.validityDays ?? null
  const end = lotExpiresAt(terms, now)
  if (validityDays === null) return end
  return Math.min(end, endOfDay(businessDate(now + validityDays * DAY_MS)))
}

function endOfDay(date: Parameters<typeof startOfBusinessDate>[0]): Instant {
  return startOfBusinessDate(date) + DAY_MS
}
