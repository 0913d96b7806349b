/**
 * Asks again where that is safe: every call is idempotent, so a set whose answer was lost may simply be sent again,
 * and the stored outcomes come back. What still fails at the deadline is thrown, and is "may have happened" if any
 * try was.
 */
import { Fault, type Clock } from '../base/base.ts'
import type { Ledger } from '../ledger/ledger.ts'

export interface RetryOptions {
  readonly clock: Clock
  readonly sleep: (milliseconds: number) => Promise<void>
  /** From the first try; a phone waits a few seconds, so does a till. */
  readonly deadlineMs: number
}

export const RETRY_DEADLINE_MS = 4_000
const PAUSE_FIRST_MS = 20
const PAUSE_MAX_MS = 500

/** The same ledger; `wallet_busy` and lost connections are tried again until the deadline. */
export function createRetryingLedger(ledger: Ledger, options: RetryOptions): Ledger {
  const again = <Arguments extends unknown[], Result>(
    call: (...args: Arguments) => Promise<Result>,
  ): ((...args: Arguments) => Promise<Result>) => {
    return (...args) => retry(() => call(...args), options)
  }
  return {
    openWallets: again(ledger.openWallets),
    issue: again(ledger.issue),
    pay: again(ledger.pay),
    hold: again(ledger.hold),
    closeHolds: again(ledger.closeHolds),
    cancel: again(ledger.cancel),
    settleCards: again(ledger.settleCards),
    expire: again(ledger.expire),
    dueLots: again(ledger.dueLots),
    reservePurchases: again(ledger.reservePurchases),
    closePurchases: again(ledger.closePurchases),
    purchase: again(ledger.purchase),
    reservedPurchases: again(ledger.reservedPurchases),
    move: again(ledger.move),
    lotOrigins: again(ledger.lotOrigins),
    payouts: again(ledger.payouts),
    payout: again(ledger.payout),
    assignFile: again(ledger.assignFile),
    find: again(ledger.find),
    lots: again(ledger.lots),
  }
}

async function retry<Result>(call: () => Promise<Result>, options: RetryOptions): Promise<Result> {
  const until = options.clock() + options.deadlineMs
  let pauseMs = PAUSE_FIRST_MS
  let uncertain: Fault | undefined
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Fault) || !mayRetry(error)) throw error
      if (error.certainty === 'may_have_happened') uncertain = error
      if (options.clock() + pauseMs > until) throw uncertain ?? error
      await options.sleep(pauseMs)
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS)
    }
  }
}

function mayRetry(fault: Fault): boolean {
  return (
    fault.code === 'postgres_unavailable' ||
    fault.code === 'postgres_answer_lost' ||
    fault.code === 'wallet_busy'
  )
}
