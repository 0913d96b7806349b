/** The only room that speaks SQL: pools that follow the primary, the ledger, the registry, the migrator. */
export {
  FINDINGS_MAX,
  readIssuerCodes,
  runAudit,
  type AuditOptions,
  type AuditProgress,
  type AuditReport,
} from './audit.ts'
export { createCardFeedReader, type CardFeedReader } from './card-feed-reader.ts'
export {
  readCardBooks,
  type CardBooks,
  type CardConversion,
  type CardLedgerOperation,
} from './card-books.ts'
export { createPostgresOfficerActs } from './officer-acts.ts'
export { createPostgresAccessLog } from './postgres-access-log.ts'
export { createPostgresCardReading, createPostgresReading } from './ledger-reading.ts'
export { ensureRole, migrate, programVersion, type MigrationReport } from './migrator.ts'
export { errorCode, isClassified, postgresFault } from './postgres-fault.ts'
export { createExpiringLots } from './expiring-lots-reader.ts'
export { createPostgresJobBook, type PostgresJobBook } from './postgres-job-book.ts'
export { createPostgresLedger, type LedgerPools } from './postgres-ledger.ts'
export { openPool, type PoolUsage, type PostgresPool, type Sql } from './postgres-pool.ts'
export { createPostgresProgramReading } from './program-reading.ts'
export { createPostgresReporting } from './reporting-store.ts'
export { createPostgresCashback } from './postgres-cashback.ts'
export { createPostgresSettlements } from './postgres-settlements.ts'
export { createPostgresSettlementReading } from './settlement-reading.ts'
export { createPostgresGrantMembers, createPostgresLineStore } from './postgres-line-store.ts'
export { createPostgresRecipientStore } from './postgres-recipient-store.ts'
export { findPrimary, hostUrls } from './primary.ts'
export { createPostgresDocuments } from './postgres-documents.ts'
export {
  createPostgresRegistry,
  type PostgresRegistry,
  type RecordVersion,
} from './postgres-registry.ts'
export { readReceivables } from './receivables.ts'
export { createRecordHistory, type RecordHistory } from './record-history.ts'
export { createRecordFollower, type RecordFollower } from './record-follower.ts'
export { createRetryingLedger, RETRY_DEADLINE_MS, type RetryOptions } from './retrying-ledger.ts'
export { createSealSigner, createSealVerifier } from './seal-keys.ts'
export {
  createSealer,
  SEGMENT_ROWS_MAX,
  type SealAnchors,
  type Sealer,
  type SealerOptions,
  type SealResult,
} from './sealer.ts'
export {
  createStatusReader,
  type CaseFigures,
  type FundDayFigures,
  type RunFigures,
  type SealFigures,
  type StatusReader,
} from './status-reader.ts'
export { createPostgresTreasuryStore } from './treasury-store.ts'
export { readWrittenJournal } from './written-journal.ts'
