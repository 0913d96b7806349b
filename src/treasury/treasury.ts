/** The treasury bank (금고은행): payout files and results, statements, and what its account and our ledger agree on. */
export {
  FILE_BYTES_MAX,
  payoutFormat,
  statementFormat,
  type PayoutFileFormat,
  type StatementFormat,
} from './files/file-formats.ts'
export { coverageOf, owedAccounts, type Coverage, type CoverageRules } from './coverage.ts'
export { createTreasury, type PayoutCommand, type Treasury } from './create-treasury.ts'
export {
  expectedPayments,
  expectPayment,
  type ExpectedPayment,
  type PaymentExpectation,
} from './expected-payments.ts'
export { type RetryTurn } from './outcomes.ts'
export { type GivenFile } from './payout-run.ts'
export { type ReconciliationStep } from './reconciliation.ts'
export { returnReasons, type ReturnReason } from './return-reasons.ts'
export { type TakenFile } from './taken-file.ts'
export { type TreasuryDeps } from './treasury-deps.ts'
export { formatFileName, readFileName, type TreasuryFileName } from './files/file-names.ts'
export {
  PAID_REASON,
  type BankStatement,
  type PayoutFile,
  type PayoutResult,
} from './files/treasury-files.ts'
export { createMemoryTreasuryStore, type JournalOperation } from './memory-treasury-store.ts'
export {
  fileStates,
  outcomeStates,
  type AccountBalance,
  type BankEntry,
  type DayResult,
  type EntryDecision,
  type EntryFacts,
  type FileContent,
  type FileFacts,
  type OpenItem,
  type OpenSum,
  type Outcome,
  type OutcomeFacts,
  type StatementFacts,
  type StoredFile,
  type TreasuryStore,
} from './treasury-store.ts'
