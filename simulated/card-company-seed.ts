/** The cards that a simulated card company issued, and the shops that its load goes to: those of the demonstration. */
import { formatMerchantNumber } from '../src/acquiring/acquiring.ts'
import {
  createDemonstration,
  crowdCard,
  demonstrationCards,
  DEMONSTRATION_SEED,
  type DemonstrationCard,
  type DemonstrationPartner,
} from '../src/demonstration/demonstration.ts'
import type { IssuedCard } from './card-company-books.ts'
import type { VoucherMerchants } from './card-company-file-lines.ts'
import type { TrafficPlaces } from './card-company-traffic.ts'

/** A shop that no municipality knows: ten digits that begin no business number of the demonstration. */
const ELSEWHERE = ['999999999900000', '999999998800000']

export interface CompanySeed {
  readonly cards: readonly IssuedCard[]
  /** By merchant number, each outlet's own and that of the first. */
  readonly merchantNames: VoucherMerchants
  /** Linked cards with the shops of their municipalities. */
  readonly places: () => TrafficPlaces
}

export function seedCompany(company: DemonstrationPartner, crowd: number): CompanySeed {
  const demonstration = createDemonstration(DEMONSTRATION_SEED)
  const all: readonly DemonstrationCard[] = [
    ...demonstrationCards(demonstration),
    ...Array.from({ length: crowd }, (_, index) => crowdCard(index + 1, demonstration.issuers)),
  ]
  const own = all.filter((card) => card.partnerId === company.partnerId)
  const names = new Map<string, string>()
  const byIssuer = new Map<string, string[]>()
  const codes = new Map(demonstration.issuers.map(({ issuerId, code }) => [issuerId, code]))
  const outlets = Map.groupBy(demonstration.outlets, (outlet) => outlet.merchantId)
  for (const { issuerId, merchantId, businessNumber, name } of demonstration.merchants) {
    const issuerCode = codes.get(issuerId) ?? ''
    const count = outlets.get(merchantId)?.length ?? 0
    for (let outletNumber = 0; outletNumber <= count; outletNumber += 1) {
      const number = formatMerchantNumber({ businessNumber, outletNumber })
      if (number === undefined) continue
      names.set(number, name)
      if (outletNumber === 0)
        byIssuer.set(issuerCode, [...(byIssuer.get(issuerCode) ?? []), number])
    }
  }
  return {
    cards: own.map(({ cardToken, lastFour, personId, accountWon, links }) => ({
      cardToken,
      lastFour,
      personId,
      accountWon,
      links: links.map(({ issuerCode, spending, onUnknown }) => ({
        issuerCode,
        spending,
        onUnknown,
      })),
    })),
    merchantNames: (merchantNumber) => names.get(merchantNumber),
    places: () => ({
      elsewhere: ELSEWHERE,
      targets: own.flatMap(({ cardToken, links }) => {
        const merchants = links.flatMap(({ issuerCode }) => byIssuer.get(issuerCode) ?? [])
        return merchants.length === 0 ? [] : [{ cardToken, merchants }]
      }),
    }),
  }
}
