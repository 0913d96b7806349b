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
export { LINE_WON_MAX, plainPhone, type EligibleLine, type Identity } from './eligibility-cells.ts'
export {
  createEligibilityReader,
  FILE_BYTES_MAX,
  LINES_MAX,
  type EligibilityReader,
  type ReadFile,
  type StatedSums,
} from './eligibility-reader.ts'
export { LINE_BYTES_MAX } from './eligibility-text.ts'
export {
  fileProblemCodes,
  PROBLEMS_SHOWN_MAX,
  type FileProblem,
  type FileProblemCode,
} from './file-problem.ts'
