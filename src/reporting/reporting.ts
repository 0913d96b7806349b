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
import { isSector, sectors } from '../acquiring/acquiring.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import type { DaySpan, FlowSum, ReportingStore, WalletUse } from './day-figures.ts'
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

/** What may be asked for, by its word in an address. */
export const reportNames = ['daily', 'issue', 'places', 'fund'] as const
export type ReportName = (typeof reportNames)[number]

export interface ReportingDeps {
  readonly store: ReportingStore
  readonly issuing: Pick<IssuingDirectory, 'programs'>
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
