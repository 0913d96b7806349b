/** What the core's card desk needs of the rest of the house. */
import type { Clock, IssuerId, PartnerId, Sha256, WalletId } from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import type { CardReading, Ledger } from '../ledger/ledger.ts'
import type { Casebook } from '../registration/registration.ts'
import type { FedLot } from './card-feed.ts'
import type { CardLink, SalePlace } from './sale-policy.ts'

export interface CardDeskDeps {
  readonly ledger: Pick<Ledger, 'pay' | 'hold' | 'closeHolds' | 'cancel' | 'find'>
  readonly reading: Pick<CardReading, 'cardOperations'>
  readonly issuing: Pick<IssuingDirectory, 'issuer' | 'issuers' | 'programs'>
  /**
   * Every issuer's registration of a merchant number, whatever its status: from memory, never by a call. One that left
   * the directory would hide the sales that were made there.
   */
  readonly placesOf: (merchantNumber: string) => readonly SalePlace[]
  /** The newest version of each link, also of cards that were taken away since (`active` false). */
  readonly linksOf: (
    partnerId: PartnerId,
    cardToken: string,
    issuerIds: readonly IssuerId[],
  ) => Promise<readonly CardLink[]>
  readonly walletStopped: (issuerId: IssuerId, walletId: WalletId) => boolean
  /**
   * What is left, for the answer alone, asked after the money has moved. `undefined` where it cannot be had soon: the
   * answer goes without, for a payment must not wait for a figure.
   */
  readonly lotsSoon: (
    issuerId: IssuerId,
    walletId: WalletId,
  ) => Promise<readonly FedLot[] | undefined>
  readonly casebook: Pick<Casebook, 'openCase' | 'openConversion'>
  readonly sha256: Sha256
  readonly clock: Clock
}
