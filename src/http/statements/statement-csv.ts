/**
 * A statement as CSV. With a byte order mark, without which the spreadsheets of shops and city halls take UTF-8 for
 * another code and show no Korean; amounts are plain integers, so that they can be added up.
 */
import { stringify } from 'csv-stringify/sync'
import type { Statement, StatementRow } from '../../settlement/settlement.ts'
import { maskedAccount, stateText } from './statement-words.ts'

const columns: readonly (readonly [string, (row: StatementRow) => string | number])[] = [
  ['정산일', (row) => row.settlementDay],
  ['결제건수', (row) => row.payments],
  ['결제금액', (row) => row.paymentsWon],
  ['취소건수', (row) => row.cancellations],
  ['취소금액', (row) => row.cancellationsWon],
  ['수수료', (row) => row.feeWon],
  ['이월금액', (row) => row.carriedWon],
  ['지급액', (row) => row.payoutWon],
  ['지급일', (row) => row.payoutOn ?? ''],
  ['상태', stateText],
]

export function statementCsv({ rows, totals, account }: Statement): string {
  const { payments, paymentsWon, cancellations, cancellationsWon, feeWon, payoutWon } = totals
  const lines = rows.map((row) => columns.map(([, read]) => read(row)))
  const sums = [
    '합계',
    payments,
    paymentsWon,
    cancellations,
    cancellationsWon,
    feeWon,
    '',
    payoutWon,
    '',
    account === undefined ? '' : maskedAccount(account),
  ]
  const head = columns.map(([title]) => title)
  return stringify([head, ...lines, sums], { bom: true, record_delimiter: 'windows' })
}
