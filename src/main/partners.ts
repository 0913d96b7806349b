/** The card companies that a gateway serves: those of the demonstration, with the formats of their profiles. */
import type { PartnerId } from '../base/base.ts'
import { demonstrationPartners } from '../demonstration/demonstration.ts'
import { partnerProfiles, type PartnerAdapter } from '../gateway/gateway.ts'

export interface ServedPartner {
  readonly code: string
  readonly partnerId: PartnerId
  readonly adapter: PartnerAdapter
}

export function servedPartners(): readonly ServedPartner[] {
  return demonstrationPartners.map(({ code, partnerId, profile }) => ({
    code,
    partnerId,
    adapter: partnerProfiles[profile](partnerId),
  }))
}

export function partnerCodes(): readonly string[] {
  return demonstrationPartners.map(({ code }) => code)
}
