/**
 * What clients were told against what the ledger holds: one outcome for each key, for ever; a decline that
 * was told is never booked; what was acknowledged is booked once, with the amount that was told.
 */
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { Errand, Told } from '../errand.ts'
import { textOfAnswer } from '../requests.ts'

type Report = (what: string) => void

/** Cheap, after every answer: the last answer agrees with all before it. */
export function checkTold(errand: Pick<Errand, 'told' | 'altered'>, report: Report): void {
  const last = errand.told.at(-1)
  if (last === undefined) return
  for (const before of errand.told.slice(0, -1)) {
    const problem = contradiction(before, last)
    if (problem !== undefined) {
      report(problem)
      return
    }
  }
  if (last.answer.kind === 'key_reused' && errand.altered === undefined) {
    report('a client that used its key for one request was told that it used it for two')
  }
}

function contradiction(before: Told, last: Told): string | undefined {
  const a = before.answer
  const b = last.answer
  if (isUnrecorded(before) || isUnrecorded(last)) {
    const differ = a.kind !== b.kind && settled(before) && settled(last)
    return differ && before.sending === last.sending
      ? `told ${textOfAnswer(a)}, then ${textOfAnswer(b)} for the same request`
      : undefined
  }
  if (a.kind === 'posted' && b.kind === 'posted' && a.amountWon !== b.amountWon) {
    return `told posted ${a.amountWon}, then posted ${b.amountWon}`
  }
  if (a.kind === 'posted' && b.kind === 'declined') return `told posted, then declined ${b.reason}`
  if (a.kind === 'declined' && b.kind === 'posted') return `told declined ${a.reason}, then posted`
  if (a.kind === 'declined' && b.kind === 'declined' && a.reason !== b.reason) {
    return `told declined ${a.reason}, then declined ${b.reason}`
  }
  const bodies = new Set([before.sending, last.sending])
  if (settled(before) && settled(last) && bodies.has('wish') && bodies.has('altered')) {
    return 'two different requests under one key were both told an outcome'
  }
  const reused = a.kind === 'key_reused' || b.kind === 'key_reused'
  const other = settled(before) || settled(last)
  return reused && other && before.sending === last.sending && before.sending !== 'enquiry'
    ? 'one request was told both an outcome and that its key belongs to another'
    : undefined
}

function settled(told: Told): boolean {
  return told.answer.kind === 'posted' || told.answer.kind === 'declined'
}

/** A consumer code that names no phone is declined without a record: its key stays free. */
function isUnrecorded(told: Told): boolean {
  return told.answer.kind === 'declined' && !told.answer.recorded
}

/**
 * A fault that says "certainly did not happen" is said of a key that the books do not have. Only for a
 * request that came in once: of two copies, one may fail and the other succeed.
 */
export function checkCertainFault(
  fault: { readonly arrivals: number; readonly booked: boolean },
  report: Report,
): void {
  if (fault.arrivals === 1 && fault.booked) {
    report('was told that it certainly did not happen, and the ledger has it')
  }
}

/** At intervals and at the end: the books hold what clients know, and nothing that nobody wished. */
export function checkBooksAgainstTold(
  errands: readonly Errand[],
  snapshots: readonly LedgerSnapshot[],
  report: (about: string, what: string) => void,
): void {
  const operations = snapshots.flatMap((snapshot) => snapshot.operations)
  const purchases = snapshots.flatMap((snapshot) => snapshot.purchases)
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  const purchaseById = new Map(purchases.map((purchase) => [purchase.purchaseId, purchase]))
  const wished = new Set(errands.map((errand) => errand.operationId))
  for (const operation of operations) {
    const { operationId, targetId } = operation
    const endsPurchase =
      targetId !== undefined && purchaseById.get(targetId)?.closureId === operationId
    // Nobody wishes an expiry; the checker of expiries knows their keys.
    if (!wished.has(operationId) && !endsPurchase && operation.kind !== 'expiry') {
      report(operationId, `the ledger holds a ${operation.kind} that nobody asked for`)
    }
  }
  for (const errand of errands) {
    const { operationId, outcome, request } = errand
    if (outcome === undefined || outcome.kind === 'key_reused') continue
    const booked = byId.get(operationId)
    if (outcome.kind === 'declined' && !outcome.recorded) continue
    if (booked === undefined) {
      report(operationId, `was told ${outcome.kind}, and the ledger does not know the key`)
      continue
    }
    const purchase = purchaseById.get(operationId)
    const bookedAsPosted =
      request.kind === 'purchase' ? purchase?.state === 'completed' : booked.decline === undefined
    if (outcome.kind === 'posted' && !bookedAsPosted) {
      report(operationId, 'was told posted, and the ledger holds no such booking')
    }
    if (outcome.kind === 'declined' && bookedAsPosted) {
      report(operationId, `was told declined ${outcome.reason}, and the ledger booked it`)
    }
    if (outcome.kind === 'posted' && booked.amountWon !== outcome.amountWon) {
      report(operationId, `was told posted ${outcome.amountWon}, and ${booked.amountWon} is booked`)
    }
  }
}
