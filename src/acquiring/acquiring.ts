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
  applicationChecks,
  checkApplication,
  failedCheck,
  type ApplicationCheck,
  type CheckedApplication,
  type CheckResult,
} from './application-check.ts'
export {
  businessNumberCheckDigit,
  formatBusinessNumber,
  parseBusinessNumber,
} from './business-number.ts'
export { type AcquiringDirectory, type QrKit } from './directory.ts'
export {
  DOCUMENT_BYTES_MAX,
  DOCUMENT_NAME_LENGTH_MAX,
  documentKinds,
  DOCUMENTS_MAX,
  documentTypeOf,
  documentTypes,
  isDocumentKind,
  type DocumentKind,
  type DocumentType,
} from './document.ts'
export { changeLife, lifeRefusals, type LifeChange, type LifeRefusal } from './merchant-change.ts'
export {
  beginLife,
  lifeOfMerchant,
  renewalWindow,
  statusOf,
  type Cancellation,
  type LifeRules,
  type MerchantChange,
  type MerchantLife,
  type Suspension,
  type TakenOver,
} from './merchant-life.ts'
export {
  isRegistered,
  merchantActions,
  merchantEvents,
  merchantStates,
  merchantTable,
  nextMerchantStep,
  registeredStates,
  type MerchantAction,
  type MerchantEvent,
  type MerchantState,
  type MerchantStep,
} from './merchant-machine.ts'
export {
  dueMerchantTimers,
  merchantTimers,
  waitingOf,
  type MerchantTimer,
  type Waiting,
} from './merchant-timers.ts'
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
export {
  barEndsAt,
  cancellationReasons,
  type BarRules,
  type CancellationReason,
} from './re-registration-bar.ts'
export {
  annualRevenue,
  merchantAt,
  REVENUE_ENTRIES_MAX,
  revenueAt,
  withRevenue,
  type RevenueEntry,
} from './revenue-history.ts'
export {
  ACCOUNT_ENTRIES_MAX,
  accountEntryAt,
  isBankCode,
  mayRedeemFor,
  NAMED_MERCHANTS_MAX,
  parseAccountNumber,
  payeeAt,
  unpayableReasons,
  type AccountEntry,
  type ExchangeAgency,
  type NamedMerchant,
  type Payee,
  type PayeeFacts,
  type SettlementAccount,
  type UnpayableReason,
} from './settlement-account.ts'
export {
  findPlaces,
  type FoundPlace,
  type FoundPlaces,
  type Place,
  type PlaceQuery,
} from './place-finder.ts'
export { merchantsWithWords } from './merchant-search.ts'
export { distanceM, isInKorea, keptPosition, koreaBounds, type Position } from './position.ts'
export { isSector, sectors, type Sector } from './sector.ts'
