/** Presents, calculated: out of bought lots, into one new lot, or back into the very lots that they came from. */
import {
  addLot,
  flow,
  heldWon,
  sum,
  usableLots,
  type ModelBooks,
  type ModelGift,
} from './recalculated-books.ts'
import { dayNumber, dayOf, startOfDay } from './year-calendar.ts'
import { declined, type Told, type WishOf, type YearEvent } from './year-events.ts'
import { townRules } from './year-town-rules.ts'

const DAY_MS = 86_400_000

export function sendGift(
  books: ModelBooks,
  { number, day, at }: YearEvent,
  { member, to, program, amountWon }: WishOf<'gift'>,
): Told {
  const today = dayOf(day)
  let missing = amountWon
  const parts: { lot: ModelGift['parts'][number]['lot']; won: number }[] = []
  for (const lot of usableLots(books, { member, program, kind: 'purchase', today })) {
    const won = Math.min(lot.leftWon, missing)
    if (won > 0) parts.push({ lot, won })
    missing -= won
  }
  const givenToday = [...books.presents.values()].filter(
    (gift) => gift.from === member && gift.day === day,
  )
  const { giftsPerDay, giftWonPerDay } = townRules.gifts
  const givenWon = sum(givenToday.map((gift) => gift.amountWon)) + amountWon
  if (givenToday.length >= giftsPerDay || givenWon > giftWonPerDay) {
    return declined('gift_limit_exceeded')
  }
  if (missing > 0) return declined('gift_funds_insufficient')
  for (const { lot, won } of parts) {
    lot.leftWon -= won
    lot.givenWon += won
    flow(books, lot, 'gift_sent', won)
  }
  books.gifts += amountWon
  const ends = parts.map(({ lot }) => startOfDay(dayNumber(lot.lastDay) + 1))
  const lapsesAt = Math.min(at + townRules.gifts.acceptDays * DAY_MS, ...ends)
  books.presents.set(number, {
    from: member,
    to,
    day,
    program,
    amountWon,
    parts,
    lapsesAt,
    sentAt: at,
    isOpen: true,
  })
  return { status: 'done', won: { amountWon } }
}

export function answerGift(
  books: ModelBooks,
  { day, at }: YearEvent,
  { gift: number, accepts }: WishOf<'answer_gift'>,
): Told {
  const gift = books.presents.get(number)
  if (gift === undefined) return declined('gift_unknown')
  const { to, program, amountWon } = gift
  if (!gift.isOpen) return declined('gift_closed')
  if (!accepts) {
    giveBack(books, gift)
    return { status: 'done', won: { amountWon } }
  }
  if (at >= gift.lapsesAt) return declined('gift_closed')
  const rules = townRules.programs[program]
  if (heldWon(books, to, program, dayOf(day)) + amountWon > rules.holdingCapWon) {
    return declined('holding_cap_exceeded')
  }
  gift.isOpen = false
  books.gifts -= amountWon
  const lastDay = gift.parts.map(({ lot }) => lot.lastDay).toSorted()[0]!
  const lot = addLot(books, { member: to, program, kind: 'gift', faceWon: amountWon, lastDay })
  flow(books, lot, 'gift_accepted', amountWon)
  return { status: 'done', won: { amountWon } }
}

/** In the night: what nobody answered in time. */
export function lapseGifts(books: ModelBooks, now: number): void {
  const { acceptDays } = townRules.gifts
  for (const gift of books.presents.values()) {
    const isOverdue = now >= gift.lapsesAt && now >= gift.sentAt + acceptDays * DAY_MS
    if (gift.isOpen && isOverdue) giveBack(books, gift)
  }
}

function giveBack(books: ModelBooks, gift: ModelGift): void {
  gift.isOpen = false
  books.gifts -= gift.amountWon
  for (const { lot, won } of gift.parts) {
    lot.leftWon += won
    lot.givenWon -= won
    flow(books, lot, 'gift_returned', won)
  }
}
