/**
 * What stand-in answers a sale, from the ruling of policy, what the wallet can spend and the limits of the programs
 * whose money would be used. It approves only what is certainly there and within every limit, and it says "this voucher
 * has nothing to do with it" only where that is certain; whatever lies between is `unknown`.
 */
import {
  businessDate,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  won,
  type Instant,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type {
  CardReason,
  CardVerdict,
  EligibleSale,
  FedWallet,
  SaleRuling,
} from '../cards/cards.ts'
import type { FallbackPreference, ProgramTerms, StandInLimits } from '../issuing/issuing.ts'
import { availability, programsUsed } from './availability.ts'
import type { StoredSale } from './store.ts'

/** For how long what the feed told is believed where no program's terms say it. */
export interface BelievedAges {
  /** Merchants register over days, and a card is of no use anywhere if this is not believed. */
  readonly merchantAbsentMs: number
  /** By policy: card first, a merchant or sector that may not take it, a stopped wallet. */
  readonly refusalMs: number
  /** A card company asks about cards that it knows as linked: one that is not known here may be newly linked. */
  readonly cardAbsentMs: number
}
export const believedAges: BelievedAges = {
  merchantAbsentMs: 3 * DAY_MS,
  refusalMs: 3 * DAY_MS,
  cardAbsentMs: 5 * MINUTE_MS,
}

export interface StandInQuestion {
  readonly ruling: SaleRuling
  readonly amountWon: Won
  /** `undefined`: the core never told of it. */
  readonly wallet: FedWallet | undefined
  /** Of the wallet, as the store keeps them open. */
  readonly sales: readonly StoredSale[]
  /** Of this very sale: the core may have posted it, and the lots may lack it already. */
  readonly mayBeShownWon: Won
  /** Age of what the feed told last; `undefined` before the first synchronisation has ended. */
  readonly knownForMs: number | undefined
  readonly believed: BelievedAges
}

export interface StandInDecision {
  readonly verdict: CardVerdict
  readonly reason?: CardReason
  /** Voucher money approved. */
  readonly voucherWon: Won
  /** Left for this merchant afterwards, where that is certain. */
  readonly remainingWon?: Won
  readonly onUnknown?: FallbackPreference
}

const NOTHING = won(0)

export function decideStandIn(question: StandInQuestion, now: Instant): StandInDecision {
  const { ruling } = question
  if (ruling.ruling === 'eligible') return decideEligible(question, ruling, now)
  const onUnknown = ruling.found?.link.onUnknown ?? undefined
  if (!isBelieved(question.knownForMs, believedFor(ruling.reason, question.believed))) {
    return unknown('standin_snapshot_too_old', onUnknown)
  }
  return { verdict: ruling.ruling, reason: ruling.reason, voucherWon: NOTHING }
}

/** The strictest of several programs in each respect; nothing at all where there is none. */
export function strictestLimits(all: readonly StandInLimits[]): StandInLimits {
  const least = (of: (limits: StandInLimits) => number): number =>
    all.length === 0 ? 0 : Math.min(...all.map(of))
  return {
    perPaymentWonMax: won(least((limits) => limits.perPaymentWonMax)),
    paymentsMax: least((limits) => limits.paymentsMax),
    cumulativeWonMax: won(least((limits) => limits.cumulativeWonMax)),
    snapshotAgeHoursMax: least((limits) => limits.snapshotAgeHoursMax),
  }
}

function decideEligible(
  { amountWon, wallet, sales, mayBeShownWon, knownForMs }: StandInQuestion,
  sale: EligibleSale,
  now: Instant,
): StandInDecision {
  const { onUnknown, tenders, terms } = sale
  if (wallet === undefined || !isBelieved(knownForMs, ageMsMax(limitsOf(terms)))) {
    return unknown('standin_snapshot_too_old', onUnknown)
  }
  const { lowerWon, lots, ...upper } = availability(wallet.lots, sales, tenders, now)
  const upperWon = won(upper.upperWon + mayBeShownWon)
  const voucherWon = coveredWon({ amountWon, lowerWon, upperWon, isPartial: sale.partialAllowed })
  if (voucherWon === undefined) return unknown('core_unreachable', onUnknown)
  if (voucherWon === 0) {
    if (sale.frozen) return { verdict: 'declined', reason: 'program_suspended', voucherWon }
    const left = lowerWon === upperWon ? { remainingWon: lowerWon } : {}
    return { verdict: 'not_applicable', reason: 'insufficient_funds', voucherWon, ...left }
  }
  const limits = limitsOf(terms, programsUsed(lots, voucherWon))
  if (!isWithin(limits, voucherWon, sales, now)) {
    return unknown('standin_limit_exceeded', onUnknown)
  }
  const left = lowerWon === upperWon ? { remainingWon: won(lowerWon - voucherWon) } : {}
  return voucherWon === amountWon
    ? { verdict: 'approved', voucherWon, ...left }
    : { verdict: 'partially_approved', reason: 'insufficient_funds', voucherWon, ...left }
}

/** What the voucher pays: all, a part, nothing; `undefined` where that cannot be told. */
function coveredWon(given: {
  amountWon: Won
  lowerWon: Won
  upperWon: Won
  isPartial: boolean
}): Won | undefined {
  const { amountWon, lowerWon, upperWon, isPartial } = given
  if (lowerWon >= amountWon) return amountWon
  if (upperWon >= amountWon) return undefined
  if (!isPartial) return NOTHING
  // The account may pay no won that the voucher has.
  return lowerWon === upperWon ? lowerWon : undefined
}

/** What a wallet's stand-in approvals count for: all of this Korean day, and all that the core has not taken. */
export function standInUse(
  sales: readonly StoredSale[],
  now: Instant,
): { paymentsToday: number; outstandingWon: Won } {
  const today = businessDate(now)
  const standing = sales.filter(
    (sale) =>
      (sale.decidedBy === 'standin' || sale.decidedBy === 'peer') &&
      sale.approvedWon > sale.returnedWon,
  )
  const outstandingWon = standing
    .filter((sale) => sale.outstanding)
    .reduce((sum, sale) => sum + sale.approvedWon - sale.returnedWon, 0)
  return {
    paymentsToday: standing.filter((sale) => sale.day === today).length,
    outstandingWon: won(outstandingWon),
  }
}

function isWithin(
  limits: StandInLimits,
  voucherWon: Won,
  sales: readonly StoredSale[],
  now: Instant,
): boolean {
  const { paymentsToday, outstandingWon } = standInUse(sales, now)
  return (
    voucherWon <= limits.perPaymentWonMax &&
    paymentsToday + 1 <= limits.paymentsMax &&
    outstandingWon + voucherWon <= limits.cumulativeWonMax
  )
}

function limitsOf(
  terms: readonly ProgramTerms[],
  programs?: ReadonlySet<ProgramId>,
): StandInLimits {
  const used = terms.filter((each) => programs === undefined || programs.has(each.programId))
  return strictestLimits(used.map((each) => each.standInLimits))
}

function ageMsMax(limits: StandInLimits): number {
  return limits.snapshotAgeHoursMax * HOUR_MS
}

function isBelieved(knownForMs: number | undefined, ageMax: number): boolean {
  return knownForMs !== undefined && knownForMs <= ageMax
}

function believedFor(reason: CardReason, believed: BelievedAges): number {
  if (reason === 'merchant_not_registered') return believed.merchantAbsentMs
  if (reason === 'card_not_linked') return believed.cardAbsentMs
  return believed.refusalMs
}

function unknown(reason: CardReason, onUnknown: FallbackPreference | undefined): StandInDecision {
  return {
    verdict: 'unknown',
    reason,
    voucherWon: NOTHING,
    ...(onUnknown === undefined ? {} : { onUnknown }),
  }
}
