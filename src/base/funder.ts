/** Who pays for a benefit: the state, the province or the municipality itself (국비·도비·시군비). */
import type { Won } from './amount.ts'

export const funders = ['national', 'province', 'city'] as const
export type Funder = (typeof funders)[number]

/** One funder's part of a benefit. The parts of one benefit add up to it exactly. */
export interface FundedAmount {
  readonly funder: Funder
  readonly amountWon: Won
}
