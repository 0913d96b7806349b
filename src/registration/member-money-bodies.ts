/** The shapes of records about members' money beside paying: requests for full refunds. */
import {
  funders,
  type FundedAmount,
  type Instant,
  type LotId,
  type MemberId,
  type OperationId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import {
  fullRefundGrounds,
  refundRequestStates,
  type FullRefundGround,
  type RefundRequestState,
} from '../issuing/issuing.ts'
import {
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

export interface MemberMoneyBodies {
  readonly refund_request: RefundRequestBody
}

const operation = text as Reader<OperationId> // Written from a parsed key.

export const memberMoneyReaders: {
  readonly [Kind in keyof MemberMoneyBodies]: Reader<MemberMoneyBodies[Kind]>
} = {
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
