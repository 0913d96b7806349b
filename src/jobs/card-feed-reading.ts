/** What the card feed asks of the database; main hands in what answers it. */
import type { Instant, IssuerId, WalletId } from '../base/base.ts'
import type { FedRecord, FedWallet, SealPosition } from '../cards/cards.ts'
import type { RecordKind } from '../registration/registration.ts'

/** A seal with the boundary it stands for: nothing can be booked at or before `untilAt` any more. */
export interface SealMark extends SealPosition {
  readonly untilAt: Instant
}

/** From where one issuer's journal is read: strictly later than `after`. */
export interface JournalFloor {
  readonly issuerId: IssuerId
  readonly after: Instant
}

export interface WalletRef {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
}

export interface TouchedWallets {
  /** The name of this reading. */
  readonly snapshot: string
  /** How many transactions the database had begun: fewer than before means that it was replaced by a copy. */
  readonly transactions: number
  /** Each once. */
  readonly wallets: readonly WalletRef[]
}

export interface CardFeedReading {
  /** The newest seal of every issuer that has one, the operator (issuer 0) too. */
  seals(): Promise<readonly SealMark[]>
  /** Those of the positions that stand in their issuer's chain with that very hash; others are left out. */
  knownSeals(positions: readonly SealPosition[]): Promise<readonly SealMark[]>
  /**
   * Wallets with an operation that was not declined and is booked later than the floor of its issuer, and wallets
   * opened later than that, in one snapshot. @param since the name of a reading: what it, or one before it, gave is
   * left out, and nothing else is; absent: nothing is left out
   */
  touchedWallets(floors: readonly JournalFloor[], since?: string): Promise<TouchedWallets>
  /** As they stand now: lots with money free to spend, expired ones too; wallets that do not exist are left out. */
  wallets(refs: readonly WalletRef[]): Promise<readonly FedWallet[]>
  /** Wallets of an issuer by id, those without a lot too, after one of them (0: from the first). */
  walletsAfter(issuerId: IssuerId, after: number, limit: number): Promise<readonly FedWallet[]>
  /** Versions of an issuer's records of some kinds, recorded later than an instant, oldest first, in pages. */
  recordsSince(
    issuerId: IssuerId,
    kinds: readonly RecordKind[],
    after: Instant,
  ): AsyncIterable<readonly FedRecord[]>
}
