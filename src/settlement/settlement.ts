/**
 * Settlement with merchants (가맹점 정산): what they took by QR until the cut-off is paid out some business days later, less
 * the fee. Pure: rules, the steps of a run, and statements; where it is kept is elsewhere. What was paid by card is the
 * card company's to settle, and no part of this. SPEC.md says what each event does in each state.
 */
export {
  DAYS_CLOSED_MAX,
  daysToClose,
  endOfDay,
  nextSettlementDay,
  programDaysDue,
  settlementDayOf,
  settlementRulesAt,
  type ClosedDay,
  type ProgramDay,
  type SettlementRules,
} from './settlement-calendar.ts'
export { feeBasisPointsOf, feeOn } from './settlement-fee.ts'
export {
  heldReasons,
  carriedAfter,
  NOTHING_CARRIED,
  payoutLines,
  payoutWon,
  settlementOutcomes,
  settleMerchant,
  type Carried,
  type DaySums,
  type HeldReason,
  type MerchantSettlement,
  type Payee,
  type SettlementLine,
  type SettlementOutcome,
  type Standing,
} from './merchant-settlement.ts'
export { payeeOf, type AccountAnswer } from './merchant-knowledge.ts'
export { createMemorySettlements, type MemorySettlements } from './memory-settlements.ts'
export {
  type DueSettlement,
  type FixedSettlement,
  type FoundMerchant,
  type RunTotals,
  type SettlementPosition,
  type SettlementReading,
  type SettlementRecord,
  type SettlementRun,
  type SettlementStore,
} from './settlement-store.ts'
export {
  statementOf,
  statementStates,
  STATEMENT_DAYS_MAX,
  type Statement,
  type StatementRow,
  type StatementState,
} from './statement.ts'
export {
  createSettling,
  MERCHANTS_PAGE,
  payoutKey,
  type MerchantKnowledge,
  type SettlementPreview,
  type Settling,
  type SettlingDeps,
  type SettlingStep,
} from './settling.ts'
