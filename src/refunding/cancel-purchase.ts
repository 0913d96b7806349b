/** Cancelling a purchase (구매취소): a wholly unused lot is handed back, and what the sale took of quota and caps too. */
import {
  assert,
  Fault,
  requestHash,
  type IssuerId,
  type MemberId,
  type OperationId,
  type WalletId,
} from '../base/base.ts'
import { decideCancellation, type MemberMoneyRefusal } from '../issuing/issuing.ts'
import { DEPOSIT_TOKEN, type PurchaseRecord, type RecordedOperation } from '../ledger/ledger.ts'
import { memberPayout, returnMovement } from './return-movement.ts'
import { findLot, memberRefusal, type FoundLot } from './returned-lots.ts'
import type { RefundingDeps } from './refunding-deps.ts'
import { refused, type ReturnAnswer } from './return-answer.ts'

export interface PurchaseCancellation {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly memberId: MemberId
  readonly purchaseId: OperationId
}

/** So often a decision is made anew because the lot was moved while we looked. */
export const DECISIONS_MAX = 5

export async function cancelPurchase(
  deps: RefundingDeps,
  command: PurchaseCancellation,
): Promise<ReturnAnswer> {
  const { issuerId, memberId } = command
  const account = await deps.member(issuerId, memberId)
  if (account === undefined) return refused('member_left')
  const { walletId, accountToken, member } = account
  const payee = { walletId, holderName: member.name, accountToken, refusal: memberRefusal(account) }
  return cancelPurchaseOf(deps, command, payee)
}

/** Whose purchase it is, and who gets the money back. */
export interface Payee {
  readonly walletId: WalletId
  readonly holderName: string
  /** The linked account; the one that was debited comes first. */
  readonly accountToken: string | undefined
  /** Why no money leaves the wallet now. */
  readonly refusal: MemberMoneyRefusal | undefined
}

/** The same for whoever has a wallet; `memberId` is then the number of its holder. */
export async function cancelPurchaseOf(
  deps: RefundingDeps,
  command: PurchaseCancellation,
  payee: Payee,
): Promise<ReturnAnswer> {
  const { issuerId, operationId, purchaseId } = command
  for (let decision = 1; decision <= DECISIONS_MAX; decision += 1) {
    const [known] = await deps.ledger.find(issuerId, [operationId])
    const purchase = await deps.ledger.purchase(issuerId, purchaseId)
    const isOwn = purchase?.walletId === payee.walletId
    if (purchase === undefined || !isOwn || purchase.state === 'abandoned') {
      return refused('purchase_unknown')
    }
    if (purchase.state === 'reserved') return refused('purchase_not_completed')
    const { walletId, lotId } = purchase
    const found = await findLot(deps, { issuerId, walletId, lotId })
    if (found === undefined) return refused('lot_unknown')
    if (known !== undefined) return answerOfKnown(known, purchase, found)
    const answer = await decideAndMove(deps, { command, payee, purchase, found })
    if (answer !== 'changed') return answer
  }
  throw new Fault('wallet_busy', `a lot was moved ${DECISIONS_MAX} times while we looked`)
}

async function decideAndMove(
  deps: RefundingDeps,
  given: {
    readonly command: PurchaseCancellation
    readonly payee: Payee
    readonly purchase: PurchaseRecord
    readonly found: FoundLot
  },
): Promise<ReturnAnswer | 'changed'> {
  const { command, payee, purchase, found } = given
  const { issuerId, operationId, memberId, purchaseId } = command
  const { walletId, lotId } = purchase
  const now = deps.clock()
  if (payee.refusal !== undefined) return refused(payee.refusal)
  const accountToken = accountOf(purchase, payee)
  if (accountToken === undefined) return refused('account_not_linked')
  const { holidays } = deps
  const decision = decideCancellation(found.returned, found.terms, { now, holidays })
  if (decision.outcome === 'refused') return refused(decision.reason)
  const payout = memberPayout(deps, {
    issuerId,
    memberId,
    holderName: payee.holderName,
    accountToken,
    lagDays: found.rule?.payoutLagDays ?? 0,
    now,
  })
  const movement = returnMovement({
    kind: 'purchase_cancellation',
    operationId,
    requestHash: cancellationHash(deps, walletId, purchaseId),
    walletId,
    targetId: purchaseId,
    lot: found.lot,
    parts: decision,
    payout,
    returnsSaleOf: purchaseId,
  })
  const [outcome] = await deps.ledger.move(issuerId, [movement], now)
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'changed') return 'changed'
  if (outcome.status !== 'posted') return outcome
  const { amountWon, memberWon, fundedWon } = decision
  return { status: 'returned', lotId, amountWon, memberWon, fundedWon }
}

/** The account that it came from, whatever is linked today; what was paid in goes to the one that is linked. */
function accountOf(purchase: PurchaseRecord, payee: Payee): string | undefined {
  return purchase.accountToken === DEPOSIT_TOKEN ? payee.accountToken : purchase.accountToken
}

function cancellationHash(
  { sha256 }: RefundingDeps,
  walletId: WalletId,
  purchaseId: OperationId,
): Uint8Array {
  return requestHash(sha256, ['purchase_cancellation', walletId, purchaseId])
}

/** The key is known: the same request gets the same answer, another is the client's error. */
function answerOfKnown(
  known: RecordedOperation,
  purchase: PurchaseRecord,
  { returned, lot }: FoundLot,
): ReturnAnswer {
  const kind: string = known.kind
  const isSame = kind === 'purchase_cancellation' && known.targetId === purchase.purchaseId
  if (!isSame || known.walletId !== purchase.walletId) return { status: 'key_reused' }
  if (known.decline !== undefined) return { status: 'declined', reason: known.decline }
  // Decided as it was then: a whole lot goes back to whom it came from.
  const { payWon, nationalWon, provinceWon, cityWon } = returned.sources
  const funded = { national: nationalWon, province: provinceWon, city: cityWon }
  return {
    status: 'returned',
    lotId: lot.lotId,
    amountWon: lot.faceWon,
    memberWon: payWon,
    fundedWon: (['national', 'province', 'city'] as const)
      .map((funder) => ({ funder, amountWon: funded[funder] }))
      .filter(({ amountWon }) => amountWon > 0),
  }
}
