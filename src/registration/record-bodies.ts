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
  type QrKit,
  type Sector,
} from '../acquiring/acquiring.ts'
import {
  assert,
  funders,
  lotKinds,
  type BusinessDate,
  type GiftId,
  type LotId,
  type Instant,
  type MemberId,
  type MerchantId,
  type OperationId,
  type OutletId,
  type PartnerId,
  type WalletId,
} from '../base/base.ts'
import {
  benefitModes,
  fallbackPreferences,
  fullRefundBases,
  issuerKinds,
  prepaidClasses,
  provinces,
  refundDeductions,
  ruleHolds,
  issuerRuleTable,
  taxCategories,
  usualRefund,
  type Benefit,
  type FeeTier,
  type FundingShare,
  type Issuer,
  type Member,
  type MerchantRules,
  type OfflineAllowance,
  type ProgramTerms,
  type Province,
  type RefundRule,
  type RuleValue,
  type SaleWindow,
  type StandInLimits,
} from '../issuing/issuing.ts'
import {
  cardReaders,
  type CardBodies,
  type CardFileKind,
  type CaseKind,
  type NoticeKind,
} from './card-record-bodies.ts'
import { memberMoneyReaders, type MemberMoneyBodies } from './member-money-bodies.ts'
import {
  absentAs,
  date,
  flag,
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'
import type { RecordKind } from './registry.ts'

export type IssuerBody = Omit<Issuer, 'issuerId'>
export interface ProgramBody {
  readonly name: string
  readonly nameEn: string
}
/** The record id is the program's and the record's version is that of the terms. */
export interface TermsBody extends Omit<ProgramTerms, 'programId' | 'issuerId' | 'version'> {
  /** The request that brought this version: a repeat of it is known by it. */
  readonly requestId: OperationId | null
}
/** The record id is the issuer's and the record's version is that of the rules. */
export interface IssuerRulesBody {
  readonly requestId: OperationId | null
  readonly effectiveFrom: Instant
  /** Every rule that was known when it was written. */
  readonly rules: readonly RuleSetting[]
}
export interface RuleSetting {
  readonly name: string
  readonly value: RuleValue
}
/** Whether the wallet is stopped stands in `wallet_stop`, not here. */
export interface MemberBody extends Pick<Member, 'personId' | 'name' | 'birthDate' | 'phone'> {
  readonly status: 'active' | 'left'
  readonly walletId: WalletId
  /** The linked bank account, as the bank's token; `null` until one is linked. */
  readonly accountToken: string | null
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
export interface RecordBodies extends CardBodies, MemberMoneyBodies {
  readonly issuer: IssuerBody
  readonly issuer_rules: IssuerRulesBody
  readonly program: ProgramBody
  readonly terms: TermsBody
  readonly member: MemberBody
  readonly device: DeviceBody
  readonly wallet_stop: WalletStopBody
  readonly merchant: MerchantBody
  readonly outlet: OutletBody
  readonly clerk: ClerkBody
  readonly kit: KitBody
  readonly officer: OfficerBody
  readonly operator: OperatorBody
}

/** A rule of a newer program keeps its name and is not looked into. */
const ruleSetting: Reader<RuleSetting> = (value, path) => {
  const { name } = shape<{ name: string }>({ name: text })(value, path)
  const setting: unknown = Reflect.get(Object(value), 'value')
  const known = Object.entries(issuerRuleTable).find(([candidate]) => candidate === name)
  assert(known === undefined || ruleHolds(known[1], setting), `${path}: ${name} is in its bounds`)
  return { name, value: setting as RuleValue } // Plain JSON, and in its rule's bounds.
}

const merchantRules = shape<MerchantRules>({
  revenueWonMax: shape<MerchantRules['revenueWonMax']>({
    purchase: nullable(wonAmount),
    stipend: nullable(wonAmount),
    cashback: nullable(wonAmount),
    gift: nullable(wonAmount),
  }),
  sectorsRefused: list(text),
  districtsAllowed: nullable(list(text)),
})

const terms = shape<TermsBody>({
  requestId: nullable(text) as Reader<OperationId | null>, // Written from a parsed key.
  effectiveFrom: integer,
  region: text,
  kind: oneOf(lotKinds),
  prepaidClass: oneOf(prepaidClasses),
  validityYears: integer,
  usableUntil: nullable(date),
  benefit: shape<Benefit>({
    mode: oneOf(benefitModes),
    rateBasisPoints: integer,
    fundingShares: list(shape<FundingShare>({ funder: oneOf(funders), weight: integer })),
  }),
  saleWindow: shape<SaleWindow>({ opensAt: integer, closesAt: nullable(integer) }),
  monthlyQuotaWon: wonAmount,
  monthlyPurchaseCapWon: wonAmount,
  holdingCapWon: wonAmount,
  purchaseWonMin: wonAmount,
  purchaseUnitWon: wonAmount,
  purchaseAgeMin: integer,
  refund: nullable(
    shape<RefundRule>({
      usedBasisPointsMin: integer,
      smallLotWonMax: wonAmount,
      smallLotUsedBasisPointsMin: integer,
      deduction: absentAs(usualRefund.deduction, oneOf(refundDeductions)),
      fullRefund: absentAs(usualRefund.fullRefund, oneOf(fullRefundBases)),
      smallRemainderBasisPointsMax: absentAs(usualRefund.smallRemainderBasisPointsMax, integer),
      payoutLagDays: absentAs(usualRefund.payoutLagDays, integer),
    }),
  ),
  purchaseCancelDays: integer,
  tenderRank: integer,
  splitTender: flag,
  merchantRules,
  paymentWonMax: wonAmount,
  settlementLagDays: shape<ProgramTerms['settlementLagDays']>({ qr: integer, card: integer }),
  feeTiers: list(shape<FeeTier>({ revenueWonMax: nullable(wonAmount), feeBasisPoints: integer })),
  taxCategory: oneOf(taxCategories),
  offlineAllowance: shape<OfflineAllowance>({
    allowanceWonMax: wonAmount,
    perSpendWonMax: wonAmount,
    spendsMax: integer,
    validHours: integer,
  }),
  standInLimits: shape<StandInLimits>({
    perPaymentWonMax: wonAmount,
    paymentsMax: integer,
    cumulativeWonMax: wonAmount,
    snapshotAgeHoursMax: integer,
  }),
  fallbackPreference: oneOf(fallbackPreferences),
  saleSuspended: flag,
  paymentSuspended: flag,
})

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
  issuer_rules: shape<IssuerRulesBody>({
    requestId: nullable(text) as Reader<OperationId | null>, // Written from a parsed key.
    effectiveFrom: integer,
    rules: list(ruleSetting),
  }),
  program: shape<ProgramBody>({ name: text, nameEn: text }),
  terms,
  member: shape<MemberBody>({
    personId: text,
    name: text,
    birthDate: date,
    phone: text,
    status: oneOf(['active', 'left']),
    walletId: idNumber<WalletId>(),
    accountToken: nullable(text),
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
  ...cardReaders,
  ...memberMoneyReaders,
}

/** Reads the stored body of a kind of record. A body that does not fit is a Bug. */
export function readBody<Kind extends RecordKind>(kind: Kind, body: unknown): RecordBodies[Kind] {
  const read: Reader<RecordBodies[Kind]> = readers[kind]
  return read(body, kind)
}

/** What natural keys that are listed together begin with. */
export const keyPrefix = {
  cardsOfWallet: (walletId: WalletId): string => `wallet:${walletId}/`,
  ofMember: (memberId: MemberId): string => `member:${memberId}/`,
  /** Members that were vouched for with a telephone number, and presents to it. */
  ofPhone: (digits: string): string => `phone:${digits}/`,
  /** Presents that took from a lot. */
  giftsFrom: (lotId: LotId): string => `from:${lotId}/`,
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
  /** One card of a partner stands once within an issuer. */
  card: (partnerId: PartnerId, cardToken: string): string => `card:${partnerId}:${cardToken}`,
  /** The same card among those of its wallet; listed by `keyPrefix.cardsOfWallet`. */
  cardOfWallet: (walletId: WalletId, partnerId: PartnerId, cardToken: string): string =>
    `${keyPrefix.cardsOfWallet(walletId)}${partnerId}:${cardToken}`,
  /** A notice or conversion among those of its member, ordered by its own number. */
  ofMember: (memberId: MemberId, recordId: number): string =>
    `${keyPrefix.ofMember(memberId)}${String(recordId).padStart(16, '0')}`,
  ofPhone: (digits: string, recordId: number): string =>
    `${keyPrefix.ofPhone(digits)}${String(recordId).padStart(16, '0')}`,
  giftFrom: (lotId: LotId, giftId: GiftId): string =>
    `${keyPrefix.giftsFrom(lotId)}${String(giftId).padStart(16, '0')}`,
  /** The present that is in a lot. */
  giftIn: (lotId: LotId): string => `lot:${lotId}`,
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
  /** Makes a request that has no other natural key safe to repeat. */
  request: (requestId: OperationId): string => `request:${requestId}`,
} as const
