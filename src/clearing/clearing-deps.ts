/** The ports of clearing. */
import {
  HOUR_MS,
  type BusinessDate,
  type Clock,
  type IdSource,
  type Instant,
  type PartnerId,
  type Sha256,
} from '../base/base.ts'
import type { CardSale, SaleFacts, SalePlace } from '../cards/cards.ts'
import type { Issuer } from '../issuing/issuing.ts'
import type { CardReading, Ledger } from '../ledger/ledger.ts'
import type { Casebook, Partner, Registry } from '../registration/registration.ts'

/** What was in force at an instant of the past: places, links and stopped wallets as they stood then. */
export interface SaleHistory {
  factsAt(
    sale: Pick<CardSale, 'cardToken' | 'merchantNumber'> & { readonly partnerId: PartnerId },
    at: Instant,
  ): Promise<SaleFacts>
}

export interface ClearingFiles {
  /** Keeps bytes under their hash (hex) for as long as books are kept. Repeating is harmless. */
  keep(sha256: string, bytes: Uint8Array): Promise<void>
  kept(sha256: string): Promise<Uint8Array | undefined>
  /** Puts a file where its partner fetches it: whole or not at all. Repeating is harmless. */
  give(partnerCode: string, name: string, bytes: Uint8Array): Promise<void>
}

/** What may be set; the law and the partner's agreement say how. */
export interface ClearingRules {
  /** Besides Saturdays and Sundays. */
  readonly holidays: readonly BusinessDate[]
  /** After the file came, a sale that bears our approval code may still be on its way to the ledger as an advice. */
  readonly adviceWaitMs: number
  /** So many days before its last day an open conversion is warned of. */
  readonly warnDaysBefore: number
}

/** Where nothing else was agreed; holidays are the calendar's to tell. */
export const clearingRules: Omit<ClearingRules, 'holidays'> = {
  // Longer than the longest outage that the country has seen, 23 h 10 min, and its healing.
  adviceWaitMs: 36 * HOUR_MS,
  warnDaysBefore: 4,
}

export interface ClearingDeps {
  readonly ledger: Pick<Ledger, 'pay' | 'cancel' | 'closeHolds' | 'settleCards' | 'find'>
  readonly reading: Pick<CardReading, 'cardOperations' | 'openCardHolds'>
  readonly registry: Registry
  readonly casebook: Pick<
    Casebook,
    'openCase' | 'closeCase' | 'openConversion' | 'changeConversion' | 'notify'
  >
  readonly issuers: () => readonly Issuer[]
  readonly partners: () => readonly Partner[]
  /** As the merchant stands today; says which issuers a line may concern. */
  readonly placesOf: (merchantNumber: string) => readonly SalePlace[]
  readonly history: SaleHistory
  readonly files: ClearingFiles
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
  /** Lets whoever else runs in this process have a turn; called while a long file is worked through. */
  readonly pause: () => Promise<void>
  readonly rules: ClearingRules
}

/** Work on a list that lets others have their turn. */
export const ITEMS_A_TURN = 200

export async function forEachInTurns<Item>(
  deps: Pick<ClearingDeps, 'pause'>,
  items: readonly Item[],
  work: (item: Item) => void,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index % ITEMS_A_TURN === ITEMS_A_TURN - 1) await deps.pause()
    work(item)
  }
}
