/** The formats of partners by the name that a partner's record gives its profile. */
import type { PartnerId } from '../../base/base.ts'
import type { PartnerAdapter } from '../partner-adapter.ts'
import { createHanbitAdapter } from './hanbit-adapter.ts'
import { createNaraeAdapter } from './narae-adapter.ts'
import type { MerchantNames } from './shared-values.ts'

export { createHanbitAdapter, createNaraeAdapter, type MerchantNames }

export type AdapterFactory = (partnerId: PartnerId, merchantNames?: MerchantNames) => PartnerAdapter

export const partnerProfiles = {
  /** 한빛카드: ISO 8583:1987. */
  iso8583: createHanbitAdapter,
  /** 나래카드: fixed-length telegrams (전문). */
  telegram: createNaraeAdapter,
} as const satisfies Record<string, AdapterFactory>
export type PartnerProfile = keyof typeof partnerProfiles
