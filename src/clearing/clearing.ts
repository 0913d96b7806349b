/** Clearing (매입), settlement of the voucher share, and retro-conversion (사후전환): what follows a card payment. */
export { cardFiles, lineKey, type CardFile, type FileLines } from './files/card-files.ts'
export {
  FILE_BYTES_MAX,
  formatFileName,
  readCardFile,
  readFileName,
  writeCardFile,
  type FileContent,
  type FileName,
  type FileReading,
} from './files/file-codec.ts'
export {
  RECORD_BYTES,
  type ClearingLine,
  type FileHeader,
  type IncidentLine,
  type RefundLine,
  type RefundResultLine,
  type SettlementLine,
} from './files/line-layouts.ts'
export {
  clearingRules,
  type ClearingDeps,
  type ClearingFiles,
  type ClearingRules,
  type SaleHistory,
} from './clearing-deps.ts'
export {
  conversionActions,
  conversionTable,
  daysRulings,
  reasonOf,
  saleStates,
  type ConversionAction,
  type DaysRuling,
  type SaleState,
} from './conversion-decision.ts'
export {
  conversionReport,
  conversionReportCsv,
  type ConversionFigures,
  type ConversionReport,
  type ReportedConversion,
  type ReportPeriod,
} from './conversion-report.ts'
export { type ConversionTurn } from './conversions.ts'
export { createClearing, type Clearing, type MatchedDate } from './create-clearing.ts'
export { type IncomingFile, type IncomingKind, type TakenFile } from './incoming-file.ts'
export { type GivenFile } from './outgoing-file.ts'
