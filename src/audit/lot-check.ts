/** Lots say what transfers say: origin, remainder and held value, never below zero, nothing taken after expiry. */
import type { Instant } from '../base/base.ts'
import { issuingKinds, type AccountKind } from '../ledger/ledger.ts'
import type { BookLot, BookOperation, Complaint } from './books.ts'
import { isPosted, named, sum, type WalletView } from './wallet-view.ts'

/**
 * How far booked order and real order may differ: booking times are the clocks of several cores, read before the
 * locks are waited for (statements end after 10 s). Within it a credit may be booked after the debit that used it.
 */
export const BOOKING_SLACK_MS = 60_000

/** A lot's account, or that of its held part, as the transfers move it. */
interface Movement {
  readonly at: Instant
  readonly amountWon: number
  readonly operation: BookOperation
}

/** @param slackMs see `BOOKING_SLACK_MS`; 0 where one clock books in the order of happening */
export function checkLotBalances(
  wallet: WalletView,
  slackMs: number = BOOKING_SLACK_MS,
): Complaint[] {
  const complaints: Complaint[] = []
  const remaining = movementsByLot(wallet, 'lot')
  const held = movementsByLot(wallet, 'lot_hold')
  const ids = new Set([...remaining.keys(), ...held.keys(), ...wallet.lotById.keys()])
  for (const lotId of ids) {
    const where = `lot ${lotId} of wallet ${wallet.walletId}`
    const lot = wallet.lotById.get(lotId)
    if (lot === undefined) {
      complaints.push({ where, sentence: 'is moved by transfers and does not exist' })
      continue
    }
    const sides = [
      ['remaining', lot.remainingWon, remaining.get(lotId) ?? []],
      ['held', lot.heldWon, held.get(lotId) ?? []],
    ] as const
    for (const [side, storedWon, movements] of sides) {
      const computedWon = sum(movements.map((movement) => movement.amountWon))
      if (computedWon !== storedWon) {
        const sentence = `says ${storedWon} won ${side}, its transfers say ${computedWon}`
        complaints.push({ where, sentence })
      }
      const below = firstBelowZero(movements, slackMs)
      if (below !== undefined) {
        complaints.push({ where, sentence: `was below zero (${side}) after ${named(below)}` })
      }
    }
  }
  return complaints
}

function movementsByLot(
  wallet: WalletView,
  account: Extract<AccountKind, 'lot' | 'lot_hold'>,
): Map<number, Movement[]> {
  const byLot = new Map<number, Movement[]>()
  const add = (lotId: number, movement: Movement) => {
    const movements = byLot.get(lotId)
    if (movements === undefined) byLot.set(lotId, [movement])
    else movements.push(movement)
  }
  for (const operation of wallet.operations) {
    const at = operation.bookedAt
    for (const { debitKind, debitId, creditKind, creditId, amountWon } of operation.transfers) {
      if (debitKind === account) add(debitId, { at, amountWon: -amountWon, operation })
      if (creditKind === account) add(creditId, { at, amountWon, operation })
    }
  }
  return byLot
}

/** The first operation whose debit no credit booked up to `slackMs` after it can have paid for. */
function firstBelowZero(
  movements: readonly Movement[],
  slackMs: number,
): BookOperation | undefined {
  const inOrder = movements.toSorted((one, other) => one.at - other.at)
  const credits = inOrder.filter((movement) => movement.amountWon > 0)
  let balanceWon = 0
  let used = 0
  for (const { at, amountWon, operation } of inOrder) {
    if (amountWon > 0) continue
    for (; used < credits.length && credits[used]!.at <= at + slackMs; used += 1) {
      balanceWon += credits[used]!.amountWon
    }
    balanceWon += amountWon
    if (balanceWon < 0) return operation
  }
  return undefined
}

/** Each lot was issued once, for its face value, by the operation that it names. */
export function checkLotOrigins(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  const issues = new Map<number, BookOperation[]>()
  for (const operation of wallet.operations) {
    if (!isIssue(operation) || !isPosted(operation)) continue
    const lotIds = new Set(operation.transfers.map((transfer) => transfer.creditId))
    if (operation.kind === 'issue' && lotIds.size !== 1) {
      complaints.push({ where: named(operation), sentence: `issued ${lotIds.size} lots` })
    }
    for (const lotId of lotIds) issues.set(lotId, [...(issues.get(lotId) ?? []), operation])
  }
  for (const lot of wallet.lots) {
    const where = `lot ${lot.lotId} of wallet ${wallet.walletId}`
    for (const sentence of originProblems(lot, issues.get(lot.lotId) ?? [])) {
      complaints.push({ where, sentence })
    }
  }
  return complaints
}

/** Whether it makes lots: what else credits a lot gives something back to it. */
export function isIssue({ kind }: Pick<BookOperation, 'kind'>): boolean {
  return issuingKinds.some((issuing) => issuing === kind)
}

function originProblems(lot: BookLot, issues: readonly BookOperation[]): string[] {
  const [issue] = issues
  if (issue === undefined) return ['was issued by no operation']
  const problems: string[] = []
  if (issues.length > 1) problems.push(`was issued ${issues.length} times`)
  const own = issue.transfers.filter(({ creditId }) => creditId === lot.lotId)
  const issuedWon = sum(own.map((transfer) => transfer.amountWon))
  if (issuedWon !== lot.faceWon) {
    problems.push(`has a face value of ${lot.faceWon} won, issued were ${issuedWon}`)
  }
  if (lot.issuedBy !== undefined && lot.issuedBy !== issue.operationId) {
    problems.push(`names ${lot.issuedBy} as its origin, which is ${issue.operationId}`)
  }
  return problems
}

/** What had expired when a payment or hold was booked was not taken for it, and what goes to breakage had expired. */
export function checkExpiry(wallet: WalletView): Complaint[] {
  return wallet.operations.flatMap((operation) => {
    if (operation.kind === 'expiry') return earlyExpiries(wallet, operation)
    if (operation.kind !== 'payment' && operation.kind !== 'hold') return []
    return operation.transfers.flatMap(({ debitKind, debitId }) => {
      const lot = debitKind === 'lot' ? wallet.lotById.get(debitId) : undefined
      if (lot === undefined || lot.expiresAt > operation.bookedAt) return []
      return [{ where: named(operation), sentence: `took from lot ${debitId}, which had expired` }]
    })
  })
}

function earlyExpiries(wallet: WalletView, operation: BookOperation): Complaint[] {
  return operation.transfers.flatMap(({ debitId }) => {
    const lot = wallet.lotById.get(debitId)
    if (lot === undefined || lot.expiresAt <= operation.bookedAt) return []
    return [{ where: named(operation), sentence: `took from lot ${debitId} before it expired` }]
  })
}

/**
 * An expiry is about one lot, that of the issue which it names, and takes all that is left: so a lot expires once, and
 * once more for each time that something came back to it afterwards. A closed lot is empty, or nobody would look again.
 */
export function checkBreakage(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  const expiries = new Map<number, BookOperation[]>()
  for (const operation of wallet.operations) {
    if (operation.kind !== 'expiry' || !isPosted(operation)) continue
    const [transfer] = operation.transfers
    if (operation.transfers.length !== 1 || transfer === undefined) {
      const sentence = `expired ${operation.transfers.length} lots, not one`
      complaints.push({ where: named(operation), sentence })
      continue
    }
    const lotId = transfer.debitId
    expiries.set(lotId, [...(expiries.get(lotId) ?? []), operation])
    const issue = wallet.operationById.get(operation.targetId ?? '')
    const isOfIssue = issue?.transfers.some(({ creditId }) => creditId === lotId)
    if (issue === undefined || !isIssue(issue) || isOfIssue !== true) {
      const sentence = `names an issue that did not issue its lot ${lotId}`
      complaints.push({ where: named(operation), sentence })
    }
  }
  const returns = timesGivenBack(wallet)
  for (const { lotId, closed, remainingWon, heldWon } of wallet.lots) {
    if (!closed || (remainingWon === 0 && heldWon === 0)) continue
    const where = `lot ${lotId} of wallet ${wallet.walletId}`
    complaints.push({ where, sentence: `is closed with ${remainingWon + heldWon} won in it` })
  }
  for (const [lotId, ofLot] of expiries) {
    const allowed = 1 + (returns.get(lotId) ?? 0)
    if (ofLot.length <= allowed) continue
    const where = `lot ${lotId} of wallet ${wallet.walletId}`
    complaints.push({ where, sentence: `expired ${ofLot.length} times, ${allowed} at most can be` })
  }
  return complaints
}

/** How often something came back to each lot. */
function timesGivenBack(wallet: WalletView): Map<number, number> {
  const times = new Map<number, number>()
  for (const operation of wallet.operations) {
    if (isIssue(operation)) continue
    const lotIds = new Set(
      operation.transfers.flatMap(({ creditKind, creditId }) =>
        creditKind === 'lot' ? [creditId] : [],
      ),
    )
    for (const lotId of lotIds) times.set(lotId, (times.get(lotId) ?? 0) + 1)
  }
  return times
}
