/** What becomes of a file that the treasury bank gave us, and the problems that all kinds share. */
import { businessDate } from '../base/base.ts'
import type { FileProblem } from '../iso8583/iso8583.ts'
import type { TreasuryFileName } from './files/file-names.ts'
import type { TreasuryRoom } from './treasury-deps.ts'

export type TakenFile =
  /** `known`: the very same file was taken before; nothing came of it. */
  | {
      readonly status: 'taken'
      readonly name: string
      readonly known: boolean
      readonly lines: number
    }
  /** Left where it is: another file has to come first. */
  | { readonly status: 'later'; readonly name: string }
  | {
      readonly status: 'refused'
      readonly name: string
      readonly problems: readonly FileProblem[]
    }

export interface ArrivedFile {
  readonly name: string
  readonly bytes: Uint8Array
  /** What the name says. */
  readonly named: TreasuryFileName
  /** Hex, over the bytes. */
  readonly sha256: string
}

export function refusedFile(name: string, ...problems: readonly FileProblem[]): TakenFile {
  return { status: 'refused', name, problems }
}

interface CommonHeader {
  readonly bankCode: string
  readonly issuerCode: string
  readonly date: string
}

/** The header is this bank's, this issuer's, of a day that has come, and says what the name says. */
export function headerProblems(
  { issuer, bankCode, now }: TreasuryRoom,
  named: TreasuryFileName,
  header: CommonHeader,
): readonly FileProblem[] {
  const right = { bankCode, issuerCode: issuer.code, date: named.date }
  const problems: FileProblem[] = []
  for (const field of ['bankCode', 'issuerCode', 'date'] as const) {
    if (header[field] !== right[field]) problems.push({ line: 1, field, expected: right[field] })
  }
  if (named.date > businessDate(now)) {
    problems.push({ line: 1, field: 'date', expected: 'a day that has come' })
  }
  return problems
}
