/**
 * Granting stipends (정책수당): an office's list of persons is read, matched with members, released by two officers and
 * granted in sets; who was left out may appeal, and what is left at the end goes back to the funders.
 */
export {
  columnNames,
  eligibilityColumns,
  issuerLineNames,
  trailerNames,
  type EligibilityColumn,
} from './eligibility-columns.ts'
export {
  amountIn,
  hasResidentNumber,
  LINE_WON_MAX,
  plainPhone,
  readPhone,
  shown,
  type EligibleLine,
  type Identity,
} from './eligibility-cells.ts'
export {
  createEligibilityReader,
  FILE_BYTES_MAX,
  LINES_MAX,
  type EligibilityReader,
  type ReadFile,
  type StatedSums,
} from './eligibility-reader.ts'
export {
  createLineDecoder,
  LINE_BYTES_MAX,
  type LineDecoder,
  type TextLine,
} from './eligibility-text.ts'
export { cellsOf, withoutEmptyTail } from './line-cells.ts'
export { placesOf } from './eligibility-columns.ts'
export {
  fileProblemCodes,
  PROBLEMS_SHOWN_MAX,
  type FileProblem,
  type FileProblemCode,
} from './file-problem.ts'
export {
  APPEAL_WORDS_LENGTH_MAX,
  APPEALS_PER_BATCH_MAX,
  type Appeal,
  type AppealDecision,
  type AppealOpening,
  type AppealVerdict,
} from './appeals.ts'
export {
  batchEvents,
  batchTable,
  officerEvents,
  type BatchEvent,
  type OfficerEvent,
} from './batch-machine.ts'
export {
  type BatchDecision,
  type FileTaken,
  type FileTaking,
  type StipendBatch,
} from './batches.ts'
export { createFunderPots } from './funder-pots.ts'
export { grantId, GRANT_SET_SIZE } from './grants.ts'
export { lineSums, type GrantingStep } from './dry-run.ts'
export { LOOK_EVERY_MS, UPLOAD_LIFE_MS } from './upkeep.ts'
export {
  type FunderPots,
  type GrantingDeps,
  type GrantMember,
  type GrantMembers,
  type StreamHash,
} from './granting-ports.ts'
export {
  grantingRefusals,
  type Granted,
  type GrantingRefusal,
  type GrantingRefused,
} from './granting-refusal.ts'
export {
  LINE_SET_MAX,
  lineReasons,
  lineStates,
  type LineGroup,
  type LineReason,
  type LineResult,
  type LineState,
  type LineStore,
  type Recipient,
  type Round,
  type StoredLine,
} from './line-store.ts'
export { createMemoryLineStore } from './memory-line-store.ts'
export { createMemoryGrantMembers } from './memory-grant-members.ts'
export {
  createGranting,
  type Granting,
  type LinePage,
  type MemberStipends,
} from './create-granting.ts'
export { type Clawback, type ClawbackTarget } from './clawback-decisions.ts'
export {
  CLAWBACK_LAG_MS,
  CLAWBACK_SET_SIZE,
  isClawedBack,
  type ClawedBackSet,
} from './clawbacks.ts'
