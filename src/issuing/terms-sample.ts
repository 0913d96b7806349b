/** Valid terms and a member that tests start from; they change what they are about. */
import { id, parseBusinessDate, won } from '../base/base.ts'
import type { Member } from './member.ts'
import type { CashbackRules, CorporateRules, ProgramTerms, StipendRules } from './program-terms.ts'

/** A 10 % pre-discount program, in force and on sale since 2026-01-01 in Korea. */
export const sampleTerms: ProgramTerms = {
  programId: id('prg', 1),
  issuerId: id('iss', 1),
  version: 1,
  effectiveFrom: Date.parse('2026-01-01T00:00:00+09:00'),
  region: '군산시 전역',
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
  saleWindow: { opensAt: Date.parse('2026-01-01T00:00:00+09:00'), closesAt: null },
  saleTimes: [],
  monthlyQuotaWon: won(10_000_000_000),
  monthlyPurchaseCapWon: won(700_000),
  holdingCapWon: won(1_500_000),
  purchaseWonMin: won(10_000),
  purchaseUnitWon: won(10_000),
  purchaseAgeMin: 14,
  refund: {
    usedBasisPointsMin: 6_000,
    smallLotWonMax: won(10_000),
    smallLotUsedBasisPointsMin: 8_000,
    deduction: 'proportional',
    fullRefund: 'paid_part',
    smallRemainderBasisPointsMax: 2_000,
    payoutLagDays: 1,
  },
  purchaseCancelDays: 7,
  tenderRank: 10,
  splitTender: true,
  merchantRules: {
    revenueWonMax: {
      purchase: won(3_000_000_000),
      stipend: null,
      cashback: won(3_000_000_000),
      gift: won(3_000_000_000),
    },
    sectorsRefused: ['gambling', 'adult_entertainment', 'department_store'],
    districtsAllowed: null,
  },
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

export const sampleStipendRules: StipendRules = {
  ageMin: 14,
  validityDays: 90,
  joinDays: 60,
  appealDays: 30,
  appealAnswerDays: 14,
  clawbackAtExpiry: true,
  retentionDays: 30,
}

/** A stipend that must be spent within ninety days, and goes back to its funders otherwise. */
export const sampleStipendTerms: ProgramTerms = {
  ...sampleTerms,
  programId: id('prg', 2),
  kind: 'stipend',
  benefit: { ...sampleTerms.benefit, mode: 'none', rateBasisPoints: 0 },
  monthlyQuotaWon: won(0),
  monthlyPurchaseCapWon: won(0),
  refund: null,
  tenderRank: 5,
  stipend: sampleStipendRules,
  saleSuspended: true,
}

export const sampleCorporateRules: CorporateRules = {
  soldToMembers: false,
  discounted: false,
  monthlyPurchaseCapWon: won(50_000_000),
  holdingCapWon: won(20_000_000),
  payableByCard: false,
}

/** Bought by corporations only, at the face, and given to people. */
export const sampleCorporateTerms: ProgramTerms = {
  ...sampleTerms,
  programId: id('prg', 3),
  benefit: { mode: 'none', rateBasisPoints: 0, fundingShares: [] },
  corporate: sampleCorporateRules,
}

export const sampleCashbackRules: CashbackRules = {
  tiers: [
    { revenueWonMax: won(1_000_000_000), rateBasisPoints: 1_300 },
    { revenueWonMax: won(3_000_000_000), rateBasisPoints: 1_100 },
    { revenueWonMax: null, rateBasisPoints: 0 },
  ],
  monthlyCapWon: won(30_000),
  validityMonths: 60,
  spending: 'automatic',
}

/** Sold at its face; up to 13 % come back by spending. */
export const sampleCashbackTerms: ProgramTerms = {
  ...sampleTerms,
  programId: id('prg', 3),
  benefit: { ...sampleTerms.benefit, mode: 'cashback', rateBasisPoints: 1_300 },
  cashback: sampleCashbackRules,
}

/** An active member, born on 1990-05-05. */
export const sampleMember: Member = {
  issuerId: id('iss', 1),
  memberId: id('mbr', 1),
  personId: 'person-0001',
  name: '김하늘',
  birthDate: parseBusinessDate('1990-05-05')!,
  phone: '010-0000-0001',
  status: 'active',
}
