/** May this payment be asked of the ledger, and which money may it consume? Policy only: balances are the ledger's. */
import { eligibleTenders, ownShop, type Merchant, type Outlet } from '../acquiring/acquiring.ts'
import {
  firstDecline,
  type DeclineReason,
  type Instant,
  type ProgramId,
  type Tender,
  type Won,
} from '../base/base.ts'
import { termsAt, type Program, type ProgramTerms } from '../issuing/issuing.ts'

export interface PaymentFacts {
  /** `undefined` where the code names an outlet or a merchant that the issuer does not have. */
  readonly merchant: Merchant | undefined
  readonly outlet: Outlet | undefined
  readonly programs: readonly Program[]
  readonly payerPersonId: string
  readonly walletStopped: boolean
  readonly amountWon: Won
  /** What reading the code already found. */
  readonly codeProblem?: DeclineReason
  /** The member's own order of programs; programs not named follow by their tender rank. */
  readonly preferredPrograms?: readonly ProgramId[]
}

export interface PaymentDecision {
  /** In the order of consumption; empty where the payment is refused. */
  readonly tenders: readonly Tender[]
  readonly refusal: DeclineReason | undefined
}

/** Decides by the terms in force at `now`; of several reasons against it the first of the list is given. */
export function decidePayment(facts: PaymentFacts, now: Instant): PaymentDecision {
  const reasons: DeclineReason[] = []
  const { merchant, outlet } = facts
  if (facts.codeProblem !== undefined) reasons.push(facts.codeProblem)
  if (facts.walletStopped) reasons.push('wallet_stopped')
  if (merchant === undefined || outlet === undefined) reasons.push('merchant_unknown')
  if (merchant !== undefined) {
    if (merchant.status !== 'active') reasons.push('merchant_not_active')
    if (ownShop(merchant, facts.payerPersonId)) reasons.push('own_shop')
  }
  if (outlet !== undefined && !outlet.open) reasons.push('outlet_closed')
  const spendable =
    merchant === undefined || outlet === undefined
      ? { tenders: [], refusal: undefined }
      : spendableTenders(facts, merchant, outlet, now)
  if (spendable.refusal !== undefined) reasons.push(spendable.refusal)
  const refusal = firstDecline(reasons)
  return { tenders: refusal === undefined ? spendable.tenders : [], refusal }
}

function spendableTenders(
  facts: PaymentFacts,
  merchant: Merchant,
  outlet: Outlet,
  now: Instant,
): PaymentDecision {
  const termsInForce = facts.programs
    .map((program) => termsAt(program.terms, now))
    .filter((terms): terms is ProgramTerms => terms !== undefined)
  const { tenders, refused } = eligibleTenders({ merchant, outlet, termsInForce })
  const limitOf = new Map(termsInForce.map((terms) => [terms.programId, terms.paymentWonMax]))
  const within = tenders.filter((tender) => facts.amountWon <= limitOf.get(tender.programId)!)
  if (within.length > 0) {
    return { tenders: inPreferredOrder(within, facts.preferredPrograms ?? []), refusal: undefined }
  }
  if (tenders.length > 0) return { tenders: [], refusal: 'amount_above_limit' }
  const isSuspended = refused.some((tender) => tender.because === 'payment_suspended')
  return { tenders: [], refusal: isSuspended ? 'program_suspended' : 'merchant_not_eligible' }
}

/** Stable: tenders of programs that the member did not name keep their order, after those named. */
function inPreferredOrder(
  tenders: readonly Tender[],
  preferred: readonly ProgramId[],
): readonly Tender[] {
  if (preferred.length === 0) return tenders
  const place = (tender: Tender): number => {
    const index = preferred.indexOf(tender.programId)
    return index === -1 ? preferred.length : index
  }
  return tenders.toSorted((a, b) => place(a) - place(b))
}
