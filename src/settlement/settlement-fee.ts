/**
 * The merchant's fee. Rule: of what is left of a program's takings of one day, the rate of that day, rounded down to
 * a whole won. A cancellation lowers what is left, whenever it comes, and gives back exactly what the fee falls by;
 * so the order of events never changes a fee, and what was cancelled wholly has cost nothing.
 */
import { assert, floorToWon, won, type Won } from '../base/base.ts'
import type { FeeTier } from '../issuing/issuing.ts'

/** The first step of the scale that the yearly revenue does not pass. */
export function feeBasisPointsOf(tiers: readonly FeeTier[], annualRevenueWon: Won): number {
  const tier = tiers.find(
    ({ revenueWonMax }) => revenueWonMax === null || annualRevenueWon <= revenueWonMax,
  )
  assert(tier !== undefined, 'the last step of a fee scale has no upper bound')
  return tier.feeBasisPoints
}

/** The fee on what is left of a day's takings; nothing where more was cancelled than is settled yet. */
export function feeOn(leftWon: Won, feeBasisPoints: number): Won {
  return leftWon <= 0 ? won(0) : floorToWon(leftWon, feeBasisPoints)
}
