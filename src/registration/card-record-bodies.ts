/** The shapes of records about cards: partners, linked cards, cases, conversions, clearing files and notices. */
import type {
  BusinessDate,
  Instant,
  MemberId,
  MerchantId,
  OperationId,
  PartnerId,
  WalletId,
  Won,
} from '../base/base.ts'
import { fallbackPreferences, type FallbackPreference } from '../issuing/issuing.ts'
import {
  absentAs,
  date,
  flag,
  idNumber,
  integer,
  nullable,
  oneOf,
  operation,
  record,
  shape,
  text,
  wonAmount,
  type Reader,
} from './record-shape.ts'

/** The bank (금융기관 코드, three digits), the number and the holder. */
export interface PartnerAccount {
  readonly bankCode: string
  readonly accountNumber: string
  readonly holderName: string
}

/** A card company; a record of the operator (issuer 0), its id the partner's. */
export interface PartnerBody {
  readonly code: string
  readonly nameKo: string
  readonly nameEn: string
  /** How its messages look: the field profile of the ISO 8583 room or the telegram of that name. */
  readonly profile: string
  /** After so long the card company no longer waits for our answer. */
  readonly deadlineMs: number
  /** An authorization that nobody completed is released after so many days. */
  readonly holdDays: number
  /** Business days from the clearing file to the settlement of the voucher share. */
  readonly settlementLagDays: number
  /** Where the voucher share is paid to; `null`: nobody has registered it, and nothing is settled until then. */
  readonly settlementAccount: PartnerAccount | null
  readonly active: boolean
}

/** Whether the voucher pays first, or the account always. */
export const cardSpendings = ['voucher_first', 'card_first'] as const
export type CardSpending = (typeof cardSpendings)[number]

/** A member's card. The token is the partner's name for it; a PAN is never seen here. */
export interface CardLinkBody {
  readonly partnerId: PartnerId
  readonly cardToken: string
  readonly lastFour: string
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly personId: string
  readonly spending: CardSpending
  /** What shall happen when nobody can know; `null`: as the program says. */
  readonly onUnknown: FallbackPreference | null
  /** False after the member took the card away; linking it again is a new version. */
  readonly active: boolean
}

/**
 * What somebody has to look at, by a day (오류정정 14 days: 전자금융거래법 시행령 §8).
 * - `standin_shortage`: stand-in approved what the wallet no longer had; the loss account paid.
 * - `advice_mismatch`: the same card key came with other contents.
 * - `completion_unknown`: goods were delivered on an authorization that we do not know.
 * - `clearing_*`: the card company's file and the ledger differ.
 * - `settlement_account_missing`: what a card company is owed waits, because nobody registered where to pay it.
 * - `stop_unconfirmed`: one officer stopped a program, and no second one confirmed it in time.
 * - `merchant_*`: a decision about a merchant is due soon or late; its yearly revenue is not known.
 * - `appeal_overdue`: nobody has answered a member's appeal by its day.
 * - `cashback_missing`: a cancelled payment had earned what the wallet no longer has.
 * - `deposit_*`: money that came for a purchase does not go back; the bank contradicts what is booked.
 * - `payout_*`: a payout waits for an account or an officer; the bank is silent about one; what it said fits no more.
 * - `fund_*`: the treasury bank's entries and the ledger differ, or the fund does not cover what is owed.
 * - `statement_late`: the treasury bank's statement of a day has not come.
 */
export const caseKinds = [
  'standin_shortage',
  'advice_mismatch',
  'completion_unknown',
  'reversal_late',
  'wallet_not_found',
  'clearing_missing_here',
  'clearing_missing_there',
  'clearing_amount_differs',
  'settlement_account_missing',
  'hold_expired',
  'conversion_overdue',
  'stop_unconfirmed',
  'merchant_decision_due',
  'merchant_decision_overdue',
  'merchant_revenue_overdue',
  'error_report',
  'dispute',
  'appeal_overdue',
  'cashback_missing',
  'deposit_unreturned',
  'deposit_contradicted',
  'payout_parked',
  'payout_silent',
  'payout_contradicted',
  'fund_missing_at_bank',
  'fund_missing_in_ledger',
  'fund_amount_differs',
  'fund_twice',
  'fund_unexplained',
  'fund_short',
  'statement_late',
] as const
export type CaseKind = (typeof caseKinds)[number]

export interface CaseBody {
  readonly caseKind: CaseKind
  /** What it is about, such as an operation id: one case for one subject. */
  readonly subject: string
  readonly owner: 'operator' | 'issuer'
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly facts: Readonly<Record<string, string | number>>
  readonly state: 'open' | 'closed'
  readonly resolution: string | null
  readonly closedAt: Instant | null
}

export const conversionStates = ['open', 'converted', 'explained'] as const

/** The classes of cards' messages that sell something. */
export const saleClasses = ['authorization', 'financial'] as const

/** The card key of a sale without its partner: what the card company finds the sale by. */
export interface SaleKeyBody {
  readonly acquirer: string
  readonly terminal: string
  readonly stan: string
  readonly localDate: BusinessDate
  readonly cardClass: (typeof saleClasses)[number]
}

/**
 * A sale that the account paid while nobody could know, offered to the voucher afterwards (사후전환): converted, or
 * explained why not; closed within 14 days either way.
 */
export interface ConversionBody {
  readonly partnerId: PartnerId
  /** The operation id of the sale's card key. */
  readonly saleId: OperationId
  readonly key: SaleKeyBody
  readonly cardToken: string
  readonly memberId: MemberId | null
  readonly walletId: WalletId | null
  readonly merchantId: MerchantId | null
  readonly merchantNumber: string
  /** What the terminal asked for. */
  readonly saleWon: Won
  /** What the account paid of it. */
  readonly accountWon: Won
  readonly debitedAt: Instant
  readonly heardFrom: 'advice' | 'incident_file'
  readonly state: (typeof conversionStates)[number]
  /** Why it was not converted; `null` where it was, or while it is open. */
  readonly reason: string | null
  /** What the voucher paid and the account gets back; set while still open, once the ledger has it. */
  readonly voucherWon: Won
  /** The ledger operation that took it. */
  readonly operationId: OperationId | null
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly closedAt: Instant | null
  /** The name of the refund file that tells the card company; `null` until one was chosen. */
  readonly refundFile: string | null
}

export const cardFileKinds = [
  'clearing',
  'settlement',
  'incident',
  'refund',
  'refund_result',
] as const
export type CardFileKind = (typeof cardFileKinds)[number]

/** A file taken in or given out, a record of the operator; or an issuer's part of a settlement, a record of its own. */
export interface ClearingFileBody {
  readonly partnerId: PartnerId
  readonly fileKind: CardFileKind
  readonly date: BusinessDate
  readonly sequence: number
  /** Hex, over its bytes: the same file twice is the same file. */
  readonly sha256: string
  readonly lines: number
  readonly sumWon: Won
  readonly differences: number
  /** Counts, sums and names that belong to the kind, such as when the file says that it was made. */
  readonly facts: Readonly<Record<string, string | number>>
  readonly state: 'taken' | 'done'
}

export const noticeKinds = [
  'retro_conversion',
  'retro_conversion_refused',
  'standin_payment',
  'terms_change',
  'program_ends',
  'payout_parked',
  'refund_request_ended',
  'gift_received',
  'gift_accepted',
  'gift_returned',
  'stipend_granted',
  'stipend_clawed_back',
  'cashback_taken_back',
  'cashback_cap_reached',
  'appeal_accepted',
  'appeal_refused',
  'expiry_ahead',
  'deposit_paid',
  'deposit_lapsed',
  'deposit_returned',
  'top_up_bought',
  'top_up_refused',
  'top_up_ended',
  'case_question',
  'case_answer',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What a member is told; the app words it from the facts in the reader's language. */
export interface NoticeBody {
  readonly memberId: MemberId
  readonly noticeKind: NoticeKind
  readonly at: Instant
  readonly facts: Readonly<Record<string, string | number>>
}

export interface CardBodies {
  readonly partner: PartnerBody
  readonly card_link: CardLinkBody
  readonly case: CaseBody
  readonly conversion: ConversionBody
  readonly clearing_file: ClearingFileBody
  readonly notice: NoticeBody
}

const facts = record<string | number>((value, path) =>
  typeof value === 'number' ? integer(value, path) : text(value, path),
)

export const cardReaders: { readonly [Kind in keyof CardBodies]: Reader<CardBodies[Kind]> } = {
  partner: shape<PartnerBody>({
    code: text,
    nameKo: text,
    nameEn: text,
    profile: text,
    deadlineMs: integer,
    holdDays: integer,
    settlementLagDays: integer,
    settlementAccount: absentAs(
      null,
      nullable(shape<PartnerAccount>({ bankCode: text, accountNumber: text, holderName: text })),
    ),
    active: flag,
  }),
  card_link: shape<CardLinkBody>({
    partnerId: idNumber<PartnerId>(),
    cardToken: text,
    lastFour: text,
    memberId: idNumber<MemberId>(),
    walletId: idNumber<WalletId>(),
    personId: text,
    spending: oneOf(cardSpendings),
    onUnknown: nullable(oneOf(fallbackPreferences)),
    active: flag,
  }),
  case: shape<CaseBody>({
    caseKind: oneOf(caseKinds),
    subject: text,
    owner: oneOf(['operator', 'issuer']),
    openedAt: integer,
    dueAt: integer,
    facts,
    state: oneOf(['open', 'closed']),
    resolution: nullable(text),
    closedAt: nullable(integer),
  }),
  conversion: shape<ConversionBody>({
    partnerId: idNumber<PartnerId>(),
    saleId: operation,
    key: shape<SaleKeyBody>({
      acquirer: text,
      terminal: text,
      stan: text,
      localDate: date,
      cardClass: oneOf(saleClasses),
    }),
    cardToken: text,
    memberId: nullable(idNumber<MemberId>()),
    walletId: nullable(idNumber<WalletId>()),
    merchantId: nullable(idNumber<MerchantId>()),
    merchantNumber: text,
    saleWon: wonAmount,
    accountWon: wonAmount,
    debitedAt: integer,
    heardFrom: oneOf(['advice', 'incident_file']),
    state: oneOf(conversionStates),
    reason: nullable(text),
    voucherWon: wonAmount,
    operationId: nullable(operation),
    openedAt: integer,
    dueAt: integer,
    closedAt: nullable(integer),
    refundFile: nullable(text),
  }),
  clearing_file: shape<ClearingFileBody>({
    partnerId: idNumber<PartnerId>(),
    fileKind: oneOf(cardFileKinds),
    date,
    sequence: integer,
    sha256: text,
    lines: integer,
    sumWon: wonAmount,
    differences: integer,
    facts,
    state: oneOf(['taken', 'done']),
  }),
  notice: shape<NoticeBody>({
    memberId: idNumber<MemberId>(),
    noticeKind: oneOf(noticeKinds),
    at: integer,
    facts,
  }),
}
