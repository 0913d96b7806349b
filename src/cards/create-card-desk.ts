/**
 * The core's desk for cards: one function for each kind of message, and the order in which a set of notices is taken.
 * SPEC.md says what each message does in each state.
 */
import { assert, Fault, unreachable } from '../base/base.ts'
import { decideCancellation, takeCancellation } from './cancellation.ts'
import type { CardAnswer } from './card-answer.ts'
import { NOTICES_MAX, type CardDesk, type NoticeReceipt } from './card-desk.ts'
import { saleOfNotice, type CardNotice, type CardRequest, type CardSale } from './card-message.ts'
import { cardKeyText } from './card-operation.ts'
import { decideSale } from './decide-sale.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { compareTotals, enquireBalance } from './enquiry.ts'
import { takeAdvice } from './take-advice.ts'
import { takeCompletion } from './take-completion.ts'
import { takeProvisionalDebit } from './take-provisional.ts'
import { takeReversal } from './take-reversal.ts'
import { createTurns, type Turns } from './turns.ts'

interface Desk {
  readonly deps: CardDeskDeps
  readonly turns: Turns
}

export function createCardDesk(deps: CardDeskDeps): CardDesk {
  const desk = { deps, turns: createTurns() }
  return {
    decide: (request) => decide(desk, request),
    take: (notices) => takeAll(desk, notices),
  }
}

/**
 * What is said of a sale at a shop that several issuers know is heard one after the other: which of them it belongs to
 * may look different from one message to the next, and only the ledger's word about the one before settles it.
 */
function inTurn<Result>(
  { deps, turns }: Desk,
  sale: CardSale,
  work: () => Promise<Result>,
): Promise<Result> {
  const issuers = new Set(
    deps.placesOf(sale.merchantNumber).map(({ merchant }) => merchant.issuerId),
  )
  return issuers.size < 2 ? work() : turns.run(cardKeyText(sale.key), work)
}

async function decide(desk: Desk, request: CardRequest): Promise<CardAnswer> {
  const { deps } = desk
  switch (request.kind) {
    case 'authorize':
    case 'pay':
      return inTurn(desk, request.sale, () => decideSale(deps, request))
    case 'cancel':
      return inTurn(desk, request.original, () => decideCancellation(deps, request))
    case 'enquire_balance':
      return enquireBalance(deps, request)
    case 'compare_totals':
      return compareTotals(deps, request.totals)
    default:
      return unreachable(request)
  }
}

/**
 * Notices of one card are taken in their order, those of different cards side by side. One that meets a fault does not
 * keep the others: it gets `later`, and so do the notices of its card behind it, for the order must stay.
 */
async function takeAll(
  desk: Desk,
  notices: readonly CardNotice[],
): Promise<readonly NoticeReceipt[]> {
  assert(notices.length <= NOTICES_MAX, `a call has at most ${NOTICES_MAX} notices`)
  const receipts: NoticeReceipt[] = []
  const byCard = Map.groupBy([...notices.entries()], ([, notice]) => cardOf(notice))
  await Promise.all(
    [...byCard.values()].map(async (ofCard) => {
      let fault: Fault | undefined
      for (const [index, notice] of ofCard) {
        const receipt = fault === undefined ? await takeOne(desk, notice) : fault
        if (receipt instanceof Fault) fault = receipt
        receipts[index] =
          receipt instanceof Fault ? { status: 'later', because: receipt.code } : receipt
      }
    }),
  )
  return receipts
}

function cardOf(notice: CardNotice): string {
  const { key, cardToken } = saleOfNotice(notice)
  return `${key.partnerId}/${cardToken}`
}

async function takeOne(desk: Desk, notice: CardNotice): Promise<NoticeReceipt | Fault> {
  try {
    return await inTurn(desk, saleOfNotice(notice), () => take(desk.deps, notice))
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

async function take(deps: CardDeskDeps, notice: CardNotice): Promise<NoticeReceipt> {
  switch (notice.kind) {
    case 'advise': {
      const { by } = notice
      return by === 'provisional_debit'
        ? takeProvisionalDebit(deps, notice)
        : takeAdvice(deps, { ...notice, by })
    }
    case 'complete':
      return takeCompletion(deps, notice)
    case 'reverse':
      return takeReversal(deps, notice)
    case 'cancelled':
      return takeCancellation(deps, notice)
    default:
      return unreachable(notice)
  }
}
