/**
 * The shape of every record's body, and which natural keys it bears. Ids stand as numbers, as everywhere inside.
 * The surprise: the record id of a device is its member's, of a stop its wallet's, of terms their program's: so that
 * one chain of versions tells the whole story, and two writers can never both win.
 */
import {
  clerkRoles,
  merchantStatuses,
  sectors,
  type Clerk,
  type Merchant,
  type Outlet,
  type Position,
  type QrKit,
  type Sector,
} from '../acquiring/acquiring.ts'
import type {
  BusinessDate,
  CaseId,
  CorporationId,
  GiftId,
  Instant,
  LotId,
  MemberId,
  MerchantId,
  OperationId,
  OutletId,
  PartnerId,
  ProgramId,
  WalletId,
} from '../base/base.ts'
import {
  issuerKinds,
  provinces,
  type Issuer,
  type Member,
  type Province,
} from '../issuing/issuing.ts'
import { buyingReaders, type BuyingBodies } from './buying-record-bodies.ts'
import { confirmationReaders, type ConfirmationBodies } from './confirmation-record-bodies.ts'
import { merchantReaders, type MerchantBodies } from './merchant-record-bodies.ts'
import { reportReaders, type ReportBodies } from './report-record-bodies.ts'
import {
  cardReaders,
  type CardBodies,
  type CardFileKind,
  type CaseKind,
  type NoticeKind,
} from './card-record-bodies.ts'
import { corporateReaders, type CorporateBodies } from './corporate-record-bodies.ts'
import { gatewayOrderReader, type GatewayOrderBody } from './gateway-order-body.ts'
import { issuerRulesReader, type IssuerRulesBody } from './issuer-rule-body.ts'
import { programReaders, type ProgramBodies } from './program-record-bodies.ts'
import {
  memberMoneyReaders,
  type ConsentPurpose,
  type MemberMoneyBodies,
} from './member-money-bodies.ts'
import {
  absentAs,
  date,
  degrees,
  flag,
  idNumber,
  integer,
  nullable,
  oneOf,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'
import type { RecordKind } from './registry.ts'
import { erasureReaders, type ErasureBodies } from './erasure-record-bodies.ts'
import { stipendReaders, type StipendBodies } from './stipend-record-bodies.ts'
import { taxReaders, type TaxBodies } from './tax-record-bodies.ts'
import { treasuryReaders, type TreasuryBodies } from './treasury-record-bodies.ts'

export type IssuerBody = Omit<Issuer, 'issuerId'>
/** Whether the wallet is stopped stands in `wallet_stop`, not here. */
export interface MemberBody extends Pick<Member, 'personId' | 'name' | 'birthDate' | 'phone'> {
  readonly status: 'active' | 'left'
  readonly walletId: WalletId
  /** The linked bank account, as the bank's token; `null` until one is linked. */
  readonly accountToken: string | null
  /** The consent by which that account is debited; `null`: it may only be paid to. */
  readonly debitConsentId: CaseId | null
}
/** The telephone that may show consumer codes; the record id is the member's. */
export interface DeviceBody {
  readonly walletId: WalletId
  readonly personId: string
  /** RFC 7638 thumbprint of the device's key. */
  readonly thumbprint: string
  /** 0…9 999 999 999; earlier ones stay the record's natural keys and no longer pay. */
  readonly handle: number
  readonly active: boolean
}
/** The record id is the wallet's. */
export interface WalletStopBody {
  readonly stopped: boolean
  readonly reason: string
}
export type MerchantBody = Omit<Merchant, 'issuerId' | 'merchantId'>
export type OutletBody = Omit<Outlet, 'issuerId' | 'outletId'>
export interface ClerkBody extends Omit<Clerk, 'issuerId' | 'clerkId'> {
  readonly active: boolean
}
export type KitBody = Omit<QrKit, 'issuerId' | 'kitId'>
export interface OfficerBody {
  readonly personId: string
  readonly name: string
  readonly title: string
  readonly active: boolean
}
export type OperatorBody = Omit<OfficerBody, 'title'>

/** The body of each kind of record. */
export interface RecordBodies
  extends
    CardBodies,
    ConfirmationBodies,
    ErasureBodies,
    CorporateBodies,
    MerchantBodies,
    ReportBodies,
    MemberMoneyBodies,
    BuyingBodies,
    ProgramBodies,
    StipendBodies,
    TaxBodies,
    TreasuryBodies {
  readonly issuer: IssuerBody
  readonly issuer_rules: IssuerRulesBody
  readonly member: MemberBody
  readonly device: DeviceBody
  readonly wallet_stop: WalletStopBody
  readonly merchant: MerchantBody
  readonly outlet: OutletBody
  readonly clerk: ClerkBody
  readonly kit: KitBody
  readonly officer: OfficerBody
  readonly operator: OperatorBody
  readonly gateway_order: GatewayOrderBody
}

const merchant = shape<MerchantBody>({
  name: text,
  nameLatin: text,
  businessNumber: text,
  ownerPersonId: text,
  sector: oneOf(Object.keys(sectors) as Sector[]), // The table's own keys.
  annualRevenueWon: wonAmount,
  district: text,
  status: oneOf(merchantStatuses),
  registeredAt: integer,
})

const readers: { readonly [Kind in RecordKind]: Reader<RecordBodies[Kind]> } = {
  issuer: shape<IssuerBody>({
    code: text,
    nameKo: text,
    nameEn: text,
    province: nullable(oneOf(Object.keys(provinces) as Province[])), // The table's own keys.
    kind: oneOf(issuerKinds),
    treasuryBank: text,
  }),
  issuer_rules: issuerRulesReader,
  member: shape<MemberBody>({
    personId: text,
    name: text,
    birthDate: date,
    phone: text,
    status: oneOf(['active', 'left']),
    walletId: idNumber<WalletId>(),
    accountToken: nullable(text),
    debitConsentId: absentAs(null, nullable(idNumber<CaseId>())),
  }),
  device: shape<DeviceBody>({
    walletId: idNumber<WalletId>(),
    personId: text,
    thumbprint: text,
    handle: integer,
    active: flag,
  }),
  wallet_stop: shape<WalletStopBody>({ stopped: flag, reason: text }),
  merchant,
  outlet: shape<OutletBody>({
    merchantId: idNumber<MerchantId>(),
    name: text,
    district: text,
    address: text,
    position: absentAs(null, nullable(shape<Position>({ latitude: degrees, longitude: degrees }))),
    open: flag,
  }),
  clerk: shape<ClerkBody>({
    merchantId: idNumber<MerchantId>(),
    personId: text,
    role: oneOf(clerkRoles),
    active: flag,
  }),
  kit: shape<KitBody>({ outletId: idNumber<OutletId>(), active: flag }),
  officer: shape<OfficerBody>({ personId: text, name: text, title: text, active: flag }),
  operator: shape<OperatorBody>({ personId: text, name: text, active: flag }),
  gateway_order: gatewayOrderReader,
  ...cardReaders,
  ...erasureReaders,
  ...corporateReaders,
  ...programReaders,
  ...merchantReaders,
  ...reportReaders,
  ...memberMoneyReaders,
  ...buyingReaders,
  ...stipendReaders,
  ...confirmationReaders,
  ...taxReaders,
  ...treasuryReaders,
}

/** Reads the stored body of a kind of record. A body that does not fit is a Bug. */
export function readBody<Kind extends RecordKind>(kind: Kind, body: unknown): RecordBodies[Kind] {
  const read: Reader<RecordBodies[Kind]> = readers[kind]
  return read(body, kind)
}

/** What natural keys that are listed together begin with. */
export const keyPrefix = {
  proposalsOfProgram: (programId: ProgramId): string => `program:${programId}/`,
  posted: (): string => 'posted/',
  cardsOfWallet: (walletId: WalletId): string => `wallet:${walletId}/`,
  ofMember: (memberId: MemberId): string => `member:${memberId}/`,
  /** What a member agreed to for one purpose. */
  ofPurpose: (memberId: MemberId, purpose: ConsentPurpose): string =>
    `purpose:${memberId}:${purpose}/`,
  /** Members that were vouched for with a telephone number, and presents to it. */
  ofPhone: (digits: string): string => `phone:${digits}/`,
  /** Presents that took from a lot. */
  giftsFrom: (lotId: LotId): string => `from:${lotId}/`,
  ofMerchant: (merchantId: MerchantId): string => `merchant:${merchantId}/`,
  ofOwner: (personId: string): string => `owner:${personId}/`,
  ofCorporation: (corporationId: CorporationId): string => `corporation:${corporationId}/`,
  /** What is the issuer's own, such as the notices to its desk. */
  ofIssuer: 'issuer/',
} as const

/** The natural keys of records: the only texts by which `findByKey` is asked. */
export const naturalKey = {
  issuerCode: (code: string): string => `code:${code}`,
  /** Members, officers and operators. */
  person: (personId: string): string => `person:${personId}`,
  handle: (handle: number): string => `handle:${handle}`,
  businessNumber: (tenDigits: string): string => `business:${tenDigits}`,
  clerk: (merchantId: MerchantId, personId: string): string =>
    `person:${personId}/merchant:${merchantId}`,
  /** A code by which somebody was let in; it lets nobody in again. */
  clerkCode: (codeId: string): string => `clerk_code:${codeId}`,
  /** One card of a partner stands once within an issuer. */
  card: (partnerId: PartnerId, cardToken: string): string => `card:${partnerId}:${cardToken}`,
  /** The same card among those of its wallet; listed by `keyPrefix.cardsOfWallet`. */
  cardOfWallet: (walletId: WalletId, partnerId: PartnerId, cardToken: string): string =>
    `${keyPrefix.cardsOfWallet(walletId)}${partnerId}:${cardToken}`,
  /** A notice or conversion among those of its member, ordered by its own number. */
  ofMember: (memberId: MemberId, recordId: number): string =>
    `${keyPrefix.ofMember(memberId)}${String(recordId).padStart(16, '0')}`,
  ofPurpose: (memberId: MemberId, purpose: ConsentPurpose, recordId: number): string =>
    `${keyPrefix.ofPurpose(memberId, purpose)}${String(recordId).padStart(16, '0')}`,
  /** One consent follows another of its purpose; 0: it is the first. */
  following: (memberId: MemberId, purpose: ConsentPurpose, consentId: number): string =>
    `after:${memberId}:${purpose}:${consentId}`,
  ofPhone: (digits: string, recordId: number): string =>
    `${keyPrefix.ofPhone(digits)}${String(recordId).padStart(16, '0')}`,
  giftFrom: (lotId: LotId, giftId: GiftId): string =>
    `${keyPrefix.giftsFrom(lotId)}${String(giftId).padStart(16, '0')}`,
  /** The present that is in a lot. */
  giftIn: (lotId: LotId): string => `lot:${lotId}`,
  /** A paper, notice or report among those of its merchant, ordered by its own number. */
  ofMerchant: (merchantId: MerchantId, recordId: number): string =>
    `${keyPrefix.ofMerchant(merchantId)}${String(recordId).padStart(16, '0')}`,
  ofIssuer: (recordId: number): string =>
    `${keyPrefix.ofIssuer}${String(recordId).padStart(16, '0')}`,
  /** What belongs to a corporation, ordered by its own number. */
  ofCorporation: (corporationId: CorporationId, recordId: number): string =>
    `${keyPrefix.ofCorporation(corporationId)}${String(recordId).padStart(16, '0')}`,
  /** The same list again under one title is the hand-out that it made; counted up where that one was cancelled. */
  handOutFile: (corporationId: CorporationId, name: string, count: number): string =>
    `file:${corporationId}:${name}:${count}`,
  /** A bar among those of everything that the person owned. */
  ofOwner: (personId: string, merchantId: MerchantId): string =>
    `${keyPrefix.ofOwner(personId)}${merchantId}`,
  /** One case, conversion or notice for one subject of a kind. */
  case: (caseKind: CaseKind, subject: string): string => `case:${caseKind}:${subject}`,
  conversion: (saleId: OperationId): string => `conversion:${saleId}`,
  notice: (noticeKind: NoticeKind, subject: string): string => `notice:${noticeKind}:${subject}`,
  /** Of an operator's record: the file. Of an issuer's: its part of a settlement of that date. */
  cardFile: (
    fileKind: CardFileKind,
    partnerId: PartnerId,
    date: BusinessDate,
    sequence: number,
  ): string => `${fileKind}:${partnerId}:${date}:${sequence}`,
  proposalOfProgram: (programId: ProgramId, proposalId: number): string =>
    `${keyPrefix.proposalsOfProgram(programId)}${String(proposalId).padStart(16, '0')}`,
  /** Announcements by the instant until which they are posted. */
  posted: (postedUntil: Instant, proposalId: number): string =>
    `${keyPrefix.posted()}${String(postedUntil).padStart(16, '0')}/${proposalId}`,
  /** The same file again for a round is the batch that it made; counted up where that one was cancelled. */
  stipendFile: (programId: number, round: string, sha256: string, count: number): string =>
    `file:${programId}:${round}:${sha256}:${count}`,
  /** One appeal of a member about a batch at a time; counted up when that one has ended. */
  appeal: (batchId: number, memberId: MemberId, count: number): string =>
    `appeal:${batchId}:${memberId}:${count}`,
  /** One decision about the grant of a lot. */
  clawback: (grantId: OperationId, count: number): string => `clawback:${grantId}:${count}`,
  /** One notice to a desk for one subject of a kind. */
  partyNotice: (noticeKind: string, subject: string): string => `notice:${noticeKind}:${subject}`,
  /** The standing order of a member for a program, by its trigger. */
  topUpOrder: (memberId: MemberId, programId: ProgramId, trigger: string): string =>
    `order:${memberId}:${programId}:${trigger}`,
  /** Makes a request that has no other natural key safe to repeat. */
  request: (requestId: OperationId): string => `request:${requestId}`,
} as const
