/**
 * Every field of a program's terms with its words, its area, and when a change of it is worse for members. A field that
 * is not here fails a test: somebody has to decide before officers can change it.
 */
import { cashbackFields } from './cashback-fields.ts'
import { higher, lower, type TermsField, type Worse } from './change-areas.ts'
import type { RefundRule } from './program-terms.ts'
import { corporateFields } from './corporate-fields.ts'
import { stipendFields } from './stipend-fields.ts'

/** The part of a face that must be used before the rest is paid back; of what is never paid back more than all. */
function usedBasisPoints(refund: RefundRule | null, faceWon: number): number {
  if (refund === null) return Number.POSITIVE_INFINITY
  const { usedBasisPointsMin, smallLotWonMax, smallLotUsedBasisPointsMin } = refund
  return faceWon <= smallLotWonMax ? smallLotUsedBasisPointsMin : usedBasisPointsMin
}

/** Some face is paid back later than before. Between the steps of both rules nothing changes. */
const refundIsWorse: Worse = ({ refund: before }, { refund: after }) =>
  [before, after]
    .flatMap((rule) => (rule === null ? [1] : [rule.smallLotWonMax, rule.smallLotWonMax + 1]))
    .filter((faceWon) => faceWon > 0)
    .some((faceWon) => usedBasisPoints(after, faceWon) > usedBasisPoints(before, faceWon))

/** How much of what is spent an income tax return may deduct. */
const DEDUCTION_RANK = { not_deductible: 0, general: 1, traditional_market: 2 } as const
const BENEFIT_RANK = { none: 0, cashback: 1, pre_discount: 2 } as const

export const termsFields: readonly TermsField[] = [
  { path: 'region', ko: '유통 지역', en: 'circulation area', area: 'wording', unit: 'text' },
  {
    path: 'kind',
    ko: '상품권 종류',
    en: 'kind',
    area: 'benefit',
    unit: 'word',
    isWorse: () => true,
  },
  { path: 'prepaidClass', ko: '선불 구분', en: 'prepaid class', area: 'limits', unit: 'word' },
  {
    path: 'validityYears',
    ko: '유효기간(년)',
    en: 'years of validity',
    area: 'validity',
    unit: 'count',
    isWorse: lower((terms) => terms.validityYears),
  },
  {
    path: 'usableUntil',
    ko: '마지막 사용일',
    en: 'last day of use',
    area: 'validity',
    unit: 'day',
    isWorse: ({ usableUntil: before }, { usableUntil: after }) =>
      after !== null && (before === null || after < before),
  },
  {
    path: 'expiryNoticeDays',
    ko: '만료 안내(일 전)',
    en: 'days before expiry to be told',
    area: 'wording',
    unit: 'list',
  },
  {
    path: 'benefit.mode',
    ko: '혜택 방식',
    en: 'kind of benefit',
    area: 'benefit',
    unit: 'word',
    isWorse: (before, after) =>
      BENEFIT_RANK[after.benefit.mode] < BENEFIT_RANK[before.benefit.mode],
  },
  {
    path: 'benefit.rateBasisPoints',
    ko: '할인율·적립률',
    en: 'rate of the benefit',
    area: 'benefit',
    unit: 'basis_points',
    isWorse: lower((terms) => terms.benefit.rateBasisPoints),
  },
  {
    path: 'benefit.fundingShares',
    ko: '재원 분담',
    en: 'funding shares',
    area: 'benefit',
    unit: 'list',
  },
  { path: 'saleWindow.opensAt', ko: '판매 시작', en: 'sale opens', area: 'sale', unit: 'instant' },
  {
    path: 'saleWindow.closesAt',
    ko: '판매 마감',
    en: 'sale closes',
    area: 'sale',
    unit: 'instant',
  },
  {
    path: 'saleTimes',
    ko: '판매 요일·시간',
    en: 'days and hours of sale',
    area: 'sale',
    unit: 'list',
  },
  {
    path: 'monthlyQuotaWon',
    ko: '월 발행한도',
    en: 'monthly quota',
    area: 'limits',
    unit: 'won',
  },
  {
    path: 'monthlyPurchaseCapWon',
    ko: '월 구매한도',
    en: 'monthly purchase cap',
    area: 'limits',
    unit: 'won',
    isWorse: lower((terms) => terms.monthlyPurchaseCapWon),
  },
  {
    path: 'holdingCapWon',
    ko: '보유한도',
    en: 'holding cap',
    area: 'limits',
    unit: 'won',
    isWorse: lower((terms) => terms.holdingCapWon),
  },
  {
    path: 'purchaseWonMin',
    ko: '최소 구매 금액',
    en: 'smallest purchase',
    area: 'limits',
    unit: 'won',
    isWorse: higher((terms) => terms.purchaseWonMin),
  },
  {
    path: 'purchaseUnitWon',
    ko: '구매 단위',
    en: 'unit of purchase',
    area: 'limits',
    unit: 'won',
    // A unit that divides the old one takes nothing away.
    isWorse: (before, after) => before.purchaseUnitWon % after.purchaseUnitWon !== 0,
  },
  {
    path: 'purchaseAgeMin',
    ko: '구매 최소 나이',
    en: 'least age of buyers',
    area: 'limits',
    unit: 'count',
    isWorse: higher((terms) => terms.purchaseAgeMin),
  },
  {
    path: 'refund',
    ko: '잔액환급',
    en: 'balance refund',
    area: 'refund',
    unit: 'list',
    isWorse: refundIsWorse,
  },
  {
    path: 'refund.usedBasisPointsMin',
    ko: '잔액환급 사용 비율',
    en: 'part to be used before a refund',
    area: 'refund',
    unit: 'basis_points',
    isWorse: refundIsWorse,
  },
  {
    path: 'refund.smallLotWonMax',
    ko: '소액 상품권 기준',
    en: 'face of small lots',
    area: 'refund',
    unit: 'won',
    isWorse: refundIsWorse,
  },
  {
    path: 'refund.smallLotUsedBasisPointsMin',
    ko: '소액 상품권 환급 사용 비율',
    en: 'part of a small lot to be used before a refund',
    area: 'refund',
    unit: 'basis_points',
    isWorse: refundIsWorse,
  },
  {
    path: 'refund.deduction',
    ko: '환급 시 지원금 공제',
    en: 'how support is taken off a refund',
    area: 'refund',
    unit: 'word',
    isWorse: (_before, after) => after.refund?.deduction === 'whole_support',
  },
  {
    path: 'refund.fullRefund',
    ko: '전액환급 기준',
    en: 'what a full refund gives',
    area: 'refund',
    unit: 'word',
    isWorse: (_before, after) => after.refund?.fullRefund === 'paid_part',
  },
  {
    path: 'refund.smallRemainderBasisPointsMax',
    ko: '소액 잔액 전액환급 기준',
    en: 'remainder that is refunded in full',
    area: 'refund',
    unit: 'basis_points',
    isWorse: lower((terms) => terms.refund?.smallRemainderBasisPointsMax ?? 0),
  },
  {
    path: 'refund.payoutLagDays',
    ko: '환급 지급일(영업일)',
    en: 'business days until a refund is paid',
    area: 'refund',
    unit: 'count',
    isWorse: higher((terms) => terms.refund?.payoutLagDays ?? 0),
  },
  {
    path: 'purchaseCancelDays',
    ko: '구매취소 기간(일)',
    en: 'days to cancel a purchase',
    area: 'refund',
    unit: 'count',
    isWorse: lower((terms) => terms.purchaseCancelDays),
  },
  { path: 'tenderRank', ko: '차감 순서', en: 'tender rank', area: 'wording', unit: 'count' },
  {
    path: 'splitTender',
    ko: '복합결제',
    en: 'split tender',
    area: 'limits',
    unit: 'flag',
    isWorse: (_before, after) => !after.splitTender,
  },
  ...(['purchase', 'stipend', 'cashback', 'gift'] as const).map((kind): TermsField => {
    const [ko, en] = {
      purchase: ['구매', 'bought'],
      stipend: ['정책수당', 'stipend'],
      cashback: ['캐시백', 'cashback'],
      gift: ['선물', 'gift'],
    }[kind]
    return {
      path: `merchantRules.revenueWonMax.${kind}`,
      ko: `가맹점 매출 상한(${ko})`,
      en: `highest revenue of merchants (${en} lots)`,
      area: 'merchants',
      unit: 'won',
      isWorse: lower((terms) => terms.merchantRules.revenueWonMax[kind]),
    }
  }),
  {
    path: 'merchantRules.sectorsRefused',
    ko: '제한업종',
    en: 'sectors refused',
    area: 'merchants',
    unit: 'list',
    isWorse: (before, after) =>
      after.merchantRules.sectorsRefused.some(
        (sector) => !before.merchantRules.sectorsRefused.includes(sector),
      ),
  },
  {
    path: 'merchantRules.districtsAllowed',
    ko: '사용 읍·면·동',
    en: 'districts allowed',
    area: 'merchants',
    unit: 'list',
    isWorse: ({ merchantRules: before }, { merchantRules: after }) =>
      after.districtsAllowed !== null &&
      (before.districtsAllowed === null ||
        before.districtsAllowed.some((name) => !after.districtsAllowed!.includes(name))),
  },
  {
    path: 'paymentWonMax',
    ko: '1회 결제 한도',
    en: 'highest payment',
    area: 'limits',
    unit: 'won',
    isWorse: lower((terms) => terms.paymentWonMax),
  },
  {
    path: 'settlementLagDays.qr',
    ko: '정산 주기(QR, 영업일)',
    en: 'business days to settle (QR)',
    area: 'settlement',
    unit: 'count',
  },
  {
    path: 'settlementLagDays.card',
    ko: '정산 주기(카드, 영업일)',
    en: 'business days to settle (card)',
    area: 'settlement',
    unit: 'count',
  },
  { path: 'feeTiers', ko: '가맹점 수수료', en: 'merchant fees', area: 'settlement', unit: 'list' },
  {
    path: 'taxCategory',
    ko: '소득공제 구분',
    en: 'tax category',
    area: 'benefit',
    unit: 'word',
    isWorse: (before, after) =>
      DEDUCTION_RANK[after.taxCategory] < DEDUCTION_RANK[before.taxCategory],
  },
  ...(
    [
      ['offlineAllowance.allowanceWonMax', '오프라인 결제 한도', 'offline allowance', 'won'],
      ['offlineAllowance.perSpendWonMax', '오프라인 1회 한도', 'highest offline spend', 'won'],
      ['offlineAllowance.spendsMax', '오프라인 결제 횟수', 'offline spends', 'count'],
      [
        'offlineAllowance.validHours',
        '오프라인 허용 시간',
        'hours of the offline allowance',
        'count',
      ],
      ['standInLimits.perPaymentWonMax', '대행승인 1회 한도', 'highest stand-in payment', 'won'],
      ['standInLimits.paymentsMax', '대행승인 횟수', 'stand-in payments', 'count'],
      ['standInLimits.cumulativeWonMax', '대행승인 누적 한도', 'stand-in in all', 'won'],
      ['standInLimits.snapshotAgeHoursMax', '대행승인 잔액 기준 시간', 'age of balances', 'count'],
    ] as const
  ).map(([path, ko, en, unit]): TermsField => ({ path, ko, en, unit, area: 'stand_in' })),
  ...stipendFields,
  ...corporateFields,
  ...cashbackFields,
  {
    path: 'fallbackPreference',
    ko: '확인 불가 시 처리',
    en: 'what happens when nobody can know',
    area: 'stand_in',
    unit: 'word',
    isWorse: (_before, after) => after.fallbackPreference === 'provisional_debit',
  },
  {
    path: 'saleSuspended',
    ko: '판매 중지',
    en: 'sale suspended',
    area: 'suspension',
    unit: 'flag',
  },
  {
    path: 'paymentSuspended',
    ko: '결제 중지',
    en: 'payment suspended',
    area: 'suspension',
    unit: 'flag',
    isWorse: (_before, after) => after.paymentSuspended,
  },
]
