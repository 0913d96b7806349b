/** Where a mistake can be put into the product on purpose, to see the simulation find it. */
import type { CardDesk, CardFeed } from '../../src/cards/cards.ts'
import type { Casebook } from '../../src/registration/registration.ts'
import type { MemoryStandInStore, StandInDesk, StandInStore } from '../../src/standin/standin.ts'
import type { VirtualTime } from '../virtual-time.ts'

export interface CardPlant {
  /** The core's desk. */
  readonly desk?: (desk: CardDesk) => CardDesk
  readonly casebook?: (casebook: Casebook) => Casebook
  /** The core as a gateway sees it. */
  readonly core?: (core: CardDesk) => CardDesk
  readonly feed?: (feed: CardFeed) => CardFeed
  readonly gateway?: (desk: StandInDesk, time: VirtualTime) => StandInDesk
  /** What the gateway takes for its store; the simulation's own eye stays on the real one. */
  readonly store?: (store: MemoryStandInStore, time: VirtualTime) => StandInStore
  /** Happens to the disk while the gateway is down. */
  readonly afterCrash?: (store: MemoryStandInStore) => void
  /** A partner that takes no answer for "no voucher". */
  readonly silenceIsNo?: boolean
}
