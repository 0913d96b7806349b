/** What is sealed is closed: nothing is booked at or before the instant up to which the journal is sealed. */
import type { IssuerId } from '../../src/base/base.ts'
import type { ExpiryOutcome, Ledger, MemoryLedger, Outcome } from '../../src/ledger/ledger.ts'
import type { Report } from './sales.ts'

export interface SealWatch {
  readonly ledger: Ledger
  /** Seals the journal and remembers it. */
  seal(issuerId: IssuerId, until: number): void
}

/** The same ledger, with the booking time of every new outcome looked at. */
export function watchSeals(
  ledger: Ledger,
  memory: Pick<MemoryLedger, 'seal'>,
  report: Report,
): SealWatch {
  const sealedUntil = new Map<IssuerId, number>()
  const watched = <Request, Answer extends Outcome | ExpiryOutcome>(
    method: (issuerId: IssuerId, requests: readonly Request[], at: number) => Promise<Answer[]>,
  ) => {
    return async (issuerId: IssuerId, requests: readonly Request[], at: number) => {
      const until = sealedUntil.get(issuerId) ?? Number.NEGATIVE_INFINITY
      const outcomes = await method(issuerId, requests, at)
      for (const outcome of outcomes) {
        if (outcome.status !== 'posted' || outcome.replayed || outcome.bookedAt > until) continue
        report(`issuer ${issuerId}`, `booked at ${outcome.bookedAt}, and sealed until ${until}`)
      }
      return outcomes
    }
  }
  return {
    ledger: {
      ...ledger,
      issue: watched((...args) => ledger.issue(...args)),
      pay: watched((...args) => ledger.pay(...args)),
      cancel: watched((...args) => ledger.cancel(...args)),
      expire: watched((...args) => ledger.expire(...args)),
      reservePurchases: watched((...args) => ledger.reservePurchases(...args)),
      closePurchases: watched((...args) => ledger.closePurchases(...args)),
    },
    seal(issuerId, until) {
      memory.seal(issuerId, until)
      sealedUntil.set(issuerId, Math.max(until, sealedUntil.get(issuerId) ?? until))
    },
  }
}
