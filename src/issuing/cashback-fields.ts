/** The fields of a program's rules about cashback. */
import { won } from '../base/base.ts'
import { cashbackRate } from './cashback-decision.ts'
import { lower, type TermsField, type Worse } from './change-areas.ts'

/** At some merchant less is earned than before. Between the steps of both versions nothing changes. */
const tiersAreWorse: Worse = ({ cashback: before }, { cashback: after }) =>
  before !== null &&
  after !== null &&
  [before, after]
    .flatMap(({ tiers }) => tiers.map(({ revenueWonMax }) => revenueWonMax))
    .flatMap((revenueWon) => (revenueWon === null ? [0] : [revenueWon, revenueWon + 1]))
    .some(
      (revenueWon) => cashbackRate(after, won(revenueWon)) < cashbackRate(before, won(revenueWon)),
    )

export const cashbackFields: readonly TermsField[] = [
  {
    path: 'cashback',
    ko: '캐시백 조건',
    en: 'cashback rules',
    area: 'benefit',
    unit: 'list',
    isWorse: (_before, after) => after.cashback === null,
  },
  {
    path: 'cashback.tiers',
    ko: '가맹점 매출별 적립률',
    en: 'rates by revenue of merchants',
    area: 'benefit',
    unit: 'list',
    isWorse: tiersAreWorse,
  },
  {
    path: 'cashback.monthlyCapWon',
    ko: '월 적립한도',
    en: 'cashback in a month at most',
    area: 'benefit',
    unit: 'won',
    isWorse: lower((terms) => terms.cashback?.monthlyCapWon ?? 0),
  },
  {
    path: 'cashback.validityMonths',
    ko: '캐시백 유효기간(월)',
    en: 'months to spend cashback',
    area: 'validity',
    unit: 'count',
    isWorse: lower((terms) => terms.cashback?.validityMonths ?? 0),
  },
  {
    path: 'cashback.spending',
    ko: '캐시백 사용 방식',
    en: 'how cashback is spent',
    area: 'wording',
    unit: 'word',
  },
]
