/**
 * Takes the advice of a sale that was approved elsewhere. It is posted whatever the rules and the balance say now: what
 * the wallet lacks is taken from the loss account, never from the shop or the cardholder.
 */
import { formatId, won, type Won } from '../base/base.ts'
import type { Outcome, RecordedOperation } from '../ledger/ledger.ts'
import type { NoticeReceipt } from './card-desk.ts'
import type { AdvisedBy, CardNotice, CardSale } from './card-message.ts'
import { actorOfAdvice, cardActors, wasTold } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { openCase, taken, takenAsCase, takenOf } from './notice-receipts.ts'
import { approvedParts, approvedWon, claim, isTold, raiseTo } from './sale-amount.ts'
import { homeAfterContest, settleHome } from './one-home.ts'
import { findBooks, isTakenBack, isUndone, posted, type SaleBooks } from './sale-books.ts'
import { locateSale, tendersOfTold, type SaleHome } from './sale-home.ts'
import { giveBack, isFresh, takeMoney, type TakingOrder } from './sale-posting.ts'

type Advice = Extract<CardNotice, { readonly kind: 'advise' }>
export interface ApprovedAdvice extends Omit<Advice, 'by'> {
  readonly by: Exclude<AdvisedBy, 'provisional_debit'>
}

/** What each step needs to know of the advice. */
interface Told {
  readonly deps: CardDeskDeps
  readonly sale: CardSale
  readonly home: SaleHome
  readonly order: Pick<TakingOrder, 'amountWon' | 'tenders' | 'coverage' | 'actor'>
}

export async function takeAdvice(
  deps: CardDeskDeps,
  advice: ApprovedAdvice,
): Promise<NoticeReceipt> {
  const { sale } = advice
  const amountWon = won(Math.min(advice.approvedWon, sale.amountWon))
  if (amountWon === 0) return taken(deps, 'already')
  const located = await locateSale(deps, sale, { key: sale.key }, 'where_moved')
  const home = await settleHome(deps, sale, located)
  const facts = { approvedWon: advice.approvedWon }
  if (home === undefined) {
    const issuerId = located.places[0]?.merchant.issuerId
    return takenAsCase(deps, { issuerId, caseKind: 'wallet_not_found', sale, facts })
  }
  if (advice.approvedWon > sale.amountWon) {
    const { issuerId } = home
    // Nobody can be owed more than the terminal asked for.
    await openCase(deps, { issuerId, caseKind: 'advice_mismatch', sale, facts })
  }
  const authorizes = sale.key.cardClass === 'authorization'
  const toldAt = (at: SaleHome): Told => ({
    deps,
    sale,
    home: at,
    order: {
      amountWon,
      tenders: tendersOfTold(deps, located, at, advice.decidedAt),
      // A hold cannot lack anything: what it does not find shows at its completion.
      coverage: authorizes ? 'partial' : 'advice',
      actor: actorOfAdvice(advice.by),
    },
  })
  let told = toldAt(home)
  const outcome = await takeMoney(deps, sale, home, { ...told.order, part: 'sale' })
  if (outcome.status === 'key_reused') return mismatch(told)
  if (outcome.status === 'declined' && outcome.reason === 'reversed_first') {
    if (isTakenBack(await findBooks(deps, home.issuerId, { key: sale.key }))) {
      return taken(deps, 'voided')
    }
    told = toldAt(homeAfterContest(located, home))
  }
  if (isFresh(outcome)) return receiptOf(told, 'posted', [outcome])
  return authorizes ? settleHold(told) : settlePayment(told)
}

/** The sale is on record: what was told to the terminal is what it must come to. */
async function settlePayment(told: Told): Promise<NoticeReceipt> {
  const { deps, sale, home, order } = told
  const raised = await raiseTo(deps, sale, home, order)
  if (raised.status === 'mismatch') return mismatch(told)
  if (raised.status === 'voided') return taken(deps, 'voided')
  const { books } = raised
  const excessWon = won(approvedWon(books) - order.amountWon)
  if (excessWon > 0) return isTold(books) ? mismatch(told) : correct(told, books, excessWon)
  return receiptOf(told, raised.isFresh ? 'posted' : 'already', approvedParts(books))
}

/** The core had taken more than the terminal heard of: the rest was paid from the account, and goes back. */
async function correct(told: Told, books: SaleBooks, excessWon: Won): Promise<NoticeReceipt> {
  const { deps, sale, home } = told
  const stored = posted(books, 'sale')
  const isAsked = stored?.actor === formatId('prt', sale.key.partnerId)
  if (stored === undefined || !isAsked || posted(books, 'correction') !== undefined) {
    return mismatch(told)
  }
  const outcome = await giveBack(deps, sale, home.issuerId, {
    part: 'correction',
    paymentId: stored.operationId,
    merchantId: home.merchantId,
    amountWon: excessWon,
    actor: cardActors.correction,
  })
  return taken(deps, outcome.status === 'posted' && !outcome.replayed ? 'posted' : 'already')
}

/** The hold is on record, or was refused, or was taken back as a question without an answer. */
async function settleHold(told: Told): Promise<NoticeReceipt> {
  const { deps, sale, home, order } = told
  const find = (): Promise<SaleBooks> => findBooks(deps, home.issuerId, { key: sale.key })
  let books = await find()
  if (!(await claim(deps, sale, home, books))) books = await find()
  const held = posted(books, 'sale')
  if (held !== undefined && !isUndone(books, 'sale')) return receiptOf(told, 'already', [held])
  // Stand-in's own hold that found nothing, told again.
  const foundNothing = held === undefined && wasTold(books.operations.get('sale')?.actor)
  if (foundNothing) return receiptOf(told, 'already', [])
  const outcome = await takeMoney(deps, sale, home, { ...order, part: 'advice' })
  if (outcome.status === 'key_reused') return mismatch(told)
  if (outcome.status === 'declined') {
    if (outcome.reason === 'reversed_first') return taken(deps, 'voided')
    return receiptOf(told, outcome.replayed ? 'already' : 'posted', [])
  }
  if (isUndone(books, 'advice')) return taken(deps, 'voided')
  return receiptOf(told, outcome.replayed ? 'already' : 'posted', [outcome])
}

function receiptOf(
  { deps, sale, home }: Told,
  effect: 'posted' | 'already',
  moved: readonly (Outcome | RecordedOperation)[],
): Promise<NoticeReceipt> {
  return takenOf(deps, { issuerId: home.issuerId, sale, effect, moved })
}

function mismatch({ deps, sale, home, order }: Told): Promise<NoticeReceipt> {
  const { issuerId } = home
  const facts = { approvedWon: order.amountWon }
  return takenAsCase(deps, { issuerId, caseKind: 'advice_mismatch', sale, facts })
}
