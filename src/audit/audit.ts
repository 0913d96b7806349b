/**
 * The audit's front door: the rules that the books must keep, as plain functions over neutral books, used by
 * simulations, drills and the nightly audit alike. Pure: who reads the rows is elsewhere.
 */
export {
  type BookLot,
  type BookDestination,
  type BookOperation,
  type BookPayout,
  type BookPayoutFile,
  type BookPayoutStep,
  type BookPurchase,
  type BookSale,
  type BookTransfer,
  type Complaint,
  type Finding,
  type IssuerBooks,
  type WalletBook,
} from './books.ts'
export {
  checkBooks,
  issuerCheckers,
  walletCheckers,
  type IssuerAuditOptions,
} from './issuer-audit.ts'
export { type IssuerTotals } from './issuer-check.ts'
export { accountName, type JournalAccount } from './journal-account.ts'
export { csvFormat } from './journal-csv.ts'
export { hledgerFormat } from './journal-hledger.ts'
export {
  journalText,
  type Journal,
  type JournalBalance,
  type JournalCounts,
  type JournalFormat,
  type JournalOperation,
  type JournalScope,
  type JournalTransfer,
} from './journal-text.ts'
export { BOOKING_SLACK_MS } from './lot-check.ts'
export { booksOfSnapshot } from './snapshot-books.ts'
export { groupByWallet, type WalletStreams } from './wallet-grouping.ts'
