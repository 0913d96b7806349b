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
  won,
  type DeclineReason,
  type Instant,
  type IssuerId,
  type Won,
} from '../base/base.ts'
import type { Program } from './directory.ts'
import type { LegalHoldingCap } from './holding-law.ts'
import { ageAt, type Member } from './member.ts'
import type { Benefit, ProgramTerms, SaleTime } from './program-terms.ts'
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
  if (terms.corporate?.soldToMembers === false) reasons.push('sale_not_open')
  return decideSale({ terms, faceWon, now, reasons })
}

/** A corporation as a buyer. */
export interface CorporateBuyer {
  readonly issuerId: IssuerId
  /** True for one that an officer admitted and that is neither suspended nor withdrawn. */
  readonly isActive: boolean
  /** What it may hold of all programs together, by the issuer's rules. */
  readonly holdingWonMax: Won
}

/**
 * The same for a corporation: no age is asked, and the price is the face where the terms give corporations no
 * discount.
 */
export function decideCorporatePurchase(request: {
  readonly terms: ProgramTerms | undefined
  readonly buyer: CorporateBuyer
  readonly faceWon: Won
  readonly now: Instant
}): PurchaseDecision {
  const { terms, buyer, faceWon, now } = request
  const reasons: DeclineReason[] = buyer.isActive ? [] : ['wallet_stopped']
  if (terms === undefined || terms.issuerId !== buyer.issuerId) {
    return { outcome: 'declined', reason: firstDecline([...reasons, 'program_unknown'])! }
  }
  const { corporate } = terms
  if (corporate === null) reasons.push('sale_not_open')
  const isDiscounted = corporate?.discounted === true
  const priced = isDiscounted ? terms : { ...terms, benefit: withoutBenefit }
  return decideSale({ terms: priced, faceWon, now, reasons })
}

const withoutBenefit: Benefit = { mode: 'none', rateBasisPoints: 0, fundingShares: [] }

/** The decision as far as it is the same for every buyer. */
function decideSale(given: {
  readonly terms: ProgramTerms
  readonly faceWon: Won
  readonly now: Instant
  readonly reasons: readonly DeclineReason[]
}): PurchaseDecision {
  const { terms, faceWon, now } = given
  const reasons = [...given.reasons]
  if (!saleIsOpen(terms, now)) reasons.push('sale_not_open')
  if (!amountIsOffered(terms, faceWon)) reasons.push('amount_not_offered')
  const reason = firstDecline(reasons)
  if (reason !== undefined) return { outcome: 'declined', reason }
  const expiresAt = lotExpiresAt(terms, now)
  // A program whose last day of use has passed sells lots that are dead on arrival.
  if (expiresAt <= now) return { outcome: 'declined', reason: 'sale_not_open' }
  return { outcome: 'offered', quote: quotePurchase(terms, faceWon), expiresAt }
}

/** What the ledger is told that one corporation may buy and hold. */
export interface PurchaseCaps {
  readonly purchaseCapWon: Won
  readonly holdingCapWon: Won
  /** Over all programs together. */
  readonly holdingCaps: readonly LegalHoldingCap[]
}

/**
 * The law caps what one person holds, and whether it means corporations is not settled (전자금융거래법 §23, 시행령
 * §13): so the issuer's rule decides, over all programs, and is the decree's cap where nobody chose.
 */
export function corporateCaps(request: {
  readonly terms: ProgramTerms | undefined
  readonly programs: readonly Pick<Program, 'programId'>[]
  readonly buyer: Pick<CorporateBuyer, 'holdingWonMax'>
}): PurchaseCaps {
  const { terms, programs, buyer } = request
  const inAllWon = buyer.holdingWonMax
  const corporate = terms?.corporate ?? null
  return {
    purchaseCapWon: corporate?.monthlyPurchaseCapWon ?? terms?.monthlyQuotaWon ?? won(0),
    holdingCapWon: corporate?.holdingCapWon ?? inAllWon,
    holdingCaps: [{ programIds: programs.map(({ programId }) => programId), capWon: inAllWon }],
  }
}

/** Why a program sells now or not. `not_sold`: its value is granted, or earned. */
export const saleStates = [
  'open',
  'not_sold',
  'suspended',
  'not_yet_open',
  'ended',
  'outside_hours',
] as const
export type SaleState = (typeof saleStates)[number]

export function saleStateOf(terms: ProgramTerms, now: Instant): SaleState {
  const { opensAt, closesAt } = terms.saleWindow
  if (terms.kind !== 'purchase') return 'not_sold'
  if (closesAt !== null && now >= closesAt) return 'ended'
  if (now < opensAt) return 'not_yet_open'
  if (terms.saleSuspended) return 'suspended'
  return saleTimeHolds(terms.saleTimes, now) ? 'open' : 'outside_hours'
}

/** True while members may buy: the program sells at all, is inside its window and hours and not suspended. */
export function saleIsOpen(terms: ProgramTerms, now: Instant): boolean {
  return saleStateOf(terms, now) === 'open'
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

/** The smallest face that is offered. */
export function smallestPurchaseWon(
  terms: Pick<ProgramTerms, 'purchaseWonMin' | 'purchaseUnitWon'>,
): Won {
  const units = Math.max(1, Math.ceil(terms.purchaseWonMin / terms.purchaseUnitWon))
  return won(units * terms.purchaseUnitWon)
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
