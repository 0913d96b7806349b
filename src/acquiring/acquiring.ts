/** Merchants, where and by whom they take payments, and which money they may take. */
export {
  acceptanceRefusals,
  accepts,
  eligibleTenders,
  kindsOfProgram,
  type AcceptanceRefusal,
  type AcceptanceRules,
  type AcceptingProgram,
  type EligibleTenders,
  type RefusedTender,
} from './acceptance.ts'
export {
  businessNumberCheckDigit,
  formatBusinessNumber,
  parseBusinessNumber,
} from './business-number.ts'
export { type AcquiringDirectory, type QrKit } from './directory.ts'
export {
  clerkRoles,
  merchantStatuses,
  ownShop,
  revenueClasses,
  revenueClassOf,
  type Clerk,
  type ClerkRole,
  type Merchant,
  type MerchantStatus,
  type Outlet,
  type RevenueClass,
} from './merchant.ts'
export {
  formatMerchantNumber,
  outletOfNumber,
  readMerchantNumber,
  type MerchantNumber,
} from './merchant-number.ts'
export { isSector, sectors, type Sector } from './sector.ts'
