/** Issuers of the demonstration and the differing rules of their programs. */
import {
  id,
  parseBusinessDate,
  startOfBusinessDate,
  won,
  type Instant,
  type IssuerId,
  type ProgramId,
} from '../base/base.ts'
import {
  draftOf,
  provinces,
  templateNamed,
  usualRefund,
  type Benefit,
  type CashbackRules,
  type Issuer,
  type Program,
  type ProgramTerms,
  type Province,
} from '../issuing/issuing.ts'
import type { Municipality, SupportClass } from './municipalities.ts'
import type { Random } from './random.ts'

/** Every program of the demonstration is in force and on sale from this instant. */
export const DEMONSTRATION_BEGINS_AT: Instant = startOfBusinessDate(
  parseBusinessDate('2026-01-01')!,
)
/** Some issuers changed their rate in the middle of the year. */
const RATE_CHANGED_AT: Instant = startOfBusinessDate(parseBusinessDate('2026-07-01')!)

/** The city of the walk-through, whose rules are round numbers. */
export const WALK_THROUGH_CODE = 'gunsan'
/** Issuers that give cashback on spending instead of a discount on buying. */
const CASHBACK_CODES = ['gwangsan', 'daedeok', 'ulju', 'dalseong', 'bupyeong', 'gijang']

/** The rates of 2025 H2 by support class: see `municipalities.ts`. */
const RATE_BASIS_POINTS: Readonly<Record<SupportClass, number>> = {
  unsubsidised: 700,
  capital: 1_000,
  non_capital: 1_300,
  depopulation: 1_500,
}

/** Who pays the benefit; invented, as the real shares change with every budget. */
const FUNDING_SHARES: Readonly<Record<SupportClass, Benefit['fundingShares']>> = {
  unsubsidised: [{ funder: 'city', weight: 1 }],
  capital: [
    { funder: 'national', weight: 2 },
    { funder: 'province', weight: 3 },
    { funder: 'city', weight: 5 },
  ],
  non_capital: [
    { funder: 'national', weight: 8 },
    { funder: 'province', weight: 2 },
    { funder: 'city', weight: 3 },
  ],
  depopulation: [
    { funder: 'national', weight: 10 },
    { funder: 'province', weight: 2 },
    { funder: 'city', weight: 3 },
  ],
}

/**
 * Banks that keep the purse in some provinces; elsewhere it is the agricultural bank nearly
 * always.
 */
const TREASURY_BANKS: Readonly<Partial<Record<Province, string>>> = {
  busan: 'BNK부산은행',
  daegu: 'iM뱅크',
  incheon: '신한은행',
  gwangju: '광주은행',
  daejeon: '하나은행',
  ulsan: 'BNK경남은행',
}

export function issuerOf(municipality: Municipality, issuerId: IssuerId): Issuer {
  return {
    issuerId,
    code: municipality.code,
    nameKo: municipality.nameKo,
    nameEn: municipality.nameEn,
    province: municipality.province,
    kind: 'municipality',
    treasuryBank: TREASURY_BANKS[municipality.province] ?? 'NH농협은행',
  }
}

/**
 * The issuer's programs, numbered from `programNumber`: one that sells and, for some, a stipend.
 */
export function programsOf(
  random: Random,
  municipality: Municipality,
  issuerId: IssuerId,
  programNumber: number,
): readonly Program[] {
  const saleId = id('prg', programNumber)
  const sale = saleTerms(random, municipality, issuerId, saleId)
  const isWalkThrough = municipality.code === WALK_THROUGH_CODE
  const changesRate = !isWalkThrough && random.chance(30)
  const hasStipend =
    isWalkThrough || (municipality.supportClass === 'depopulation' && random.chance(40))
  const programs: Program[] = [
    {
      programId: saleId,
      issuerId,
      name: `${shortNameKo(municipality)}사랑상품권`,
      nameEn: `${shortNameEn(municipality)} Love Voucher`,
      terms: changesRate ? withRateChange(sale) : [sale],
    },
  ]
  if (hasStipend) {
    const stipendId = id('prg', programNumber + 1)
    programs.push({
      programId: stipendId,
      issuerId,
      name: `${shortNameKo(municipality)} 농어민수당`,
      nameEn: `${shortNameEn(municipality)} Farmers' and Fishers' Allowance`,
      terms: [stipendTerms(sale, municipality, stipendId)],
    })
  }
  return programs
}

function saleTerms(
  random: Random,
  municipality: Municipality,
  issuerId: IssuerId,
  programId: ProgramId,
): ProgramTerms {
  const walkThrough = walkThroughTerms(municipality, issuerId, programId)
  if (municipality.code === WALK_THROUGH_CODE) return walkThrough
  const [monthlyPurchaseCapWon, holdingCapWon] = random.pick([
    [300_000, 1_000_000],
    [400_000, 1_000_000],
    [500_000, 1_500_000],
    [600_000, 1_500_000],
    [700_000, 1_500_000],
    [1_000_000, 2_000_000],
  ] as const)
  const revenueWonMax = won(
    random.pickWeighted([
      [3_000_000_000, 9],
      [1_200_000_000, 1],
    ] as const),
  )
  return {
    ...walkThrough,
    benefit: benefitOf(municipality),
    cashback: cashbackOf(municipality),
    monthlyQuotaWon: won(random.integer(5, 200) * 100_000_000),
    monthlyPurchaseCapWon: won(monthlyPurchaseCapWon),
    holdingCapWon: won(holdingCapWon),
    purchaseWonMin: won(random.pick([10_000, 50_000])),
    purchaseAgeMin: random.pickWeighted([
      [14, 8],
      [19, 2],
    ] as const),
    refund: {
      usedBasisPointsMin: random.pick([6_000, 6_000, 7_000, 8_000]),
      smallLotWonMax: won(10_000),
      smallLotUsedBasisPointsMin: 8_000,
      ...usualRefund,
    },
    splitTender: random.chance(70),
    merchantRules: {
      revenueWonMax: {
        purchase: revenueWonMax,
        stipend: random.chance(60) ? null : revenueWonMax,
        cashback: revenueWonMax,
        gift: revenueWonMax,
      },
      sectorsRefused: ['gambling', 'adult_entertainment', 'department_store'],
      districtsAllowed: null,
    },
    paymentWonMax: won(holdingCapWon),
    settlementLagDays: { qr: random.pick([1, 2]), card: 3 },
    fallbackPreference: random.pick(['decline', 'provisional_debit']),
  }
}

/** 10 % off, ₩700,000 a month, ₩1,500,000 held: the numbers that the walk-through counts with. */
function walkThroughTerms(
  municipality: Municipality,
  issuerId: IssuerId,
  programId: ProgramId,
): ProgramTerms {
  const place = {
    region: `${provinces[municipality.province].nameKo} ${municipality.nameKo} 전역`,
    effectiveFrom: DEMONSTRATION_BEGINS_AT,
  }
  const draft = draftOf(templateNamed('pre_discount'), place, {
    monthlyQuotaWon: won(10_000_000_000),
    monthlyPurchaseCapWon: won(700_000),
  })
  return { ...draft, programId, issuerId, version: 1 }
}

const STIPEND_RULES = {
  ageMin: 0,
  validityDays: 120,
  joinDays: 60,
  appealDays: 30,
  appealAnswerDays: 14,
  clawbackAtExpiry: true,
  retentionDays: 90,
} as const

/** Granted lots: shorter of life, consumed first, never paid back, welcome in larger shops too. */
function stipendTerms(
  sale: ProgramTerms,
  municipality: Municipality,
  programId: ProgramId,
): ProgramTerms {
  return {
    ...sale,
    programId,
    kind: 'stipend',
    validityYears: 1,
    benefit: {
      mode: 'none',
      rateBasisPoints: 0,
      fundingShares: FUNDING_SHARES[municipality.supportClass],
    },
    monthlyQuotaWon: won(0),
    monthlyPurchaseCapWon: won(0),
    refund: null,
    tenderRank: 10,
    taxCategory: 'not_deductible',
    offlineAllowance: { ...sale.offlineAllowance, allowanceWonMax: won(30_000) },
    stipend: STIPEND_RULES,
    cashback: null,
    saleSuspended: true,
  }
}

/** The first half of the year at two thirds of the rate, then the rate that the issuer has now. */
function withRateChange(terms: ProgramTerms): readonly ProgramTerms[] {
  const rateBasisPoints = Math.floor((terms.benefit.rateBasisPoints * 2) / 300) * 100
  const cashback = terms.cashback && { ...terms.cashback, tiers: tiersOf(rateBasisPoints) }
  return [
    { ...terms, benefit: { ...terms.benefit, rateBasisPoints }, cashback },
    { ...terms, version: 2, effectiveFrom: RATE_CHANGED_AT },
  ]
}

function benefitOf(municipality: Municipality): Benefit {
  const { code, supportClass } = municipality
  return {
    mode: CASHBACK_CODES.includes(code) ? 'cashback' : 'pre_discount',
    rateBasisPoints: RATE_BASIS_POINTS[supportClass],
    fundingShares: FUNDING_SHARES[supportClass],
  }
}

/** Shops of more than ₩1 bn a year bring two points less back; half of these issuers ask for the button. */
function cashbackOf({ code, supportClass }: Municipality): CashbackRules | null {
  const position = CASHBACK_CODES.indexOf(code)
  if (position === -1) return null
  return {
    tiers: tiersOf(RATE_BASIS_POINTS[supportClass]),
    monthlyCapWon: won(50_000),
    validityMonths: 60,
    spending: position % 2 === 0 ? 'automatic' : 'by_button',
  }
}

function tiersOf(rateBasisPoints: number): CashbackRules['tiers'] {
  return [
    { revenueWonMax: won(1_000_000_000), rateBasisPoints },
    { revenueWonMax: null, rateBasisPoints: Math.max(0, rateBasisPoints - 200) },
  ]
}

/** 군산시 → 군산; but 대구 남구 keeps its 구, without which it would be no name. */
function shortNameKo({ nameKo, province }: Municipality): string {
  if (nameKo.length === 2) return `${provinces[province].nameKo.slice(0, 2)} ${nameKo}`
  return nameKo.slice(0, -1)
}

function shortNameEn({ nameEn, province, nameKo }: Municipality): string {
  if (nameKo.length === 2) return `${provinces[province].nameEn} ${nameEn}`
  return nameEn.replace(/-(si|gun|gu)$/, '')
}
