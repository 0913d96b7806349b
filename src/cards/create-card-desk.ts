/**
 * The core's desk for cards: one function for each kind of message, and the order in which a set of notices is taken.
 * SPEC.md says what each message does in each state.
 */
import { assert, Fault, unreachable } from '../base/base.ts'
import { decideCancellation, takeCancellation } from './cancellation.ts'
import type { CardAnswer } from './card-answer.ts'
import { NOTICES_MAX, type CardDesk, type NoticeReceipt } from './card-desk.ts'
import type { CardNotice, CardRequest } from './card-message.ts'
import { decideSale } from './decide-sale.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { compareTotals, enquireBalance } from './enquiry.ts'
import { takeAdvice } from './take-advice.ts'
import { takeCompletion } from './take-completion.ts'
import { takeProvisionalDebit } from './take-provisional.ts'
import { takeReversal } from './take-reversal.ts'

export function createCardDesk(deps: CardDeskDeps): CardDesk {
  return {
    decide: (request) => decide(deps, request),
    take: (notices) => takeAll(deps, notices),
  }
}

async function decide(deps: CardDeskDeps, request: CardRequest): Promise<CardAnswer> {
  switch (request.kind) {
    case 'authorize':
    case 'pay':
      return decideSale(deps, request)
    case 'cancel':
      return decideCancellation(deps, request)
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
  deps: CardDeskDeps,
  notices: readonly CardNotice[],
): Promise<readonly NoticeReceipt[]> {
  assert(notices.length <= NOTICES_MAX, `a call has at most ${NOTICES_MAX} notices`)
  const receipts: NoticeReceipt[] = []
  const byCard = Map.groupBy([...notices.entries()], ([, notice]) => cardOf(notice))
  await Promise.all(
    [...byCard.values()].map(async (ofCard) => {
      let fault: Fault | undefined
      for (const [index, notice] of ofCard) {
        const receipt = fault === undefined ? await takeOne(deps, notice) : fault
        if (receipt instanceof Fault) fault = receipt
        receipts[index] =
          receipt instanceof Fault ? { status: 'later', because: receipt.code } : receipt
      }
    }),
  )
  return receipts
}

function cardOf(notice: CardNotice): string {
  const sale = notice.kind === 'cancelled' ? notice.original : notice.sale
  return `${sale.key.partnerId}/${sale.cardToken}`
}

async function takeOne(deps: CardDeskDeps, notice: CardNotice): Promise<NoticeReceipt | Fault> {
  try {
    return await take(deps, notice)
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
