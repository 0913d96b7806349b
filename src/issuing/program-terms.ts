/**
 * A program's terms: every rule of one voucher scheme as data, in versions that take effect at an
 * instant. A rule is never a literal in code; what an officer may choose is bounded in `terms-
 * bounds.ts`.
 */
import type {
  BusinessDate,
  Funder,
  Instant,
  IssuerId,
  LotKind,
  ProgramId,
  Won,
} from '../base/base.ts'

/**
 * - `pre_discount` (선할인): the member pays less than the face.
 * - `cashback` (캐시백): the member pays the face and earns a lot of kind `cashback` by spending.
 * - `none`: stipends, and programs whose benefit pot is empty.
 */
export const benefitModes = ['pre_discount', 'cashback', 'none'] as const
export type BenefitMode = (typeof benefitModes)[number]

export interface FundingShare {
  readonly funder: Funder
  /** Relative to the other weights; 국비 5 : 도비 2 : 시비 3 is `5, 2, 3`. */
  readonly weight: number
}

export interface Benefit {
  readonly mode: BenefitMode
  /** 1 000 = 10 %. Zero where the mode is `none`; of cashback the highest of its tiers. */
  readonly rateBasisPoints: number
  /** Who pays the benefit; for a stipend, who pays the whole lot. */
  readonly fundingShares: readonly FundingShare[]
}

/**
 * How what is earned becomes money that pays (캐시백 사용 방식), where the member has not chosen:
 * - `automatic`: at once; it is spent before what was bought.
 * - `by_button`: it waits until the member presses the button.
 */
export const cashbackSpendings = ['automatic', 'by_button'] as const
export type CashbackSpending = (typeof cashbackSpendings)[number]

/** One step of what is earned, by the merchant's yearly revenue; the last step has no upper bound. */
export interface CashbackTier {
  readonly revenueWonMax: Won | null
  /** Zero: paying there earns nothing. */
  readonly rateBasisPoints: number
}

/** Set where the benefit is cashback. */
export interface CashbackRules {
  /** By rising revenue; a merchant's rate is that of the first step that its revenue does not pass. */
  readonly tiers: readonly CashbackTier[]
  /** What one member may earn in one Korean month, by the day of the payment. */
  readonly monthlyCapWon: Won
  /** What is earned can be spent for so many months after its payment. */
  readonly validityMonths: number
  readonly spending: CashbackSpending
}

/** The classes of prepaid value whose face and holding the decree caps: 전자금융거래법 시행령 §13. */
export const prepaidClasses = ['named', 'unnamed', 'disaster_stipend', 'foreign_tourist'] as const
export type PrepaidClass = (typeof prepaidClasses)[number]

/** How a payment reached us; settlement lags differ by it. */
export const paymentChannels = ['qr', 'card'] as const
export type PaymentChannel = (typeof paymentChannels)[number]

/**
 * Income-tax deduction by place of use: 30 % in general, 40 % in traditional markets, none for
 * some stipends.
 */
export const taxCategories = ['general', 'traditional_market', 'not_deductible'] as const
export type TaxCategory = (typeof taxCategories)[number]

/** What the card path does for this program's members where they chose nothing themselves. */
export const fallbackPreferences = ['decline', 'provisional_debit'] as const
export type FallbackPreference = (typeof fallbackPreferences)[number]

export interface SaleWindow {
  readonly opensAt: Instant
  /** The first instant at which nothing is sold any more; `null` where no end is set. */
  readonly closesAt: Instant | null
}

/**
 * A stretch of hours on some Korean days in which the program sells. Where both kinds of days are given, both must
 * hold: days 1–5 and Mondays.
 */
export interface SaleTime {
  /** 1…31; `null`: every day of the month. Of a day that a month does not have nothing comes. */
  readonly daysOfMonth: readonly number[] | null
  /** 0 is Sunday; `null`: every day of the week. */
  readonly weekdays: readonly number[] | null
  /** Minutes since the Korean day began; the latter is the first in which nothing is sold any more. */
  readonly opensAtMinute: number
  readonly closesAtMinute: number
}

/**
 * How the funders' support is taken off what is left of a lot when it is refunded:
 * - `proportional`: the rest is paid back at the price that was paid for it.
 * - `whole_support`: the whole support of the lot stays with the funders, the used part's too.
 */
export const refundDeductions = ['proportional', 'whole_support'] as const
export type RefundDeduction = (typeof refundDeductions)[number]

/**
 * What a full refund (전자금융거래법 §19②) gives of what is left:
 * - `paid_part`: all that the member paid for it; the funders get their own part back.
 * - `whole_balance`: the whole balance; the funders' part is the member's.
 */
export const fullRefundBases = ['paid_part', 'whole_balance'] as const
export type FullRefundBasis = (typeof fullRefundBases)[number]

/** Balance refund (잔액환급): the part of a lot that must be used before the rest may be paid back. */
export interface RefundRule {
  readonly usedBasisPointsMin: number
  /** Lots of this face or less follow the ratio below instead. */
  readonly smallLotWonMax: Won
  readonly smallLotUsedBasisPointsMin: number
  readonly deduction: RefundDeduction
  readonly fullRefund: FullRefundBasis
  /** So much of the face or less may be left for the rest to be refunded in full: 전자금융거래법 §19②. */
  readonly smallRemainderBasisPointsMax: number
  /** Business days until the bank is told to pay what goes back to members; also of cancelled purchases. */
  readonly payoutLagDays: number
}

/** What no ordinance has chosen: the price of the rest, the law's own 20 %, and the next business day. */
export const usualRefund = {
  deduction: 'proportional',
  fullRefund: 'paid_part',
  smallRemainderBasisPointsMax: 2_000,
  payoutLagDays: 1,
} as const satisfies Partial<RefundRule>

/** Where the program's money may be spent. */
export interface MerchantRules {
  /** Highest yearly revenue of a merchant that may take lots of this kind; `null` = any. */
  readonly revenueWonMax: Readonly<Record<LotKind, Won | null>>
  /** Sector codes that the ordinance refuses. */
  readonly sectorsRefused: readonly string[]
  /** Districts (읍·면·동) of outlets; `null` = the issuer's whole area. */
  readonly districtsAllowed: readonly string[] | null
}

/** One step of the fee scale; the last step has no upper bound. */
export interface FeeTier {
  readonly revenueWonMax: Won | null
  readonly feeBasisPoints: number
}

/** What the ledger may reserve on a telephone for spending without a network. */
export interface OfflineAllowance {
  readonly allowanceWonMax: Won
  readonly perSpendWonMax: Won
  readonly spendsMax: number
  readonly validHours: number
}

/** What the card gateway may approve alone while the ledger cannot be reached. */
export interface StandInLimits {
  readonly perPaymentWonMax: Won
  readonly paymentsMax: number
  readonly cumulativeWonMax: Won
  /** Balances older than this are not believed. */
  readonly snapshotAgeHoursMax: number
}

/** How a stipend (정책수당) is granted, and what becomes of what is not spent. */
export interface StipendRules {
  /** Full years on the day of the grant; 0 = any age. */
  readonly ageMin: number
  /** Days from the grant to the end of use; `null` = as the program's lots in general. */
  readonly validityDays: number | null
  /** So long after its release those on the list who are no members yet may become some. */
  readonly joinDays: number
  /** So long after its release a member may appeal (이의신청). */
  readonly appealDays: number
  /** An appeal is answered within so many days. */
  readonly appealAnswerDays: number
  /** True: what is left when a lot expires goes back to its funders (환수); false: to breakage (낙전). */
  readonly clawbackAtExpiry: boolean
  /** Names and telephones of a list are erased so long after its batch was closed. */
  readonly retentionDays: number
}

/** How corporations buy (법인 구매): companies and public bodies that an officer has admitted. */
export interface CorporateRules {
  /** False: only corporations buy. */
  readonly soldToMembers: boolean
  /** True: at the price that members pay; false: at the face. */
  readonly discounted: boolean
  /** Face that one corporation may buy in one Korean month; `null`: no more than the program's quota. */
  readonly monthlyPurchaseCapWon: Won | null
  /** Value of the program that one corporation may hold; `null`: what the issuer's rules allow in all. */
  readonly holdingCapWon: Won | null
  /** False: nobody pays with the program's money by card. */
  readonly payableByCard: boolean
}

/** One version of a program's rules, in force from `effectiveFrom` until a later one. */
export interface ProgramTerms {
  readonly programId: ProgramId
  readonly issuerId: IssuerId
  /** 1, 2, 3…; of two versions that take effect at one instant, the higher is in force. */
  readonly version: number
  readonly effectiveFrom: Instant
  /** The circulation area in words, as the ordinance names it: 지역사랑상품권법 §4③. */
  readonly region: string
  /** What members get from this program first of all: lots that they buy, or stipends. */
  readonly kind: LotKind
  readonly prepaidClass: PrepaidClass
  readonly validityYears: number
  /** The last Korean day of use for every lot, where that is earlier than its own validity. */
  readonly usableUntil: BusinessDate | null
  /** So many days before a lot's last day of use its member is told of it; each once. Empty: never. */
  readonly expiryNoticeDays: readonly number[]
  readonly benefit: Benefit
  readonly saleWindow: SaleWindow
  /** Inside its window the program sells while one of these holds; none at all: always. */
  readonly saleTimes: readonly SaleTime[]
  /** Face that the whole program may sell in one Korean month. */
  readonly monthlyQuotaWon: Won
  /** Face that one member may buy in one Korean month. */
  readonly monthlyPurchaseCapWon: Won
  /** Value that one member may hold in this program. */
  readonly holdingCapWon: Won
  readonly purchaseWonMin: Won
  /** A purchase is a whole number of these. */
  readonly purchaseUnitWon: Won
  /** Full years. */
  readonly purchaseAgeMin: number
  /** `null` where the lots are never paid back, such as promotional grants. */
  readonly refund: RefundRule | null
  /** Days within which a wholly unused lot may be handed back. */
  readonly purchaseCancelDays: number
  /**
   * Order among the issuer's programs where the member chose none: the lowest is consumed first.
   */
  readonly tenderRank: number
  /** True where a payment may be part voucher and part card (복합결제). */
  readonly splitTender: boolean
  readonly merchantRules: MerchantRules
  readonly paymentWonMax: Won
  /** Business days from payment to payout. */
  readonly settlementLagDays: Readonly<Record<PaymentChannel, number>>
  /** By rising revenue; the merchant's fee is the first step that its revenue does not pass. */
  readonly feeTiers: readonly FeeTier[]
  readonly taxCategory: TaxCategory
  readonly offlineAllowance: OfflineAllowance
  readonly standInLimits: StandInLimits
  readonly fallbackPreference: FallbackPreference
  /** Set where the program grants stipends. */
  readonly stipend: StipendRules | null
  /** Set where corporations may buy. */
  readonly corporate: CorporateRules | null
  /** Set where the benefit is cashback; versions from before it was paid have none, and earn nothing. */
  readonly cashback: CashbackRules | null
  readonly saleSuspended: boolean
  readonly paymentSuspended: boolean
  /**
   * When it was announced that these terms are worse for members (전금법 §36의2): from then until they take effect,
   * who held a lot before may have all of it back. `null`: they are not worse, or nothing was asked of them.
   */
  readonly adverseAnnouncedAt: Instant | null
}

/**
 * The version in force: the latest `effectiveFrom` that has come; of several at that instant the
 * highest version. `undefined` before the first takes effect.
 */
export function termsAt<Terms extends Pick<ProgramTerms, 'effectiveFrom' | 'version'>>(
  versions: readonly Terms[],
  at: Instant,
): Terms | undefined {
  let inForce: Terms | undefined
  for (const terms of versions) {
    if (terms.effectiveFrom > at) continue
    if (
      inForce === undefined ||
      terms.effectiveFrom > inForce.effectiveFrom ||
      (terms.effectiveFrom === inForce.effectiveFrom && terms.version > inForce.version)
    ) {
      inForce = terms
    }
  }
  return inForce
}
