/** Draws what people wish in the year, day by day. The same seed makes the same year; nothing here knows a balance. */
import { createRandom, type Random } from '../../src/demonstration/random.ts'
import { dayOf, DAYS, startOfDay } from './year-calendar.ts'
import type { Wish, YearEvent } from './year-events.ts'
import { townRules } from './year-town-rules.ts'

const MINUTE_MS = 60_000
/** People are up from eight to ten; the clockwork has the night. */
const OPENS_MINUTE = 8 * 60
const CLOSES_MINUTE = 22 * 60
const PAYMENTS_A_DAY = { min: 5, max: 14 }
/** Of a hundred payments, so many are cancelled later, whole or in part. */
const CANCELLED_PERCENT = 6
const CANCELLED_WITHIN_DAYS = 9
/** Of a hundred purchases, so many are to be handed back unused, and so many are to be refunded in the end. */
const CHANGED_MIND_PERCENT = 12
const REFUNDED_PERCENT = 30
/** Of a hundred days, so many see a present; of a hundred presents, so many are answered, and so many of those kept. */
const GIFT_PERCENT = 70
const ANSWERED_PERCENT = 80
const ACCEPTED_PERCENT = 85

interface Planned {
  readonly minute: number
  readonly wish: Wish
}

export function writeScript(seed: number, days = DAYS): readonly YearEvent[] {
  const random = createRandom(seed)
  const later = new Map<number, Planned[]>()
  const events: YearEvent[] = []
  for (let day = 0; day < days; day += 1) {
    const planned = [...(later.get(day) ?? []), ...wishesOf(random, day)]
    for (const { minute, wish } of planned.toSorted((a, b) => a.minute - b.minute)) {
      const number = events.length
      // A second apart at least: no two events of the year share an instant.
      const at = startOfDay(day) + minute * MINUTE_MS + (number % 60) * 1_000
      events.push({ number, day, at, wish })
      for (const next of follow(random, day, number, wish)) {
        later.set(next.day, [...(later.get(next.day) ?? []), next])
      }
    }
  }
  return events
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
    const amountWon = random.integer(1, 60_000)
    const wish = { what: 'gift', member: giver, to, program, amountWon } as const
    planned.push({ minute: minute(), wish })
  }
  return [...planned, ...grantsOf(random, day), ...moneyOf(day)]
}

/** Some days on which a list of members is granted something. */
const GRANTS: Readonly<Record<number, { program: 'allowance' | 'relief'; amountWon: number }>> = {
  40: { program: 'allowance', amountWon: 150_001 },
  120: { program: 'allowance', amountWon: 50_000 },
  200: { program: 'relief', amountWon: 99_999 },
  290: { program: 'relief', amountWon: 130_000 },
}

/** On some days of every month funders pay in, ahead of what they owe; the bank pays interest every quarter. */
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
  if (date === 28 && month! % 3 === 0) {
    const wish = { what: 'deposit', from: 'interest', amountWon: 12_345 + day } as const
    planned.push({ minute: OPENS_MINUTE, wish })
  }
  if (day === 100) {
    planned.push({
      minute: OPENS_MINUTE,
      wish: { what: 'deposit', from: 'stranger', amountWon: 77_000 },
    })
  }
  return planned
}

function grantsOf(random: Random, day: number): Planned[] {
  const given = GRANTS[day]
  if (given === undefined) return []
  return townRules.members
    .map((_, member) => member)
    .filter(() => random.chance(60))
    .map((member, index) => ({
      minute: OPENS_MINUTE + index,
      wish: { what: 'grant', member, ...given },
    }))
}

type PlannedOn = Planned & { readonly day: number }

/** What one event leads to on that day or a later one. */
function follow(random: Random, day: number, number: number, wish: Wish): readonly PlannedOn[] {
  const minute = random.integer(OPENS_MINUTE, CLOSES_MINUTE)
  switch (wish.what) {
    case 'pay':
      return cancelled(random, { day, minute, payment: number, amountWon: wish.amountWon })
    case 'buy':
      return handedBack(random, { day, minute, purchase: number })
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
  return planned
}
