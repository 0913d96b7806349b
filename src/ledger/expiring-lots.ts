/** Lots that will expire: whom to tell, and of how much. */
import {
  assert,
  businessDate,
  won,
  type Instant,
  type IssuerId,
  type MemberId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type { DueLotCursor } from './lot-expiry.ts'
import type { MemoryLedger } from './memory-ledger.ts'
import { byExpiry } from './lot-taking.ts'

export interface ExpiringLot extends DueLotCursor {
  readonly walletId: WalletId
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly issuedAt: Instant
  readonly remainingWon: Won
  /** What remains of all lots of this wallet and program whose last day of use is the same. */
  readonly togetherWon: Won
}

export interface ExpiringLotPage {
  /** Lots expire after this instant … */
  readonly from: Instant
  /** … until this one, which is included: the end of a Korean day is the instant at which the next begins. */
  readonly until: Instant
  readonly after?: DueLotCursor | undefined
  readonly limit: number
}

export interface ExpiringLots {
  /** Not yet closed, with or without a remainder: the first to expire first, then the lowest lot id. */
  expiringLots(issuerId: IssuerId, page: ExpiringLotPage): Promise<readonly ExpiringLot[]>
}

/** Of the ledger in memory, from a copy of it: for tests and simulations. */
export function memoryExpiringLots(memory: Pick<MemoryLedger, 'snapshot'>): ExpiringLots {
  return {
    async expiringLots(issuerId, { from, until, after, limit }) {
      const { lots, closedLots, wallets, operations } = memory.snapshot(issuerId)
      const isAfter = ({ expiresAt, lotId }: DueLotCursor): boolean =>
        after === undefined ||
        expiresAt > after.expiresAt ||
        (expiresAt === after.expiresAt && lotId > after.lotId)
      const open = lots.filter(({ lotId }) => !closedLots.includes(lotId))
      return open
        .filter((lot) => lot.expiresAt > from && lot.expiresAt <= until && isAfter(lot))
        .toSorted(byExpiry)
        .slice(0, limit)
        .map(({ walletId, lotId, programId, expiresAt, remainingWon }) => {
          const wallet = wallets.find((each) => each.walletId === walletId)
          // The first that moved anything into it.
          const issue = operations.find(({ transfers }) =>
            transfers.some(
              ({ creditKind, creditId }) => creditKind === 'lot' && creditId === lotId,
            ),
          )
          assert(wallet !== undefined && issue !== undefined, 'a lot has a wallet and an issue')
          const together = open.filter(
            (other) =>
              other.walletId === walletId &&
              other.programId === programId &&
              lastDayOfUse(other.expiresAt) === lastDayOfUse(expiresAt),
          )
          return {
            walletId,
            memberId: wallet.memberId,
            lotId,
            programId,
            expiresAt,
            issuedAt: issue.bookedAt,
            remainingWon,
            togetherWon: won(together.reduce((sum, other) => sum + other.remainingWon, 0)),
          }
        })
    },
  }
}

/** The Korean day on which a lot may be spent for the last time. */
export function lastDayOfUse(expiresAt: Instant) {
  return businessDate(expiresAt - 1)
}
