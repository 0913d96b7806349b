/** What the gateway knows of a sale from what it was fed: the ruling of policy, whose wallet it is about. */
import { won, type Instant } from '../base/base.ts'
import {
  cardKeyText,
  ruleOnSale,
  type CardKey,
  type CardRequest,
  type CardSale,
  type SaleRuling,
} from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import type { StoreReading, WalletRef } from './store.ts'

export type KeyedRequest = Exclude<CardRequest, { readonly kind: 'compare_totals' }>

/** Whose money a message is about, as far as it can be told here. */
export interface Whereabouts {
  readonly wallet: WalletRef | undefined
  /** Under which its notices are kept in order. */
  readonly group: string
  /** Under which notices may wait that must reach the core before the message does. */
  readonly groups: readonly string[]
}

export function ruleHere(
  sale: CardSale,
  reading: StoreReading,
  directory: RecordDirectory,
  now: Instant,
): SaleRuling {
  const places = directory.placesOf(sale.merchantNumber)
  const links = reading
    .cards(sale.key.partnerId, sale.cardToken)
    .filter((link) => places.some(({ merchant }) => merchant.issuerId === link.issuerId))
  return ruleOnSale(
    sale,
    {
      places,
      links,
      issuing: directory,
      walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
    },
    now,
  )
}

/** A sale that was decided here keeps the wallet of that decision, whatever was linked since. */
export function whereaboutsOf(
  sale: CardSale,
  reading: StoreReading,
  directory: RecordDirectory,
  now: Instant,
): Whereabouts {
  const known = reading.sale(cardKeyText(sale.key))
  return whereaboutsAt(sale, known ?? walletOf(ruleHere(sale, reading, directory, now)))
}

export function walletOf(ruling: SaleRuling): WalletRef | undefined {
  const found = ruling.ruling === 'eligible' ? ruling : ruling.found
  if (found === undefined) return undefined
  return { issuerId: found.issuerId, walletId: found.link.walletId }
}

export function whereaboutsAt(sale: CardSale, wallet: WalletRef | undefined): Whereabouts {
  const ofCard = `c/${sale.key.partnerId}/${sale.cardToken}`
  if (wallet === undefined) return { wallet, group: ofCard, groups: [ofCard] }
  const { issuerId, walletId } = wallet
  const ofWallet = `w/${issuerId}/${walletId}`
  return { wallet: { issuerId, walletId }, group: ofWallet, groups: [ofWallet, ofCard] }
}

/** The sale that a request is about; an enquiry asks what a sale of one won would meet. */
export function saleOf(request: KeyedRequest): CardSale {
  switch (request.kind) {
    case 'authorize':
    case 'pay':
      return request.sale
    case 'cancel':
      return request.original
    default: {
      const { key, cardToken, merchantNumber, at } = request
      return { key, cardToken, merchantNumber, at, amountWon: won(1), partialAllowed: false }
    }
  }
}

export function keyOf(request: KeyedRequest): CardKey {
  return request.kind === 'authorize' || request.kind === 'pay' ? request.sale.key : request.key
}
