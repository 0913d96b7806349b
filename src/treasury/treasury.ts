/** The treasury bank (금고은행): payout files and results, statements, and what its account and our ledger agree on. */
export {
  FILE_BYTES_MAX,
  payoutFormat,
  statementFormat,
  type PayoutFileFormat,
  type StatementFormat,
} from './files/file-formats.ts'
export { formatFileName, readFileName, type TreasuryFileName } from './files/file-names.ts'
export {
  PAID_REASON,
  type BankStatement,
  type PayoutFile,
  type PayoutResult,
} from './files/treasury-files.ts'
