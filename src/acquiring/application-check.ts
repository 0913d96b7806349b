/** What the machine looks at before an officer decides about an application (지역사랑상품권법 §7). */
import type { Instant } from '../base/base.ts'
import { parseBusinessNumber } from './business-number.ts'
import type { DocumentKind } from './document.ts'
import type { LifeRules } from './merchant-life.ts'
import { revenueClassOf, type Merchant, type RevenueClass } from './merchant.ts'

/** In order of precedence: what stands first is told first. */
export const applicationChecks = [
  'bar',
  'business_number',
  'sector',
  'district',
  'documents',
] as const
export type ApplicationCheck = (typeof applicationChecks)[number]

/** `unchecked`: the issuer has no list to compare with, so the officer looks. */
export type CheckResult = 'passed' | 'failed' | 'unchecked'

export interface CheckedApplication {
  readonly results: Readonly<Record<ApplicationCheck, CheckResult>>
  /** Of what is required or was asked for. */
  readonly documentsMissing: readonly string[]
  readonly revenueClass: RevenueClass
}

export function checkApplication(
  application: {
    readonly merchant: Pick<Merchant, 'businessNumber' | 'sector' | 'district' | 'annualRevenueWon'>
    /** What was brought, at any time. */
    readonly documents: readonly DocumentKind[]
    /** The latest end of a bar on the business or its owner. */
    readonly barredUntil: Instant | undefined
  },
  rules: Pick<LifeRules, 'documentsRequired' | 'sectorsRestricted' | 'districtsRegistered'>,
  now: Instant,
): CheckedApplication {
  const { merchant, documents, barredUntil } = application
  const { districtsRegistered: districts } = rules
  const documentsMissing = rules.documentsRequired.filter(
    (required) => !documents.some((kind) => kind === required),
  )
  const verdict = (passes: boolean): CheckResult => (passes ? 'passed' : 'failed')
  return {
    results: {
      bar: verdict(barredUntil === undefined || barredUntil <= now),
      business_number: verdict(parseBusinessNumber(merchant.businessNumber) !== undefined),
      sector: verdict(!rules.sectorsRestricted.includes(merchant.sector)),
      district:
        districts.length === 0 ? 'unchecked' : verdict(districts.includes(merchant.district)),
      documents: verdict(documentsMissing.length === 0),
    },
    documentsMissing,
    revenueClass: revenueClassOf(merchant.annualRevenueWon),
  }
}

/** The first check that stands against an approval. */
export function failedCheck({ results }: CheckedApplication): ApplicationCheck | undefined {
  return applicationChecks.find((check) => results[check] === 'failed')
}
