/** Checks one version of a program's terms before two people may release it. */
import {
  BASIS_POINTS_WHOLE,
  cleanText,
  DAY_MS,
  funders,
  isWon,
  lotKinds,
  MINUTE_MS,
  type Won,
} from '../base/base.ts'
import { checkCorporate } from './corporate-check.ts'
import { checkCashback } from './cashback-check.ts'
import { paymentChannels, type ProgramTerms } from './program-terms.ts'
import { HOLDING_WON_MAX, isWithin, termsBounds } from './terms-bounds.ts'

export interface TermsProblem {
  /** Path of the field, such as `benefit.rateBasisPoints`. */
  readonly field: string
  /** What the field must be, in an English sentence that names the clause where there is one. */
  readonly sentence: string
}

const MINUTES_OF_DAY = DAY_MS / MINUTE_MS

type Check = (field: string, holds: boolean, sentence: string) => void

/**
 * Every problem of the terms, in the order of the fields; empty where they may be released. The
 * shape (types, lists of words) is the edge's to check; this checks values and how they fit
 * together.
 */
export function validateTerms(terms: ProgramTerms): readonly TermsProblem[] {
  const problems: TermsProblem[] = []
  const check: Check = (field, holds, sentence) => {
    if (!holds) problems.push({ field, sentence })
  }
  checkValidity(terms, check)
  checkBenefit(terms, check)
  checkSale(terms, check)
  checkRefund(terms, check)
  checkMerchantRules(terms, check)
  checkPayment(terms, check)
  checkOffline(terms, check)
  checkStandIn(terms, check)
  checkStipend(terms, check)
  checkCorporate(terms, check)
  checkCashback(terms, check)
  return problems
}

function checkValidity(terms: ProgramTerms, check: Check): void {
  const { validityYearsMin, validityYearsMax, regionLengthMax } = termsBounds
  check('version', isWithin(terms.version, 1, Number.MAX_SAFE_INTEGER), 'is 1, 2, 3…')
  check('effectiveFrom', Number.isSafeInteger(terms.effectiveFrom), 'is an instant in milliseconds')
  check(
    'region',
    cleanText(terms.region, regionLengthMax) === terms.region,
    `is clean text of 1…${regionLengthMax} characters`,
  )
  check(
    'validityYears',
    isWithin(terms.validityYears, validityYearsMin, validityYearsMax),
    `is ${validityYearsMin}…${validityYearsMax} years (지역사랑상품권법 §4②)`,
  )
  checkExpiryNotices(terms, check)
}

function checkExpiryNotices({ expiryNoticeDays }: ProgramTerms, check: Check): void {
  const { expiryNoticesMax, expiryNoticeDaysMax } = termsBounds
  check(
    'expiryNoticeDays',
    expiryNoticeDays.length <= expiryNoticesMax &&
      new Set(expiryNoticeDays).size === expiryNoticeDays.length &&
      expiryNoticeDays.every((days) => isWithin(days, 1, expiryNoticeDaysMax)),
    `names at most ${expiryNoticesMax} different numbers of days, each 1…${expiryNoticeDaysMax}`,
  )
}

function checkBenefit({ benefit, kind }: ProgramTerms, check: Check): void {
  const { benefitBasisPointsMax, fundingSharesWeightMax } = termsBounds
  const shares = benefit.fundingShares
  check(
    'benefit.mode',
    benefit.mode === 'none' || kind === 'purchase',
    'is none for a program that does not sell',
  )
  check(
    'benefit.rateBasisPoints',
    benefit.mode === 'none'
      ? benefit.rateBasisPoints === 0
      : isWithin(benefit.rateBasisPoints, 1, benefitBasisPointsMax),
    `is 1…${benefitBasisPointsMax} basis points, and 0 where the mode is none`,
  )
  check(
    'benefit.fundingShares',
    shares.every(
      (share) =>
        funders.includes(share.funder) && isWithin(share.weight, 0, fundingSharesWeightMax),
    ),
    `has weights of 0…${fundingSharesWeightMax}`,
  )
  check(
    'benefit.fundingShares',
    new Set(shares.map((share) => share.funder)).size === shares.length,
    'names each funder once',
  )
  check(
    'benefit.fundingShares',
    (benefit.mode === 'none' && kind === 'purchase') || shares.some((share) => share.weight > 0),
    'has one funder that pays',
  )
}

function checkSale(terms: ProgramTerms, check: Check): void {
  const { opensAt, closesAt } = terms.saleWindow
  const { purchaseAgeMinMin, purchaseAgeMinMax, purchaseUnitWonMin } = termsBounds
  const { purchaseCancelDaysMin, purchaseCancelDaysMax } = termsBounds
  const holdingWonMax = HOLDING_WON_MAX[terms.prepaidClass]
  check('saleWindow.opensAt', Number.isSafeInteger(opensAt), 'is an instant in milliseconds')
  check(
    'saleWindow.closesAt',
    closesAt === null || (Number.isSafeInteger(closesAt) && closesAt > opensAt),
    'is later than the opening',
  )
  checkSaleTimes(terms, check)
  check('monthlyQuotaWon', isAmount(terms.monthlyQuotaWon, 0), 'is an amount of won')
  check(
    'monthlyPurchaseCapWon',
    isAmount(terms.monthlyPurchaseCapWon, 0) && terms.monthlyPurchaseCapWon <= holdingWonMax,
    `is at most ${holdingWonMax} won, the most that may be held (전자금융거래법 시행령 §13)`,
  )
  check(
    'holdingCapWon',
    isAmount(terms.holdingCapWon, 1) && terms.holdingCapWon <= holdingWonMax,
    `is 1…${holdingWonMax} won for ${terms.prepaidClass} value (전자금융거래법 시행령 §13)`,
  )
  check(
    'purchaseUnitWon',
    isAmount(terms.purchaseUnitWon, purchaseUnitWonMin),
    `is ${purchaseUnitWonMin} won or more`,
  )
  check(
    'purchaseWonMin',
    isAmount(terms.purchaseWonMin, 1) &&
      terms.purchaseWonMin % terms.purchaseUnitWon === 0 &&
      (terms.kind !== 'purchase' || terms.purchaseWonMin <= terms.monthlyPurchaseCapWon),
    'is a whole number of units and within the monthly cap',
  )
  check(
    'purchaseAgeMin',
    isWithin(terms.purchaseAgeMin, purchaseAgeMinMin, purchaseAgeMinMax),
    `is ${purchaseAgeMinMin}…${purchaseAgeMinMax} years`,
  )
  check(
    'purchaseCancelDays',
    isWithin(terms.purchaseCancelDays, purchaseCancelDaysMin, purchaseCancelDaysMax),
    `is ${purchaseCancelDaysMin}…${purchaseCancelDaysMax} days`,
  )
}

function checkSaleTimes({ saleTimes }: ProgramTerms, check: Check): void {
  const { saleTimesMax } = termsBounds
  check('saleTimes', saleTimes.length <= saleTimesMax, `has at most ${saleTimesMax} stretches`)
  const isDays = (days: readonly number[] | null, min: number, max: number): boolean =>
    days === null ||
    (days.length > 0 &&
      new Set(days).size === days.length &&
      days.every((day) => isWithin(day, min, max)))
  for (const [index, time] of saleTimes.entries()) {
    const { daysOfMonth, weekdays, opensAtMinute, closesAtMinute } = time
    const place = `saleTimes.${index}`
    const once = 'each once, or is null for all'
    check(`${place}.daysOfMonth`, isDays(daysOfMonth, 1, 31), `names days of 1…31, ${once}`)
    check(`${place}.weekdays`, isDays(weekdays, 0, 6), `names days of 0 (Sunday)…6, ${once}`)
    check(
      `${place}.opensAtMinute`,
      isWithin(opensAtMinute, 0, MINUTES_OF_DAY - 1),
      `is 0…${MINUTES_OF_DAY - 1}`,
    )
    check(
      `${place}.closesAtMinute`,
      isWithin(closesAtMinute, opensAtMinute + 1, MINUTES_OF_DAY),
      `is later than the opening and at most ${MINUTES_OF_DAY}`,
    )
  }
}

function checkRefund({ refund, kind }: ProgramTerms, check: Check): void {
  const { refundUsedBasisPointsMin, refundUsedBasisPointsMax, refundSmallLotWonMax } = termsBounds
  check(
    'refund',
    refund !== null || kind !== 'purchase',
    'is owed on bought lots (지역사랑상품권법 §10②)',
  )
  if (refund === null) return
  const clause = `is ${refundUsedBasisPointsMin}…${refundUsedBasisPointsMax} basis points used`
  check(
    'refund.usedBasisPointsMin',
    isWithin(refund.usedBasisPointsMin, refundUsedBasisPointsMin, refundUsedBasisPointsMax),
    `${clause} (지역사랑상품권법 §10②, 시행령 §3)`,
  )
  check(
    'refund.smallLotWonMax',
    isAmount(refund.smallLotWonMax, 0) && refund.smallLotWonMax <= refundSmallLotWonMax,
    `is 0…${refundSmallLotWonMax} won`,
  )
  check(
    'refund.smallLotUsedBasisPointsMin',
    isWithin(refund.smallLotUsedBasisPointsMin, refundUsedBasisPointsMin, refundUsedBasisPointsMax),
    `${clause} (지역사랑상품권법 §10②, 시행령 §3)`,
  )
  const { refundSmallRemainderBasisPointsMin, refundSmallRemainderBasisPointsMax } = termsBounds
  check(
    'refund.smallRemainderBasisPointsMax',
    isWithin(
      refund.smallRemainderBasisPointsMax,
      refundSmallRemainderBasisPointsMin,
      refundSmallRemainderBasisPointsMax,
    ),
    `is ${refundSmallRemainderBasisPointsMin}…${refundSmallRemainderBasisPointsMax} basis points left (전자금융거래법 §19②)`,
  )
  check(
    'refund.payoutLagDays',
    isWithin(refund.payoutLagDays, 0, termsBounds.refundPayoutLagDaysMax),
    `is 0…${termsBounds.refundPayoutLagDaysMax} business days`,
  )
}

function checkMerchantRules({ merchantRules }: ProgramTerms, check: Check): void {
  const { sectorsRefusedMax, districtsAllowedMax } = termsBounds
  for (const kind of lotKinds) {
    const revenueWonMax = merchantRules.revenueWonMax[kind]
    check(
      `merchantRules.revenueWonMax.${kind}`,
      revenueWonMax === null || isAmount(revenueWonMax, 1),
      'is an amount of won, or null for any revenue',
    )
  }
  check(
    'merchantRules.sectorsRefused',
    isListOfWords(merchantRules.sectorsRefused, 0, sectorsRefusedMax),
    `names at most ${sectorsRefusedMax} sectors, each once`,
  )
  check(
    'merchantRules.districtsAllowed',
    merchantRules.districtsAllowed === null ||
      isListOfWords(merchantRules.districtsAllowed, 1, districtsAllowedMax),
    `names 1…${districtsAllowedMax} districts, each once, or is null for all`,
  )
}

function checkPayment(terms: ProgramTerms, check: Check): void {
  const { tenderRankMax, settlementLagDaysMax } = termsBounds
  const holdingWonMax = HOLDING_WON_MAX[terms.prepaidClass]
  check('tenderRank', isWithin(terms.tenderRank, 0, tenderRankMax), `is 0…${tenderRankMax}`)
  check(
    'paymentWonMax',
    isAmount(terms.paymentWonMax, 1) && terms.paymentWonMax <= holdingWonMax,
    `is 1…${holdingWonMax} won: nobody can hold more (전자금융거래법 시행령 §13)`,
  )
  for (const channel of paymentChannels) {
    check(
      `settlementLagDays.${channel}`,
      isWithin(terms.settlementLagDays[channel], 0, settlementLagDaysMax),
      `is 0…${settlementLagDaysMax} business days`,
    )
  }
  checkFeeTiers(terms, check)
}

function checkFeeTiers({ feeTiers }: ProgramTerms, check: Check): void {
  const { feeTiersMax, feeBasisPointsMax } = termsBounds
  check(
    'feeTiers',
    feeTiers.length >= 1 && feeTiers.length <= feeTiersMax,
    `has 1…${feeTiersMax} steps`,
  )
  let revenueWonBelow = 0
  for (const [index, tier] of feeTiers.entries()) {
    const isLast = index === feeTiers.length - 1
    check(
      `feeTiers.${index}.revenueWonMax`,
      isLast
        ? tier.revenueWonMax === null
        : tier.revenueWonMax !== null && isAmount(tier.revenueWonMax, revenueWonBelow + 1),
      'rises from step to step and is null in the last',
    )
    revenueWonBelow = tier.revenueWonMax ?? revenueWonBelow
    check(
      `feeTiers.${index}.feeBasisPoints`,
      isWithin(tier.feeBasisPoints, 0, feeBasisPointsMax),
      `is 0…${feeBasisPointsMax} basis points of ${BASIS_POINTS_WHOLE}`,
    )
  }
}

function checkOffline({ offlineAllowance, holdingCapWon }: ProgramTerms, check: Check): void {
  const { offlineAllowanceWonMax, offlineSpendsMax, offlineValidHoursMax } = termsBounds
  const { allowanceWonMax, perSpendWonMax, spendsMax, validHours } = offlineAllowance
  check(
    'offlineAllowance.allowanceWonMax',
    isAmount(allowanceWonMax, 0) &&
      allowanceWonMax <= offlineAllowanceWonMax &&
      allowanceWonMax <= holdingCapWon,
    `is 0…${offlineAllowanceWonMax} won and within the holding cap`,
  )
  check(
    'offlineAllowance.perSpendWonMax',
    isAmount(perSpendWonMax, 0) && perSpendWonMax <= allowanceWonMax,
    'is within the allowance',
  )
  check(
    'offlineAllowance.spendsMax',
    isWithin(spendsMax, 0, offlineSpendsMax),
    `is 0…${offlineSpendsMax}`,
  )
  check(
    'offlineAllowance.validHours',
    isWithin(validHours, 0, offlineValidHoursMax),
    `is 0…${offlineValidHoursMax} hours`,
  )
}

function checkStandIn({ standInLimits }: ProgramTerms, check: Check): void {
  const { perPaymentWonMax, paymentsMax, cumulativeWonMax, snapshotAgeHoursMax } = standInLimits
  check(
    'standInLimits.cumulativeWonMax',
    isAmount(cumulativeWonMax, 0) && cumulativeWonMax <= termsBounds.standInCumulativeWonMax,
    `is 0…${termsBounds.standInCumulativeWonMax} won`,
  )
  check(
    'standInLimits.perPaymentWonMax',
    isAmount(perPaymentWonMax, 0) &&
      perPaymentWonMax <= termsBounds.standInPaymentWonMax &&
      perPaymentWonMax <= cumulativeWonMax,
    `is 0…${termsBounds.standInPaymentWonMax} won and within the cumulative limit`,
  )
  check(
    'standInLimits.paymentsMax',
    isWithin(paymentsMax, 0, termsBounds.standInPaymentsMax),
    `is 0…${termsBounds.standInPaymentsMax}`,
  )
  check(
    'standInLimits.snapshotAgeHoursMax',
    isWithin(snapshotAgeHoursMax, 0, termsBounds.standInSnapshotAgeHoursMax),
    `is 0…${termsBounds.standInSnapshotAgeHoursMax} hours`,
  )
}

function checkStipend({ kind, stipend }: ProgramTerms, check: Check): void {
  check(
    'stipend',
    (kind === 'stipend') === (stipend !== null),
    'is set exactly for a program that grants stipends',
  )
  if (stipend === null) return
  const { validityDays } = stipend
  const days = (name: keyof typeof stipend, min: number, max: number): void => {
    check(
      `stipend.${name}`,
      isWithin(Number(stipend[name]), min, max),
      `is ${min}…${max} ${name === 'ageMin' ? 'years' : 'days'}`,
    )
  }
  days('ageMin', 0, termsBounds.purchaseAgeMinMax)
  if (validityDays !== null) days('validityDays', 1, termsBounds.stipendValidityDaysMax)
  days('joinDays', 0, termsBounds.stipendJoinDaysMax)
  days('appealDays', 0, termsBounds.stipendAppealDaysMax)
  days('appealAnswerDays', 1, termsBounds.stipendAppealAnswerDaysMax)
  days('retentionDays', 0, termsBounds.stipendRetentionDaysMax)
}

function isAmount(value: Won, min: number): boolean {
  return isWon(value) && value >= min
}

function isListOfWords(words: readonly string[], countMin: number, countMax: number): boolean {
  return (
    words.length >= countMin &&
    words.length <= countMax &&
    new Set(words).size === words.length &&
    words.every((word) => cleanText(word, termsBounds.regionLengthMax) === word)
  )
}
