/** What the payment path may ask about merchants: answered from memory, never by a call. */
import type { ClerkId, IssuerId, MerchantId, OutletId, QrKitId } from '../base/base.ts'
import type { Clerk, Merchant, Outlet } from './merchant.ts'

/** A printed static QR code at an outlet; replaced kits stay known so that old stickers are refused by name. */
export interface QrKit {
  readonly issuerId: IssuerId
  readonly kitId: QrKitId
  readonly outletId: OutletId
  readonly active: boolean
}

export interface AcquiringDirectory {
  merchant(issuerId: IssuerId, merchantId: MerchantId): Merchant | undefined
  outlet(issuerId: IssuerId, outletId: OutletId): Outlet | undefined
  outletsOf(issuerId: IssuerId, merchantId: MerchantId): readonly Outlet[]
  clerk(issuerId: IssuerId, clerkId: ClerkId): Clerk | undefined
  clerksOf(issuerId: IssuerId, merchantId: MerchantId): readonly Clerk[]
  kit(issuerId: IssuerId, kitId: QrKitId): QrKit | undefined
  kitsOf(issuerId: IssuerId, outletId: OutletId): readonly QrKit[]
  merchants(issuerId: IssuerId): readonly Merchant[]
}
