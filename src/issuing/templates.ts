/**
 * What an officer starts a program from. A template only fills in what nobody has said yet: every field may be given
 * another value, and the terms that come of it are checked like any others.
 */
import { won, type Instant, type LotKind } from '../base/base.ts'
import {
  usualRefund,
  type CorporateRules,
  type CashbackRules,
  type MerchantRules,
  type ProgramTerms,
  type StipendRules,
} from './program-terms.ts'

export const templateNames = ['pre_discount', 'cashback', 'stipend', 'corporate'] as const
export type TemplateName = (typeof templateNames)[number]

/** A version of terms without what only the program has. */
export type TermsDraft = Omit<ProgramTerms, 'programId' | 'issuerId' | 'version'>

export interface ProgramTemplate {
  readonly name: TemplateName
  readonly ko: string
  readonly en: string
  /** Differs from the others in these; the rest is `draftOf`'s. */
  readonly fields: Omit<TermsDraft, 'effectiveFrom' | 'region' | 'saleWindow'>
}

/** Parts of a draft, at any depth; lists are given whole. */
export type TermsOverrides = Partial<{
  readonly [Name in keyof TermsDraft]: TermsDraft[Name] extends readonly unknown[] | null
    ? TermsDraft[Name]
    : TermsDraft[Name] extends object | null
      ? Partial<TermsDraft[Name]> | Extract<TermsDraft[Name], null>
      : TermsDraft[Name]
}>

/** The terms of a template as they would take effect, with the officer's own values over them. */
export function draftOf(
  template: ProgramTemplate,
  place: { readonly region: string; readonly effectiveFrom: Instant },
  overrides: TermsOverrides = {},
): TermsDraft {
  const { region, effectiveFrom } = place
  const saleWindow = { opensAt: effectiveFrom, closesAt: null }
  return overridden({ ...template.fields, region, effectiveFrom, saleWindow }, overrides)
}

/** The draft with what was given put over it. */
export function overridden(draft: TermsDraft, overrides: TermsOverrides): TermsDraft {
  return mergedOver(draft, overrides) as TermsDraft // Overrides have the types of what they replace.
}

function mergedOver(under: unknown, over: unknown): unknown {
  if (over === undefined) return under
  if (!isPlain(under) || !isPlain(over)) return over
  const names = new Set([...Object.keys(under), ...Object.keys(over)])
  return Object.fromEntries(
    [...names].map((name) => [name, mergedOver(Reflect.get(under, name), Reflect.get(over, name))]),
  )
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** ₩3,000,000,000 of yearly revenue (MOIS guideline 2023); stipends may be spent beyond it. */
const REVENUE_CAP = won(3_000_000_000)

function merchantRules(capped: readonly LotKind[]): MerchantRules {
  const cap = (kind: LotKind) => (capped.includes(kind) ? REVENUE_CAP : null)
  return {
    revenueWonMax: {
      purchase: cap('purchase'),
      stipend: cap('stipend'),
      cashback: cap('cashback'),
      gift: cap('gift'),
    },
    sectorsRefused: ['gambling', 'adult_entertainment', 'department_store'],
    districtsAllowed: null,
  }
}

const preDiscount: ProgramTemplate['fields'] = {
  kind: 'purchase',
  prepaidClass: 'named',
  validityYears: 5,
  usableUntil: null,
  expiryNoticeDays: [30, 7],
  benefit: {
    mode: 'pre_discount',
    rateBasisPoints: 1_000,
    fundingShares: [
      { funder: 'national', weight: 5 },
      { funder: 'province', weight: 2 },
      { funder: 'city', weight: 3 },
    ],
  },
  saleTimes: [],
  monthlyQuotaWon: won(1_000_000_000),
  monthlyPurchaseCapWon: won(500_000),
  holdingCapWon: won(1_500_000),
  purchaseWonMin: won(10_000),
  purchaseUnitWon: won(10_000),
  purchaseAgeMin: 14,
  refund: {
    usedBasisPointsMin: 6_000,
    smallLotWonMax: won(10_000),
    smallLotUsedBasisPointsMin: 8_000,
    ...usualRefund,
  },
  purchaseCancelDays: 7,
  tenderRank: 20,
  splitTender: true,
  merchantRules: merchantRules(['purchase', 'cashback', 'gift']),
  paymentWonMax: won(1_500_000),
  settlementLagDays: { qr: 1, card: 3 },
  feeTiers: [
    { revenueWonMax: won(800_000_000), feeBasisPoints: 0 },
    { revenueWonMax: won(1_200_000_000), feeBasisPoints: 30 },
    { revenueWonMax: null, feeBasisPoints: 50 },
  ],
  taxCategory: 'general',
  offlineAllowance: {
    allowanceWonMax: won(50_000),
    perSpendWonMax: won(30_000),
    spendsMax: 5,
    validHours: 72,
  },
  standInLimits: {
    perPaymentWonMax: won(50_000),
    paymentsMax: 3,
    cumulativeWonMax: won(150_000),
    snapshotAgeHoursMax: 24,
  },
  fallbackPreference: 'decline',
  stipend: null,
  corporate: null,
  cashback: null,
  saleSuspended: false,
  paymentSuspended: false,
  adverseAnnouncedAt: null,
}

/** Any age, a month to join and to appeal; what is not spent goes back to its funders. */
const stipendRules: StipendRules = {
  ageMin: 0,
  validityDays: null,
  joinDays: 30,
  appealDays: 30,
  appealAnswerDays: 14,
  clawbackAtExpiry: true,
  retentionDays: 30,
}

/** At the face, as much as the quota has, and handed out; never by card. */
const corporateRules: CorporateRules = {
  soldToMembers: false,
  discounted: false,
  monthlyPurchaseCapWon: null,
  holdingCapWon: null,
  payableByCard: false,
}

/** Smaller shops bring more back: up to ₩1 bn of revenue 13 %, up to ₩3 bn 11 %, above nothing; for five years. */
const cashbackRules: CashbackRules = {
  tiers: [
    { revenueWonMax: won(1_000_000_000), rateBasisPoints: 1_300 },
    { revenueWonMax: REVENUE_CAP, rateBasisPoints: 1_100 },
    { revenueWonMax: null, rateBasisPoints: 0 },
  ],
  monthlyCapWon: won(65_000),
  validityMonths: 60,
  spending: 'automatic',
}

export const programTemplates: readonly ProgramTemplate[] = [
  {
    name: 'pre_discount',
    ko: '선할인 상품권: 액면보다 싸게 삽니다.',
    en: 'Members pay less than the face.',
    fields: preDiscount,
  },
  {
    name: 'cashback',
    ko: '캐시백 상품권: 액면대로 사고, 쓰면 돌려받습니다.',
    en: 'Members pay the face and earn by spending.',
    fields: {
      ...preDiscount,
      benefit: { ...preDiscount.benefit, mode: 'cashback', rateBasisPoints: 1_300 },
      cashback: cashbackRules,
    },
  },
  {
    name: 'stipend',
    ko: '정책수당: 팔지 않고 지급합니다.',
    en: 'Granted, not sold.',
    fields: {
      ...preDiscount,
      kind: 'stipend',
      validityYears: 1,
      benefit: { ...preDiscount.benefit, mode: 'none', rateBasisPoints: 0 },
      monthlyQuotaWon: won(0),
      monthlyPurchaseCapWon: won(0),
      refund: null,
      tenderRank: 10,
      merchantRules: merchantRules([]),
      taxCategory: 'not_deductible',
      stipend: stipendRules,
      saleSuspended: true,
    },
  },
  {
    name: 'corporate',
    ko: '법인 구매 상품권: 담당자가 승인한 법인이 할인 없이 사서 나누어 줍니다.',
    en: 'Bought by corporations that an officer has admitted, without a discount, and handed out.',
    fields: {
      ...preDiscount,
      benefit: { mode: 'none', rateBasisPoints: 0, fundingShares: [] },
      monthlyPurchaseCapWon: won(2_000_000),
      holdingCapWon: won(2_000_000),
      paymentWonMax: won(2_000_000),
      purchaseAgeMin: 19,
      splitTender: false,
      corporate: corporateRules,
      offlineAllowance: {
        allowanceWonMax: won(0),
        perSpendWonMax: won(0),
        spendsMax: 0,
        validHours: 0,
      },
    },
  },
]

export function templateNamed(name: TemplateName): ProgramTemplate {
  return programTemplates.find((template) => template.name === name)! // The list holds every name.
}
