/**
 * Where a sale belongs: its merchant's registrations, the card's links there, the ruling, and, where a change of either
 * may have moved the sale to another issuer since, what each issuer's ledger has of it already.
 */
import { eligibleTenders } from '../acquiring/acquiring.ts'
import type { Instant, IssuerId, MerchantId, OutletId, Tender, WalletId } from '../base/base.ts'
import { termsAt } from '../issuing/issuing.ts'
import type { CardSale } from './card-message.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { findBooks, type SaleBooks, type SaleKeys } from './sale-books.ts'
import { ruleOnSale, type CardLink, type SalePlace, type SaleRuling } from './sale-policy.ts'

export interface LocatedSale {
  readonly places: readonly SalePlace[]
  readonly links: readonly CardLink[]
  readonly ruling: SaleRuling
  /** Issuers whose ledger has something under the key, as far as they were asked. */
  readonly found: readonly SaleBooks[]
}

/** Whom a posting is about. */
export interface SaleHome {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly merchantId: MerchantId
  readonly outletId: OutletId | undefined
}

/**
 * @param keys also those of a cancellation
 * @param asked `always` asks every issuer's ledger; `where_moved` only where the sale could be elsewhere than the
 * ruling says: several issuers know the merchant, or none of them knows the card any more. That is one read beside the
 * links'.
 */
export async function locateSale(
  deps: CardDeskDeps,
  sale: CardSale,
  keys: SaleKeys,
  asked: 'always' | 'where_moved',
): Promise<LocatedSale> {
  const places = deps.placesOf(sale.merchantNumber)
  const issuerIds = [...new Set(places.map((place) => place.merchant.issuerId))]
  const findAll = (): Promise<readonly SaleBooks[]> =>
    Promise.all(issuerIds.map((issuerId) => findBooks(deps, issuerId, keys)))
  const atOnce = asked === 'always' || issuerIds.length > 1
  const [links, booksAtOnce] = await Promise.all([
    issuerIds.length === 0 ? [] : deps.linksOf(sale.key.partnerId, sale.cardToken, issuerIds),
    atOnce ? findAll() : undefined,
  ])
  const books = booksAtOnce ?? (links.some((link) => link.active) ? [] : await findAll())
  const ruling = ruleOnSale(
    sale,
    { places, links, issuing: deps.issuing, walletStopped: deps.walletStopped },
    deps.clock(),
  )
  return { places, links, ruling, found: books.filter((each) => each.operations.size > 0) }
}

/**
 * Where a message that may not be refused is posted: where the sale is known already, else where the ruling points,
 * else the first place with a link, be it one that was taken away since. `undefined`: there is no wallet.
 */
export function homeOf({ places, links, ruling, found }: LocatedSale): SaleHome | undefined {
  const known = knownHome(found)
  if (known !== undefined) return known
  const ruled = ruling.ruling === 'eligible' ? ruling : ruling.found
  if (ruled !== undefined) {
    const { issuerId, merchant, outlet, link } = ruled
    const { walletId } = link
    return { issuerId, walletId, merchantId: merchant.merchantId, outletId: outlet?.outletId }
  }
  for (const { merchant, outlet } of places) {
    const { issuerId, merchantId } = merchant
    const link = links.find((each) => each.issuerId === issuerId)
    if (link !== undefined) {
      return { issuerId, walletId: link.walletId, merchantId, outletId: outlet?.outletId }
    }
  }
  return undefined
}

/**
 * All wallets that the sale is posted on or could still be: a reversal that comes first takes its place in each. One
 * for each issuer, the one where the sale is known first.
 */
export function homesToVoid({ places, links, found }: LocatedSale): readonly SaleHome[] {
  const known = found.flatMap((books) => knownHome([books]) ?? [])
  const first = knownHome(found)
  const linked = places.flatMap(({ merchant, outlet }) => {
    const { issuerId, merchantId } = merchant
    const link = links.find((each) => each.issuerId === issuerId)
    return link === undefined
      ? []
      : [{ issuerId, walletId: link.walletId, merchantId, outletId: outlet?.outletId }]
  })
  const homes = [...(first === undefined ? [] : [first]), ...known, ...linked]
  return homes.filter(
    ({ issuerId }, index) => homes.findIndex((home) => home.issuerId === issuerId) === index,
  )
}

/** Where money was taken comes before where a key was only declined. */
function knownHome(found: readonly SaleBooks[]): SaleHome | undefined {
  const homes = found.flatMap(({ issuerId, operations }) =>
    [...operations.values()].flatMap(({ walletId, merchantId, outletId, decline }) =>
      walletId === undefined || merchantId === undefined
        ? []
        : [{ home: { issuerId, walletId, merchantId, outletId }, took: decline === undefined }],
    ),
  )
  return (homes.find(({ took }) => took) ?? homes[0])?.home
}

/**
 * What a sale that was decided elsewhere may consume: by the rules in force when it was decided, and whatever speaks
 * against the payer now. A wallet that is stopped pays nothing: after the notice of loss the loss is the operator's
 * (전자금융거래법 §10).
 */
export function tendersOfTold(
  deps: CardDeskDeps,
  { places }: LocatedSale,
  home: SaleHome,
  decidedAt: Instant,
): readonly Tender[] {
  const place = places.find(({ merchant }) => merchant.issuerId === home.issuerId)
  if (place?.outlet === undefined || deps.walletStopped(home.issuerId, home.walletId)) return []
  const at = Math.min(decidedAt, deps.clock())
  const termsInForce = deps.issuing
    .programs(home.issuerId)
    .flatMap((program) => termsAt(program.terms, at) ?? [])
  const { merchant, outlet } = place
  return eligibleTenders({ merchant, outlet, termsInForce }).tenders
}
