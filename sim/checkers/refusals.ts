/** A refusal changes nothing: watches every set that the ledger executes. */
import { isDeepStrictEqual } from 'node:util'
import type { IssuerId } from '../../src/base/base.ts'
import type { Random } from '../../src/demonstration/random.ts'
import type { Ledger, LedgerSnapshot, MemoryLedger, Outcome } from '../../src/ledger/ledger.ts'

/** Every how many sets, on average, all rows are compared before and after. */
const COMPARED_ONE_IN = 6

/**
 * The same ledger; where a set comes to nothing but refusals and repeats, the money of the issuer is
 * compared with what it was before. A new refusal may add its own record and nothing else. Sets are
 * compared by sample, because a whole comparison costs as much as a hundred payments.
 */
export function watchRefusals(
  ledger: Ledger,
  memory: Pick<MemoryLedger, 'snapshot'>,
  options: { random: Random; report: (about: string, what: string) => void },
): Ledger {
  const watched = <Request extends { operationId: string }>(
    method: (issuerId: IssuerId, requests: readonly Request[], at: number) => Promise<Outcome[]>,
  ) => {
    return async (issuerId: IssuerId, requests: readonly Request[], at: number) => {
      if (options.random.integer(1, COMPARED_ONE_IN) !== 1) return method(issuerId, requests, at)
      const before = memory.snapshot(issuerId)
      const outcomes = await method(issuerId, requests, at)
      if (outcomes.every(changesNothing)) {
        const problem = changeOf(before, memory.snapshot(issuerId))
        if (problem !== undefined) {
          options.report(requests[0]?.operationId ?? 'ledger', `a refusal changed ${problem}`)
        }
      }
      return outcomes
    }
  }
  return {
    ...ledger,
    issue: watched((...args) => ledger.issue(...args)),
    pay: watched((...args) => ledger.pay(...args)),
    cancel: watched((...args) => ledger.cancel(...args)),
    reservePurchases: watched((...args) => ledger.reservePurchases(...args)),
  }
}

function changesNothing(outcome: Outcome): boolean {
  return outcome.status !== 'posted' || outcome.replayed
}

function changeOf(before: LedgerSnapshot, after: LedgerSnapshot): string | undefined {
  const tables = ['wallets', 'lots', 'purchases'] as const
  for (const table of tables) {
    if (!isDeepStrictEqual(before[table], after[table])) return `the table of ${table}`
  }
  const known = after.operations.slice(0, before.operations.length)
  if (!isDeepStrictEqual(before.operations, known)) return 'what was recorded before'
  const added = after.operations.slice(before.operations.length)
  if (added.some((operation) => operation.transfers.length > 0)) return 'money'
  // A counter that reads zero may come into being; none may change.
  const sold = (snapshot: LedgerSnapshot): unknown => [
    snapshot.programSales.filter((sale) => sale.soldWon !== 0),
    snapshot.memberSales.filter((sale) => sale.boughtWon !== 0),
  ]
  return isDeepStrictEqual(sold(before), sold(after)) ? undefined : 'a counter of sales'
}
