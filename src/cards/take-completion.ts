/**
 * Takes the completion of an authorization: the goods went out, so it is captured whatever the hold says. What a hold
 * lacks is a payment of its own; where there is no hold at all, all of it is.
 */
import { businessDate, unreachable, won, type Won } from '../base/base.ts'
import type { Outcome, RecordedOperation } from '../ledger/ledger.ts'
import type { CaseKind } from '../registration/registration.ts'
import type { NoticeReceipt } from './card-desk.ts'
import type { CardNotice, CardSale } from './card-message.ts'
import { cardActors, completionHash, wasTold } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { openCase, taken, takenAsCase, takenOf } from './notice-receipts.ts'
import { settleHome } from './one-home.ts'
import {
  declineOf,
  findBooks,
  lastHeldWon,
  openHold,
  type OpenHold,
  type SaleBooks,
} from './sale-books.ts'
import { locateSale, tendersOfTold, type LocatedSale, type SaleHome } from './sale-home.ts'
import { closeHold, isFresh, takeMoney, voidParts } from './sale-posting.ts'
import { takeAdvice } from './take-advice.ts'

type Completion = Extract<CardNotice, { readonly kind: 'complete' }>

interface Due {
  readonly deps: CardDeskDeps
  readonly completion: Completion
  readonly sale: CardSale
  readonly located: LocatedSale
  readonly home: SaleHome
}

export async function takeCompletion(
  deps: CardDeskDeps,
  completion: Completion,
): Promise<NoticeReceipt> {
  const { sale, amountWon, decidedAt } = completion
  if (sale.key.cardClass === 'financial') {
    // A sale that is debited at once has nothing to complete: it is told once more.
    return takeAdvice(deps, {
      kind: 'advise',
      sale,
      by: 'partner',
      approvedWon: amountWon,
      decidedAt,
    })
  }
  const located = await locateSale(deps, sale, { key: sale.key }, 'always')
  const home = await settleHome(deps, sale, located)
  if (home === undefined) {
    const issuerId = located.places[0]?.merchant.issuerId
    const facts = { dueWon: amountWon }
    return takenAsCase(deps, { issuerId, caseKind: 'wallet_not_found', sale, facts })
  }
  const due = { deps, completion, sale, located, home }
  const books = located.found.find((each) => each.issuerId === home.issuerId)
  const stored = books?.operations.get('completion')
  if (books !== undefined && stored?.decline === 'hold_closed') {
    return afterCancelledHold(due, books, stored)
  }
  if (stored !== undefined) return repeat(due, stored)
  const hold = books && openHold(books)
  return hold === undefined ? completeWithoutHold(due) : capture(due, hold)
}

/** Captures what is due of a hold, and takes the rest beside it. */
async function capture(due: Due, hold: OpenHold): Promise<NoticeReceipt> {
  const captureWon = won(Math.min(due.completion.amountWon, hold.heldWon))
  const outcome = await closeHold(due.deps, due.sale, due.home.issuerId, {
    ...completionOrder(due),
    holdId: hold.operationId,
    amountWon: captureWon,
  })
  return afterCapture(due, outcome, captureWon)
}

/** The completion is on record: the ledger tells whether it is the same one. */
async function repeat(due: Due, stored: RecordedOperation): Promise<NoticeReceipt> {
  const outcome = await closeHold(due.deps, due.sale, due.home.issuerId, {
    ...completionOrder(due),
    holdId: stored.targetId ?? stored.operationId,
    amountWon: stored.amountWon,
  })
  return afterCapture(due, outcome, stored.amountWon)
}

/** The hash bears what is due, so that a completion of another amount is another one. */
function completionOrder({ deps, sale, completion }: Due) {
  return {
    part: 'completion',
    requestHash: completionHash(sale, completion.amountWon, deps.sha256),
    actor: cardActors.completion,
    businessDate: businessDate(completion.decidedAt),
  } as const
}

async function afterCapture(due: Due, outcome: Outcome, captureWon: Won): Promise<NoticeReceipt> {
  const { completion } = due
  switch (outcome.status) {
    case 'key_reused':
      return afterOtherCompletion(due)
    case 'posted':
      return takeRest(due, won(completion.amountWon - captureWon), outcome)
    case 'declined':
      return outcome.reason === 'reversed_first' ? afterReversal(due) : afterClosedHold(due)
    default:
      return unreachable(outcome)
  }
}

/**
 * The shop cancelled it, and what was held went back. A completion of before that, told late by the other gateway, is
 * what was cancelled: only what it needed beyond the hold is still to be taken. One of after that is another matter.
 */
async function afterCancelledHold(
  due: Due,
  books: SaleBooks,
  cancelled: RecordedOperation,
): Promise<NoticeReceipt> {
  const { completion, deps } = due
  if (completion.decidedAt >= cancelled.bookedAt) return afterClosedHold(due)
  const restWon = completion.amountWon - lastHeldWon(books)
  if (restWon > 0) return takeRest(due, won(restWon))
  return restWon === 0 ? taken(deps, 'already') : withCase(due, 'advice_mismatch')
}

/** Nobody completed it in time, or it was cancelled or taken back as a question: the goods went out all the same. */
async function afterClosedHold(due: Due): Promise<NoticeReceipt> {
  const { deps, sale, home, completion } = due
  const { issuerId } = home
  // An advice that comes later must not hold anew for what is completed here.
  await voidParts(deps, sale, home, { parts: ['sale', 'advice'], refusal: 'hold_closed' })
  const hold = openHold(await findBooks(deps, issuerId, { key: sale.key }))
  if (hold?.part === 'advice') {
    const { operationId: holdId } = hold
    const actor = cardActors.completion
    await closeHold(deps, sale, issuerId, {
      part: 'advice_reversal',
      holdId,
      amountWon: won(0),
      actor,
    })
  }
  if (completion.amountWon === 0) return taken(deps, 'already')
  await openCase(deps, { issuerId, caseKind: 'hold_expired', sale })
  return takeRest(due, completion.amountWon)
}

/** Where nothing was due nothing was taken either: completion and reversal say the same. */
async function afterReversal(due: Due): Promise<NoticeReceipt> {
  const { amountWon } = due.completion
  return amountWon === 0 ? taken(due.deps, 'already') : withCase(due, 'completion_unknown')
}

/** Its place was taken: by a completion of another amount, or by a reversal. */
async function afterOtherCompletion(due: Due): Promise<NoticeReceipt> {
  const books = await findBooks(due.deps, due.home.issuerId, { key: due.sale.key })
  const isReversed = declineOf(books, 'completion') === 'reversed_first'
  return isReversed ? afterReversal(due) : withCase(due, 'advice_mismatch')
}

/** @param captured of the completion itself, where it closed a hold */
async function takeRest(due: Due, restWon: Won, captured?: Outcome): Promise<NoticeReceipt> {
  const { deps, sale, home, completion } = due
  const isKnown = captured !== undefined && !isFresh(captured)
  // What a release gives back is nothing that was taken.
  const before = captured === undefined || completion.amountWon === 0 ? [] : [captured]
  if (restWon === 0) return receiptOf(due, isKnown ? 'already' : 'posted', before)
  const outcome = await takeMoney(deps, sale, home, { ...orderOf(due, restWon), part: 'rest' })
  if (outcome.status === 'key_reused') return withCase(due, 'advice_mismatch')
  // A reversal came between capture and rest, and takes the capture back.
  if (outcome.status === 'declined') return withCase(due, 'completion_unknown')
  return receiptOf(due, isFresh(outcome) ? 'posted' : 'already', [...before, outcome])
}

/** No authorization is known: the goods went out all the same. A late one must hold nothing any more. */
async function completeWithoutHold(due: Due): Promise<NoticeReceipt> {
  const { deps, sale, home, completion } = due
  const closed = await voidParts(deps, sale, home, {
    parts: ['sale', 'advice'],
    refusal: 'hold_closed',
  })
  if (closed.some((outcome) => outcome.status === 'key_reused')) {
    return withCase(due, 'advice_mismatch')
  }
  const books = await findBooks(deps, home.issuerId, { key: sale.key })
  const hold = openHold(books)
  if (hold !== undefined) return capture(due, hold)
  if (completion.amountWon === 0) return taken(deps, 'voided')
  const order = orderOf(due, completion.amountWon)
  const hash = completionHash(sale, completion.amountWon, deps.sha256)
  const outcome = await takeMoney(deps, sale, home, {
    ...order,
    part: 'completion',
    requestHash: hash,
  })
  if (outcome.status === 'key_reused') return afterOtherCompletion(due)
  if (outcome.status === 'declined') return withCase(due, 'completion_unknown')
  const wasAdvised = (['sale', 'advice'] as const).some((part) =>
    wasTold(books.operations.get(part)?.actor),
  )
  if (!wasAdvised) {
    const facts = { dueWon: completion.amountWon }
    await openCase(deps, { issuerId: home.issuerId, caseKind: 'completion_unknown', sale, facts })
  }
  return receiptOf(due, outcome.replayed ? 'already' : 'posted', [outcome])
}

function orderOf({ deps, completion, located, home }: Due, amountWon: Won) {
  return {
    amountWon,
    tenders: tendersOfTold(deps, located, home, completion.decidedAt),
    coverage: 'advice',
    actor: cardActors.completion,
    businessDate: businessDate(completion.decidedAt),
  } as const
}

function receiptOf(
  { deps, sale, home }: Due,
  effect: 'posted' | 'already',
  moved: Parameters<typeof takenOf>[1]['moved'],
): Promise<NoticeReceipt> {
  return takenOf(deps, { issuerId: home.issuerId, sale, effect, moved })
}

function withCase(
  { deps, sale, home, completion }: Due,
  caseKind: Extract<CaseKind, 'advice_mismatch' | 'completion_unknown'>,
): Promise<NoticeReceipt> {
  const facts = { dueWon: completion.amountWon }
  return takenAsCase(deps, { issuerId: home.issuerId, caseKind, sale, facts })
}
