/**
 * What the core tells its gateways, so that they can stand in for it: records (issuers, programs, terms, merchants,
 * outlets, partners, linked cards, stopped wallets) and the lots of every wallet that has a linked card.
 *
 * Everything is state, not difference: taking a page twice, or a newer page first, does no harm. Nothing is lost, for
 * each issuer's position is a sealed journal segment: whatever is booked later than the seal is told again when a
 * gateway starts from it, and a seal's hash that the core does not know means that the core's history was replaced
 * (restored from a copy), so that the issuer is told from the beginning.
 */
import type { Instant, IssuerId, LotKind, ProgramId, WalletId, Won } from '../base/base.ts'
import type { RecordKind } from '../registration/registration.ts'

/** A lot with money in it, as far as stand-in needs it. */
export interface FedLot {
  readonly programId: ProgramId
  readonly kind: LotKind
  readonly expiresAt: Instant
  readonly remainingWon: Won
}

/** All that a wallet can spend, as one moment of the ledger showed it. */
export interface FedWallet {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly lots: readonly FedLot[]
}

export interface FedRecord {
  readonly issuerId: IssuerId
  readonly kind: RecordKind
  readonly recordId: number
  readonly version: number
  readonly body: unknown
}

/** How far an issuer's journal is sealed; segment 0 and an empty hash before the first seal. */
export interface SealPosition {
  readonly issuerId: IssuerId
  readonly segment: number
  /** Hex. */
  readonly hash: string
}

/** A page of the tail. Pages of one core come in order, and each shows the ledger later than the one before. */
export interface TailPage {
  /** Names this life of the core: another value means that it was started again. */
  readonly coreLife: string
  /** Where the next page begins. */
  readonly next: number
  /** The core's clock when the page was read. */
  readonly asOf: Instant
  readonly wallets: readonly FedWallet[]
  readonly records: readonly FedRecord[]
  readonly seals: readonly SealPosition[]
}

/** One item of a resynchronisation, in the order of sending. */
export type SyncItem =
  | {
      readonly item: 'begin'
      readonly coreLife: string
      readonly next: number
      readonly asOf: Instant
    }
  | { readonly item: 'records'; readonly records: readonly FedRecord[] }
  /** `afresh`: forget what you know of this issuer's wallets and cards; all of them follow. */
  | { readonly item: 'issuer'; readonly position: SealPosition; readonly afresh: boolean }
  | { readonly item: 'wallets'; readonly wallets: readonly FedWallet[] }
  | { readonly item: 'end' }

export interface CardFeed {
  /**
   * Waits up to `waitMs` for news after a place in the tail.
   * `undefined`: that place is not known here (another life, or too long ago); synchronise.
   */
  tail(after: { coreLife: string; next: number }, waitMs: number): Promise<TailPage | undefined>
  /**
   * Brings a gateway up to date. @param known the positions it holds; issuers left out are sent afresh
   * @param doubtful wallets it heard of by the tail after those positions: sent again as they stand now
   */
  synchronise(
    known: readonly SealPosition[],
    doubtful: readonly { issuerId: IssuerId; walletId: WalletId }[],
  ): AsyncIterable<SyncItem>
}

export const FED_WALLETS_PAGE = 2_000
export const FED_RECORDS_PAGE = 2_000
