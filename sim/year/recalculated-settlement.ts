/**
 * What shops are to be paid, calculated from what they took and gave back, in the words of the town's rules: each day's
 * takings of a program are due some workdays after it, less the fee on what is left of them.
 */
import { isWorkday, workdaysAfter } from './year-calendar.ts'
import type { ProgramName } from './year-events.ts'
import { townRules } from './year-town-rules.ts'

/** Below zero: given back. Booked on one day of the settlement's calendar, about what was paid on one. */
interface Entry {
  readonly shop: number
  readonly program: ProgramName
  readonly bookedOn: number
  readonly paidOn: number
  readonly won: number
}

interface DayOfTakings {
  leftWon: number
  feeWon: number
}

export interface ShopPayout {
  readonly shop: number
  /** Leaves what the shop is owed. */
  readonly takingsWon: number
  readonly feeWon: number
  /** Goes to the shop. */
  readonly paidWon: number
}

export interface SettlementBook {
  enter(entry: Entry): void
  /** The payouts of the night before a day. */
  settle(day: number): readonly ShopPayout[]
}

export function createSettlementBook(
  hasAccount: (shop: number, day: number) => boolean,
): SettlementBook {
  let open: Entry[] = []
  const takings = new Map<string, DayOfTakings>()
  const carried = townRules.shops.map(() => ({ takingsWon: 0, feeWon: 0 }))
  const add = ({ shop, program, paidOn, won }: Entry): void => {
    const key = `${shop}/${program}/${paidOn}`
    const day = takings.get(key) ?? { leftWon: 0, feeWon: 0 }
    const leftWon = day.leftWon + won
    const feeWon = leftWon <= 0 ? 0 : Math.floor((leftWon * rateOf(shop, program)) / 10_000)
    carried[shop]!.takingsWon += won
    carried[shop]!.feeWon += feeWon - day.feeWon
    takings.set(key, { leftWon, feeWon })
  }
  const payOut = (shop: number, day: number): ShopPayout[] => {
    const { takingsWon, feeWon } = carried[shop]!
    const paidWon = takingsWon - Math.max(0, feeWon)
    if (paidWon <= 0 || paidWon < townRules.minimumPayoutWon || !hasAccount(shop, day)) return []
    carried[shop] = { takingsWon: 0, feeWon: Math.min(0, feeWon) }
    return [{ shop, takingsWon, feeWon: Math.max(0, feeWon), paidWon }]
  }
  return {
    enter: (entry) => void open.push(entry),
    settle(day) {
      if (!isWorkday(day)) return []
      const isDue = ({ program, bookedOn }: Entry): boolean =>
        workdaysAfter(bookedOn, townRules.programs[program].lagDays) <= day
      for (const entry of open.filter(isDue)) add(entry)
      open = open.filter((entry) => !isDue(entry))
      return townRules.shops.flatMap((_, shop) => payOut(shop, day))
    },
  }
}

/** A day of settlement ends at the cut-off; what comes after it is of the next. */
export function settlementDayOf(day: number, at: number, startOfDay: number): number {
  return at < startOfDay + townRules.cutOffMinute * 60_000 ? day : day + 1
}

function rateOf(shop: number, program: ProgramName): number {
  const { revenueWon } = townRules.shops[shop]!
  const step = townRules.programs[program].fees.find(
    ({ revenueWonMax }) => revenueWonMax === null || revenueWon <= revenueWonMax,
  )
  return step!.basisPoints
}
