/** Messages of a simulated card company that move no money: what a voucher still holds, and a day's totals (0500). */
import { businessDate, won, type BusinessDate } from '../src/base/base.ts'
import type { CardAnswer, CardRequest, CardTotals, CountAndSum } from '../src/cards/cards.ts'
import { DeskRefusal, type DeskRoom } from './card-company-desk.ts'
import { askWithin } from './card-company-lines.ts'

/** Not a terminal of any shop: the company itself asks. */
const OWN_TERMINAL = 'COMPANY0'

export interface Enquiry {
  readonly heard: 'answered' | 'no_answer' | 'link_lost' | 'not_sent'
  readonly answer: CardAnswer | null
}

/** @throws DeskRefusal */
export async function enquireBalance(
  room: DeskRoom,
  about: { readonly cardToken: string; readonly merchantNumber: string },
): Promise<Enquiry> {
  if (room.books.card(about.cardToken) === undefined) throw new DeskRefusal('card_unknown')
  const key = room.newKey(OWN_TERMINAL, 'enquiry')
  await room.record({ kind: 'numbered', key })
  return ask(room, { kind: 'enquire_balance', key, ...about, at: room.terminalTime() })
}

export interface TotalsComparison extends Enquiry {
  readonly totals: CardTotals
}

/** Tells the platform what the company counted for a day; the answer says whether both counted the same. */
export async function compareTotals(room: DeskRoom, date: BusinessDate): Promise<TotalsComparison> {
  const totals = totalsOf(room, date)
  return { totals, ...(await ask(room, { kind: 'compare_totals', totals })) }
}

/**
 * Voucher money of a day, by the day of its message; an authorization counts when it is completed. What was reversed
 * counts on both lists.
 */
export function totalsOf(
  { books, partnerId }: Pick<DeskRoom, 'books' | 'partnerId'>,
  date: BusinessDate,
): CardTotals {
  const payments = newSum()
  const cancellations = newSum()
  const reversals = newSum()
  for (const { sale, decided, reversed, completed, cancellations: all } of books.sales()) {
    const isHold = sale.key.cardClass === 'authorization' && completed === undefined
    if (isHold || decided?.outcome !== 'approved') continue
    const paidOn = completed === undefined ? sale.key.localDate : businessDate(completed.at)
    if (paidOn === date) count(payments, completed?.dueWon ?? decided.voucherWon)
    if (sale.key.localDate === date) count(reversals, 0 - (reversed?.voucherWon ?? 0))
    for (const cancellation of all) {
      if (cancellation.asked.key.localDate !== date) continue
      count(cancellations, -(cancellation.decided?.voucherWon ?? 0))
    }
  }
  return { partnerId, date, payments, cancellations, reversals }
}

async function ask(room: DeskRoom, request: CardRequest): Promise<Enquiry> {
  const line = room.lines.pick()
  if (line === undefined) return { heard: 'not_sent', answer: null }
  const heard = await askWithin(room.time, line, {
    message: { type: 'request', request, isRepeat: false },
    deadlineMs: room.behaviour.current().deadlineMs,
    repeats: false,
    onLate: () => undefined,
  })
  if (heard.outcome === 'answered') return { heard: 'answered', answer: heard.answer }
  if (heard.outcome === 'link_lost' || heard.outcome === 'not_sent') {
    return { heard: heard.outcome, answer: null }
  }
  return { heard: 'no_answer', answer: null }
}

type Sum = { -readonly [Field in keyof CountAndSum]: CountAndSum[Field] }

function newSum(): Sum {
  return { count: 0, sumWon: won(0) }
}

function count(sum: Sum, amountWon: number): void {
  if (amountWon <= 0) return
  sum.count += 1
  sum.sumWon = won(sum.sumWon + amountWon)
}
