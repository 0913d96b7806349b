/**
 * The desk of a simulated card company: takes sales from terminals, asks a gateway, decides by the table, and tells the
 * terminal only what is on disk. It holds no clock, no chance and no socket of its own.
 */
import { businessDate, won, type Instant, type PartnerId } from '../src/base/base.ts'
import type { CardAnswer, CardClass, CardKey, CardSale } from '../src/cards/cards.ts'
import type { BehaviourSwitch } from './card-company-behaviour.ts'
import {
  onUnknownOf,
  saleIdOf,
  type CompanyBooks,
  type SaleStanding,
} from './card-company-books.ts'
import { decideSale, type Decision, type Heard } from './card-company-decision.ts'
import type { NewEntry } from './card-company-entries.ts'
import { askWithin, type LineChoice } from './card-company-lines.ts'
import { createNoticeDelivery, type NoticeDelivery } from './card-company-notices.ts'
import type { CompanyTime, EntryStore } from './card-company-ports.ts'

/** Why the company does not do what a terminal asks of it; nothing was booked. */
export const deskRefusals = [
  'card_unknown',
  'books_full',
  'sale_unknown',
  'sale_not_approved',
  'sale_under_way',
  'sale_reversed',
  'already_completed',
  'complete_it_first',
  'not_an_authorization',
  'amount_too_high',
  'provisional_amount_fixed',
  'part_cannot_be_kept',
  'cancellation_under_way',
  'no_line',
] as const
export type DeskRefusalReason = (typeof deskRefusals)[number]

export class DeskRefusal extends Error {
  override readonly name = 'DeskRefusal'
  readonly reason: DeskRefusalReason
  constructor(reason: DeskRefusalReason) {
    super(`the card company refuses: ${reason}`)
    this.reason = reason
  }
}

export interface SaleOrder {
  readonly terminal: string
  readonly cardToken: string
  readonly merchantNumber: string
  readonly amountWon: number
  readonly partialAllowed: boolean
  readonly cardClass: 'authorization' | 'financial'
}

export interface DeskOptions {
  readonly partnerId: PartnerId
  /** The company's own number as acquirer (DE 32). */
  readonly acquirer: string
  readonly books: CompanyBooks
  readonly store: EntryStore
  readonly time: CompanyTime
  readonly lines: LineChoice
  readonly behaviour: Pick<BehaviourSwitch, 'current'>
}

/** What the parts of one desk share. */
export interface DeskRoom extends DeskOptions {
  readonly notices: NoticeDelivery
  /** The time of the terminals, which may be wrong. */
  terminalTime(): Instant
  /** Books an entry; it is safe once the promise has resolved. */
  record(entry: NewEntry): Promise<void>
  newKey(terminal: string, cardClass: CardClass): CardKey
}

export function createDeskRoom(options: DeskOptions): DeskRoom {
  const { books, store, time, behaviour, partnerId, acquirer } = options
  const terminalTime = (): Instant => time.now() + behaviour.current().clockSkewMs
  return {
    ...options,
    notices: createNoticeDelivery(options),
    terminalTime,
    async record(entry) {
      store.append(books.add(entry, time.now()))
      await store.durable()
    },
    newKey: (terminal, cardClass) => ({
      partnerId,
      acquirer,
      terminal,
      stan: books.nextStan(terminal),
      localDate: businessDate(terminalTime()),
      cardClass,
    }),
  }
}

/** Resolves with the sale as the terminal may be told it. @throws DeskRefusal */
export async function sell(room: DeskRoom, order: SaleOrder): Promise<SaleStanding> {
  const { books, time } = room
  if (books.card(order.cardToken) === undefined) throw new DeskRefusal('card_unknown')
  if (books.isFull()) throw new DeskRefusal('books_full')
  const { terminal, cardClass, ...rest } = order
  const sale: CardSale = {
    ...rest,
    key: room.newKey(terminal, cardClass),
    amountWon: won(order.amountWon),
    at: room.terminalTime(),
  }
  const saleId = saleIdOf(sale.key)
  await room.record({ kind: 'asked', saleId, sale })
  const began = time.ticks()
  const { heard, gateway } = await askAboutSale(room, saleId, sale)
  const latencyMs = Math.round((time.ticks() - began) * 100) / 100
  await recordDecision(room, saleId, { heard, gateway, latencyMs })
  if (room.behaviour.current().reversalFirst) void sendOriginalAfterReversal(room, saleId, sale)
  return standingOf(room, saleId)
}

async function askAboutSale(
  room: DeskRoom,
  saleId: string,
  sale: CardSale,
): Promise<{ heard: Heard; gateway: string | null }> {
  const { deadlineMs, repeatEverything, reversalFirst } = room.behaviour.current()
  const line = room.lines.pick()
  if (line === undefined) return { heard: { outcome: 'not_sent' }, gateway: null }
  const { gateway } = line
  if (reversalFirst) return { heard: { outcome: 'no_answer' }, gateway }
  const heard = await askWithin(room.time, line, {
    message: { type: 'request', request: requestOf(sale), isRepeat: false },
    deadlineMs,
    repeats: repeatEverything,
    onLate: (answer) => noteLateAnswer(room, saleId, answer),
  })
  // Whoever acknowledges a request has not answered it.
  return { heard: heard.outcome === 'acknowledged' ? { outcome: 'no_answer' } : heard, gateway }
}

async function recordDecision(
  room: DeskRoom,
  saleId: string,
  given: { heard: Heard; gateway: string | null; latencyMs: number },
): Promise<void> {
  const { heard, gateway, latencyMs } = given
  const { sale } = standingOf(room, saleId)
  const answer = heard.outcome === 'answered' ? heard.answer : undefined
  await room.record({
    kind: 'decided',
    saleId,
    ...decisionOn(room, sale, heard),
    approvalCode: answer?.approvalCode ?? null,
    remainingWon: answer?.remainingWon ?? null,
    decidedBy: answer?.decidedBy ?? null,
    gateway,
    latencyMs,
  })
  void room.notices.deliver(saleId)
}

/** By what the account holds at this moment: between this and the booking nothing else is booked. */
function decisionOn(room: DeskRoom, sale: CardSale, heard: Heard): Decision {
  const card = room.books.card(sale.cardToken)
  return decideSale(heard, {
    amountWon: sale.amountWon,
    partialAllowed: sale.partialAllowed,
    onUnknown: card === undefined ? null : onUnknownOf(card),
    availableWon: room.books.availableWon(sale.cardToken),
    fallback: room.behaviour.current().fallback,
  })
}

/** What came too late changes nothing: the reversal or the advice that was decided on stands. */
function noteLateAnswer(room: DeskRoom, saleId: string, { verdict, voucherWon }: CardAnswer): void {
  void room.record({ kind: 'late_answer', saleId, verdict, toldWon: voucherWon })
}

/** For the partner whose messages overtake each other: the original leaves when its reversal was acknowledged. */
async function sendOriginalAfterReversal(
  room: DeskRoom,
  saleId: string,
  sale: CardSale,
): Promise<void> {
  await room.notices.deliver(saleId)
  const line = room.lines.pick(standingOf(room, saleId).decided?.gateway)
  const outcome = await line?.send({
    type: 'request',
    request: requestOf(sale),
    isRepeat: false,
  })
  if (outcome?.outcome === 'answered') noteLateAnswer(room, saleId, outcome.answer)
}

function requestOf(sale: CardSale): { kind: 'authorize' | 'pay'; sale: CardSale } {
  return { kind: sale.key.cardClass === 'authorization' ? 'authorize' : 'pay', sale }
}

/** Takes up what was open when the company went down. */
export async function resumeSales(room: DeskRoom): Promise<void> {
  const sales = [...room.books.sales()]
  for (const { saleId, owed } of sales) if (owed.length > 0) void room.notices.deliver(saleId)
  const undecided = sales.filter(({ decided }) => decided === undefined)
  await Promise.all(
    undecided.map(({ saleId }) =>
      recordDecision(room, saleId, {
        heard: { outcome: 'restarted' },
        gateway: null,
        latencyMs: 0,
      }),
    ),
  )
}

/** @throws DeskRefusal where there is no such sale */
export function standingOf(room: Pick<DeskRoom, 'books'>, saleId: string): SaleStanding {
  const standing = room.books.sale(saleId)
  if (standing === undefined) throw new DeskRefusal('sale_unknown')
  return standing
}
