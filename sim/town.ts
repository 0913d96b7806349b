/** What every actor of a city may reach: time, dice, the world, the core through errands, and the paper trail. */
import {
  operationId,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Won,
} from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { PolicyWatch } from './checkers/policy.ts'
import type { Core } from './core-process.ts'
import type { Errands } from './errand.ts'
import type { FaultOdds } from './fault-odds.ts'
import type { Journal } from './journal.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Payer, World } from './world.ts'

/** A payment that somebody was told is booked. */
export interface Receipt {
  readonly paymentId: OperationId
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly amountWon: Won
}

/** A code that was on a screen or a counter and can be shown again. */
export interface SeenCode {
  readonly text: string
  readonly issuerId: IssuerId
}

export interface Town {
  readonly time: VirtualTime
  readonly random: Random
  readonly odds: FaultOdds
  readonly journal: Journal
  readonly world: World
  readonly core: Core
  readonly errands: Errands
  readonly policy: PolicyWatch
  readonly receipts: Receipt[]
  readonly consumerCodes: SeenCode[]
  /** What each payer's phone believes it has: told purchases and grants less told payments. */
  readonly believedWon: Map<Payer, number>
}

/** A new key, as a phone would make it. */
export function newKey(random: Random): OperationId {
  const hex = (digits: number): string =>
    random
      .integer(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, '0')
  return operationId(`${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(6)}${hex(6)}`)
}

/** The clock of a device as its owner reads it. */
export function deviceClock(town: Town, device: { readonly skewMs: number }): Instant {
  return town.time.now() + device.skewMs
}
