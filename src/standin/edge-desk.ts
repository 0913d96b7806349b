/**
 * The gateway's desk: what a link asks when a message came in. It asks the core while the core answers, stands in for
 * it when it does not, records before it answers, and tells the core afterwards until the core has taken it.
 */
import type { Instant, IssuerId, PartnerId, Won } from '../base/base.ts'
import type { CardAnswer, CardNotice, CardRequest } from '../cards/cards.ts'

export interface EdgeDesk {
  /**
   * Always answers, within the partner's deadline less a margin; repeats get the stored answer. `unknown` is an answer.
   */
  answer(request: CardRequest): Promise<CardAnswer>
  /** Resolves once the notice is safe: recorded here, or, where the store is full, taken by the core. Throws else. */
  take(notice: CardNotice): Promise<void>
  order(order: StandInOrder): Promise<void>
  status(): EdgeStatus
  stop(): Promise<void>
}

/**
 * `automatic`: when the core does not answer; as an order it takes back the one for the same partner and issuer.
 * `forced`: without asking the core. `forbidden`: never.
 */
export const standInModes = ['automatic', 'forced', 'forbidden'] as const
export type StandInMode = (typeof standInModes)[number]

/** An operator's word. Without an issuer: for the partner as a whole; without a partner: for the issuer. */
export interface StandInOrder {
  readonly partnerId?: PartnerId
  readonly issuerId?: IssuerId
  readonly mode: StandInMode
  readonly by: string
  readonly at: Instant
  readonly reason: string
}

export interface EdgeStatus {
  /** Whether the core is asked. */
  readonly core: 'asked' | 'probed' | 'not_asked'
  readonly orders: readonly StandInOrder[]
  readonly feed: {
    readonly state: 'following' | 'synchronising' | 'cut_off'
    /** Age of what the tail told last, by the gateway's own clock; null before the first page. */
    readonly lagMs: number | null
    readonly cards: number
    readonly wallets: number
  }
  readonly store: { readonly state: 'writable' | 'full' }
  /** Not yet taken by the core. */
  readonly waiting: { readonly notices: number; readonly oldestAt: Instant | null }
  /** Voucher money that stand-in approved and the core has not taken yet, now and at most since the start. */
  readonly exposure: { readonly nowWon: Won; readonly maxWon: Won; readonly boundWon: Won }
  readonly counts: Readonly<Record<string, number>>
}
