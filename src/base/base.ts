/** The few words all rooms share. Nothing here knows a voucher. */
export { assert, Bug, unreachable } from './assert.ts'
export { addBusinessDays, isBusinessDay } from './business-day.ts'
export { declineReasons, firstDecline, type DeclineReason } from './decline.ts'
export { AMOUNT_WON_MAX, isWon, sumWon, won, type Won } from './amount.ts'
export {
  Fault,
  faultCertainties,
  faultTable,
  type FaultCertainty,
  type FaultCode,
} from './fault.ts'
export {
  formatId,
  id,
  idPrefixes,
  OPERATOR,
  parseId,
  type AppealId,
  type CardLinkId,
  type CaseId,
  type DocumentId,
  type AccessId,
  type ClawbackId,
  type CorporationId,
  type GiftId,
  type HandOutId,
  type ClerkId,
  type Id,
  type IdPrefix,
  type IssuerId,
  type LotId,
  type MemberId,
  type MerchantId,
  type OfficerId,
  type OutletId,
  type PartnerId,
  type PayoutId,
  type PotId,
  type ProgramId,
  type ProposalId,
  type QrKitId,
  type StipendBatchId,
  type WalletId,
} from './id.ts'
export { funders, type FundedAmount, type Funder, type PotDraw } from './funder.ts'
export { createIdSource, firstIdAt, type IdSource } from './id-source.ts'
export { lotKinds, type LotKind, type Tender } from './lot-kind.ts'
export {
  derivedOperationId,
  operationId,
  parseOperationId,
  type OperationId,
} from './operation-id.ts'
export { requestHash, type Sha256 } from './request-hash.ts'
export {
  BASIS_POINTS_WHOLE,
  ceilShare,
  floorShare,
  floorToWon,
  splitByLargestRemainder,
} from './rounding.ts'
export {
  cleanLines,
  cleanText,
  ERASED,
  ERASED_DAY,
  hexOf,
  maskAccountNumber,
  maskName,
  maskPhone,
  searchedText,
  searchWords,
} from './text.ts'
export {
  addMonths,
  addYears,
  businessDate,
  businessMonth,
  DAY_MS,
  endOfDaysAfter,
  HOUR_MS,
  MINUTE_MS,
  minuteOfDay,
  nextDate,
  parseBusinessDate,
  startOfBusinessDate,
  weekdayOf,
  type BusinessDate,
  type BusinessMonth,
  type Clock,
  type Instant,
} from './time.ts'
