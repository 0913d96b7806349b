/**
 * Quota and caps against books of the checker's own: what was reserved or bought of a program in a month
 * never passes the quota or a member's cap as they were when it was reserved, nor a wallet what it may hold.
 */
import { sumWon, type IssuerId, type OperationId } from '../../src/base/base.ts'
import type {
  Ledger,
  LedgerSnapshot,
  Outcome,
  PurchaseClosure,
  PurchaseRequest,
} from '../../src/ledger/ledger.ts'

export type Report = (about: string, what: string) => void

export interface SalesWatch {
  readonly ledger: Ledger
  /** Compares the counters of the ledger with the checker's own. */
  check(snapshot: LedgerSnapshot): void
}

interface Sales {
  readonly soldWon: Map<string, number>
  readonly boughtWon: Map<string, number>
  /** Reserved and not ended yet. */
  readonly buying: Map<OperationId, PurchaseRequest>
  readonly lotIds: Set<number>
}

/**
 * The same ledger, with every reservation and every ending counted.
 * @param isDebited what the bank has at this instant: no lot may be a moment ahead of its debit
 */
export function watchSales(
  ledger: Ledger,
  isDebited: (purchaseId: OperationId) => boolean,
  report: Report,
): SalesWatch {
  const sales: Sales = {
    soldWon: new Map(),
    boughtWon: new Map(),
    buying: new Map(),
    lotIds: new Set(),
  }
  return {
    ledger: {
      ...ledger,
      async reservePurchases(issuerId, requests, at) {
        const outcomes = await ledger.reservePurchases(issuerId, requests, at)
        for (const [index, request] of requests.entries()) {
          const outcome = outcomes[index]
          if (outcome?.status !== 'posted' || outcome.replayed) continue
          countReservation(sales, request, report)
          await checkHolding(ledger, sales, { issuerId, request, at: outcome.bookedAt }, report)
        }
        return outcomes
      },
      async closePurchases(issuerId, closures, at) {
        const outcomes = await ledger.closePurchases(issuerId, closures, at)
        for (const [index, closure] of closures.entries()) {
          const priceWon = sales.buying.get(closure.purchaseId)?.sources.payWon ?? 0
          countEnding(sales, closure, outcomes[index])
          if (closure.debited && priceWon > 0 && !isDebited(closure.purchaseId)) {
            report(closure.purchaseId, 'becomes a lot before the bank has debited it')
          }
        }
        return outcomes
      },
    },
    check: (snapshot) => checkCounters(sales, snapshot, report),
  }
}

function add(counters: Map<string, number>, key: string, amountWon: number): number {
  const sum = (counters.get(key) ?? 0) + amountWon
  counters.set(key, sum)
  return sum
}

function programKey(sale: { programId: number; month: string }): string {
  return `${sale.programId}/${sale.month}`
}

function memberKey(sale: { programId: number; walletId: number; month: string }): string {
  return `${sale.programId}/${sale.walletId}/${sale.month}`
}

function countReservation(sales: Sales, request: PurchaseRequest, report: Report): void {
  const { operationId, faceWon, quotaWon, purchaseCapWon } = request
  sales.buying.set(operationId, request)
  if (sales.lotIds.has(request.lotId)) report(operationId, `got a lot id twice: ${request.lotId}`)
  sales.lotIds.add(request.lotId)
  const sold = add(sales.soldWon, programKey(request), faceWon)
  const bought = add(sales.boughtWon, memberKey(request), faceWon)
  if (request.refusal !== undefined) {
    report(operationId, `was reserved although policy refused it: ${request.refusal}`)
  }
  if (sold > quotaWon) report(operationId, `oversold: ${sold} of a quota of ${quotaWon}`)
  if (bought > purchaseCapWon) {
    report(operationId, `a member bought ${bought} of a cap of ${purchaseCapWon}`)
  }
}

async function checkHolding(
  ledger: Ledger,
  sales: Sales,
  reservation: { issuerId: IssuerId; request: PurchaseRequest; at: number },
  report: Report,
): Promise<void> {
  const { issuerId, request, at } = reservation
  const { walletId, programId, holdingCapWon } = request
  const lots = await ledger.lots(issuerId, walletId)
  const held = lots
    .filter((lot) => lot.programId === programId && lot.expiresAt > at)
    .flatMap((lot) => [lot.remainingWon, lot.heldWon])
  const buying = [...sales.buying.values()]
    .filter((other) => other.walletId === walletId && other.programId === programId)
    .map((other) => other.faceWon)
  const holding = sumWon([...held, ...buying])
  if (holding > holdingCapWon) {
    report(request.operationId, `a wallet holds ${holding} of a cap of ${holdingCapWon}`)
  }
}

function countEnding(sales: Sales, closure: PurchaseClosure, outcome: Outcome | undefined): void {
  const request = sales.buying.get(closure.purchaseId)
  if (request === undefined || outcome?.status !== 'posted' || outcome.replayed) return
  sales.buying.delete(closure.purchaseId)
  if (closure.debited) return
  add(sales.soldWon, programKey(request), 0 - request.faceWon)
  add(sales.boughtWon, memberKey(request), 0 - request.faceWon)
}

function checkCounters(sales: Sales, snapshot: LedgerSnapshot, report: Report): void {
  for (const sale of snapshot.programSales) {
    const own = sales.soldWon.get(programKey(sale)) ?? 0
    if (own !== sale.soldWon) {
      report(programKey(sale), `the ledger counts ${sale.soldWon} sold, ${own} were`)
    }
  }
  for (const sale of snapshot.memberSales) {
    const own = sales.boughtWon.get(memberKey(sale)) ?? 0
    if (own !== sale.boughtWon) {
      report(memberKey(sale), `the ledger counts ${sale.boughtWon} bought, ${own} were`)
    }
  }
}
