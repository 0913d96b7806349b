/** The shapes of records about corporations: who they are, what they agreed to, bought and handed out. */
import type {
  CaseId,
  CorporationId,
  Instant,
  MemberId,
  OperationId,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'
import {
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

/** The room `corporate` has the table of states and events. */
export const corporationStates = ['applied', 'active', 'suspended', 'refused', 'withdrawn'] as const
export type CorporationState = (typeof corporationStates)[number]

/** `named`: an officer has to confirm; `removed`: may do nothing any more. */
export const authorisedStates = ['named', 'active', 'refused', 'removed'] as const
export type AuthorisedState = (typeof authorisedStates)[number]

/** A member who acts for a corporation (대리인). */
export interface AuthorisedPerson {
  readonly memberId: MemberId
  readonly state: AuthorisedState
  /** Who named them, and who decided last, as id text. */
  readonly namedBy: string
  readonly decidedBy: string | null
  readonly at: Instant
}

/** A company or public body that buys vouchers. The record id is the corporation's. */
export interface CorporationBody {
  /** The key of the application. */
  readonly requestId: OperationId
  readonly name: string
  /** Ten digits. */
  readonly businessNumber: string
  readonly representative: string
  readonly walletId: WalletId
  readonly state: CorporationState
  readonly people: readonly AuthorisedPerson[]
  /** The bank's token of its own account; `null` until one is linked. */
  readonly accountToken: string | null
  /** The consent by which that account is debited. */
  readonly debitConsentId: CaseId | null
  readonly appliedAt: Instant
  /** The latest decision: who, when and why. */
  readonly decidedBy: string | null
  readonly decidedAt: Instant | null
  readonly reason: string | null
}

/** What an authorised person agreed to in the corporation's name (출금동의, 전자금융거래법 §15). */
export interface CorporateConsentBody {
  readonly corporationId: CorporationId
  /** The authorised person who agreed. */
  readonly memberId: MemberId
  readonly textVersion: string
  /** SHA-256 of the text that was shown, in hex. */
  readonly textHash: string
  readonly at: Instant
  /** RFC 7638 thumbprint of the key of the device on which it was given. */
  readonly device: string
  /** The token of the account. */
  readonly subject: string
  readonly revokedAt: Instant | null
}

/** That an authorised person ordered a purchase; what became of it is the ledger's to say. */
export interface CorporatePurchaseBody {
  readonly corporationId: CorporationId
  readonly memberId: MemberId
  readonly operationId: OperationId
  readonly programId: ProgramId
  readonly faceWon: Won
  readonly consentId: CaseId
  readonly at: Instant
}

/** The room `corporate` has the table of states and events. */
export const handOutStates = [
  'uploading',
  'checked',
  'sending',
  'stopping',
  'sent',
  'done',
  'cancelled',
  'erased',
] as const
export type HandOutState = (typeof handOutStates)[number]

/** A list of people to whom a corporation gives. Its lines are not here: they are erased some day. */
export interface HandOutBody {
  readonly corporationId: CorporationId
  readonly programId: ProgramId
  /** What the corporation calls it; the same list again under another title is another hand-out. */
  readonly title: string
  readonly sha256: string
  readonly lines: number
  readonly totalWon: Won
  readonly state: HandOutState
  readonly uploadedBy: MemberId
  readonly uploadedAt: Instant
  readonly confirmedBy: MemberId | null
  readonly confirmedAt: Instant | null
  readonly endedAt: Instant | null
  /** From then on what is personal in its lines is erased; `null` before it has ended. */
  readonly eraseAt: Instant | null
}

export interface CorporateBodies {
  readonly corporation: CorporationBody
  readonly corporate_consent: CorporateConsentBody
  readonly corporate_purchase: CorporatePurchaseBody
  readonly hand_out: HandOutBody
}

const corporationId = idNumber<CorporationId>()
const memberId = idNumber<MemberId>()

export const corporateReaders: {
  readonly [Kind in keyof CorporateBodies]: Reader<CorporateBodies[Kind]>
} = {
  corporation: shape<CorporationBody>({
    requestId: operation,
    name: text,
    businessNumber: text,
    representative: text,
    walletId: idNumber<WalletId>(),
    state: oneOf(corporationStates),
    people: list(
      shape<AuthorisedPerson>({
        memberId,
        state: oneOf(authorisedStates),
        namedBy: text,
        decidedBy: nullable(text),
        at: integer,
      }),
    ),
    accountToken: nullable(text),
    debitConsentId: nullable(idNumber<CaseId>()),
    appliedAt: integer,
    decidedBy: nullable(text),
    decidedAt: nullable(integer),
    reason: nullable(text),
  }),
  corporate_consent: shape<CorporateConsentBody>({
    corporationId,
    memberId,
    textVersion: text,
    textHash: text,
    at: integer,
    device: text,
    subject: text,
    revokedAt: nullable(integer),
  }),
  corporate_purchase: shape<CorporatePurchaseBody>({
    corporationId,
    memberId,
    operationId: operation,
    programId: idNumber<ProgramId>(),
    faceWon: wonAmount,
    consentId: idNumber<CaseId>(),
    at: integer,
  }),
  hand_out: shape<HandOutBody>({
    corporationId,
    programId: idNumber<ProgramId>(),
    title: text,
    sha256: text,
    lines: integer,
    totalWon: wonAmount,
    state: oneOf(handOutStates),
    uploadedBy: memberId,
    uploadedAt: integer,
    confirmedBy: nullable(memberId),
    confirmedAt: nullable(integer),
    endedAt: nullable(integer),
    eraseAt: nullable(integer),
  }),
}
