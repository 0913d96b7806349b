/** How long a cancelled merchant may not be registered again (지역사랑상품권법 §8②, 시행령 §2의2). */
import { addMonths, type Instant } from '../base/base.ts'

/** Why a registration is cancelled. */
export const cancellationReasons = [
  'fraudulent_registration',
  'restricted_sector',
  'false_redemption',
  'refusal_of_vouchers',
  'other',
] as const
export type CancellationReason = (typeof cancellationReasons)[number]

/** What this file reads of an issuer's rules. */
export interface BarRules {
  readonly barMonthsFraudulentRegistration: number
  readonly barMonthsRestrictedSector: number
  readonly barMonthsFalseRedemption: number
  readonly barMonthsRefusal: number
  readonly barMonthsOther: number
}

const ruleOf = {
  fraudulent_registration: 'barMonthsFraudulentRegistration',
  restricted_sector: 'barMonthsRestrictedSector',
  false_redemption: 'barMonthsFalseRedemption',
  refusal_of_vouchers: 'barMonthsRefusal',
  other: 'barMonthsOther',
} as const satisfies Record<CancellationReason, keyof BarRules>

/**
 * The first instant at which the merchant may apply again; `from` itself where there is no bar. Half of an odd number
 * of months is rounded up to a whole one.
 */
export function barEndsAt(
  rules: BarRules,
  bar: { readonly reason: CancellationReason; readonly from: Instant; readonly halved: boolean },
): Instant {
  const months = rules[ruleOf[bar.reason]]
  return addMonths(bar.from, bar.halved ? Math.ceil(months / 2) : months)
}
