/** What became of debits that nobody could know better: counts and sums for the card company and for the regulator. */
import {
  businessDate,
  DAY_MS,
  formatId,
  sumWon,
  type BusinessDate,
  type IssuerId,
  type Won,
  OPERATOR,
} from '../base/base.ts'

import { conversionStates, type ConversionBody } from '../registration/registration.ts'

/** As much of a conversion as the report needs, for many of them are held at once. */
export interface ReportedConversion extends Pick<
  ConversionBody,
  | 'partnerId'
  | 'state'
  | 'reason'
  | 'accountWon'
  | 'voucherWon'
  | 'debitedAt'
  | 'openedAt'
  | 'dueAt'
  | 'closedAt'
> {
  readonly issuerId: IssuerId
}

/** Korean days on which accounts were debited, both included. */
export interface ReportPeriod {
  readonly from: BusinessDate
  readonly to: BusinessDate
}

export interface ConversionFigures {
  readonly count: number
  /** What accounts had paid. */
  readonly accountWon: Won
  /** What vouchers paid after the fact. */
  readonly voucherWon: Won
}

export interface ConversionReport {
  readonly period: ReportPeriod
  readonly all: ConversionFigures
  readonly byState: Readonly<Record<ConversionBody['state'], ConversionFigures>>
  readonly byPartner: Readonly<Record<string, ConversionFigures>>
  readonly byIssuer: Readonly<Record<string, ConversionFigures>>
  /** Of those explained. */
  readonly byReason: Readonly<Record<string, ConversionFigures>>
  /** How many were closed within so many days of their opening, begun days counting; `overdue` past their last day. */
  readonly daysToClosure: Readonly<Record<string, number>>
  readonly closedLate: number
  readonly openOverdue: number
}

/** @param now tells which open ones are overdue */
export function conversionReport(
  conversions: readonly ReportedConversion[],
  period: ReportPeriod,
  now: number,
): ConversionReport {
  const inPeriod = conversions.filter(({ debitedAt }) => {
    const day = businessDate(debitedAt)
    return day >= period.from && day <= period.to
  })
  const explained = inPeriod.filter(({ state }) => state === 'explained')
  const closed = inPeriod.filter(({ closedAt }) => closedAt !== null)
  return {
    period,
    all: figures(inPeriod),
    byState: {
      open: figures(inPeriod.filter(({ state }) => state === 'open')),
      converted: figures(inPeriod.filter(({ state }) => state === 'converted')),
      explained: figures(explained),
    },
    byPartner: by(inPeriod, ({ partnerId }) => formatId('prt', partnerId)),
    byIssuer: by(inPeriod, ({ issuerId }) =>
      issuerId === OPERATOR ? 'operator' : formatId('iss', issuerId),
    ),
    byReason: by(explained, ({ reason }) => reason ?? 'none'),
    daysToClosure: Object.fromEntries(
      [...Map.groupBy(closed, daysOpen)]
        .toSorted(([a], [b]) => a - b)
        .map(([days, group]) => [String(days), group.length]),
    ),
    closedLate: closed.filter(({ closedAt, dueAt }) => closedAt !== null && closedAt > dueAt)
      .length,
    openOverdue: inPeriod.filter(({ state, dueAt }) => state === 'open' && dueAt < now).length,
  }
}

function figures(conversions: readonly ReportedConversion[]): ConversionFigures {
  return {
    count: conversions.length,
    accountWon: sumWon(conversions.map(({ accountWon }) => accountWon)),
    voucherWon: sumWon(conversions.map(({ voucherWon }) => voucherWon)),
  }
}

function by(
  conversions: readonly ReportedConversion[],
  name: (conversion: ReportedConversion) => string,
): Readonly<Record<string, ConversionFigures>> {
  const groups = [...Map.groupBy(conversions, name)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(groups.map(([key, group]) => [key, figures(group)]))
}

function daysOpen({ openedAt, closedAt }: ReportedConversion): number {
  return Math.max(1, Math.ceil(((closedAt ?? openedAt) - openedAt) / DAY_MS))
}

/** The same as rows for a table program: part, name, count, accountWon, voucherWon. */
export function conversionReportCsv(report: ConversionReport): string {
  const rows: (readonly (string | number)[])[] = [
    ['part', 'name', 'count', 'accountWon', 'voucherWon'],
    ['period', `${report.period.from}/${report.period.to}`, '', '', ''],
    rowOf('all', 'all', report.all),
    ...conversionStates.map((state) => rowOf('state', state, report.byState[state])),
    ...rowsOf('partner', report.byPartner),
    ...rowsOf('issuer', report.byIssuer),
    ...rowsOf('reason', report.byReason),
    ...Object.entries(report.daysToClosure).map(([days, count]) => ['days', days, count, '', '']),
    ['late', 'closed', report.closedLate, '', ''],
    ['late', 'open', report.openOverdue, '', ''],
  ]
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

const rowOf = (part: string, name: string, { count, accountWon, voucherWon }: ConversionFigures) =>
  [part, name, count, accountWon, voucherWon] as const

const rowsOf = (part: string, groups: Readonly<Record<string, ConversionFigures>>) =>
  Object.entries(groups).map(([name, each]) => rowOf(part, name, each))

/** RFC 4180; a text that a table program would take for a formula is told to be text. */
function cell(value: string | number): string {
  const text = String(value)
  const safe = /^[=+\-@]/.test(text) && typeof value === 'string' ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
