/** Handing lots back, calculated: an unused purchase whole, what is left of a used one less the funders' part of it. */
import {
  flow,
  oweFunders,
  payLater,
  split,
  sum,
  type ModelBooks,
  type ModelPurchase,
} from './recalculated-books.ts'
import { mayLeave } from './recalculated-changes.ts'
import { dayOf, workdaysAfter } from './year-calendar.ts'
import { declined, done, type Told, type WishOf, type YearEvent } from './year-events.ts'
import { townRules } from './year-town-rules.ts'

export function cancelPurchase(
  books: ModelBooks,
  { day }: YearEvent,
  { purchase }: WishOf<'cancel_purchase'>,
): Told {
  const bought = books.purchases.get(purchase)
  if (bought === undefined) return declined('purchase_unknown')
  const { lot, payWon, shares, months } = bought
  const lastDay = workdaysAfter(bought.day + townRules.cancelDays, 0)
  if (lot.lastDay < dayOf(day)) return declined('lot_expired')
  if (lot.leftWon < lot.faceWon) return declined('lot_used')
  if (day > lastDay) return declined('cancel_window_over')
  for (const key of months) books.sold.set(key, books.sold.get(key)! - lot.faceWon)
  giveBack(books, bought, { day, memberWon: payWon, shares, as: 'purchase_cancelled' })
  return { status: 'done', won: { amountWon: lot.faceWon, memberWon: payWon } }
}

export function refund(
  books: ModelBooks,
  { day }: YearEvent,
  { purchase }: WishOf<'refund'>,
): Told {
  const bought = books.purchases.get(purchase)
  if (bought === undefined) return declined('lot_unknown')
  const { lot, payWon } = bought
  const { faceWon, leftWon } = lot
  const { smallLotWon, smallLotUsedBasisPoints, usedBasisPoints } = townRules.refund
  const least = faceWon <= smallLotWon ? smallLotUsedBasisPoints : usedBasisPoints
  const memberWon = Math.floor((leftWon * payWon) / faceWon)
  if (lot.lastDay < dayOf(day)) return declined('lot_expired')
  const usedWon = faceWon - leftWon - lot.givenWon
  if (usedWon * 10_000 < faceWon * least) return declined('refund_ratio_not_met')
  if (memberWon === 0) return declined('nothing_to_refund')
  const restWon = leftWon - memberWon
  const shares = sum(bought.shares) === 0 ? bought.shares : split(restWon, bought.shares)
  giveBack(books, bought, { day, memberWon, shares, as: 'refunded' })
  return { status: 'done', won: { amountWon: leftWon, memberWon } }
}

/** On a ground that stands what is left is paid back, rounded for the member. */
export function refundInFull(
  books: ModelBooks,
  { day, at }: YearEvent,
  { purchase, ground }: WishOf<'refund_in_full'>,
): Told {
  const bought = books.purchases.get(purchase)
  if (bought === undefined) return declined('lot_unknown')
  const { lot, payWon } = bought
  const { faceWon, leftWon } = lot
  const memberWon = Math.ceil((leftWon * payWon) / faceWon)
  if (lot.lastDay < dayOf(day)) return declined('lot_expired')
  if (memberWon === 0) return declined('nothing_to_refund')
  if (ground === 'small_remainder') {
    const isSmall = leftWon * 10_000 <= faceWon * townRules.refund.smallRemainderBasisPoints
    if (!isSmall) return declined('remainder_not_small')
  } else if (!mayLeave(books, lot.program, { boughtAt: bought.at, at, day })) {
    return declined('refused')
  }
  const restWon = leftWon - memberWon
  const shares = sum(bought.shares) === 0 ? bought.shares : split(restWon, bought.shares)
  giveBack(books, bought, { day, memberWon, shares, as: 'refunded' })
  return done({ memberWon })
}

function giveBack(
  books: ModelBooks,
  { lot }: ModelPurchase,
  parts: {
    readonly day: number
    readonly memberWon: number
    readonly shares: ModelPurchase['shares']
    readonly as: string
  },
): void {
  lot.leftWon = 0
  oweFunders(books, parts.shares, -1)
  flow(books, lot, parts.as, parts.memberWon)
  flow(books, lot, 'support_returned', sum(parts.shares))
  const day = workdaysAfter(parts.day, townRules.refundLagDays)
  payLater(books, { to: `member/${lot.member}`, day, won: parts.memberWon })
}
