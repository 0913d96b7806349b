/** Payouts in the in-memory ledger: made and moved by movements, told to the bank by file. */
import {
  assert,
  sumWon,
  type Instant,
  type IssuerId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import { bookingTime, type Books } from './memory-books.ts'
import type { MovementRequest } from './movement.ts'
import type { Beneficiary, NewPayout, Payout, PayoutPage, Payouts } from './payout.ts'

/** The payout is in the state and attempt that policy saw, or the movement is about none. */
export function isPayoutAsSeen(books: Books, { payoutStep: step }: MovementRequest): boolean {
  if (step === undefined) return true
  const payout = books.payouts.get(step.payoutId)
  return payout?.state === step.from && payout.attempt === step.attempt
}

/** @param made by the operation that puts its money in transit */
export function addPayout(
  books: Books,
  made: { readonly operationId: OperationId; readonly payout: NewPayout; readonly amountWon: Won },
  bookedAt: Instant,
): void {
  const { payout, operationId, amountWon } = made
  assert(!books.payouts.has(payout.payoutId), 'a payout is made once')
  books.payouts.set(payout.payoutId, {
    ...structuredClone(payout),
    amountWon,
    causedBy: operationId,
    state: 'due',
    attempt: 1,
    fileName: undefined,
    reason: undefined,
    createdAt: bookedAt,
    changedAt: bookedAt,
  })
  const { payoutId, dueOn, account } = structuredClone(payout)
  books.payoutSteps.set(operationId, {
    operationId,
    payoutId,
    attempt: 1,
    from: undefined,
    to: 'due',
    dueOn,
    account,
    fileName: undefined,
    sentAt: undefined,
    reason: undefined,
  })
}

export function takeStep(books: Books, request: MovementRequest, bookedAt: Instant): void {
  const { payoutStep: step, lines, operationId } = request
  if (step === undefined) return
  const payout = books.payouts.get(step.payoutId)
  assert(payout !== undefined, 'a payout that takes a step is there')
  const movedWon = sumWon(lines.map(({ amountWon }) => amountWon))
  assert(movedWon === payout.amountWon, 'a payout is moved as a whole')
  const { payoutId, attempt, from, to, retry, reason } = structuredClone(step)
  const sent = from === 'sent' ? payout : undefined
  books.payoutSteps.set(operationId, {
    operationId,
    payoutId,
    attempt,
    from,
    to,
    dueOn: retry?.dueOn,
    account: retry?.account,
    fileName: sent?.fileName,
    sentAt: sent?.changedAt,
    reason,
  })
  books.payouts.set(step.payoutId, {
    ...payout,
    ...structuredClone(step.retry),
    state: step.to,
    attempt: step.to === 'due' ? payout.attempt + 1 : payout.attempt,
    reason: step.reason,
    changedAt: bookedAt,
  })
}

/** @param readBooks leaves an issuer unknown that is; `booksOf` makes it known */
export function payoutsIn(
  booksOf: (issuerId: IssuerId) => Books,
  readBooks: (issuerId: IssuerId) => Books,
): Payouts {
  return {
    async payouts(issuerId, page) {
      return [...readBooks(issuerId).payouts.values()]
        .filter((payout) => isOnPage(payout, page))
        .toSorted((one, other) => one.payoutId - other.payoutId)
        .slice(0, page.limit)
        .map((payout) => structuredClone(payout))
    },
    async payout(issuerId, payoutId) {
      return structuredClone(readBooks(issuerId).payouts.get(payoutId))
    },
    async assignFile(issuerId, { name, dueUntil, limit }, at) {
      const books = booksOf(issuerId)
      const known = books.payoutFiles.get(name)
      if (known !== undefined) return known.payouts
      const changedAt = bookingTime(books, at)
      const due = [...books.payouts.values()]
        .filter(({ state, dueOn }) => state === 'due' && dueOn <= dueUntil)
        .toSorted((one, other) => one.payoutId - other.payoutId)
        .slice(0, limit)
      for (const payout of due) {
        const sent = { ...payout, state: 'sent', fileName: name, changedAt } as const
        books.payouts.set(payout.payoutId, sent)
      }
      const file = { name, payouts: due.length, assignedAt: changedAt }
      if (due.length > 0) books.payoutFiles.set(name, file)
      return due.length
    },
  }
}

function isOnPage(payout: Payout, page: PayoutPage): boolean {
  const { state, dueUntil, fileName, beneficiary, after } = page
  return (
    (state === undefined || payout.state === state) &&
    (dueUntil === undefined || payout.dueOn <= dueUntil) &&
    (fileName === undefined || payout.fileName === fileName) &&
    (beneficiary === undefined || isSame(payout.beneficiary, beneficiary)) &&
    (after === undefined || payout.payoutId > after)
  )
}

function isSame(one: Beneficiary, other: Beneficiary): boolean {
  return one.kind === other.kind && one.id === other.id
}
