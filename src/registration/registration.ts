/**
 * Registration: who and what the money is about. Use cases over the registry, each idempotent: a repeat finds what the
 * first brought about, by its natural key or by the key of the request, and writes nothing.
 */
import type { SessionRole } from '../access/access.ts'
import type { Clerk, Merchant, Outlet } from '../acquiring/acquiring.ts'
import type { IssuerId, MemberId, MerchantId, OutletId, QrKitId, WalletId } from '../base/base.ts'
import type { IssuerRules } from '../issuing/issuing.ts'
import { linkAccount, type AccountLinking } from './account-consents.ts'
import {
  createHandleOwners,
  enrolDevice,
  type DeviceEnrolment,
  type EnrolledDevice,
  type HandleOwner,
} from './devices.ts'
import { addIssuerRules, type IssuerRulesAddition } from './issuer-rule-versions.ts'
import {
  agree,
  consentsOf,
  revokeConsent,
  type AgreementCommand,
  type Consent,
  type Revocation,
} from './member-consents.ts'
import {
  buyerAccount,
  join,
  memberAccount,
  releaseWallet,
  stopWallet,
  type BuyerAccount,
  type Joining,
  type MemberAccount,
  type WalletStopCommand,
} from './members.ts'
import {
  applyByConsent,
  applyMerchant,
  decideMerchant,
  type MerchantApplication,
  type MerchantConsent,
  type MerchantDecision,
} from './merchant-applications.ts'
import type { MerchantOfLife } from './merchant-lives.ts'
import { addClerk, removeClerk, type ClerkAddition, type ClerkRemoval } from './merchant-people.ts'
import {
  issueKit,
  openOutlet,
  readKit,
  readMerchant,
  readOutlet,
  type IssuedKit,
  type KitIssue,
  type OutletOpening,
  type RegisteredMerchant,
} from './merchants.ts'
import { rolesOf } from './person-roles.ts'
import type { Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

export { type AccountLinking, type GivenConsent } from './account-consents.ts'
export {
  agreeablePurposes,
  consentKeys,
  revoked,
  type AgreeablePurpose,
  type Agreement,
  type Consent,
  type GivenAgreements,
  wrongText,
} from './member-consents.ts'
export { type DeviceEnrolment, type EnrolledDevice, type HandleOwner } from './devices.ts'
export {
  deactivation,
  type BuyerAccount,
  type MemberAccount,
  type VouchedPerson,
  type WalletStopCommand,
} from './members.ts'
export {
  cardFileKinds,
  caseKinds,
  cardSpendings,
  conversionStates,
  noticeKinds,
  saleClasses,
  type CardFileKind,
  type CardLinkBody,
  type CardSpending,
  type CaseBody,
  type CaseKind,
  type ClearingFileBody,
  type ConversionBody,
  type NoticeBody,
  type NoticeKind,
  type PartnerAccount,
  type PartnerBody,
  type SaleKeyBody,
} from './card-record-bodies.ts'
export {
  consentMethods,
  consentPurposes,
  type ConsentBody,
  type ConsentMethod,
  type ConsentPurpose,
  type GiftBody,
  type GivingCorporation,
  type MemberMoneyBodies,
  type RefundRequestBody,
} from './member-money-bodies.ts'
export {
  authorisedStates,
  corporationStates,
  handOutStates,
  type AuthorisedPerson,
  type AuthorisedState,
  type CorporateConsentBody,
  type CorporatePurchaseBody,
  type CorporationBody,
  type CorporationState,
  type HandOutBody,
  type HandOutState,
} from './corporate-record-bodies.ts'
export {
  type RunningTopUp,
  type TopUpOrderBody,
  type VirtualAccountBody,
} from './buying-record-bodies.ts'
export { type ConfirmationBody, type PasskeyBody } from './confirmation-record-bodies.ts'
export { type CardCompany, type CardWishes, type LinkedCard } from './card-company.ts'
export {
  CARDS_PER_MEMBER_MAX,
  createCardLinks,
  type CardChange,
  type CardLinkDeps,
  type CardLinking,
  type CardLinks,
  type MemberCard,
} from './card-links.ts'
export {
  CASE_TERM_MS,
  createCasebook,
  type CardCase,
  type Casebook,
  type CasebookDeps,
  type CaseClosure,
  type CaseOpening,
  type Conversion,
  type ConversionOpening,
  type Notice,
  type OpenedConversion,
} from './casebook.ts'
export { CARDS_REMEMBERED_MAX, createLinkedCards, type LinkedCards } from './linked-cards.ts'
export { type IssuerRulesAddition } from './issuer-rule-versions.ts'
export { type ClerkAddition, type ClerkRemoval } from './merchant-people.ts'
export { type MerchantDocument } from './application-facts.ts'
export {
  createMerchantDesk,
  type MerchantDesk,
  type MerchantDeskDeps,
  type MerchantFile,
} from './merchant-desk.ts'
export {
  createMemoryDocuments,
  type DocumentStore,
  type DocumentUpload,
} from './merchant-documents.ts'
export { type LifeCommand, type MerchantOfLife } from './merchant-lives.ts'
export { type RevenueTelling } from './merchant-revenues.ts'
export { type MerchantRing } from './merchant-timers.ts'
export {
  partyNoticeKinds,
  type PartyNoticeBody,
  type PartyNoticeKind,
} from './merchant-record-bodies.ts'
export { createReportDesk, ownReport, type DueCase, type ReportDesk } from './report-desk.ts'
export { type ReportChange, type ReportCommand, type ReportParty } from './report-changes.ts'
export {
  reportActions,
  reportEvents,
  reportStages,
  reportTable,
  type ReportStage,
} from './report-machine.ts'
export {
  reportCategoryNames,
  reportOutcomes,
  type Attachment,
  type ReportBody,
  type ReportCategory,
  type Reporter,
} from './report-record-bodies.ts'
export {
  ATTACHMENTS_MAX,
  dueWord,
  OPEN_REPORTS_MAX,
  REPORT_WORDS_MAX,
  type Report,
  type ReportDeps,
} from './reports.ts'
export { createMemoryOfficerActs, type OfficerActs, type WrittenAct } from './officer-acts.ts'
export { gatewayActions, gatewayOutcomes } from './gateway-order-body.ts'
export type { GatewayOrderBody, GatewayOrderResult } from './gateway-order-body.ts'
export { erasureStates, type ErasureBody } from './erasure-record-bodies.ts'
export {
  isErased,
  isPersonalKey,
  personalRecordFields,
  withErased,
  type PersonalErasure,
} from './personal-fields.ts'
export { tellMerchantOnce, type PartyNotice } from './party-notices.ts'
export {
  createSettlementAccounts,
  type AccountChoice,
  type AccountHolders,
  type AgencyNaming,
  type SettlementAccounts,
} from './settlement-accounts.ts'
export { followedBy } from './followed-registry.ts'
export { createMemoryPersonIndex, type MemoryPersonIndex } from './memory-person-index.ts'
export {
  createMemoryRegistry,
  type MemoryRegistry,
  type RecordedVersion,
} from './memory-registry.ts'
export {
  type IssuedKit,
  type KitIssue,
  type OutletOpening,
  type RegisteredMerchant,
} from './merchants.ts'
export { type IssuerRulesBody, type RuleSetting } from './issuer-rule-body.ts'
export {
  changeKinds,
  proposalStates,
  STOPS_REMEMBERED_MAX,
  type AnnouncementBody,
  type ChangeKind,
  type PotBody,
  type ProgramBody,
  type ProposalBody,
  type ProposalState,
  type ProposedChange,
  type TermsBody,
} from './program-record-bodies.ts'
export { nextIssuerRules } from './issuer-rule-versions.ts'
export { type ProgramDesk } from './program-shelf.ts'
export { termsOf, termsVersion } from './program-versions.ts'
export {
  type MerchantApplication,
  type MerchantConsent,
  type MerchantDecision,
} from './merchant-applications.ts'
export { expectedPaymentStates, type ExpectedPaymentBody } from './treasury-record-bodies.ts'
export {
  keyPrefix,
  naturalKey,
  readBody,
  type ClerkBody,
  type DeviceBody,
  type IssuerBody,
  type KitBody,
  type MemberBody,
  type MerchantBody,
  type OfficerBody,
  type OperatorBody,
  type OutletBody,
  type RecordBodies,
  type WalletStopBody,
} from './record-bodies.ts'
export {
  createRecordDirectory,
  directoryKinds,
  type MerchantLifeDirectory,
  type MerchantPlace,
  type Partner,
  type PartnerDirectory,
  type RecordDirectory,
} from './record-directory.ts'
export {
  APPEND_ATTEMPTS_MAX,
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type RecordOf,
} from './record-store.ts'
export {
  appealGrounds,
  appealStates,
  batchStates,
  clawbackStates,
  type AppealBody,
  type AppealGround,
  type BatchCheckBody,
  type BatchState,
  type ClawbackBody,
  type StipendBatchBody,
} from './stipend-record-bodies.ts'
export {
  createTaxSettings,
  endOfTaxSetting,
  type TaxSetting,
  type TaxSettings,
} from './tax-settings.ts'
export {
  refused,
  registrationRefusals,
  type Refused,
  type Registered,
  type RegistrationRefusal,
} from './refusal.ts'
export {
  PERSON_RECORDS_MAX,
  type PersonIndex,
  type PersonRecord,
  type RegistrationDeps,
} from './registration-deps.ts'
export {
  recordKinds,
  type AppendResult,
  type NewRecord,
  type RecordKey,
  type RecordKind,
  type RecordPage,
  type Registry,
  type StoredRecord,
} from './registry.ts'

/** All methods throw the registry's and the ledger's Faults; a no is a value. */
export interface Registration {
  join(joining: Joining): Promise<Registered<MemberAccount>>
  member(issuerId: IssuerId, memberId: MemberId): Promise<MemberAccount | undefined>
  buyer(issuerId: IssuerId, memberId: MemberId): Promise<Registered<BuyerAccount>>
  linkAccount(command: AccountLinking): Promise<Registered<MemberAccount>>
  consentsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly Consent[]>
  agree(command: AgreementCommand): Promise<Registered<{ readonly consents: readonly Consent[] }>>
  revokeConsent(command: Revocation): Promise<Registered<{ readonly consent: Consent }>>
  stopWallet(command: WalletStopCommand): Promise<Registered<{ readonly walletId: WalletId }>>
  releaseWallet(command: WalletStopCommand): Promise<Registered<{ readonly walletId: WalletId }>>
  enrolDevice(enrolment: DeviceEnrolment): Promise<Registered<EnrolledDevice>>
  /** Authorization's port. Another core's change is seen within `HANDLE_FRESH_MS`, one of this core at once. */
  payerByHandle(issuerId: IssuerId, handle: number): Promise<HandleOwner | undefined>
  applyMerchant(application: MerchantApplication): Promise<Registered<RegisteredMerchant>>
  applyByConsent(consent: MerchantConsent): Promise<Registered<RegisteredMerchant>>
  decideMerchant(decision: MerchantDecision): Promise<Registered<MerchantOfLife>>
  merchant(issuerId: IssuerId, merchantId: MerchantId): Promise<Merchant | undefined>
  openOutlet(opening: OutletOpening): Promise<Registered<{ readonly outlet: Outlet }>>
  outlet(issuerId: IssuerId, outletId: OutletId): Promise<Outlet | undefined>
  issueKit(issue: KitIssue): Promise<Registered<IssuedKit>>
  kit(issuerId: IssuerId, kitId: QrKitId): Promise<IssuedKit | undefined>
  addClerk(addition: ClerkAddition): Promise<Registered<{ readonly clerk: Clerk }>>
  removeClerk(removal: ClerkRemoval): Promise<Registered<{ readonly clerk: Clerk }>>
  addIssuerRules(
    addition: IssuerRulesAddition,
  ): Promise<Registered<{ readonly rules: IssuerRules }>>
  /** What a session is opened with. */
  rolesOf(personId: string): Promise<SessionRole[]>
}

export function createRegistration(deps: RegistrationDeps): Registration {
  const owners = createHandleOwners(deps)
  return {
    join: (command) => join(deps, command),
    member: (issuerId, memberId) => memberAccount(deps, issuerId, memberId),
    buyer: (issuerId, memberId) => buyerAccount(deps, issuerId, memberId),
    linkAccount: (command) => linkAccount(deps, command),
    consentsOf: (issuerId, memberId) => consentsOf(deps, issuerId, memberId),
    agree: (command) => agree(deps, command),
    revokeConsent: (command) => revokeConsent(deps, command),
    async stopWallet(command) {
      const answer = await stopWallet(deps, command)
      owners.forget(command.issuerId, command.memberId)
      return answer
    },
    releaseWallet: (command) => releaseWallet(deps, command),
    async enrolDevice(enrolment) {
      const answer = await enrolDevice(deps, enrolment)
      owners.forget(enrolment.issuerId, enrolment.memberId)
      return answer
    },
    payerByHandle: (issuerId, handle) => owners.find(issuerId, handle),
    applyMerchant: (application) => applyMerchant(deps, application),
    applyByConsent: (consent) => applyByConsent(deps, consent),
    decideMerchant: (decision) => decideMerchant(deps, decision),
    merchant: (issuerId, merchantId) => readMerchant(deps, issuerId, merchantId),
    openOutlet: (opening) => openOutlet(deps, opening),
    outlet: (issuerId, outletId) => readOutlet(deps, issuerId, outletId),
    issueKit: (issue) => issueKit(deps, issue),
    kit: (issuerId, kitId) => readKit(deps, issuerId, kitId),
    addClerk: (addition) => addClerk(deps, addition),
    removeClerk: (removal) => removeClerk(deps, removal),
    addIssuerRules: (addition) => addIssuerRules(deps, addition),
    rolesOf: (personId) => rolesOf(deps, personId),
  }
}
