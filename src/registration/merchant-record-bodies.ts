/** The shapes of records about a merchant's registration: its life, papers, bars, accounts, agents and notices. */
import {
  cancellationReasons,
  documentKinds,
  documentTypes,
  merchantStates,
  merchantTimers,
  type AccountEntry,
  type Cancellation,
  type CancellationReason,
  type DocumentKind,
  type DocumentType,
  type MerchantLife,
  type NamedMerchant,
  type RevenueEntry,
  type Suspension,
  type TakenOver,
} from '../acquiring/acquiring.ts'
import { Bug, type Instant, type IssuerId, type MerchantId } from '../base/base.ts'
import {
  date,
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  record,
  shape,
  text,
  flag,
  wonAmount,
  type Reader,
} from './record-shape.ts'

/** The record id is the merchant's. */
export type MerchantLifeBody = MerchantLife

/** One file that an applicant brought; its bytes lie beside the registry, under their hash. */
export interface MerchantDocumentBody {
  readonly merchantId: MerchantId
  readonly documentKind: DocumentKind
  readonly mediaType: DocumentType
  readonly name: string
  readonly sizeBytes: number
  /** Hex. */
  readonly sha256: string
  readonly uploadedAt: Instant
}

/** The record id is the merchant's: its last bar. */
export interface MerchantBarBody {
  readonly businessNumber: string
  readonly ownerPersonId: string
  readonly reason: CancellationReason
  readonly from: Instant
  readonly until: Instant
  readonly halved: boolean
}

/** The record id is the merchant's; every account that it ever chose, each from its day. */
export interface SettlementAccountBody {
  readonly entries: readonly AccountEntry[]
}

/** The record id is the agent's: for whom it may redeem. */
export interface ExchangeAgencyBody {
  readonly named: readonly NamedMerchant[]
}

/** What a merchant, or the desk of an issuer, is told. */
export const partyNoticeKinds = [
  'documents_asked',
  'merchant_registered',
  'merchant_refused',
  'merchant_suspended',
  'suspension_lifted',
  'cancellation_noticed',
  'cancellation_withdrawn',
  'registration_cancelled',
  'registration_closed',
  'registration_renewed',
  'registration_lapsed',
  'renewal_open',
  'revenue_requested',
  'revenue_told',
  'revenue_changed',
  'account_changed',
  'agency_changed',
  'payout_parked',
  'application_made',
  'documents_complete',
  'documents_overdue',
  'decision_due',
  'objection_made',
  'objection_over',
  'case_question',
  'case_answer',
  'case_given_on',
  'case_due',
  'case_overdue',
] as const
export type PartyNoticeKind = (typeof partyNoticeKinds)[number]

export interface PartyNoticeBody {
  readonly party: 'merchant' | 'issuer'
  /** Whom it is to, or, of a notice to the issuer, whom it is about; `null` where it is about no merchant. */
  readonly merchantId: MerchantId | null
  readonly partyNoticeKind: PartyNoticeKind
  readonly at: Instant
  readonly facts: Readonly<Record<string, string | number>>
}

export interface MerchantBodies {
  readonly merchant_life: MerchantLifeBody
  readonly merchant_document: MerchantDocumentBody
  readonly merchant_bar: MerchantBarBody
  readonly settlement_account: SettlementAccountBody
  readonly exchange_agency: ExchangeAgencyBody
  readonly party_notice: PartyNoticeBody
}

export const factsReader = record<string | number>((value, path) =>
  typeof value === 'number' ? integer(value, path) : text(value, path),
)

const merchantId = idNumber<MerchantId>()
const ownAccount = shape<Extract<AccountEntry['payee'], { kind: 'own' }>>({
  kind: oneOf(['own']),
  bankCode: text,
  accountNumber: text,
  holderName: text,
})
const agentAccount = shape<Extract<AccountEntry['payee'], { kind: 'agent' }>>({
  kind: oneOf(['agent']),
  agentId: merchantId,
})
const payee: Reader<AccountEntry['payee']> = (value, path) => {
  const kind: unknown = Reflect.get(Object(value), 'kind')
  if (kind === 'own') return ownAccount(value, path)
  if (kind === 'agent') return agentAccount(value, path)
  throw new Bug(`${path}.kind is own or agent`)
}

const life = shape<MerchantLife>({
  state: oneOf(merchantStates),
  round: integer,
  appliedAt: integer,
  decideBy: nullable(integer),
  stoppedAt: nullable(integer),
  askedAt: nullable(integer),
  answerBy: nullable(integer),
  documentsAsked: list(oneOf(documentKinds)),
  words: nullable(text),
  suspension: nullable(
    shape<Suspension>({ reason: text, from: integer, until: nullable(integer) }),
  ),
  cancellation: nullable(
    shape<Cancellation>({
      reason: oneOf(cancellationReasons),
      words: text,
      noticedAt: integer,
      objectUntil: integer,
      objection: nullable(text),
      objectedAt: nullable(integer),
      cancelledAt: nullable(integer),
      barredUntil: nullable(integer),
    }),
  ),
  registeredAt: nullable(integer),
  validUntil: nullable(integer),
  endedAt: nullable(integer),
  takenOver: nullable(
    shape<TakenOver>({ issuerId: idNumber<IssuerId>(), merchantId, consentedAt: integer }),
  ),
  revenues: list(shape<RevenueEntry>({ from: date, annualRevenueWon: wonAmount, at: integer })),
  revenueAskedAt: nullable(integer),
  rung: list(oneOf(merchantTimers)),
})

export const merchantReaders: {
  readonly [Kind in keyof MerchantBodies]: Reader<MerchantBodies[Kind]>
} = {
  merchant_life: life,
  merchant_document: shape<MerchantDocumentBody>({
    merchantId,
    documentKind: oneOf(documentKinds),
    mediaType: oneOf(documentTypes),
    name: text,
    sizeBytes: integer,
    sha256: text,
    uploadedAt: integer,
  }),
  merchant_bar: shape<MerchantBarBody>({
    businessNumber: text,
    ownerPersonId: text,
    reason: oneOf(cancellationReasons),
    from: integer,
    until: integer,
    halved: flag,
  }),
  settlement_account: shape<SettlementAccountBody>({
    entries: list(shape<AccountEntry>({ from: date, at: integer, payee })),
  }),
  exchange_agency: shape<ExchangeAgencyBody>({
    named: list(shape<NamedMerchant>({ merchantId, from: date, until: nullable(date) })),
  }),
  party_notice: shape<PartyNoticeBody>({
    party: oneOf(['merchant', 'issuer']),
    merchantId: nullable(merchantId),
    partyNoticeKind: oneOf(partyNoticeKinds),
    at: integer,
    facts: factsReader,
  }),
}
