/**
 * The journal as comma-separated values (RFC 4180): a line for each side of each transfer, and for each balance.
 * Everything that we write is ASCII, so no program has to guess how it is encoded.
 */
import { accountName, idText } from './journal-account.ts'
import {
  momentOf,
  type BalancePage,
  type JournalFormat,
  type JournalOperation,
} from './journal-text.ts'

/** The first line. `docs/operating/books.md` says what each is. */
export const csvColumns = [
  'part',
  'date',
  'time',
  'operation_id',
  'kind',
  'line',
  'account',
  'debit_won',
  'credit_won',
  'wallet_id',
  'merchant_id',
  'partner_id',
  'target_id',
] as const

type Row = Partial<Record<(typeof csvColumns)[number], string>>

export const csvFormat: JournalFormat = {
  head: () => csvLine(csvColumns),
  balances: ({ part, date, balances }: BalancePage) =>
    rowsText(
      balances.map(({ account, balanceWon }) => ({
        part,
        date,
        account: accountName(account),
        ...amountCells(balanceWon),
      })),
    ),
  operation,
  end: () => '',
}

function operation(moved: JournalOperation): string {
  const { operationId, kind, bookedAt, transfers } = moved
  const { walletId, merchantId, partnerId, targetId } = moved
  const concerned: Row = {
    part: 'transfer',
    ...momentOf(bookedAt),
    operation_id: operationId,
    kind,
    wallet_id: walletId === undefined ? '' : idText('wlt', walletId),
    merchant_id: merchantId === undefined ? '' : idText('mrc', merchantId),
    partner_id: partnerId === undefined ? '' : idText('prt', partnerId),
    target_id: targetId ?? '',
  }
  return rowsText(
    transfers.flatMap(({ line, debit, credit, amountWon }) => [
      {
        ...concerned,
        line: String(line),
        account: accountName(debit),
        ...amountCells(amountWon),
      },
      {
        ...concerned,
        line: String(line),
        account: accountName(credit),
        ...amountCells(-amountWon),
      },
    ]),
  )
}

/** A bookkeeper's two columns: neither is ever negative, and one of them is empty. */
function amountCells(won: bigint): Row {
  return won < 0n ? { credit_won: String(-won) } : { debit_won: String(won) }
}

function rowsText(rows: readonly Row[]): string {
  return rows.map((row) => csvLine(csvColumns.map((column) => row[column] ?? ''))).join('')
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

/**
 * A spreadsheet takes a cell that begins so for a formula, which may fetch an address or start a program. The
 * apostrophe makes it a text. Amounts never begin so, see `amountCells`.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/

/** One cell as RFC 4180 writes it. */
export function csvCell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
