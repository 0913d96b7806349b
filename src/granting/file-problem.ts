/** What may be wrong with an eligibility file. A door has words for each; personal data stands here masked only. */
import type { EligibilityColumn } from './eligibility-columns.ts'

export const fileProblemCodes = [
  'file_empty',
  'file_too_large',
  'encoding_unknown',
  'issuer_differs',
  'column_missing',
  'column_twice',
  'no_lines',
  'too_many_lines',
  'nul_byte',
  'undecodable',
  'line_too_long',
  'line_cut_off',
  'quote_open',
  'quote_misplaced',
  'cell_count',
  'cell_empty',
  'reference_malformed',
  'name_malformed',
  'birth_date_malformed',
  'phone_malformed',
  'amount_malformed',
  'member_id_malformed',
  'resident_number',
  'reference_twice',
  'person_twice',
  'trailer_malformed',
  'line_after_trailer',
  'count_differs',
  'total_differs',
] as const
export type FileProblemCode = (typeof fileProblemCodes)[number]

export interface FileProblem {
  readonly code: FileProblemCode
  /** 1 is the first line of the file; absent where it is about the file as a whole. */
  readonly line?: number
  /** Of `undecodable` and `nul_byte`: the place in the line in bytes, 1 for the first. */
  readonly byteColumn?: number
  readonly column?: EligibilityColumn
  /** What stands there, masked where it may be somebody's. */
  readonly found?: string
  /** What would be right, where it is one certain text or number. */
  readonly wanted?: string
  /** Of `…_twice`: the line that had it first. */
  readonly firstLine?: number
}

/** Problems told one by one; those after them are counted. */
export const PROBLEMS_SHOWN_MAX = 1_000

/** Collects all, keeps the first. */
export class FileProblems {
  readonly shown: FileProblem[] = []
  count = 0

  add(problem: FileProblem): void {
    this.count += 1
    if (this.shown.length < PROBLEMS_SHOWN_MAX) this.shown.push(problem)
  }
}
