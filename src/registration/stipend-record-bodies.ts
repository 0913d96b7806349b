/** The shapes of records about stipends: batches of grants, appeals, and decisions to take a grant back. */
import type {
  Instant,
  LotId,
  MemberId,
  OperationId,
  ProgramId,
  StipendBatchId,
  WalletId,
  Won,
} from '../base/base.ts'
import {
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

/** See the table in src/granting/SPEC.md. */
export const batchStates = [
  'uploaded',
  'checked',
  'proposed',
  'granting',
  'paused',
  'done',
  'closed',
  'cancelled',
] as const
export type BatchState = (typeof batchStates)[number]

export interface StipendBatchBody {
  readonly programId: ProgramId
  /** One giving of the program, in the office's own words: nobody gets it twice. */
  readonly round: string
  /** Hex, over the bytes of the file. */
  readonly sha256: string
  readonly lines: number
  readonly totalWon: number
  readonly state: BatchState
  readonly uploadedBy: string
  readonly uploadedAt: Instant
  /** Lines that nobody looked at since then are to be looked at by the dry run. */
  readonly checkFrom: Instant
  /** Of the last dry run; `null` while one is due. */
  readonly check: BatchCheckBody | null
  readonly proposedBy: string | null
  readonly approvedBy: string | null
  readonly approvedAt: Instant | null
  /** Those on the list may become members until then; set by the approval. */
  readonly joinUntil: Instant | null
  readonly appealUntil: Instant | null
  /** Why it was sent back, paused or cancelled last. */
  readonly reason: string | null
  readonly closedAt: Instant | null
  /** When what is personal in its lines goes; set when it is closed or cancelled. */
  readonly eraseAt: Instant | null
  readonly erased: boolean
}

/** What a dry run came to; lines and won by state and reason, such as `waiting:not_member`. */
export interface BatchCheckBody {
  readonly at: Instant
  readonly lines: Readonly<Record<string, number>>
  readonly sumsWon: Readonly<Record<string, number>>
  /** What granting all that is ready would cost each funder. */
  readonly fundedWon: Readonly<Record<string, number>>
  /** What a funder's pot lacks for that; empty where nothing is lacking. */
  readonly lackingWon: Readonly<Record<string, number>>
}

export const appealStates = ['open', 'accepted', 'confirmed', 'granted', 'refused'] as const
export const appealGrounds = ['left_out', 'amount_wrong'] as const
export type AppealGround = (typeof appealGrounds)[number]

/** 이의신청. `accepted` waits for a second officer; `confirmed` has one, and is being granted. */
export interface AppealBody {
  readonly batchId: StipendBatchId
  readonly memberId: MemberId
  readonly ground: AppealGround
  /** What the member says they are owed; `null` where they do not know. */
  readonly claimedWon: Won | null
  readonly words: string
  readonly state: (typeof appealStates)[number]
  readonly openedAt: Instant
  readonly dueAt: Instant
  readonly amountWon: Won | null
  readonly acceptedBy: string | null
  readonly decidedBy: string | null
  /** What the officer said of it. */
  readonly answer: string | null
  readonly closedAt: Instant | null
  readonly operationId: OperationId | null
}

export const clawbackStates = ['proposed', 'approved', 'done', 'refused'] as const

/** 환수 결정: what is left of one grant goes back to its funders. */
export interface ClawbackBody {
  /** The operation that issued the lot. */
  readonly grantId: OperationId
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly lotId: LotId
  readonly reason: string
  readonly state: (typeof clawbackStates)[number]
  readonly proposedBy: string
  readonly proposedAt: Instant
  readonly decidedBy: string | null
  readonly decidedAt: Instant | null
  /** Taken so far, and in how many movements. */
  readonly takenWon: Won
  readonly times: number
}

export interface StipendBodies {
  readonly stipend_batch: StipendBatchBody
  readonly appeal: AppealBody
  readonly clawback: ClawbackBody
}

export const stipendReaders: {
  readonly [Kind in keyof StipendBodies]: Reader<StipendBodies[Kind]>
} = {
  stipend_batch: shape<StipendBatchBody>({
    programId: idNumber<ProgramId>(),
    round: text,
    sha256: text,
    lines: integer,
    totalWon: integer,
    state: oneOf(batchStates),
    uploadedBy: text,
    uploadedAt: integer,
    checkFrom: integer,
    check: nullable(
      shape<BatchCheckBody>({
        at: integer,
        lines: record(integer),
        sumsWon: record(integer),
        fundedWon: record(integer),
        lackingWon: record(integer),
      }),
    ),
    proposedBy: nullable(text),
    approvedBy: nullable(text),
    approvedAt: nullable(integer),
    joinUntil: nullable(integer),
    appealUntil: nullable(integer),
    reason: nullable(text),
    closedAt: nullable(integer),
    eraseAt: nullable(integer),
    erased: flag,
  }),
  appeal: shape<AppealBody>({
    batchId: idNumber<StipendBatchId>(),
    memberId: idNumber<MemberId>(),
    ground: oneOf(appealGrounds),
    claimedWon: nullable(wonAmount),
    words: text,
    state: oneOf(appealStates),
    openedAt: integer,
    dueAt: integer,
    amountWon: nullable(wonAmount),
    acceptedBy: nullable(text),
    decidedBy: nullable(text),
    answer: nullable(text),
    closedAt: nullable(integer),
    operationId: nullable(operation),
  }),
  clawback: shape<ClawbackBody>({
    grantId: operation,
    memberId: idNumber<MemberId>(),
    walletId: idNumber<WalletId>(),
    lotId: idNumber<LotId>(),
    reason: text,
    state: oneOf(clawbackStates),
    proposedBy: text,
    proposedAt: integer,
    decidedBy: nullable(text),
    decidedAt: nullable(integer),
    takenWon: wonAmount,
    times: integer,
  }),
}
