/** The tail of the card feed: a bounded ring of pages that any number of gateways read at their own pace. */
import type { Instant } from '../base/base.ts'
import {
  FED_RECORDS_PAGE,
  FED_WALLETS_PAGE,
  type FedRecord,
  type FedWallet,
  type SealPosition,
  type TailPage,
} from '../cards/cards.ts'

/** Pages kept: with a page every 200 ms a gateway may be away for some seven minutes and still go on reading. */
export const TAIL_PAGES_MAX = 2_048
/** Wallets in all pages together, about 300 bytes each. */
export const TAIL_WALLETS_MAX = 200_000
/** Gateways that wait for news at one time; one more is answered at once. */
export const TAIL_WAITING_MAX = 64

export interface News {
  readonly wallets: readonly FedWallet[]
  readonly records: readonly FedRecord[]
  /** Told with the last of the news: all that they stand for has been told then. */
  readonly seals: readonly SealPosition[]
}

export interface CardFeedTail {
  /** Names this life of the tail. */
  life(): string
  /** Where the next page will stand. */
  next(): number
  /** The core's clock when the ledger was last looked at. */
  asOf(): Instant
  /** What one look at the ledger found, be it nothing: then only `asOf` is news. */
  push(news: News, asOf: Instant): void
  /** Several pages as one, as far as they fit. `undefined`: the place is not known here. */
  read(after: { coreLife: string; next: number }, waitMs: number): Promise<TailPage | undefined>
  /** Everything told is forgotten: whoever reads has to synchronise. */
  renew(): void
}

interface Page extends News {
  readonly asOf: Instant
}

export function createCardFeedTail(newLife: () => string): CardFeedTail {
  const pages: Page[] = []
  const waiting = new Set<() => void>()
  let life = newLife()
  let first = 0
  let asOf: Instant = 0
  let walletsKept = 0

  const add = (page: Page): void => {
    pages.push(page)
    walletsKept += page.wallets.length
    while (pages.length > TAIL_PAGES_MAX || (walletsKept > TAIL_WALLETS_MAX && pages.length > 1)) {
      walletsKept -= pages.shift()!.wallets.length
      first += 1
    }
  }
  const wake = (): void => {
    for (const resume of waiting) resume()
  }
  const newsOrTimeout = (waitMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const resume = (): void => {
      clearTimeout(timer)
      waiting.delete(resume)
      resolve()
    }
    const timer = setTimeout(resume, waitMs)
    waiting.add(resume)
    return promise
  }
  const isKnown = (after: { coreLife: string; next: number }): boolean =>
    after.coreLife === life && after.next >= first && after.next <= first + pages.length

  return {
    life: () => life,
    next: () => first + pages.length,
    asOf: () => asOf,
    push(news, at) {
      asOf = at
      const parts = partsOf(news)
      for (const part of parts) add({ ...part, asOf: at })
      if (parts.length > 0) wake()
    },
    async read(after, waitMs) {
      const isAtEnd = isKnown(after) && after.next === first + pages.length
      if (isAtEnd && waitMs > 0 && waiting.size < TAIL_WAITING_MAX) await newsOrTimeout(waitMs)
      if (!isKnown(after)) return undefined
      const { count, news } = merged(pages, after.next - first)
      const last = pages[after.next - first + count - 1]
      // At the end of the tail the newest look at the ledger counts, though it found nothing.
      const seen = after.next + count === first + pages.length ? asOf : (last?.asOf ?? asOf)
      return { coreLife: life, next: after.next + count, asOf: seen, ...news }
    },
    renew() {
      life = newLife()
      first = 0
      pages.length = 0
      walletsKept = 0
      wake()
    },
  }
}

/** News as pages of bounded size: all records before any wallet, for a wallet matters once its link is known. */
function partsOf({ wallets, records, seals }: News): News[] {
  const recordParts = chunked(records, FED_RECORDS_PAGE)
  const walletParts = chunked(wallets, FED_WALLETS_PAGE)
  // The last of the records and the first of the wallets share a page.
  const before = Math.max(recordParts.length - 1, 0)
  const count = Math.max(before + walletParts.length, recordParts.length, seals.length > 0 ? 1 : 0)
  return Array.from({ length: count }, (_, part) => ({
    records: recordParts[part] ?? [],
    wallets: walletParts[part - before] ?? [],
    seals: part === count - 1 ? seals : [],
  }))
}

/** As many pages from a place on as fit into one. */
function merged(pages: readonly Page[], from: number): { count: number; news: News } {
  let [count, wallets, records] = [0, 0, 0]
  for (const page of pages.slice(from)) {
    wallets += page.wallets.length
    records += page.records.length
    if (count > 0 && (wallets > FED_WALLETS_PAGE || records > FED_RECORDS_PAGE)) break
    count += 1
  }
  const part = pages.slice(from, from + count)
  return {
    count,
    news: {
      wallets: part.flatMap((page) => page.wallets),
      records: part.flatMap((page) => page.records),
      // Of one issuer the newest says it all.
      seals: [...new Map(part.flatMap(sealsByIssuer)).values()],
    },
  }
}

function sealsByIssuer({ seals }: Page): [SealPosition['issuerId'], SealPosition][] {
  return seals.map((seal) => [seal.issuerId, seal])
}

export function chunked<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
