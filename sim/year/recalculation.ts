/**
 * The year calculated a second time, from the list of events and the town's rules alone: what everyone is told, and
 * every balance. It shares no line with the product: own calendar, own rounding, own idea of a lot.
 */
import {
  addLot,
  bookDeposits,
  enterTakings,
  expireLots,
  figuresOf,
  flow,
  heldWon,
  lastDayOf,
  openModelBooks,
  oweFunders,
  partOf,
  payOut,
  programsByRank,
  resumePayouts,
  settleShops,
  split,
  sum,
  usableLots,
  type ModelBooks,
  type ModelDeposit,
  type ModelPayment,
  type YearFigures,
} from './recalculated-books.ts'
import { payCashback, pressButton, spentOf } from './recalculated-cashback.ts'
import { answerGift, lapseGifts, sendGift } from './recalculated-gifts.ts'
import {
  announceChanges,
  approve,
  lapseProposals,
  propose,
  rulesOn,
  stopAtOnce,
  stopOf,
  turnDown,
} from './recalculated-changes.ts'
import { cancelPurchase, refund, refundInFull } from './recalculated-returns.ts'
import {
  answerAppeal,
  appeal,
  clawBack,
  endLists,
  grantLate,
  takeList,
  takeListAgain,
  release,
} from './recalculated-stipends.ts'
import { dayOf, monthOf, startOfDay } from './year-calendar.ts'
import { declined, done, type Told, type WishOf, type YearEvent } from './year-events.ts'
import { townRules } from './year-town-rules.ts'

/** The night's work is done an hour after midnight. */
const NIGHT_MS = 3_600_000

export interface Recalculation {
  /** What the person is to be told. */
  apply(event: YearEvent): Told
  /** The clockwork of the night before a day. */
  beginDay(day: number): void
  figures(): YearFigures
  /** What reports should say of all days together: `program/kind/flow` → won. */
  flows(): ReadonlyMap<string, number>
}

export function createRecalculation(): Recalculation {
  const books = openModelBooks()
  return {
    apply: (event) => applyWish(books, event),
    beginDay(day) {
      lapseGifts(books, startOfDay(day) + NIGHT_MS)
      expireLots(books, day)
      endLists(books, startOfDay(day) + NIGHT_MS)
      grantLate(books, day)
      lapseProposals(books, startOfDay(day) + NIGHT_MS)
      announceChanges(books)
      payCashback(books)
      bookDeposits(books, day)
      resumePayouts(books, day)
      settleShops(books, day)
      payOut(books, day)
    },
    figures: () => figuresOf(books),
    flows: () => books.flows,
  }
}

function applyWish(books: ModelBooks, event: YearEvent): Told {
  const { wish } = event
  switch (wish.what) {
    case 'buy':
      return buy(books, event, wish)
    case 'pay':
      return pay(books, event, wish)
    case 'cancel_payment':
      return cancelPayment(books, event, wish)
    case 'gift':
      return sendGift(books, event, wish)
    case 'answer_gift':
      return answerGift(books, event, wish)
    case 'subsidize':
      return payIn(books, event.day, wish.amountWon, wish.funder)
    case 'deposit':
      return payIn(books, event.day, wish.amountWon, wish.from)
    case 'cancel_purchase':
      return cancelPurchase(books, event, wish)
    case 'refund':
      return refund(books, event, wish)
    case 'refund_in_full':
      return refundInFull(books, event, wish)
    case 'choose_cashback':
      books.cashback.byButton[wish.byButton ? 'add' : 'delete'](wish.member)
      return done()
    case 'press_button':
      return pressButton(books, event, wish)
    case 'bank_slip':
      // Whatever was wrong with a file, it counts once.
      return done()
    default:
      return applyOfficeWish(books, event)
  }
}

function applyOfficeWish(books: ModelBooks, event: YearEvent): Told {
  const { wish } = event
  switch (wish.what) {
    case 'join':
      books.joined.add(wish.member)
      return done()
    case 'list':
      return takeList(books, event, wish)
    case 'list_again':
      return takeListAgain(books, wish)
    case 'release':
      return release(books, event, wish)
    case 'appeal':
      return appeal(books, event, wish)
    case 'answer_appeal':
      return answerAppeal(books, event, wish)
    case 'claw_back':
      return clawBack(books, wish)
    case 'propose':
      return propose(books, event, wish)
    case 'approve':
      return approve(books, event, wish)
    case 'turn_down':
      return turnDown(books, event, wish)
    case 'stop_at_once':
      return stopAtOnce(books, event, wish)
    default:
      throw new Error(`nobody knows what this wish comes to: ${JSON.stringify(wish)}`)
  }
}

function payIn(books: ModelBooks, day: number, won: number, as: ModelDeposit['as']): Told {
  books.deposits.push({ day, won, as })
  books.bank += won
  return { status: 'done', won: { amountWon: won } }
}

function buy(
  books: ModelBooks,
  { number, day, at }: YearEvent,
  { member, program, faceWon }: WishOf<'buy'>,
): Told {
  const rules = rulesOn(books, program, day)
  const today = dayOf(day)
  if (rules.kind !== 'purchase' || today < rules.soldFrom) return declined('sale_not_open')
  if (stopOf(books, program).saleStopped) return declined('sale_not_open')
  if (rules.soldUntil !== null && today >= rules.soldUntil) return declined('sale_not_open')
  if (faceWon < rules.leastWon || faceWon % rules.unitWon !== 0) {
    return declined('amount_not_offered')
  }
  const months = [`${member}/${program}/${monthOf(day)}`, `${program}/${monthOf(day)}`]
  const [ofMember, ofProgram] = months.map((key) => (books.sold.get(key) ?? 0) + faceWon)
  if (ofMember! > rules.monthlyCapWon) return declined('purchase_cap_exceeded')
  if (heldWon(books, member, program, today) + faceWon > rules.holdingCapWon) {
    return declined('holding_cap_exceeded')
  }
  if (ofProgram! > rules.quotaWon) return declined('sold_out')
  const discountWon = rules.mode === 'pre_discount' ? partOf(faceWon, rules.rateBasisPoints) : 0
  const payWon = faceWon - discountWon
  if (books.accounts[member]! < payWon) return declined('bank_refused')
  books.accounts[member]! -= payWon
  books.fund += payWon
  books.bank += payWon
  const shares = split(discountWon, rules.weights)
  oweFunders(books, shares, 1)
  for (const key of months) books.sold.set(key, (books.sold.get(key) ?? 0) + faceWon)
  const lastDay = lastDayOf(rules, today)
  const lot = addLot(books, { member, program, kind: 'purchase', faceWon, lastDay })
  flow(books, lot, 'sold', payWon)
  flow(books, lot, 'supported', discountWon)
  books.purchases.set(number, { lot, day, at, payWon, shares, months })
  return { status: 'done', won: { faceWon, payWon } }
}

function pay(
  books: ModelBooks,
  { number, day, at }: YearEvent,
  { member, shop, amountWon }: WishOf<'pay'>,
): Told {
  const today = dayOf(day)
  const { revenueWon } = townRules.shops[shop]!
  const takes: ModelPayment['takes'] = []
  let missing = amountWon
  let isEligible = false
  let isStopped = false
  for (const program of programsByRank()) {
    const rules = townRules.programs[program]
    if (rules.revenueWonMax !== null && revenueWon > rules.revenueWonMax) continue
    if (stopOf(books, program).paymentStopped) {
      isStopped = true
      continue
    }
    isEligible = true
    const kinds = rules.kind === 'stipend' ? ['stipend'] : ['cashback', 'gift', 'purchase']
    for (const kind of kinds) {
      for (const lot of usableLots(books, { member, program, kind, today })) {
        const wonLeft = Math.min(lot.leftWon, missing)
        if (wonLeft > 0) takes.push({ lot, wonLeft })
        missing -= wonLeft
      }
    }
  }
  if (!isEligible) return declined(isStopped ? 'program_suspended' : 'merchant_not_eligible')
  if (missing > 0) return declined('insufficient_funds')
  for (const { lot, wonLeft } of takes) lot.leftWon -= wonLeft
  const parts = takes.map(({ lot, wonLeft }) => ({ lot, won: wonLeft }))
  const paidOn = enterTakings(books, { shop, day, at }, parts)
  books.payments.set(number, { shop, paidOn, takes })
  const spent = spentOf(parts)
  const waits = books.cashback.byButton.has(member)
  books.cashback.today.push({ kind: 'payment', payment: number, member, shop, day, spent, waits })
  return { status: 'done', won: { amountWon } }
}

function cancelPayment(
  books: ModelBooks,
  { day, at }: YearEvent,
  { payment, amountWon }: WishOf<'cancel_payment'>,
): Told {
  const paid = books.payments.get(payment)
  if (paid === undefined) return declined('payment_unknown')
  const { shop, paidOn, takes } = paid
  const whole = sum(takes.map(({ wonLeft }) => wonLeft))
  const backWon = amountWon ?? whole
  if (backWon > whole || backWon === 0) return declined('cancel_exceeds_payment')
  let rest = backWon
  const parts = takes.toReversed().map((take) => {
    const back = Math.min(take.wonLeft, rest)
    take.wonLeft -= back
    take.lot.leftWon += back
    rest -= back
    return { lot: take.lot, won: -back }
  })
  enterTakings(
    books,
    { shop, day, at, paidOn },
    parts.filter(({ won }) => won < 0),
  )
  books.cashback.today.push({ kind: 'cancellation', payment, back: spentOf(parts) })
  return { status: 'done', won: { amountWon: backWon } }
}
