/** The shapes of records about buying beside a debit on the spot: virtual accounts and standing orders. */
import type {
  CaseId,
  Instant,
  MemberId,
  OperationId,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'
import {
  depositStates,
  topUpStates,
  topUpTriggers,
  type DepositState,
  type TopUpOrder,
} from '../issuing/issuing.ts'
import {
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

/** A purchase by virtual account, from its reservation on. */
export interface VirtualAccountBody {
  /** The key under which the member asked; the ledger and the bank know the purchase by it too. */
  readonly purchaseId: OperationId
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly programId: ProgramId
  readonly faceWon: Won
  readonly payWon: Won
  readonly state: DepositState
  readonly openedAt: Instant
  /** The first instant at which nothing can be paid in any more. */
  readonly depositUntil: Instant
  /** Where to pay; `null` until the bank has opened the account. */
  readonly bankCode: string | null
  readonly accountNumber: string | null
  /** The deposit that paid. */
  readonly depositId: string | null
  readonly endedAt: Instant | null
}

/** A purchase that a standing order has begun and whose end is not written down. */
export interface RunningTopUp {
  readonly operationId: OperationId
  readonly occasion: string
  readonly faceWon: Won
  readonly accountToken: string
  readonly consentId: CaseId
}

/** A standing order to buy by itself (자동충전): one of a member for a program and a trigger. */
export interface TopUpOrderBody extends TopUpOrder {
  readonly memberId: MemberId
  readonly walletId: WalletId
  readonly programId: ProgramId
  readonly consentId: CaseId
  /** The account that the consent is about. */
  readonly accountToken: string
  readonly startedAt: Instant
  /** Why it rests or has ended, as a code; `null` while it buys. */
  readonly reason: string | null
  readonly running: RunningTopUp | null
}

export interface BuyingBodies {
  readonly virtual_account: VirtualAccountBody
  readonly top_up_order: TopUpOrderBody
}

export const buyingReaders: { readonly [Kind in keyof BuyingBodies]: Reader<BuyingBodies[Kind]> } =
  {
    virtual_account: shape<VirtualAccountBody>({
      purchaseId: operation,
      memberId: idNumber<MemberId>(),
      walletId: idNumber<WalletId>(),
      programId: idNumber<ProgramId>(),
      faceWon: wonAmount,
      payWon: wonAmount,
      state: oneOf(depositStates),
      openedAt: integer,
      depositUntil: integer,
      bankCode: nullable(text),
      accountNumber: nullable(text),
      depositId: nullable(text),
      endedAt: nullable(integer),
    }),
    top_up_order: shape<TopUpOrderBody>({
      memberId: idNumber<MemberId>(),
      walletId: idNumber<WalletId>(),
      programId: idNumber<ProgramId>(),
      trigger: oneOf(topUpTriggers),
      amountWon: wonAmount,
      belowWon: nullable(wonAmount),
      daysOfMonth: list(integer),
      monthlyMaxWon: wonAmount,
      consentId: idNumber<CaseId>(),
      accountToken: text,
      state: oneOf(topUpStates),
      reason: nullable(text),
      startedAt: integer,
      doneThrough: date,
      countedOn: date,
      dayCount: integer,
      monthWon: wonAmount,
      bought: integer,
      refusals: integer,
      notBefore: integer,
      running: nullable(
        shape<RunningTopUp>({
          operationId: operation,
          occasion: text,
          faceWon: wonAmount,
          accountToken: text,
          consentId: idNumber<CaseId>(),
        }),
      ),
    }),
  }
