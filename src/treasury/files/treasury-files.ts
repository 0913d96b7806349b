/** The three kinds of files: which records they have, what their trailers count, what a line must hold besides. */
import { businessDate, type Won } from '../../base/base.ts'
import {
  recordFile,
  type FieldProblem,
  type RecordFile,
  type RecordFileContent,
} from '../../iso8583/iso8583.ts'
import {
  payoutEnd,
  payoutHeader,
  payoutLine,
  resultEnd,
  resultHeader,
  resultLine,
  statementEnd,
  statementHeader,
  statementLine,
  type PayoutHeader,
  type PayoutLine,
  type PayoutTotals,
  type ResultHeader,
  type ResultLine,
  type ResultTotals,
  type StatementHeader,
  type StatementLine,
  type StatementTotals,
} from './file-layouts.ts'

export type PayoutFile = RecordFileContent<PayoutHeader, PayoutLine>
export type PayoutResult = RecordFileContent<ResultHeader, ResultLine>
export type BankStatement = RecordFileContent<StatementHeader, StatementLine>

export const PAID_REASON = '0000'

/** Whatever a file says can be added up: a sum that no field could hold agrees with no trailer. */
const total = (details: readonly { readonly amountWon: Won }[]): Won =>
  details.reduce((sum, { amountWon }) => sum + amountWon, 0) as Won // A sum of integers.

const unless = (holds: boolean, field: string, expected: string): readonly FieldProblem[] =>
  holds ? [] : [{ field, expected }]

const aboveZero = ({ amountWon }: { readonly amountWon: Won }): readonly FieldProblem[] =>
  unless(amountWon > 0, 'amountWon', 'above zero')

export const payoutFile: RecordFile<PayoutHeader, PayoutLine> = recordFile({
  header: payoutHeader,
  detail: payoutLine,
  trailer: payoutEnd,
  totals: (details: readonly PayoutLine[]): PayoutTotals => ({
    lines: details.length,
    totalWon: total(details),
  }),
  nameOf: ({ payoutId }: PayoutLine) => payoutId,
  problems: aboveZero,
})

export const resultFile: RecordFile<ResultHeader, ResultLine> = recordFile({
  header: resultHeader,
  detail: resultLine,
  trailer: resultEnd,
  totals(details: readonly ResultLine[]): ResultTotals {
    const { paid = [], returned = [] } = Object.groupBy(details, ({ result }) => result)
    return {
      lines: details.length,
      paidCount: paid.length,
      paidWon: total(paid),
      returnedCount: returned.length,
      returnedWon: total(returned),
    }
  },
  nameOf: ({ payoutId }: ResultLine) => payoutId,
  problems: (line: ResultLine) => [
    ...aboveZero(line),
    ...unless(
      (line.result === 'paid') === (line.reason === PAID_REASON),
      'reason',
      `${PAID_REASON} where result is P, and only there`,
    ),
  ],
})

export const statementFile: RecordFile<StatementHeader, StatementLine> = recordFile({
  header: statementHeader,
  detail: statementLine,
  trailer: statementEnd,
  totals(details: readonly StatementLine[], { openingWon }: StatementHeader): StatementTotals {
    const { deposit = [], withdrawal = [] } = Object.groupBy(details, (line) => line.direction)
    return {
      lines: details.length,
      depositsCount: deposit.length,
      depositsWon: total(deposit),
      withdrawalsCount: withdrawal.length,
      withdrawalsWon: total(withdrawal),
      // Below zero it is no balance that a file could tell: then no trailer is right.
      closingWon: (openingWon + total(deposit) - total(withdrawal)) as Won,
    }
  },
  nameOf: ({ entryNumber }: StatementLine) => entryNumber,
  problems: aboveZero,
})

/** Lines of another day than the statement's, by line number. */
export function linesOfOtherDays({ header, lines }: BankStatement): readonly number[] {
  return lines.flatMap(({ bookedAt }, index) =>
    businessDate(bookedAt) === header.date ? [] : [index + 2],
  )
}
