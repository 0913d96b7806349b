/** How a lot that is handed back stands in the ledger: to the member by a payout, to the funders by what they owe. */
import {
  addBusinessDays,
  assert,
  businessDate,
  type FundedAmount,
  type Instant,
  type MemberId,
  type OperationId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type { LotReturn } from '../issuing/issuing.ts'
import {
  funderAccountIds,
  type Lot,
  type MovementRequest,
  type NewPayout,
  type PayoutAccount,
} from '../ledger/ledger.ts'
import type { RefundingDeps } from './refunding-deps.ts'

export interface ReturnCommand {
  readonly kind: 'purchase_cancellation' | 'refund'
  readonly operationId: OperationId
  readonly requestHash: Uint8Array
  readonly walletId: WalletId
  readonly targetId?: OperationId
  readonly actor?: string
  /** As policy saw it. */
  readonly lot: Lot
  readonly parts: LotReturn
  readonly payout: NewPayout
  readonly returnsSaleOf?: OperationId
}

export function returnMovement({ lot, parts, ...command }: ReturnCommand): MovementRequest {
  const { walletId, lotId, remainingWon, heldWon } = lot
  return {
    ...command,
    lines: linesOf(lotId, parts),
    seen: [{ walletId, lotId, remainingWon, heldWon }],
  }
}

/** The member's part first. */
function linesOf(lotId: Lot['lotId'], parts: LotReturn): MovementRequest['lines'] {
  const line = { debitKind: 'lot', debitId: lotId } as const
  const funder = ({ funder: name, amountWon }: FundedAmount) =>
    ({
      ...line,
      creditKind: 'subsidy_receivable',
      creditId: funderAccountIds[name],
      amountWon,
    }) as const
  assert(parts.memberWon > 0, 'a payout is above zero')
  const member = {
    ...line,
    creditKind: 'settlement_in_transit',
    creditId: 0,
    amountWon: parts.memberWon,
  } as const
  return [member, ...parts.fundedWon.map(funder)]
}

export function memberPayout(
  deps: Pick<RefundingDeps, 'ids' | 'holidays' | 'tokenBankCode'>,
  to: {
    readonly memberId: MemberId
    readonly holderName: string
    readonly accountToken: string
    readonly lagDays: number
    readonly now: Instant
  },
): NewPayout {
  const account: PayoutAccount = {
    bankCode: deps.tokenBankCode,
    accountNumber: to.accountToken,
    holderName: to.holderName,
  }
  return {
    payoutId: deps.ids.next('pay'),
    beneficiary: { kind: 'member', id: to.memberId },
    account,
    dueOn: addBusinessDays(businessDate(to.now), to.lagDays, deps.holidays),
  }
}

/** What became of a lot that was handed back. */
export interface ReturnedMoney {
  readonly memberWon: Won
  readonly fundedWon: readonly FundedAmount[]
}
