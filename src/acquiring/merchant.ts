/** Merchants, their places and their people. */
import {
  won,
  type ClerkId,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OutletId,
  type Won,
} from '../base/base.ts'
import type { Position } from './position.ts'
import type { Sector } from './sector.ts'

/** `applied` waits for the municipality, which decides within seven days (지역사랑상품권법 §7). */
export const merchantStatuses = ['applied', 'active', 'suspended', 'closed'] as const
export type MerchantStatus = (typeof merchantStatuses)[number]

/** A business registered with one issuer. */
export interface Merchant {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly name: string
  /** Printable ASCII of at most 25 characters: the merchant's name in a QR code (EMVCo tag 59). */
  readonly nameLatin: string
  /** Ten digits without hyphens. */
  readonly businessNumber: string
  readonly ownerPersonId: string
  readonly sector: Sector
  /** Yearly revenue as last known; zero for a new shop. */
  readonly annualRevenueWon: Won
  /** 읍·면·동 of the registered seat. */
  readonly district: string
  readonly status: MerchantStatus
  readonly registeredAt: Instant
}

/** A place where a merchant takes payments; a QR kit belongs to an outlet. */
export interface Outlet {
  readonly issuerId: IssuerId
  readonly outletId: OutletId
  readonly merchantId: MerchantId
  readonly name: string
  readonly district: string
  readonly address: string
  /** `null` where nobody said. */
  readonly position: Position | null
  readonly open: boolean
}

export const clerkRoles = ['owner', 'clerk'] as const
export type ClerkRole = (typeof clerkRoles)[number]

/** A person who may act for a merchant; the owner has a row too. */
export interface Clerk {
  readonly issuerId: IssuerId
  readonly clerkId: ClerkId
  readonly merchantId: MerchantId
  readonly personId: string
  readonly role: ClerkRole
}

/**
 * Classes of yearly revenue as card-fee law cuts them (영세, 중소 1–3, 일반: 여신전문금융업법 시행령),
 * each with the highest revenue that is still in it.
 */
export const revenueClasses = {
  micro: won(300_000_000),
  small_1: won(500_000_000),
  small_2: won(1_000_000_000),
  small_3: won(3_000_000_000),
  general: null,
} as const satisfies Record<string, Won | null>
export type RevenueClass = keyof typeof revenueClasses

/** The class of a yearly revenue; exactly ₩300 M is still `micro`. */
export function revenueClassOf(annualRevenueWon: Won): RevenueClass {
  if (annualRevenueWon <= revenueClasses.micro) return 'micro'
  if (annualRevenueWon <= revenueClasses.small_1) return 'small_1'
  if (annualRevenueWon <= revenueClasses.small_2) return 'small_2'
  if (annualRevenueWon <= revenueClasses.small_3) return 'small_3'
  return 'general'
}

/** True where the payer owns the shop: paying oneself turns a discount into cash (깡). */
export function ownShop(merchant: Pick<Merchant, 'ownerPersonId'>, payerPersonId: string): boolean {
  return merchant.ownerPersonId === payerPersonId
}
