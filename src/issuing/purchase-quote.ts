/** The arithmetic of a purchase: who pays how much, to the won. */
import {
  assert,
  floorToWon,
  splitByLargestRemainder,
  won,
  type FundedAmount,
  type Won,
} from '../base/base.ts'
import type { Benefit, ProgramTerms } from './program-terms.ts'

/** `payWon + discountWon = faceWon`, and the shares add up to `discountWon`. */
export interface PurchaseQuote {
  readonly faceWon: Won
  readonly discountWon: Won
  readonly payWon: Won
  /** Only the funders that pay at least one won, in the order of the terms. */
  readonly fundingShares: readonly FundedAmount[]
}

/**
 * ₩100,000 at 10 % → pay 90,000 and 10,000 split over the funders. Only `pre_discount` discounts.
 */
export function quotePurchase(terms: Pick<ProgramTerms, 'benefit'>, faceWon: Won): PurchaseQuote {
  assert(faceWon > 0, 'a purchase is above zero won')
  const { benefit } = terms
  const discountWon =
    benefit.mode === 'pre_discount' ? floorToWon(faceWon, benefit.rateBasisPoints) : won(0)
  return {
    faceWon,
    discountWon,
    payWon: won(faceWon - discountWon),
    fundingShares: fundedBy(benefit, discountWon),
  }
}

/** Splits an amount over the funders of a benefit; also for a stipend, whose lot they pay whole. */
export function fundedBy(benefit: Benefit, amountWon: Won): readonly FundedAmount[] {
  if (amountWon === 0) return []
  const parts = splitByLargestRemainder(
    amountWon,
    benefit.fundingShares.map((share) => share.weight),
  )
  return benefit.fundingShares
    .map((share, index) => ({ funder: share.funder, amountWon: parts[index]! }))
    .filter((part) => part.amountWon > 0)
}
