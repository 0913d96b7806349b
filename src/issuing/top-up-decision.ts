/**
 * When a standing order buys by itself (자동충전), and when next. Days are Korean days; a day that a month does not have
 * is its last one.
 */
import {
  businessDate,
  businessMonth,
  DAY_MS,
  MINUTE_MS,
  minuteOfDay,
  startOfBusinessDate,
  won,
  type BusinessDate,
  type Instant,
  type Won,
} from '../base/base.ts'
import type { IssuerRuleValues } from './issuer-rules.ts'

export const topUpTriggers = ['threshold', 'date'] as const
export type TopUpTrigger = (typeof topUpTriggers)[number]

/**
 * `stopping`: stopped by the member while a purchase is with the bank, which ends as the bank says; `suspended`:
 * refused too often, until the member starts it again; `stopped`: ended by the member or its consent.
 */
export const topUpStates = ['active', 'stopping', 'suspended', 'stopped'] as const
export type TopUpState = (typeof topUpStates)[number]

export const DAYS_OF_MONTH_MAX = 31

/** What decides when an order buys. */
export interface TopUpOrder {
  readonly state: TopUpState
  readonly trigger: TopUpTrigger
  /** The face that is bought each time. */
  readonly amountWon: Won
  /** Of `threshold`: it buys while less than this can be spent. */
  readonly belowWon: Won | null
  /** Of `date`: 1…31. */
  readonly daysOfMonth: readonly number[]
  /** The face that it may buy in a Korean month. */
  readonly monthlyMaxWon: Won
  /** Of `date`: the last day that was dealt with; at first the day of its start. */
  readonly doneThrough: BusinessDate
  /** The day of the last purchase, and what was bought on it and in its month. */
  readonly countedOn: BusinessDate
  readonly dayCount: number
  readonly monthWon: Won
  /** Purchases since the beginning. */
  readonly bought: number
  /** Since the last purchase. */
  readonly refusals: number
  /** It does not try before. */
  readonly notBefore: Instant
}

export type TopUpDecision =
  | { readonly outcome: 'waits' }
  /** The occasion names what is bought for: one purchase for each. */
  | { readonly outcome: 'due'; readonly occasion: string }
  /** It would buy, and the month's maximum stands against it. */
  | { readonly outcome: 'month_full'; readonly occasion: string }

type TopUpRules = Pick<IssuerRuleValues, 'topUpsPerDayMax' | 'topUpFromMinute'>

/** @param request.spendableWon what can be spent of the program now */
export function decideTopUp(request: {
  readonly order: TopUpOrder
  readonly rules: TopUpRules
  readonly spendableWon: Won
  readonly now: Instant
}): TopUpDecision {
  const { order, rules, spendableWon, now } = request
  if (order.state !== 'active' || now < order.notBefore) return { outcome: 'waits' }
  if (boughtToday(order, now) >= rules.topUpsPerDayMax) return { outcome: 'waits' }
  const occasion = occasionOf(order, { rules, spendableWon, now })
  if (occasion === undefined) return { outcome: 'waits' }
  const isFull = boughtThisMonthWon(order, now) + order.amountWon > order.monthlyMaxWon
  return { outcome: isFull ? 'month_full' : 'due', occasion }
}

function occasionOf(
  order: TopUpOrder,
  { rules, spendableWon, now }: { rules: TopUpRules; spendableWon: Won; now: Instant },
): string | undefined {
  if (order.trigger === 'threshold') {
    const isLow = order.belowWon !== null && spendableWon < order.belowWon
    return isLow ? `threshold/${order.bought + 1}` : undefined
  }
  const day = dueDay(order, rules, now)
  return day === undefined ? undefined : `date/${day}`
}

/** The newest of the order's days that has come and was not dealt with; days that were missed are made up by one. */
export function dueDay(
  order: Pick<TopUpOrder, 'daysOfMonth' | 'doneThrough'>,
  { topUpFromMinute }: Pick<TopUpRules, 'topUpFromMinute'>,
  now: Instant,
): BusinessDate | undefined {
  const today = businessDate(now)
  const hasBegun = minuteOfDay(now) >= topUpFromMinute
  for (let back = hasBegun ? 0 : 1; back <= DAYS_OF_MONTH_MAX; back += 1) {
    const day = businessDate(startOfBusinessDate(today) - back * DAY_MS)
    if (day <= order.doneThrough) return undefined
    if (isOwnDay(order, day)) return day
  }
  return undefined
}

/** True on the order's days; 31 is the last day of every month, and 30 that of February. */
export function isOwnDay(
  { daysOfMonth }: Pick<TopUpOrder, 'daysOfMonth'>,
  date: BusinessDate,
): boolean {
  const day = dayOf(date)
  const isLast = dayOf(businessDate(startOfBusinessDate(date) + DAY_MS)) === 1
  return daysOfMonth.some((own) => own === day || (isLast && own > day))
}

/** When an order of dates buys next if all goes well; `undefined` for one that goes by the balance, or buys no more. */
export function nextTopUpAt(
  order: TopUpOrder,
  rules: Pick<TopUpRules, 'topUpFromMinute'>,
  now: Instant,
): Instant | undefined {
  if (order.state !== 'active' || order.trigger === 'threshold') return undefined
  if (dueDay(order, rules, now) !== undefined) return Math.max(now, order.notBefore)
  const from = startOfBusinessDate(businessDate(now))
  for (let ahead = 0; ahead <= DAYS_OF_MONTH_MAX; ahead += 1) {
    const day = businessDate(from + ahead * DAY_MS)
    if (day > order.doneThrough && isOwnDay(order, day)) {
      const at = startOfBusinessDate(day) + rules.topUpFromMinute * MINUTE_MS
      return Math.max(at, order.notBefore)
    }
  }
  return undefined
}

/** What an order of today has bought in this Korean month. */
export function boughtThisMonthWon(order: TopUpOrder, now: Instant): Won {
  const isThisMonth = order.countedOn.slice(0, 7) === businessMonth(now)
  return isThisMonth ? order.monthWon : won(0)
}

function boughtToday({ countedOn, dayCount }: TopUpOrder, now: Instant): number {
  return countedOn === businessDate(now) ? dayCount : 0
}

function dayOf(date: BusinessDate): number {
  return Number(date.slice(-2))
}

/** The counters after a purchase. */
export function topUpBought(
  order: TopUpOrder,
  bought: { readonly occasion: string; readonly faceWon: Won; readonly now: Instant },
): Pick<
  TopUpOrder,
  'doneThrough' | 'countedOn' | 'dayCount' | 'monthWon' | 'bought' | 'refusals' | 'notBefore'
> {
  const { occasion, faceWon, now } = bought
  return {
    doneThrough: dayDone(order, occasion),
    countedOn: businessDate(now),
    dayCount: boughtToday(order, now) + 1,
    monthWon: won(boughtThisMonthWon(order, now) + faceWon),
    bought: order.bought + 1,
    refusals: 0,
    notBefore: 0,
  }
}

/** After a refusal: the occasion stays due, after a pause; or the order rests. */
export function topUpRefused(
  order: TopUpOrder,
  rules: Pick<IssuerRuleValues, 'topUpRetryMinutes' | 'topUpRefusalsMax'>,
  now: Instant,
): Pick<TopUpOrder, 'refusals' | 'notBefore' | 'state'> {
  const refusals = order.refusals + 1
  const rests = refusals >= rules.topUpRefusalsMax
  return {
    refusals,
    notBefore: now + rules.topUpRetryMinutes * MINUTE_MS,
    state: rests ? 'suspended' : order.state,
  }
}

/** Where the month is full: nothing until the next, and a date that fell into it is over. */
export function topUpMonthFull(
  order: TopUpOrder,
  occasion: string,
  now: Instant,
): Pick<TopUpOrder, 'doneThrough' | 'notBefore'> {
  let day = startOfBusinessDate(businessDate(now))
  const month = businessMonth(now)
  while (businessMonth(day) === month) day += DAY_MS
  return { doneThrough: dayDone(order, occasion), notBefore: day }
}

function dayDone({ doneThrough }: TopUpOrder, occasion: string): BusinessDate {
  const [trigger, day = ''] = occasion.split('/')
  if (trigger !== 'date' || day <= doneThrough) return doneThrough
  return day as BusinessDate // Of an occasion that was named after a day.
}
