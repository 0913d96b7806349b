/**
 * When a payment is settled. An issuer's days end at its cut-off (마감); a day is closed once, with the instants that
 * it had then, so that no change of the cut-off makes a payment fall between two days or into both. What a program
 * took on a day is settled `settlementLagDays` business days later, by the terms in force at that day's end.
 */
import {
  addBusinessDays,
  businessDate,
  HOUR_MS,
  MINUTE_MS,
  startOfBusinessDate,
  type BusinessDate,
  type Instant,
  type ProgramId,
  type Won,
  nextDate,
} from '../base/base.ts'
import { rulesAt, termsAt, type IssuerRules, type Program } from '../issuing/issuing.ts'

/** What an issuer chooses about settlement. */
export interface SettlementRules {
  /** Minutes after the Korean midnight that begins a day: 1…1440. The day ends just before. */
  readonly cutOffMinute: number
  /** What comes to less is carried to the next settlement. */
  readonly minimumPayoutWon: Won
}

/** Those among an issuer's rules that are in force. */
export function settlementRulesAt(versions: readonly IssuerRules[], now: Instant): SettlementRules {
  const rules = rulesAt(versions, now)
  return {
    cutOffMinute: rules.settlementCutOffMinute,
    minimumPayoutWon: rules.settlementMinimumPayoutWon,
  }
}

/** A day whose cut-off has come: all that was booked after `fromAt` and not after `untilAt`. */
export interface ClosedDay {
  readonly day: BusinessDate
  readonly fromAt: Instant
  readonly untilAt: Instant
}

/** What one program took on one day. */
export interface ProgramDay {
  readonly programId: ProgramId
  readonly day: BusinessDate
}

function dayBefore(day: BusinessDate): BusinessDate {
  return businessDate(startOfBusinessDate(day) - HOUR_MS)
}

/** The last instant that still belongs to a day. */
export function endOfDay(day: BusinessDate, { cutOffMinute }: SettlementRules): Instant {
  return startOfBusinessDate(day) + cutOffMinute * MINUTE_MS - 1
}

/** Days are closed in batches of so many; a year without settlement takes a few more steps. */
export const DAYS_CLOSED_MAX = 400

/**
 * The days that may be closed now, oldest first, each beginning where the one before ended.
 * @param last the day closed last; `undefined`: none yet, and `firstDay` begins with all that was ever booked
 */
export function daysToClose(given: {
  readonly last: ClosedDay | undefined
  readonly firstDay: BusinessDate
  readonly rules: SettlementRules
  readonly now: Instant
}): ClosedDay[] {
  const { last, firstDay, rules, now } = given
  const closed: ClosedDay[] = []
  let fromAt = last?.untilAt ?? 0
  let day = last === undefined ? firstDay : nextDate(last.day)
  while (closed.length < DAYS_CLOSED_MAX) {
    // After a cut-off was moved to an earlier hour a day still is not shorter than nothing.
    const untilAt = Math.max(endOfDay(day, rules), fromAt + 1)
    if (untilAt >= now) break
    closed.push({ day, fromAt, untilAt })
    fromAt = untilAt
    day = nextDate(day)
  }
  return closed
}

/** The business day on which a program's day is settled; `undefined` where no terms were in force yet. */
export function settlementDayOf(
  { terms }: Pick<Program, 'terms'>,
  { day, untilAt }: Pick<ClosedDay, 'day' | 'untilAt'>,
  holidays: readonly BusinessDate[],
): BusinessDate | undefined {
  const inForce = termsAt(terms, untilAt)
  return inForce && addBusinessDays(day, inForce.settlementLagDays.qr, holidays)
}

/**
 * The settlement day whose run may begin now: the latest business day that has come, unless its run was made. A day
 * on which some program is settled at once (lag 0) waits for its own cut-off; until then the day before it counts.
 */
export function nextSettlementDay(given: {
  readonly now: Instant
  readonly lastRun: BusinessDate | undefined
  readonly rules: SettlementRules
  readonly holidays: readonly BusinessDate[]
  readonly programs: readonly Pick<Program, 'terms'>[]
}): BusinessDate | undefined {
  const { now, lastRun, rules, holidays, programs } = given
  const isBusinessDay = (day: BusinessDate) => addBusinessDays(day, 0, holidays) === day
  const today = businessDate(now)
  let day = today
  for (let back = 0; back < LOOKED_BACK_DAYS; back += 1, day = dayBefore(day)) {
    if (lastRun !== undefined && day <= lastRun) return undefined
    if (!isBusinessDay(day)) continue
    const untilAt = endOfDay(day, rules)
    const waits = programs.some(
      ({ terms }) => termsAt(terms, untilAt)?.settlementLagDays.qr === 0 && now <= untilAt,
    )
    if (!waits) return day
  }
  return undefined
}

/** Longer than the longest run of holidays and weekends with a business day on each side. */
const LOOKED_BACK_DAYS = 20

/** Which of the days that nobody settled yet belong to the run of a settlement day. */
export function programDaysDue(given: {
  readonly settlementDay: BusinessDate
  readonly unsettled: readonly (ProgramDay & ClosedDay)[]
  readonly programs: readonly Pick<Program, 'programId' | 'terms'>[]
  readonly holidays: readonly BusinessDate[]
}): (ProgramDay & ClosedDay)[] {
  const { settlementDay, unsettled, programs, holidays } = given
  const byId = new Map(programs.map((program) => [program.programId, program]))
  return unsettled.filter((each) => {
    const program = byId.get(each.programId)
    const due = program && settlementDayOf(program, each, holidays)
    return due !== undefined && due <= settlementDay
  })
}
