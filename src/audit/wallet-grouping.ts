/** Puts sorted streams of rows together wallet by wallet: a merge that holds one page of each stream and one wallet. */
import type { BookLot, BookOperation, BookPurchase, BookSale, WalletBook } from './books.ts'

/** Pages of rows, ascending by wallet; operations in booked order inside it, those without a wallet last. */
export interface WalletStreams {
  readonly wallets: AsyncIterable<readonly { readonly walletId: number }[]>
  readonly operations: AsyncIterable<readonly BookOperation[]>
  readonly lots: AsyncIterable<readonly BookLot[]>
  readonly purchases: AsyncIterable<readonly BookPurchase[]>
  readonly memberSales: AsyncIterable<readonly (BookSale & { readonly walletId: number })[]>
}

/** How many operations without a wallet one book holds at most: nothing ties them together. */
export const WALLETLESS_PAGE_MAX = 1000

/** Every wallet that any of the streams names. */
export async function* groupByWallet(streams: WalletStreams): AsyncGenerator<WalletBook> {
  const wallets = openStream(streams.wallets)
  const operations = openStream(streams.operations)
  const lots = openStream(streams.lots)
  const purchases = openStream(streams.purchases)
  const memberSales = openStream(streams.memberSales)
  const all = [wallets, operations, lots, purchases, memberSales]
  for (;;) {
    for (const stream of all) await stream.fill()
    const ids = all.flatMap((stream) => stream.nextWallet() ?? [])
    if (ids.length === 0) break
    const walletId = Math.min(...ids)
    yield {
      walletId,
      openings: (await wallets.take(walletId)).length,
      operations: await operations.take(walletId),
      lots: await lots.take(walletId),
      purchases: await purchases.take(walletId),
      memberSales: await memberSales.take(walletId),
    }
  }
  for (;;) {
    const rest = await operations.take(undefined, WALLETLESS_PAGE_MAX)
    if (rest.length === 0) return
    const none = { openings: 0, lots: [], purchases: [], memberSales: [] }
    yield { walletId: undefined, operations: rest, ...none }
  }
}

interface OpenStream<Row> {
  /** Makes sure that the next row is there, unless the stream is at its end. */
  fill(): Promise<void>
  nextWallet(): number | undefined
  /** The next rows as long as they are of this wallet. */
  take(walletId: number | undefined, rowsMax?: number): Promise<Row[]>
}

function openStream<Row extends { readonly walletId: number | undefined }>(
  pages: AsyncIterable<readonly Row[]>,
): OpenStream<Row> {
  const iterator = pages[Symbol.asyncIterator]()
  let page: readonly Row[] = []
  let position = 0
  const fill = async () => {
    while (position === page.length) {
      const next = await iterator.next()
      if (next.done === true) return
      page = next.value
      position = 0
    }
  }
  return {
    fill,
    nextWallet: () => page[position]?.walletId,
    async take(walletId, rowsMax = Infinity) {
      const taken: Row[] = []
      for (await fill(); taken.length < rowsMax; await fill()) {
        const row = page[position]
        if (row === undefined || row.walletId !== walletId) break
        taken.push(row)
        position += 1
      }
      return taken
    },
  }
}
