/** The shapes of records about members' money beside paying: consents, presents, requests for full refunds. */
import {
  funders,
  type CorporationId,
  type FundedAmount,
  type Instant,
  type LotId,
  type MemberId,
  type OperationId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import {
  fullRefundGrounds,
  giftStates,
  refundRequestStates,
  type FullRefundGround,
  type GiftDay,
  type GiftPart,
  type GiftState,
  type RefundRequestState,
  type ValueSources,
} from '../issuing/issuing.ts'
import {
  absentAs,
  date,
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  operation,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'

/** A member's request for the whole rest of a lot, on a ground that terms must recognise (전자금융거래법 §19②). */
export interface RefundRequestBody {
  /** The key under which the member asked: a repeat is known by it. */
  readonly requestId: OperationId
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly lotId: LotId
  readonly ground: FullRefundGround
  /** What the member says about it; empty where the system knows the ground. */
  readonly words: string
  readonly state: RefundRequestState
  readonly openedAt: Instant
  /** By then it is decided, or the member told why not (전자금융거래법 §27, 시행령 §14). */
  readonly dueAt: Instant
  /** Who decided, as id text, or `system`; `null` while nobody did. */
  readonly decidedBy: string | null
  /** Why so; what the member is told. */
  readonly decisionWords: string | null
  readonly decidedAt: Instant | null
  /** What was refunded; `null` before. */
  readonly memberWon: Won | null
  readonly fundedWon: readonly FundedAmount[]
  readonly endedAt: Instant | null
}

/** A present of one member to whoever has a telephone number (선물). The record id is the gift's. */
export interface GiftBody {
  /** The key under which the giver asked, and that of the ledger's operation. */
  readonly operationId: OperationId
  readonly giverId: MemberId
  readonly giverWalletId: WalletId
  /** Eleven digits, or ten of an old number. */
  readonly phone: string
  readonly programId: ProgramId
  readonly amountWon: Won
  readonly message: string | null
  readonly parts: readonly GiftPart[]
  /** Where the value came from, through all who gave it; what a full refund goes by. */
  readonly sources: ValueSources
  /** The lot that acceptance makes, and when it ends. */
  readonly lotId: LotId
  readonly expiresAt: Instant
  readonly state: GiftState
  readonly sentAt: Instant
  /** The first instant at which it can no longer be accepted. */
  readonly lapsesAt: Instant
  readonly receiverId: MemberId | null
  readonly endedAt: Instant | null
  /** Set where a corporation gives: the giver is then the person who ordered it in its name. */
  readonly corporation: GivingCorporation | null
}

export interface GivingCorporation {
  readonly corporationId: CorporationId
  /** As it was called then; the receiver reads it. */
  readonly name: string
}

/** What a member gave on their latest Korean day of giving; the record id is the member's. */
export type GiftDayBody = GiftDay

/** What a person agrees to. */
export const consentPurposes = [
  'terms_of_service',
  // 개인정보 수집·이용, and 제3자 제공 to the municipality and to the company of a linked card.
  'personal_data',
  'third_party_municipality',
  'third_party_card_company',
  'marketing',
  'location',
  'notices',
  // 출금동의; it comes with its account.
  'account_debit',
  'automatic_top_up',
] as const
export type ConsentPurpose = (typeof consentPurposes)[number]

/** How it was given: in the app under the device's proof, by a recorded call (ARS), or on paper at a counter. */
export const consentMethods = ['app', 'ars', 'paper'] as const
export type ConsentMethod = (typeof consentMethods)[number]

/**
 * A consent that can be proved afterwards: who agreed to which text, when, how and on which device (출금동의:
 * 전자금융거래법 §15). It is never changed but by being revoked.
 */
export interface ConsentBody {
  readonly memberId: MemberId
  readonly purpose: ConsentPurpose
  readonly textVersion: string
  /** SHA-256 of the text that was shown, in hex. */
  readonly textHash: string
  readonly at: Instant
  /** RFC 7638 thumbprint of the device's key. */
  readonly device: string
  readonly method: ConsentMethod
  /** What it is about, such as the token of an account; `null` where the purpose says all. */
  readonly subject: string | null
  readonly revokedAt: Instant | null
  /** How it was taken back; `null` while it stands, and where an earlier release wrote it. */
  readonly revokedBy: ConsentMethod | null
}

export interface MemberMoneyBodies {
  readonly consent: ConsentBody
  readonly gift: GiftBody
  readonly gift_day: GiftDayBody
  readonly refund_request: RefundRequestBody
}

export const memberMoneyReaders: {
  readonly [Kind in keyof MemberMoneyBodies]: Reader<MemberMoneyBodies[Kind]>
} = {
  consent: shape<ConsentBody>({
    memberId: idNumber<MemberId>(),
    purpose: oneOf(consentPurposes),
    textVersion: text,
    textHash: text,
    at: integer,
    device: text,
    method: oneOf(consentMethods),
    subject: nullable(text),
    revokedAt: nullable(integer),
    revokedBy: absentAs(null, nullable(oneOf(consentMethods))),
  }),
  gift: shape<GiftBody>({
    operationId: operation,
    giverId: idNumber<MemberId>(),
    giverWalletId: idNumber<WalletId>(),
    phone: text,
    programId: idNumber<ProgramId>(),
    amountWon: wonAmount,
    message: nullable(text),
    parts: list(
      shape<GiftPart>({ lotId: idNumber<LotId>(), amountWon: wonAmount, expiresAt: integer }),
    ),
    sources: shape<ValueSources>({
      payWon: wonAmount,
      nationalWon: wonAmount,
      provinceWon: wonAmount,
      cityWon: wonAmount,
    }),
    lotId: idNumber<LotId>(),
    expiresAt: integer,
    state: oneOf(giftStates),
    sentAt: integer,
    lapsesAt: integer,
    receiverId: nullable(idNumber<MemberId>()),
    endedAt: nullable(integer),
    corporation: absentAs(
      null,
      nullable(shape<GivingCorporation>({ corporationId: idNumber<CorporationId>(), name: text })),
    ),
  }),
  gift_day: shape<GiftDayBody>({ day: date, gifts: integer, givenWon: wonAmount }),
  refund_request: shape<RefundRequestBody>({
    requestId: operation,
    memberId: idNumber<MemberId>(),
    walletId: idNumber<WalletId>(),
    lotId: idNumber<LotId>(),
    ground: oneOf(fullRefundGrounds),
    words: text,
    state: oneOf(refundRequestStates),
    openedAt: integer,
    dueAt: integer,
    decidedBy: nullable(text),
    decisionWords: nullable(text),
    decidedAt: nullable(integer),
    memberWon: nullable(wonAmount),
    fundedWon: list(shape<FundedAmount>({ funder: oneOf(funders), amountWon: wonAmount })),
    endedAt: nullable(integer),
  }),
}
