/**
 * Writes and reads whole files. Reading is strict and names every bad line: a file is taken as a whole or not at all,
 * because a sum over part of a file is nobody's sum.
 */
import { assert, parseBusinessDate, type BusinessDate } from '../../base/base.ts'
import { cardFileKinds, type CardFileKind } from '../../registration/registration.ts'
import { cardFiles, type FileLines } from './card-files.ts'
import { RECORD_BYTES, type FileHeader } from './line-layouts.ts'
import type { FieldProblem } from './record-layout.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
/** More than 270,000 details; a larger day comes in several files. It is held in memory while it is read. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024
/** Of so many problems each is named; a file with more is not mended line by line. */
export const PROBLEMS_MAX = 1_000
/** After so many records the reader lets others have their turn. */
export const RECORDS_A_STEP = 200

export interface FileContent<Kind extends CardFileKind> {
  readonly header: FileHeader
  readonly lines: readonly FileLines[Kind][]
}

/** What is wrong, never with the value itself: it may be somebody's card. */
export interface FileProblem {
  /** From 1, the header; 0 where the file as a whole is meant. */
  readonly line: number
  readonly field: string | null
  readonly expected: string
}

export type FileReading<Kind extends CardFileKind> =
  | { readonly ok: true; readonly content: FileContent<Kind> }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

export function writeCardFile<Kind extends CardFileKind>(
  kind: Kind,
  { header, lines }: FileContent<Kind>,
): Uint8Array {
  const file = cardFiles[kind]
  const bytes = new Uint8Array((lines.length + 2) * (RECORD_BYTES + 1)).fill(LINE_FEED)
  bytes.set(file.header.write(header), 0)
  lines.forEach((detail, index) => {
    assert(file.problems(detail).length === 0, `line ${index + 1} holds what it must`)
    bytes.set(file.detail.write({ ...detail, line: index + 1 }), (index + 1) * (RECORD_BYTES + 1))
  })
  bytes.set(file.writeTrailer(lines), (lines.length + 1) * (RECORD_BYTES + 1))
  return bytes
}

export function readCardFile<Kind extends CardFileKind>(
  kind: Kind,
  bytes: Uint8Array,
): FileReading<Kind> {
  const steps = readingCardFile(kind, bytes)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** The same with a pause after every few hundred records, for whoever has others to serve meanwhile. */
export function* readingCardFile<Kind extends CardFileKind>(
  kind: Kind,
  bytes: Uint8Array,
): Generator<void, FileReading<Kind>> {
  if (bytes.length > FILE_BYTES_MAX) return refused(0, `at most ${FILE_BYTES_MAX} bytes`)
  const records = splitRecords(bytes)
  if (records.length < 2) return refused(0, 'a header and a trailer, each ended by a line feed')
  if (bytes.at(-1) !== LINE_FEED) {
    return refused(records.length, 'a line feed at the end: the file was cut short')
  }
  const problems = createProblems()
  const header = readHeader(kind, records[0]!, problems)
  const lines: FileLines[Kind][] = []
  const names = new Map<string, number>()
  for (let index = 1; index < records.length - 1; index += 1) {
    if (index % RECORDS_A_STEP === 0) yield
    const detail = readDetail(kind, { record: records[index]!, number: index, names }, problems)
    if (detail !== undefined) lines.push(detail)
  }
  const number = records.length
  const misfit = lengthProblems(records.at(-1)!)
  problems.add(number, misfit)
  // Over lines that could not be read the sums would only be wrong a second time.
  if (problems.isEmpty()) {
    problems.add(number, cardFiles[kind].trailerProblems(records.at(-1)!, lines))
  }
  if (header === undefined || !problems.isEmpty()) return { ok: false, problems: problems.list() }
  return { ok: true, content: { header, lines } }
}

function refused<Kind extends CardFileKind>(line: number, expected: string): FileReading<Kind> {
  return { ok: false, problems: [{ line, field: null, expected }] }
}

/** Without their line feeds. No byte of a Korean character is one. */
function splitRecords(bytes: Uint8Array): readonly Uint8Array[] {
  const records: Uint8Array[] = []
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, from)
    const to = end === -1 ? bytes.length : end
    records.push(bytes.subarray(from, to))
    from = to + 1
  }
  return records
}

function lengthProblems(record: Uint8Array): readonly FieldProblem[] {
  if (record.length === RECORD_BYTES) return []
  const expected = `${RECORD_BYTES} bytes and a line feed, not ${record.length}`
  const isFromOtherHost = record.at(-1) === CARRIAGE_RETURN
  return [
    { field: 'record', expected: isFromOtherHost ? `${expected}; no carriage return` : expected },
  ]
}

function readHeader(
  kind: CardFileKind,
  record: Uint8Array,
  problems: Problems,
): FileHeader | undefined {
  const misfit = lengthProblems(record)
  problems.add(1, misfit)
  if (misfit.length > 0) return undefined
  const read = cardFiles[kind].header.read(record)
  if (read.ok) return read.content
  problems.add(1, read.problems)
  return undefined
}

function readDetail<Kind extends CardFileKind>(
  kind: Kind,
  at: { record: Uint8Array; number: number; names: Map<string, number> },
  problems: Problems,
): FileLines[Kind] | undefined {
  const { record, number, names } = at
  const file = cardFiles[kind]
  const misfit = lengthProblems(record)
  problems.add(number + 1, misfit)
  if (misfit.length > 0) return undefined
  const read = file.detail.read(record)
  if (!read.ok) {
    problems.add(number + 1, read.problems)
    return undefined
  }
  const { line, ...rest } = read.content
  // The content of a detail record is its number and the line.
  const detail = rest as unknown as FileLines[Kind]
  if (line !== number) problems.add(number + 1, [{ field: 'line', expected: `${number}` }])
  problems.add(number + 1, file.problems(detail))
  const name = file.nameOf(detail)
  const before = names.get(name)
  if (before !== undefined) {
    problems.add(number + 1, [{ field: 'line', expected: `not what line ${before} tells already` }])
  }
  names.set(name, number + 1)
  return detail
}

interface Problems {
  add(line: number, found: readonly FieldProblem[]): void
  isEmpty(): boolean
  list(): readonly FileProblem[]
}

function createProblems(): Problems {
  const named: FileProblem[] = []
  let unnamed = 0
  return {
    add(line, found) {
      for (const problem of found) {
        if (named.length < PROBLEMS_MAX) named.push({ line, ...problem })
        else unnamed += 1
      }
    },
    isEmpty: () => named.length === 0,
    list() {
      if (unnamed === 0) return named
      const expected = `fewer problems: ${unnamed} more were found and are not named`
      return [...named, { line: 0, field: null, expected }]
    },
  }
}

const FILE_NAME = /^(CL|SE|IN|RF|RR)-([a-z0-9]{1,12})-(\d{8})-(\d{4})\.dat$/

export interface FileName {
  readonly kind: CardFileKind
  readonly partnerCode: string
  readonly date: BusinessDate
  readonly sequence: number
}

/** `CL-hanbit-20261122-0001.dat` */
export function formatFileName({ kind, partnerCode, date, sequence }: FileName): string {
  const [day, number] = [date.replaceAll('-', ''), String(sequence).padStart(4, '0')]
  return `${cardFiles[kind].letters}-${partnerCode}-${day}-${number}.dat`
}

/** `undefined` for a name that `formatFileName` would not give, such as that of a file still being written. */
export function readFileName(name: string): FileName | undefined {
  const [, letters, partnerCode, day, sequence] = FILE_NAME.exec(name) ?? []
  const kind = cardFileKinds.find((each) => cardFiles[each].letters === letters)
  const date = parseBusinessDate(`${day?.slice(0, 4)}-${day?.slice(4, 6)}-${day?.slice(6)}`)
  if (kind === undefined || partnerCode === undefined || date === undefined) return undefined
  return { kind, partnerCode, date, sequence: Number(sequence) }
}
