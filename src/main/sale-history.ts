/**
 * Card sales of the past: shops, outlets, linked cards and stopped wallets as they stood when the sale was made.
 * Programs need no history of their own, since every version of their terms says from when it holds.
 */
import {
  outletOfNumber,
  readMerchantNumber,
  type Merchant,
  type Outlet,
} from '../acquiring/acquiring.ts'
import type { CardLinkId, Instant, IssuerId, MerchantId, OutletId, WalletId } from '../base/base.ts'
import type { CardLink, SalePlace } from '../cards/cards.ts'
import type { SaleHistory } from '../clearing/clearing.ts'
import type { RecordHistory } from '../postgres/postgres.ts'
import {
  naturalKey,
  readBody,
  type RecordDirectory,
  type Registry,
} from '../registration/registration.ts'

export interface SaleHistoryDeps {
  readonly directory: RecordDirectory
  readonly registry: Pick<Registry, 'findByKeys'>
  readonly history: RecordHistory
}

export function createSaleHistory(deps: SaleHistoryDeps): SaleHistory {
  return {
    async factsAt({ partnerId, cardToken, merchantNumber }, at) {
      const places = await placesAt(deps, merchantNumber, at)
      const issuerIds = places.map(({ merchant }) => merchant.issuerId)
      const links = await linksAt(deps, naturalKey.card(partnerId, cardToken), { issuerIds, at })
      const stopped = await stoppedAt(deps, links, at)
      return {
        places,
        links,
        issuing: deps.directory,
        walletStopped: (issuerId, walletId) => stopped.has(placeOf(issuerId, walletId)),
      }
    },
  }
}

/** A business number is a merchant's for ever, so today's directory says whom to ask about. */
async function placesAt(
  { directory, history }: SaleHistoryDeps,
  merchantNumber: string,
  at: Instant,
): Promise<readonly SalePlace[]> {
  const read = readMerchantNumber(merchantNumber)
  if (read === undefined) return []
  const places = await Promise.all(
    directory
      .merchantsByBusinessNumber(read.businessNumber)
      .map(async ({ issuerId, merchantId }): Promise<SalePlace | undefined> => {
        const [stored] = await history.readAt(issuerId, 'merchant', [merchantId], at)
        if (stored === undefined) return undefined
        const merchant: Merchant = { issuerId, merchantId, ...readBody('merchant', stored.body) }
        const outlets = await outletsAt({ directory, history }, merchant, at)
        return { merchant, outlet: outletOfNumber(outlets, read.outletNumber) }
      }),
  )
  return places.filter((place) => place !== undefined)
}

async function outletsAt(
  { directory, history }: Pick<SaleHistoryDeps, 'directory' | 'history'>,
  { issuerId, merchantId }: { issuerId: IssuerId; merchantId: MerchantId },
  at: Instant,
): Promise<readonly Outlet[]> {
  const ids = directory.outletsOf(issuerId, merchantId).map(({ outletId }) => outletId)
  const stored = await history.readAt(issuerId, 'outlet', ids, at)
  return stored.map(({ recordId, body }) => {
    const outletId = recordId as OutletId // The record id of an outlet is the outlet's.
    return { issuerId, outletId, ...readBody('outlet', body) }
  })
}

async function linksAt(
  { registry, history }: SaleHistoryDeps,
  key: string,
  { issuerIds, at }: { issuerIds: readonly IssuerId[]; at: Instant },
): Promise<readonly CardLink[]> {
  const wanted = issuerIds.map((issuerId) => ({ issuerId, key }))
  const newest = await registry.findByKeys('card_link', wanted)
  const links = await Promise.all(
    newest.map(async (record, index): Promise<CardLink | undefined> => {
      const issuerId = issuerIds[index]
      if (record === undefined || issuerId === undefined) return undefined
      const [stored] = await history.readAt(issuerId, 'card_link', [record.recordId], at)
      if (stored === undefined) return undefined
      const linkId = stored.recordId as CardLinkId // The record id of a link is the link's.
      return { issuerId, linkId, ...readBody('card_link', stored.body) }
    }),
  )
  return links.filter((link) => link !== undefined)
}

async function stoppedAt(
  { history }: Pick<SaleHistoryDeps, 'history'>,
  links: readonly CardLink[],
  at: Instant,
): Promise<ReadonlySet<string>> {
  const stopped = new Set<string>()
  for (const { issuerId, walletId } of links) {
    const [stored] = await history.readAt(issuerId, 'wallet_stop', [walletId], at)
    if (stored !== undefined && readBody('wallet_stop', stored.body).stopped) {
      stopped.add(placeOf(issuerId, walletId))
    }
  }
  return stopped
}

function placeOf(issuerId: IssuerId, walletId: WalletId): string {
  return `${issuerId}/${walletId}`
}
