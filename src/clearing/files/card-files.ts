/**
 * The five files that a card company and we give each other: which records they have, what their trailers count, and
 * what a line must hold besides its own fields.
 */
import { sumWon, won, type PartnerId, type Won } from '../../base/base.ts'
import type { CardKey } from '../../cards/cards.ts'
import {
  recordFile,
  type FieldProblem,
  type RecordFile,
  type RecordLayout,
} from '../../iso8583/iso8583.ts'
import type { CardFileKind } from '../../registration/registration.ts'
import {
  clearingEnd,
  clearingLine,
  fileHeader,
  incidentEnd,
  incidentLine,
  refundEnd,
  refundLine,
  refundResultLine,
  settlementEnd,
  settlementLine,
  type ClearingLine,
  type ClearingTotals,
  type FileHeader,
  type IncidentLine,
  type IncidentTotals,
  type RefundLine,
  type RefundResultLine,
  type RefundTotals,
  type SettlementLine,
  type SettlementTotals,
} from './line-layouts.ts'

/** The detail of each kind of file. */
export interface FileLines {
  readonly clearing: ClearingLine
  readonly settlement: SettlementLine
  readonly incident: IncidentLine
  readonly refund: RefundLine
  readonly refund_result: RefundResultLine
}

export interface CardFile<Detail> extends RecordFile<FileHeader, Detail> {
  /** Two letters that stand in the header and begin the file's name. */
  readonly letters: string
  readonly writtenBy: 'card company' | 'Dure'
  /** What a line adds to the sum of its file; a cancellation takes away. */
  amountOf(detail: Detail): Won
}

interface Parts<Detail, Totals extends object> extends Pick<
  CardFile<Detail>,
  'letters' | 'writtenBy' | 'detail' | 'amountOf' | 'nameOf' | 'problems'
> {
  readonly trailer: RecordLayout<Totals>
  totals(details: readonly Detail[]): Totals
}

function cardFile<Detail, Totals extends object>(parts: Parts<Detail, Totals>): CardFile<Detail> {
  return recordFile({ ...parts, header: fileHeader(parts.letters) })
}

type KeyFields = Omit<CardKey, 'partnerId' | 'cardClass'> & { readonly cardClass: string }

/** The card key of a line. */
export function lineKey<CardClass extends CardKey['cardClass']>(
  partnerId: PartnerId,
  line: Omit<CardKey, 'partnerId' | 'cardClass'> & { readonly cardClass: CardClass },
): CardKey & { readonly cardClass: CardClass } {
  const { acquirer, terminal, stan, localDate, cardClass } = line
  return { partnerId, acquirer, terminal, stan, localDate, cardClass }
}

const nameOf = (line: KeyFields): string =>
  [line.acquirer, line.terminal, line.stan, line.localDate, line.cardClass].join('/')

const total = <Detail>(details: readonly Detail[], of: (detail: Detail) => Won): Won =>
  sumWon(details.map(of))

const unless = (holds: boolean, field: string, expected: string): readonly FieldProblem[] =>
  holds ? [] : [{ field, expected }]

const refundTotals = (details: readonly { readonly refundWon: Won }[]) => ({
  lines: details.length,
  refundWon: total(details, (line) => line.refundWon),
})
const refundProblems = (line: { readonly refundWon: Won }): readonly FieldProblem[] =>
  unless(line.refundWon > 0, 'refundWon', 'above zero')

export const cardFiles: { readonly [Kind in CardFileKind]: CardFile<FileLines[Kind]> } = {
  clearing: cardFile<ClearingLine, ClearingTotals>({
    letters: 'CL',
    writtenBy: 'card company',
    detail: clearingLine,
    trailer: clearingEnd,
    totals(details) {
      const { sale = [], cancellation = [] } = Object.groupBy(details, ({ entry }) => entry)
      return {
        lines: details.length,
        salesCount: sale.length,
        salesWon: total(sale, (line) => line.voucherWon),
        cancellationsCount: cancellation.length,
        cancellationsWon: total(cancellation, (line) => line.voucherWon),
      }
    },
    amountOf: ({ entry, voucherWon }) => (entry === 'sale' ? voucherWon : won(0 - voucherWon)),
    nameOf,
    problems: (line) => [
      ...unless(line.voucherWon > 0, 'voucherWon', 'above zero'),
      ...unless(line.voucherWon <= line.saleWon, 'voucherWon', 'at most saleWon'),
      ...unless(
        (line.entry === 'cancellation') === (line.cardClass === 'cancellation'),
        'cardClass',
        'X where entry is C, A or F where it is S',
      ),
    ],
  }),
  settlement: cardFile<SettlementLine, SettlementTotals>({
    letters: 'SE',
    writtenBy: 'Dure',
    detail: settlementLine,
    trailer: settlementEnd,
    totals: (details) => ({
      lines: details.length,
      netWon: total(details, (line) => line.netWon),
    }),
    amountOf: (line) => line.netWon,
    nameOf: (line) => `${line.issuerCode}/${line.clearedOn}`,
    problems: (line) =>
      unless(
        line.netWon ===
          line.salesWon - line.cancellationsWon + line.conversionsWon + line.earlierWon,
        'netWon',
        'salesWon - cancellationsWon + conversionsWon + earlierWon',
      ),
  }),
  incident: cardFile<IncidentLine, IncidentTotals>({
    letters: 'IN',
    writtenBy: 'card company',
    detail: incidentLine,
    trailer: incidentEnd,
    totals: (details) => ({
      lines: details.length,
      accountWon: total(details, (line) => line.accountWon),
    }),
    amountOf: (line) => line.accountWon,
    nameOf,
    problems: (line) => [
      ...unless(line.accountWon > 0, 'accountWon', 'above zero'),
      ...unless(line.accountWon <= line.saleWon, 'accountWon', 'at most saleWon'),
    ],
  }),
  refund: cardFile<RefundLine, RefundTotals>({
    letters: 'RF',
    writtenBy: 'Dure',
    detail: refundLine,
    trailer: refundEnd,
    totals: refundTotals,
    amountOf: (line) => line.refundWon,
    nameOf,
    problems: refundProblems,
  }),
  refund_result: cardFile<RefundResultLine, RefundTotals>({
    letters: 'RR',
    writtenBy: 'card company',
    detail: refundResultLine,
    trailer: refundEnd,
    totals: refundTotals,
    amountOf: (line) => line.refundWon,
    nameOf,
    problems: refundProblems,
  }),
}
