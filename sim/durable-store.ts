/**
 * The database as the core sees it: the ledger that survives everything, behind a connection that takes
 * time, breaks before or after the work, and outlives the process that asked.
 */
import { Fault } from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import type { FaultOdds } from './fault-odds.ts'
import type { VirtualTime } from './virtual-time.ts'

const CALL_MS_MIN = 1
/** How long a wallet stays locked that another call holds. */
const BUSY_MS_MAX = 8_000
const DOWN_MS_MAX = 15_000

/** What may go wrong between a core and its database. */
export type StoreOdds = Pick<
  FaultOdds,
  'storeUnavailable' | 'storeAnswerLost' | 'walletBusy' | 'storeMsMax'
>

export interface StoreConnection {
  readonly time: VirtualTime
  readonly random: Random
  readonly odds: StoreOdds
  /** False once the process that holds the connection is dead: nobody is there to hear an answer. */
  readonly isAlive: () => boolean
  readonly trouble: StoreTrouble
}

/** What outlives a process of the core: the store's own outages and the locks of others. */
export interface StoreTrouble {
  downUntil: number
  readonly walletBusyUntil: Map<unknown, number>
}

export function noTrouble(): StoreTrouble {
  return { downUntil: 0, walletBusyUntil: new Map() }
}

/** A ledger whose every call is executed in one event and answered in another. */
export function connectStore(ledger: Ledger, connection: StoreConnection): Ledger {
  const over = <Arguments extends unknown[], Result>(
    call: (...args: Arguments) => Promise<Result>,
  ): ((...args: Arguments) => Promise<Result>) => {
    return (...args) => overConnection(connection, walletsOf(args[1]), () => call(...args))
  }
  return {
    openWallets: over((...args) => ledger.openWallets(...args)),
    issue: over((...args) => ledger.issue(...args)),
    pay: over((...args) => ledger.pay(...args)),
    hold: over((...args) => ledger.hold(...args)),
    closeHolds: over((...args) => ledger.closeHolds(...args)),
    cancel: over((...args) => ledger.cancel(...args)),
    settleCards: over((...args) => ledger.settleCards(...args)),
    expire: over((...args) => ledger.expire(...args)),
    dueLots: over((...args) => ledger.dueLots(...args)),
    reservePurchases: over((...args) => ledger.reservePurchases(...args)),
    closePurchases: over((...args) => ledger.closePurchases(...args)),
    purchase: over((...args) => ledger.purchase(...args)),
    reservedPurchases: over((...args) => ledger.reservedPurchases(...args)),
    move: over((...args) => ledger.move(...args)),
    lotOrigins: over((...args) => ledger.lotOrigins(...args)),
    payouts: over((...args) => ledger.payouts(...args)),
    payout: over((...args) => ledger.payout(...args)),
    assignFile: over((...args) => ledger.assignFile(...args)),
    find: over((...args) => ledger.find(...args)),
    lots: over((...args) => ledger.lots(...args)),
  }
}

function overConnection<Result>(
  connection: StoreConnection,
  wallets: readonly unknown[],
  call: () => Promise<Result>,
): Promise<Result> {
  const { time, random, odds, isAlive, trouble } = connection
  const callMs = (): number => random.integer(CALL_MS_MIN, odds.storeMsMax)
  const goesDown = random.chance(odds.storeUnavailable)
  const locks = wallets.length > 0 && random.chance(odds.walletBusy)
  const answerLost = random.chance(odds.storeAnswerLost)
  // A statement that had left a process before it died is executed all the same.
  const leavesBeforeDeath = random.chance(50)
  return new Promise((resolve, reject) => {
    if (!isAlive()) return // A dead process sends nothing; its promises never settle.
    const answer = (settle: () => void): void => {
      time.after(callMs(), () => {
        if (isAlive()) settle()
      })
    }
    const execute = async (): Promise<void> => {
      try {
        const result = await call()
        if (answerLost)
          throw new Fault('postgres_answer_lost', 'the connection broke after the work')
        answer(() => resolve(result))
      } catch (error) {
        // A lost answer, or a Bug, which no connection hides.
        answer(() => reject(error))
      }
    }
    time.after(callMs(), () => {
      if (!isAlive() && !leavesBeforeDeath) return
      if (locks) lockOne(connection, wallets)
      if (goesDown) trouble.downUntil = time.now() + random.integer(1, DOWN_MS_MAX)
      const refusal = refusalOf(connection, wallets)
      if (refusal === undefined) void execute()
      else answer(() => reject(refusal))
    })
  })
}

/** The wallets that a set of requests locks. */
function walletsOf(requests: unknown): unknown[] {
  if (!Array.isArray(requests)) return []
  return requests.flatMap((request: unknown) =>
    typeof request === 'object' && request !== null && 'walletId' in request
      ? [request.walletId]
      : [],
  )
}

function lockOne({ random, time, trouble }: StoreConnection, wallets: readonly unknown[]): void {
  const until = time.now() + random.integer(1, BUSY_MS_MAX)
  trouble.walletBusyUntil.set(random.pick(wallets), until)
}

function refusalOf(
  { time, odds, trouble }: StoreConnection,
  wallets: readonly unknown[],
): Fault | undefined {
  const now = time.now()
  if (odds.storeUnavailable > 0 && trouble.downUntil > now) {
    return new Fault('postgres_unavailable', 'no connection')
  }
  const busy = wallets.some((wallet) => (trouble.walletBusyUntil.get(wallet) ?? 0) > now)
  return odds.walletBusy > 0 && busy
    ? new Fault('wallet_busy', 'another call holds a wallet of the set')
    : undefined
}
