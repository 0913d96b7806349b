/** Draws what people wish in the year, day by day. The same seed makes the same year; nothing here knows a balance. */
import { createRandom, type Random } from '../../src/demonstration/random.ts'
import { dayOf, DAYS, startOfDay } from './year-calendar.ts'
import type { Wish, YearEvent } from './year-events.ts'
import { deskPlans } from './year-desk-script.ts'
import { officePlans } from './year-office-script.ts'
import {
  CLOSES_MINUTE,
  MINUTE_MS,
  OPENS_MINUTE,
  type Planned,
  type PlannedOn,
} from './year-plans.ts'
import { townRules } from './year-town-rules.ts'

const PAYMENTS_A_DAY = { min: 5, max: 14 }
/** Of a hundred payments, so many are cancelled later, whole or in part. */
const CANCELLED_PERCENT = 10
const CANCELLED_WITHIN_DAYS = 9
/** Of a hundred purchases, so many are to be handed back unused, and so many are to be refunded in the end. */
const CHANGED_MIND_PERCENT = 12
const REFUNDED_PERCENT = 30
const SPENT_PERCENT = 20
/** And of so many somebody asks for a full refund of what is left. */
const SMALL_REMAINDER_PERCENT = 15
const ADVERSE_CHANGE_PERCENT = 25
/** Of a hundred days, so many see a present; of a hundred presents, so many are answered, and so many of those kept. */
const GIFT_PERCENT = 70
const ANSWERED_PERCENT = 80
const ACCEPTED_PERCENT = 85

export function writeScript(seed: number, days = DAYS): readonly YearEvent[] {
  const random = createRandom(seed)
  const later = new Map<number, PlannedOn[]>()
  const events: YearEvent[] = []
  let lastAt = 0
  for (let day = 0; day < days; day += 1) {
    const waiting = [...(later.get(day) ?? []), ...plansOf(random, day)]
    for (;;) {
      const next = takeEarliest(waiting)
      if (next === undefined) break
      const { minute, wish, leadsTo } = next
      const number = events.length
      const at = Math.max(startOfDay(day) + minute * MINUTE_MS, lastAt + 1_000)
      lastAt = at
      events.push({ number, day, at, wish })
      for (const plan of [...follow(random, day, number, wish), ...(leadsTo?.(number) ?? [])]) {
        if (plan.day === day) waiting.push(plan)
        else later.set(plan.day, [...(later.get(plan.day) ?? []), plan])
      }
    }
  }
  return events
}

/** Of those of one minute the one that was planned first. */
function takeEarliest(waiting: Planned[]): Planned | undefined {
  const earliest = Math.min(...waiting.map(({ minute }) => minute))
  const index = waiting.findIndex(({ minute }) => minute === earliest)
  return waiting.splice(index, 1)[0]
}

function plansOf(random: Random, day: number): Planned[] {
  return [
    ...wishesOf(random, day),
    ...moneyOf(day),
    ...buttonsOf(random, day),
    ...officePlans(random, day),
    ...deskPlans(day),
  ]
}

function wishesOf(random: Random, day: number): Planned[] {
  const { members, shops } = townRules
  const minute = (): number => random.integer(OPENS_MINUTE, CLOSES_MINUTE)
  const member = (): number => random.integer(0, members.length - 1)
  const planned: Planned[] = []
  const isFirstOfMonth = dayOf(day).endsWith('-01')
  for (let count = random.integer(2, 6) + (isFirstOfMonth ? 16 : 0); count > 0; count -= 1) {
    const program = random.pickWeighted([
      ['voucher', 6],
      ['cashback', 3],
      ['festival', 2],
    ] as const)
    const faceWon = random.integer(1, 12) * 10_000 + (random.chance(3) ? 500 : 0)
    planned.push({ minute: minute(), wish: { what: 'buy', member: member(), program, faceWon } })
  }
  for (let count = random.integer(PAYMENTS_A_DAY.min, PAYMENTS_A_DAY.max); count > 0; count -= 1) {
    const amountWon = random.integer(1, random.chance(10) ? 120_000 : 20_000)
    const shop = random.integer(0, shops.length - 1)
    planned.push({ minute: minute(), wish: { what: 'pay', member: member(), shop, amountWon } })
  }
  if (random.chance(GIFT_PERCENT)) {
    const giver = member()
    const to = (giver + random.integer(1, members.length - 1)) % members.length
    const program = random.pick(['voucher', 'cashback', 'festival'] as const)
    const amountWon = random.integer(1, 25_000)
    const wish = { what: 'gift', member: giver, to, program, amountWon } as const
    planned.push({ minute: minute(), wish })
  }
  return planned
}

/** In the first days one in five chooses the button; later they press it now and then, and a few think better of it. */
function buttonsOf(random: Random, day: number): Planned[] {
  const choosing = townRules.members.map((_, member) => member).filter((member) => member % 5 === 0)
  const minute = random.integer(OPENS_MINUTE, CLOSES_MINUTE)
  const choose = (member: number, byButton: boolean): Planned => ({
    minute,
    wish: { what: 'choose_cashback', member, byButton },
  })
  if (day === 1) return choosing.map((member) => choose(member, true))
  const member = random.pick(choosing)
  const changes = day % 40 === 30 ? [choose(member, random.chance(30))] : []
  const presses = random.chance(35)
    ? [{ minute: minute + 1, wish: { what: 'press_button', member } } as const]
    : []
  return [...changes, ...presses]
}

/** On some days of every month funders pay in, ahead of what they owe; the bank pays interest every month. */
function moneyOf(day: number): Planned[] {
  const [, month, date] = dayOf(day).split('-').map(Number)
  const planned: Planned[] = []
  if (day === 0 || (date === 3 && month! % 2 === 0)) {
    for (const funder of [0, 1, 2] as const) {
      const amountWon = 4_000_000 + funder * 111_111
      const wish = { what: 'subsidize', funder, amountWon } as const
      planned.push({ minute: OPENS_MINUTE + funder, wish })
    }
  }
  if (date === 28) {
    const wish = { what: 'deposit', from: 'interest', amountWon: 12_345 + day } as const
    planned.push({ minute: OPENS_MINUTE, wish })
  }
  if (day === 16 || day === 100) {
    planned.push({
      minute: OPENS_MINUTE,
      wish: { what: 'deposit', from: 'stranger', amountWon: 77_000 + day },
    })
  }
  return planned
}

/** What one event leads to on a later day. */
function follow(random: Random, day: number, number: number, wish: Wish): readonly PlannedOn[] {
  const minute = random.integer(OPENS_MINUTE, CLOSES_MINUTE)
  switch (wish.what) {
    case 'pay':
      return cancelled(random, { day, minute, payment: number, amountWon: wish.amountWon })
    case 'buy':
      return [
        ...handedBack(random, { day, minute, purchase: number }),
        ...spent(random, { day, minute, purchase: number, ...wish }),
      ]
    case 'gift':
      return answered(random, { day, minute, gift: number })
    default:
      return []
  }
}

function answered(
  random: Random,
  { day, minute, gift }: { day: number; minute: number; gift: number },
): readonly PlannedOn[] {
  if (!random.chance(ANSWERED_PERCENT)) return []
  const accepts = random.chance(ACCEPTED_PERCENT)
  // Some come a day too late.
  return [{ day: day + random.integer(1, 8), minute, wish: { what: 'answer_gift', gift, accepts } }]
}

function cancelled(
  random: Random,
  paid: { day: number; minute: number; payment: number; amountWon: number },
): readonly PlannedOn[] {
  if (!random.chance(CANCELLED_PERCENT)) return []
  const { minute, payment } = paid
  const day = paid.day + random.integer(1, CANCELLED_WITHIN_DAYS)
  const part = random.chance(40) ? { amountWon: random.integer(1, paid.amountWon) } : {}
  const cancel: PlannedOn = { day, minute, wish: { what: 'cancel_payment', payment, ...part } }
  // Some shops press the button twice.
  return random.chance(10) ? [cancel, { ...cancel, minute: minute + 1 }] : [cancel]
}

/** Some buy for one large payment, and ask for what is left of it afterwards. */
function spent(
  random: Random,
  bought: { day: number; minute: number; purchase: number; member: number; faceWon: number },
): readonly PlannedOn[] {
  if (!random.chance(SPENT_PERCENT)) return []
  const { day, minute, purchase, member, faceWon } = bought
  const shop = random.integer(0, townRules.shops.length - 1)
  const amountWon = Math.floor((faceWon * random.integer(62, 99)) / 100)
  const rest = { what: 'refund', purchase } as const
  const small = { what: 'refund_in_full', purchase, ground: 'small_remainder' } as const
  return [
    { day: day + 1, minute, wish: { what: 'pay', member, shop, amountWon } },
    { day: day + random.integer(2, 4), minute, wish: random.chance(30) ? small : rest },
  ]
}

function handedBack(
  random: Random,
  bought: { day: number; minute: number; purchase: number },
): readonly PlannedOn[] {
  const { minute, purchase } = bought
  const planned: PlannedOn[] = []
  if (random.chance(CHANGED_MIND_PERCENT)) {
    const day = bought.day + random.integer(1, 11)
    planned.push({ day, minute, wish: { what: 'cancel_purchase', purchase } })
  }
  if (random.chance(REFUNDED_PERCENT)) {
    const day = bought.day + random.integer(10, 160)
    planned.push({ day, minute, wish: { what: 'refund', purchase } })
  }
  if (random.chance(SMALL_REMAINDER_PERCENT)) {
    const day = bought.day + random.integer(5, 90)
    const wish = { what: 'refund_in_full', purchase, ground: 'small_remainder' } as const
    planned.push({ day, minute, wish })
  }
  if (random.chance(ADVERSE_CHANGE_PERCENT)) {
    // Most grounds are not there: changes are few.
    const day = bought.day + random.integer(1, 14)
    const wish = { what: 'refund_in_full', purchase, ground: 'adverse_change' } as const
    planned.push({ day, minute, wish })
  }
  return planned
}
