/** What a payment would take from which lots if it were asked for now: policy's tenders over the lots of the wallet. */
import { sumWon, won, type DeclineReason, type Instant, type Won } from '../base/base.ts'
import { spendableParts, splitOver, type Leg, type Lot } from '../ledger/ledger.ts'
import type { PaymentDecision } from './payment-decision.ts'

export interface PaymentPreview {
  /** Zero where nobody could read it. */
  readonly amountWon: Won
  /** Why it would be declined; `undefined`: it would be paid. */
  readonly refusal: DeclineReason | undefined
  /** In the order of taking; empty where it would be declined. */
  readonly legs: readonly Leg[]
  /** What the wallet has that could pay here; zero where policy is against the payment. */
  readonly spendableWon: Won
  /** Of it, after the payment. */
  readonly leftWon: Won
  /** By how much it is too little. */
  readonly missingWon: Won
}

export function previewOf(
  facts: {
    readonly decision: PaymentDecision
    readonly lots: readonly Lot[]
    readonly amountWon: Won
  },
  now: Instant,
): PaymentPreview {
  const { decision, lots, amountWon } = facts
  const { refusal, tenders } = decision
  const parts = spendableParts(lots, tenders, now)
  const spendableWon = sumWon(parts.map((part) => part.amountWon))
  const nothing = { amountWon, legs: [], spendableWon, leftWon: spendableWon, missingWon: won(0) }
  if (refusal !== undefined) return { ...nothing, refusal }
  if (spendableWon < amountWon) {
    const missingWon = won(amountWon - spendableWon)
    return { ...nothing, refusal: 'insufficient_funds', missingWon }
  }
  const leftWon = won(spendableWon - amountWon)
  return { ...nothing, refusal, legs: splitOver(parts, amountWon), leftWon }
}
