/** Shops of the demonstration by whether they take vouchers: where cards pay in the replay and in benches. */
import { eligibleTenders, formatMerchantNumber, type Merchant } from '../src/acquiring/acquiring.ts'
import type { Instant, IssuerId } from '../src/base/base.ts'
import type { Demonstration } from '../src/demonstration/demonstration.ts'
import { termsAt, type ProgramTerms } from '../src/issuing/issuing.ts'

/** Of one municipality; by the number that a terminal sends. */
export interface VoucherShops {
  /** Shops that take granted money. Never empty. */
  readonly taking: readonly string[]
  /** Registered shops that take none, such as those above the turnover limit. */
  readonly refusing: readonly string[]
  /** Whether all programs let the account pay the rest (복합결제). */
  readonly splits: boolean
}

/** Municipalities of which no shop takes granted money are left out. */
export function voucherShops(
  demonstration: Demonstration,
  now: Instant,
): ReadonlyMap<IssuerId, VoucherShops> {
  const shops = new Map<IssuerId, VoucherShops>()
  for (const { issuerId } of demonstration.issuers) {
    const own = demonstration.programs.filter((program) => program.issuerId === issuerId)
    const termsInForce = own.flatMap(({ terms }) => termsAt(terms, now) ?? [])
    const taking: string[] = []
    const refusing: string[] = []
    for (const merchant of demonstration.merchants) {
      if (merchant.issuerId !== issuerId || merchant.status !== 'active') continue
      const { businessNumber } = merchant
      const number = formatMerchantNumber({ businessNumber, outletNumber: 0 })
      const kinds = kindsTaken(demonstration, merchant, termsInForce)
      if (number === undefined || kinds === undefined) continue
      if (kinds.includes('gift')) taking.push(number)
      else if (kinds.length === 0) refusing.push(number)
    }
    const splits = termsInForce.every(({ splitTender }) => splitTender)
    if (taking.length > 0) shops.set(issuerId, { taking, refusing, splits })
  }
  return shops
}

/** `undefined` for a shop with no outlet that is open. */
function kindsTaken(
  { outlets }: Demonstration,
  merchant: Merchant,
  termsInForce: readonly ProgramTerms[],
): readonly string[] | undefined {
  const outlet = outlets.find((each) => each.merchantId === merchant.merchantId && each.open)
  if (outlet === undefined) return undefined
  return eligibleTenders({ merchant, outlet, termsInForce }).tenders.map(({ kind }) => kind)
}
