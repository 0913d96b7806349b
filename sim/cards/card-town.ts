/** What everybody in a city of cards may reach, and what must be true in it at every moment. */
import { booksOfSnapshot, checkBooks } from '../../src/audit/audit.ts'
import type { IssuerId } from '../../src/base/base.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { Journal } from '../journal.ts'
import type { VirtualTime } from '../virtual-time.ts'
import type { CardCore } from './card-core.ts'
import type { CardDatabase } from './card-database.ts'
import { noCardFaults, type CardFaults } from './card-faults.ts'
import type { CardGateway } from './card-gateway.ts'
import type { CardPartner } from './card-partner.ts'
import { ISSUERS, type CardWorld } from './card-world.ts'
import type { AnswerWatch } from './checkers/answers.ts'
import type { LimitWatch } from './checkers/standin-limits.ts'
import type { Neighbours } from './neighbours.ts'

export interface CardCity {
  readonly world: CardWorld
  readonly time: VirtualTime
  readonly random: Random
  readonly faults: CardFaults
  readonly journal: Journal
  readonly database: CardDatabase
  readonly core: CardCore
  readonly gateways: readonly CardGateway[]
  readonly partners: readonly CardPartner[]
  readonly neighbours: Neighbours
  readonly watch: AnswerWatch
  readonly limits: LimitWatch
  readonly receipts: Set<string>
  /** False once the faults are off: nobody sets out to do anything new. */
  isBusy: boolean
  goneUntil: number
  /** How much slower everybody is, while the core is away for hours. */
  pace: number
}

/** What must be true at every moment. */
export async function checkAlways(city: CardCity): Promise<ReadonlyMap<IssuerId, LedgerSnapshot>> {
  const { database, journal, gateways, limits } = city
  const snapshots = new Map<IssuerId, LedgerSnapshot>()
  for (const issuerId of ISSUERS) {
    const snapshot = database.ledger().snapshot(issuerId)
    snapshots.set(issuerId, snapshot)
    await checkBooks(booksOfSnapshot(issuerId, snapshot), {
      onFinding: ({ checker, where, sentence }) =>
        journal.violated(where, `${checker}: ${where} ${sentence}`),
    })
    for (const { lotId, walletId, remainingWon, heldWon } of snapshot.lots) {
      if (remainingWon >= 0 && heldWon >= 0) continue
      journal.violated(
        `wallet ${walletId}`,
        `lot ${lotId} has ₩${remainingWon} and holds ₩${heldWon}`,
      )
    }
  }
  for (const gateway of gateways) if (gateway.isUp()) limits.checkBound(gateway)
  return snapshots
}

export function endFaults(city: CardCity): void {
  city.isBusy = false
  city.pace = 1
  city.goneUntil = 0
  Object.assign(city.faults, noCardFaults)
}
