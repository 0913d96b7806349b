/** Who pays for a benefit: the state, the province or the municipality itself (국비·도비·시군비). */
import type { Won } from './amount.ts'
import type { PotId } from './id.ts'

export const funders = ['national', 'province', 'city'] as const
export type Funder = (typeof funders)[number]

/** One funder's part of a benefit. The parts of one benefit add up to it exactly. */
export interface FundedAmount {
  readonly funder: Funder
  readonly amountWon: Won
}

/** What an operation takes of a funder's pot, as long as no more than the limit is taken in all. */
export interface PotDraw {
  readonly potId: PotId
  /** Below zero: given back. */
  readonly amountWon: Won
  readonly limitWon: Won
}
