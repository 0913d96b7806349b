/**
 * Reporting: figures of days that are over, counted once and kept, and the reports made from them. Nothing here moves
 * money, and nothing is read from the journal twice.
 */
import {
  assert,
  businessDate,
  DAY_MS,
  startOfBusinessDate,
  unreachable,
  type BusinessDate,
  type Clock,
  type IssuerId,
  type WalletId,
} from '../base/base.ts'
import { isSector, sectors, type AcquiringDirectory } from '../acquiring/acquiring.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import { flowsOf } from './count-days.ts'
import type { DatedFlowSum, DaySpan, FlowSum, ReportingStore, WalletUse } from './day-figures.ts'
import { overviewOf, type Overview } from './overview.ts'
import { dailyReport, fundReport, issueReport, outstandingOf, placeReport } from './reports.ts'
import type { Sheet } from './sheet.ts'
import { taxYear, timesWithin, type RegisteredTime, type TaxYear } from './tax.ts'

export { countNextDay, type CountedDay, type CountingDeps } from './count-days.ts'
export {
  sumFlows,
  type AccountSum,
  type DatedFlowSum,
  type DayFigures,
  type DaySpan,
  type FlowSum,
  type Place,
  type ReportingStore,
  type WalletUse,
} from './day-figures.ts'
export { flowNames, flowOf, flows, type Flow, type LotFlow } from './flow.ts'
export { type Headline, type Overview, type Used } from './overview.ts'
export {
  dailyReport,
  fundReport,
  issueReport,
  outstandingKey,
  outstandingOf,
  placeReport,
  type ReportFacts,
} from './reports.ts'
export { column, type Cell, type Column, type ColumnKind, type Sheet } from './sheet.ts'
export { taxYear, timesWithin, type RegisteredTime, type TaxYear } from './tax.ts'

/** Half a year with a day to spare: longer spans are asked for in parts. */
export const REPORT_DAYS_MAX = 186

/** Of an overview: a month with today. */
export const OVERVIEW_DAYS = 30
/** Days that are not counted yet are read from the journal; where the clockwork stood still for long, only so many. */
export const OVERVIEW_LIVE_DAYS_MAX = 3

/** What may be asked for, by its word in an address. */
export const reportNames = ['daily', 'issue', 'places', 'fund'] as const
export type ReportName = (typeof reportNames)[number]

export interface ReportingDeps {
  readonly store: ReportingStore
  readonly issuing: Pick<IssuingDirectory, 'programs'>
  readonly acquiring: Pick<AcquiringDirectory, 'merchant' | 'outlet'>
  readonly clock: Clock
}

/** A report, and whether all its days are counted. */
export interface Report {
  readonly span: DaySpan
  readonly daysCounted: number
  readonly daysAsked: number
  readonly sheet: Sheet
}

/** All methods throw the store's Faults. */
export interface Reporting {
  /** Of at most `REPORT_DAYS_MAX` days; what is not counted yet is left out, and `daysCounted` says so. */
  report(issuerId: IssuerId, name: ReportName, span: DaySpan): Promise<Report>
  /** The last `OVERVIEW_DAYS` days up to now, with what has been booked today. */
  overview(issuerId: IssuerId): Promise<Overview>
  /**
   * What a member used in a year, up to now where it is not over, and what of it while a number for the tax office was
   * registered. A use that was cancelled is taken back when it was cancelled.
   */
  tax(
    issuerId: IssuerId,
    walletId: WalletId,
    asked: { readonly year: number; readonly registered: readonly RegisteredTime[] },
  ): Promise<TaxYear>
}

export function createReporting(deps: ReportingDeps): Reporting {
  return {
    async report(issuerId, name, span) {
      const daysAsked = daysIn(span)
      assert(daysAsked > 0 && daysAsked <= REPORT_DAYS_MAX, 'a report is of 1…186 days')
      const days = await deps.store.days(issuerId, span)
      const sheet = await sheetOf(deps, issuerId, name, { span, days })
      return { span, daysAsked, daysCounted: days.length, sheet }
    },
    overview: (issuerId) => overview(deps, issuerId),
    async tax(issuerId, walletId, { year, registered }) {
      const from = startOfBusinessDate(`${year}-01-01` as BusinessDate) // A day in every year.
      const until = startOfBusinessDate(`${year + 1}-01-01` as BusinessDate) // The same.
      const uses = await deps.store.walletUse(issuerId, walletId, { from, until })
      const registeredUses: WalletUse[] = []
      for (const time of timesWithin(registered, { from, until })) {
        registeredUses.push(...(await deps.store.walletUse(issuerId, walletId, time)))
      }
      return taxYear(
        year,
        { uses, registeredUses },
        {
          programs: deps.issuing.programs(issuerId),
          at: Math.min(until - 1, deps.clock()),
        },
      )
    },
  }
}

async function overview(deps: ReportingDeps, issuerId: IssuerId): Promise<Overview> {
  const { store, clock } = deps
  const now = clock()
  const through = businessDate(now)
  const allDays = Array.from({ length: OVERVIEW_DAYS }, (_, index) =>
    businessDate(now - (OVERVIEW_DAYS - 1 - index) * DAY_MS),
  )
  const from = allDays[0] ?? through
  const { lastDay, firstBookedAt } = await store.standing(issuerId)
  const before = await store.totals(issuerId, { from: FIRST_DAY, through: dayBefore(from) })
  const counted = await store.daily(issuerId, { from, through })
  const live: DatedFlowSum[] = []
  const uncounted = allDays
    .slice(-OVERVIEW_LIVE_DAYS_MAX)
    .filter((day) => firstBookedAt !== undefined && (lastDay === undefined || day > lastDay))
  for (const day of uncounted) {
    const fromAt = startOfBusinessDate(day)
    const sums = await flowsOf(deps, issuerId, { fromAt, untilAt: fromAt + DAY_MS })
    live.push(...sums.map((sum) => ({ ...sum, day })))
  }
  const given = { from, through, countedThrough: lastDay ?? null, allDays }
  return overviewOf(given, [...counted, ...live], before)
}

export function daysIn({ from, through }: DaySpan): number {
  return Math.round((startOfBusinessDate(through) - startOfBusinessDate(from)) / DAY_MS) + 1
}

async function sheetOf(
  { store, issuing }: ReportingDeps,
  issuerId: IssuerId,
  name: ReportName,
  { span, days }: { readonly span: DaySpan; readonly days: readonly BusinessDate[] },
): Promise<Sheet> {
  const before: DaySpan = { from: FIRST_DAY, through: dayBefore(span.from) }
  const facts = async () => {
    const openingWon = outstandingOf(await store.totals(issuerId, before))
    return { programs: issuing.programs(issuerId), openingWon }
  }
  const totals = (): Promise<readonly FlowSum[]> => store.totals(issuerId, span)
  switch (name) {
    case 'daily':
      return dailyReport(await facts(), days, await store.daily(issuerId, span))
    case 'issue':
      return issueReport(await facts(), await totals())
    case 'places':
      return placeReport(await totals(), (sector) =>
        isSector(sector) ? sectors[sector].nameKo : sector,
      )
    case 'fund':
      return fundReport(
        await store.accounts(issuerId, before),
        await store.accounts(issuerId, span),
      )
    default:
      return unreachable(name)
  }
}

/** Before any day that anybody could count. */
const FIRST_DAY = '2000-01-01' as BusinessDate // A day that exists.

function dayBefore(day: BusinessDate): BusinessDate {
  return businessDate(startOfBusinessDate(day) - DAY_MS)
}
