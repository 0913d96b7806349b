/**
 * The bounds inside which an officer may choose a program's terms. Those of the law carry their
 * clause; the others are ours and only keep slips of the pen out.
 */
import { won, type Won } from '../base/base.ts'
import type { PrepaidClass } from './program-terms.ts'

/** Highest face and holding of prepaid value: 전자금융거래법 §23, 시행령 §13. */
export const HOLDING_WON_MAX: Readonly<Record<PrepaidClass, Won>> = {
  named: won(2_000_000),
  unnamed: won(500_000),
  disaster_stipend: won(3_000_000),
  foreign_tourist: won(1_000_000),
}

export const termsBounds = {
  /**
   * 20 %: 15 % in depopulation areas and 5 points more after a disaster (MOIS guideline, 2025 H2).
   */
  benefitBasisPointsMax: 2_000,
  /** 60–80 % must be used before the rest is paid back: 지역사랑상품권법 §10②, 시행령 §3. */
  refundUsedBasisPointsMin: 6_000,
  refundUsedBasisPointsMax: 8_000,
  /** "Small" lots, for which standard terms ask 80 %, are those of ₩10,000 or less. */
  refundSmallLotWonMax: won(10_000),
  /** A rest of 20 % at least is refunded in full, an issuer may be kinder: 전자금융거래법 §19②. */
  refundSmallRemainderBasisPointsMin: 2_000,
  refundSmallRemainderBasisPointsMax: 4_000,
  refundPayoutLagDaysMax: 3,
  /** Five years from issue, which an ordinance may shorten or extend: 지역사랑상품권법 §4②. */
  validityYearsMin: 1,
  validityYearsMax: 10,
  expiryNoticesMax: 5,
  expiryNoticeDaysMax: 180,
  /** Below 14 nobody buys alone; some ordinances ask for 19. */
  purchaseAgeMinMin: 14,
  purchaseAgeMinMax: 19,
  /** Seven days for a wholly unused lot (standard terms); an issuer may be kinder. */
  purchaseCancelDaysMin: 7,
  purchaseCancelDaysMax: 30,
  /** Three business days at the latest (standard terms of card merchants §12). */
  settlementLagDaysMax: 3,
  /** 1.5 %: no scale in use is above it. */
  feeBasisPointsMax: 150,
  feeTiersMax: 10,
  fundingSharesWeightMax: 10_000,
  tenderRankMax: 99,
  sectorsRefusedMax: 100,
  districtsAllowedMax: 500,
  saleTimesMax: 31,
  regionLengthMax: 100,
  /** A smaller unit than ₩1,000 is not in use and would only make splits ugly. */
  purchaseUnitWonMin: won(1_000),
  /** Of one corporation; above any purchase that a municipality has told of. */
  corporateWonMax: won(10_000_000_000),
  stipendValidityDaysMax: 1_825,
  stipendJoinDaysMax: 365,
  stipendAppealDaysMax: 180,
  /** Two weeks, as for every error that somebody reports (전자금융거래법 §8); a month for a large list. */
  stipendAppealAnswerDaysMax: 30,
  /** Five years: records of electronic payments are kept no longer (전자금융거래법 §22, 시행령 §12). */
  stipendRetentionDaysMax: 1_825,
  cashbackTiersMax: 10,
  /** Ten years, as long as what is bought may live. */
  cashbackValidityMonthsMax: 120,
  offlineAllowanceWonMax: won(100_000),
  offlineSpendsMax: 20,
  /** 72 hours bound what a cloned telephone can cost. */
  offlineValidHoursMax: 72,
  standInPaymentWonMax: won(100_000),
  standInPaymentsMax: 10,
  standInCumulativeWonMax: won(500_000),
  standInSnapshotAgeHoursMax: 72,
} as const

/** A whole number, bounds included. */
export function isWithin(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max
}
