/**
 * Two gateways of one partner tell each other what their stand-in approved, so that one card's limits are nearly
 * shared. Best effort: where they cannot hear each other, the limits and the bound hold for each gateway by itself.
 */
import type { BusinessDate, Instant, Tender, Won } from '../base/base.ts'
import type { WalletRef } from './store.ts'

export interface StandInNote extends WalletRef {
  /** `cardKeyText`. */
  readonly saleKey: string
  readonly decidedAt: Instant
  readonly day: BusinessDate
  /** What still stands of it. */
  readonly netWon: Won
  readonly tenders: readonly Tender[]
  /** The core has taken it, by the core's clock; absent while it has not. */
  readonly takenAt?: Instant
}

export interface PeerGateway {
  /** Resolves once the other gateway has noted them down. Rejects where it cannot be reached. */
  tell(notes: readonly StandInNote[]): Promise<void>
}

/** Notes of one call. */
export const PEER_NOTES_MAX = 200
