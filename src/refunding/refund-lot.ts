/** Refunding what is left of a lot (잔액환급), after a look at what it would give. */
import {
  assert,
  Fault,
  requestHash,
  type Instant,
  type IssuerId,
  type LotId,
  type MemberId,
  type OperationId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import {
  cancellableUntil,
  decideRefund,
  quoteRefund,
  usedBasisPoints,
  usedBasisPointsMin,
  type ReturnDecision,
} from '../issuing/issuing.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import type { MemberAccount } from '../registration/registration.ts'
import { DECISIONS_MAX } from './cancel-purchase.ts'
import { refused, type MoneyRefused, type ReturnAnswer } from './return-answer.ts'
import { memberPayout, returnMovement } from './return-movement.ts'
import { findLot, memberRefusal, type FoundLot } from './returned-lots.ts'
import type { RefundingDeps } from './refunding-deps.ts'

export interface RefundLook {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly lotId: LotId
}

/** What a refund of the lot would give now, and what stands against it. */
export interface RefundPreview {
  readonly status: 'previewed'
  readonly walletId: WalletId
  readonly remainingWon: Won
  readonly usedBasisPoints: number
  /** `null` where lots of the program are never refunded. */
  readonly usedBasisPointsMin: number | null
  readonly decision: ReturnDecision
  /** Until then the whole lot may be handed back if nothing of it is used; `null`: it was not bought. */
  readonly cancellableUntil: Instant | null
}

export async function previewRefund(
  deps: RefundingDeps,
  { issuerId, memberId, lotId }: RefundLook,
): Promise<RefundPreview | MoneyRefused> {
  const account = await deps.member(issuerId, memberId)
  if (account === undefined) return refused('member_left')
  const { walletId } = account
  const found = await findLot(deps, { issuerId, walletId, lotId })
  if (found === undefined) return refused('lot_unknown')
  const { returned, rule, origin, terms } = found
  const boughtAt = origin.purchaseId === undefined ? undefined : origin.issuedAt
  return {
    status: 'previewed',
    walletId,
    remainingWon: returned.remainingWon,
    usedBasisPoints: usedBasisPoints(returned),
    usedBasisPointsMin: rule === null ? null : usedBasisPointsMin(returned, rule),
    decision: decide(deps, found),
    cancellableUntil:
      boughtAt === undefined
        ? null
        : cancellableUntil(boughtAt, terms.purchaseCancelDays, deps.holidays),
  }
}

function decide(deps: RefundingDeps, { returned, rule }: FoundLot): ReturnDecision {
  return rule === null
    ? { outcome: 'refused', reason: 'lot_not_refundable' }
    : decideRefund(returned, rule, deps.clock())
}

export interface RefundCommand extends RefundLook {
  readonly operationId: OperationId
  /** What the member was shown and agreed to; anything else is refused and shown anew. */
  readonly memberWon: Won
}

export async function refundLot(
  deps: RefundingDeps,
  command: RefundCommand,
): Promise<ReturnAnswer> {
  const { issuerId, memberId, lotId, operationId } = command
  const account = await deps.member(issuerId, memberId)
  if (account === undefined) return refused('member_left')
  const { walletId } = account
  for (let decision = 1; decision <= DECISIONS_MAX; decision += 1) {
    const [known] = await deps.ledger.find(issuerId, [operationId])
    const found = await findLot(deps, { issuerId, walletId, lotId })
    if (found === undefined) return refused('lot_unknown')
    if (known !== undefined) return answerOfKnown(known, found)
    const answer = await decideAndMove(deps, command, { account, found })
    if (answer !== 'changed') return answer
  }
  throw new Fault('wallet_busy', `a lot was moved ${DECISIONS_MAX} times while we looked`)
}

async function decideAndMove(
  deps: RefundingDeps,
  command: RefundCommand,
  { account, found }: { readonly account: MemberAccount; readonly found: FoundLot },
): Promise<ReturnAnswer | 'changed'> {
  const { issuerId, memberId, lotId, operationId } = command
  const { walletId } = account
  const now = deps.clock()
  const stopped = memberRefusal(account)
  if (stopped !== undefined) return refused(stopped)
  const { accountToken } = account
  if (accountToken === undefined) return refused('account_not_linked')
  const decision = decide(deps, found)
  if (decision.outcome === 'refused') return refused(decision.reason)
  if (decision.memberWon !== command.memberWon) return refused('refund_changed')
  assert(found.rule !== null, 'a refund that was granted has a rule')
  const payout = memberPayout(deps, {
    memberId,
    holderName: account.member.name,
    accountToken,
    lagDays: found.rule.payoutLagDays,
    now,
  })
  const movement = returnMovement({
    kind: 'refund',
    operationId,
    requestHash: requestHash(deps.sha256, ['refund', walletId, lotId]),
    walletId,
    lot: found.lot,
    parts: decision,
    payout,
  })
  const [outcome] = await deps.ledger.move(issuerId, [movement], now)
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'changed') return 'changed'
  if (outcome.status !== 'posted') return outcome
  const { amountWon, memberWon, fundedWon } = decision
  return { status: 'returned', lotId, amountWon, memberWon, fundedWon }
}

/** The key is known: the same request gets the same answer, another is the client's error. */
function answerOfKnown(known: RecordedOperation, found: FoundLot): ReturnAnswer {
  const kind: string = known.kind
  const { lot, returned, rule } = found
  const [leg] = known.legs
  if (kind !== 'refund' || known.walletId !== lot.walletId || rule === null) {
    return { status: 'key_reused' }
  }
  if (known.decline !== undefined) return { status: 'declined', reason: known.decline }
  if (leg?.lotId !== lot.lotId) return { status: 'key_reused' }
  // What was left then is what was taken, and the rule is that of the lot's own terms still.
  const parts = quoteRefund({ ...returned, remainingWon: leg.amountWon }, rule)
  return { status: 'returned', lotId: lot.lotId, ...parts }
}
