/**
 * What wallets hold, for the answers of card payments: a figure that nobody waits for. Questions that come while a
 * reading is under way go out as the next one, in one set over all issuers; after a short while, or where too many
 * wait, the answer goes without.
 */
import type { IssuerId, WalletId } from '../base/base.ts'
import type { FedLot, FedWallet } from '../cards/cards.ts'

/** Well inside what a card payment may take as a whole. */
export const LOTS_WAIT_MS = 40
const WAITING_MAX = 1_024
const SET_SIZE_MAX = 256

interface Wanted {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
}

interface Waiting extends Wanted {
  readonly settle: (lots: readonly FedLot[] | undefined) => void
}

export function createLotsSoon(options: {
  readonly wallets: (refs: readonly Wanted[]) => Promise<readonly FedWallet[]>
  readonly waitMs?: number
}): (issuerId: IssuerId, walletId: WalletId) => Promise<readonly FedLot[] | undefined> {
  const waiting: Waiting[] = []
  let isReading = false

  const readWaiting = async (): Promise<void> => {
    if (isReading) return
    isReading = true
    while (waiting.length > 0) await answerSet(options.wallets, waiting.splice(0, SET_SIZE_MAX))
    isReading = false
  }

  return (issuerId, walletId) => {
    if (waiting.length >= WAITING_MAX) return Promise.resolve(undefined)
    const { promise, resolve } = Promise.withResolvers<readonly FedLot[] | undefined>()
    const timer = setTimeout(resolve, options.waitMs ?? LOTS_WAIT_MS, undefined)
    const settle = (lots: readonly FedLot[] | undefined): void => {
      clearTimeout(timer)
      resolve(lots)
    }
    waiting.push({ issuerId, walletId, settle })
    queueMicrotask(() => void readWaiting())
    return promise
  }
}

async function answerSet(
  wallets: (refs: readonly Wanted[]) => Promise<readonly FedWallet[]>,
  set: readonly Waiting[],
): Promise<void> {
  let found: readonly FedWallet[] = []
  try {
    found = await wallets(set)
  } catch {
    // The figure is a courtesy: whatever keeps us from it, the answers go without.
  }
  const lots = new Map(found.map((wallet) => [placeOf(wallet), wallet.lots]))
  for (const each of set) each.settle(lots.get(placeOf(each)))
}

function placeOf({ issuerId, walletId }: Wanted): string {
  return `${issuerId}/${walletId}`
}
