/** Terms of a program that are typed as one value each: where they stand, in which unit, what they are called. */
import type { Language } from '../api/language.ts'
import type { Terms, TermsChanges } from './programs.ts'

export type Unit = 'percent' | 'won' | 'days' | 'years' | 'hours' | 'count' | 'age' | 'yes_no'
export const termGroups = [
  'benefit',
  'sale',
  'use',
  'refund',
  'settlement',
  'stand_in',
  'offline',
] as const
export type TermGroup = (typeof termGroups)[number]

export interface TermField {
  /** Dotted, as errors name it. */
  readonly path: string
  readonly group: TermGroup
  readonly unit: Unit
  readonly names: Readonly<Record<Language, string>>
}

const field = (group: TermGroup, path: string, unit: Unit, ko: string, en: string): TermField => ({
  path,
  group,
  unit,
  names: { ko, en },
})

export const termFields: readonly TermField[] = [
  field('benefit', 'benefit.rateBasisPoints', 'percent', '할인율', 'Discount rate'),
  field('sale', 'monthlyQuotaWon', 'won', '월 발행 한도', 'Sold in a month at most'),
  field('sale', 'monthlyPurchaseCapWon', 'won', '1인 월 구매 한도', 'One person in a month'),
  field('sale', 'holdingCapWon', 'won', '1인 보유 한도', 'One person may hold'),
  field('sale', 'purchaseWonMin', 'won', '최소 구매 금액', 'Least purchase'),
  field('sale', 'purchaseUnitWon', 'won', '구매 단위', 'Purchases in steps of'),
  field('sale', 'purchaseAgeMin', 'age', '구매할 수 있는 나이', 'Age from which one may buy'),
  field('use', 'validityYears', 'years', '유효 기간', 'Valid for'),
  field('use', 'paymentWonMax', 'won', '1회 결제 한도', 'One payment at most'),
  field(
    'use',
    'splitTender',
    'yes_no',
    '부족한 금액은 카드로 나누어 결제',
    'Split tender with the card',
  ),
  field('refund', 'purchaseCancelDays', 'days', '구매 취소 기간', 'Purchases may be cancelled for'),
  field(
    'refund',
    'refund.usedBasisPointsMin',
    'percent',
    '환급받을 수 있는 사용 비율',
    'Used before a refund',
  ),
  field('refund', 'refund.smallLotWonMax', 'won', '소액권 기준', 'Small voucher up to'),
  field(
    'refund',
    'refund.smallLotUsedBasisPointsMin',
    'percent',
    '소액권의 사용 비율',
    'Used before a refund of a small one',
  ),
  field('settlement', 'settlementLagDays.qr', 'days', 'QR 정산일', 'QR payments settled after'),
  field(
    'settlement',
    'settlementLagDays.card',
    'days',
    '카드 정산일',
    'Card payments settled after',
  ),
  field(
    'stand_in',
    'standInLimits.perPaymentWonMax',
    'won',
    '대행승인 1회 한도',
    'One stand-in approval',
  ),
  field(
    'stand_in',
    'standInLimits.paymentsMax',
    'count',
    '대행승인 하루 횟수',
    'Stand-in approvals a day',
  ),
  field('stand_in', 'standInLimits.cumulativeWonMax', 'won', '대행승인 누적 한도', 'Stand-in sum'),
  field(
    'stand_in',
    'standInLimits.snapshotAgeHoursMax',
    'hours',
    '대행승인에 쓰는 잔액의 나이',
    'Age of a balance for stand-in',
  ),
  field('offline', 'offlineAllowance.allowanceWonMax', 'won', '오프라인 한도', 'Offline allowance'),
  field(
    'offline',
    'offlineAllowance.perSpendWonMax',
    'won',
    '오프라인 1회 한도',
    'One offline payment',
  ),
  field('offline', 'offlineAllowance.spendsMax', 'count', '오프라인 횟수', 'Offline payments'),
  field(
    'offline',
    'offlineAllowance.validHours',
    'hours',
    '오프라인 유효 시간',
    'Offline allowance valid for',
  ),
]

/** The value as it is typed: percent of basis points, 0 or 1 of yes and no; undefined where these terms have none. */
export function valueIn(terms: object, { path, unit }: TermField): number | undefined {
  let value: unknown = terms
  for (const name of path.split('.')) value = Reflect.get(Object(value), name)
  if (unit === 'yes_no') return value === true ? 1 : 0
  if (typeof value !== 'number') return undefined
  return unit === 'percent' ? value / 100 : value
}

/** What was typed, as the API takes changes: only what differs from the terms. */
export function changesOf(
  terms: Terms | undefined,
  typed: ReadonlyMap<string, number>,
): TermsChanges {
  const changes: Record<string, unknown> = {}
  for (const each of termFields) {
    const value = typed.get(each.path)
    if (value === undefined || Number.isNaN(value)) continue
    if (terms !== undefined && valueIn(terms, each) === value) continue
    put(changes, each.path.split('.'), wireValue(each.unit, value))
  }
  return changes
}

function wireValue(unit: Unit, value: number): number | boolean {
  if (unit === 'yes_no') return value === 1
  return unit === 'percent' ? Math.round(value * 100) : value
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inner = (into[name] ?? {}) as Record<string, unknown>
  into[name] = inner
  put(inner, rest, value)
}
