/** Checks the cashback rules of a version of terms before two people may release it. */
import { isWon } from '../base/base.ts'
import type { ProgramTerms } from './program-terms.ts'
import { HOLDING_WON_MAX, isWithin, termsBounds } from './terms-bounds.ts'

export function checkCashback(
  { benefit, cashback, prepaidClass }: ProgramTerms,
  check: (field: string, holds: boolean, sentence: string) => void,
): void {
  check(
    'cashback',
    (benefit.mode === 'cashback') === (cashback !== null),
    'is set exactly for a program whose benefit is cashback',
  )
  if (cashback === null) return
  const { tiers, monthlyCapWon, validityMonths } = cashback
  const { cashbackTiersMax, cashbackValidityMonthsMax, benefitBasisPointsMax } = termsBounds
  check(
    'cashback.tiers',
    tiers.length >= 1 && tiers.length <= cashbackTiersMax,
    `has 1…${cashbackTiersMax} steps`,
  )
  check(
    'cashback.tiers',
    Math.max(...tiers.map(({ rateBasisPoints }) => rateBasisPoints)) === benefit.rateBasisPoints,
    'has the rate of the benefit as its highest',
  )
  let revenueWonBelow = 0
  for (const [index, { revenueWonMax, rateBasisPoints }] of tiers.entries()) {
    const isLast = index === tiers.length - 1
    check(
      `cashback.tiers.${index}.revenueWonMax`,
      isLast
        ? revenueWonMax === null
        : revenueWonMax !== null && isWon(revenueWonMax) && revenueWonMax > revenueWonBelow,
      'rises from step to step and is null in the last',
    )
    revenueWonBelow = revenueWonMax ?? revenueWonBelow
    check(
      `cashback.tiers.${index}.rateBasisPoints`,
      isWithin(rateBasisPoints, 0, benefitBasisPointsMax),
      `is 0…${benefitBasisPointsMax} basis points`,
    )
  }
  const holdingWonMax = HOLDING_WON_MAX[prepaidClass]
  check(
    'cashback.monthlyCapWon',
    isWithin(monthlyCapWon, 1, holdingWonMax),
    `is 1…${holdingWonMax} won: nobody can hold more (전자금융거래법 시행령 §13)`,
  )
  check(
    'cashback.validityMonths',
    isWithin(validityMonths, 1, cashbackValidityMonthsMax),
    `is 1…${cashbackValidityMonthsMax} months`,
  )
}
