/**
 * Files of fixed-length records: a header, details and a trailer that counts them. Reading is strict and names every
 * bad line: a file is taken as a whole or not at all, because a sum over part of a file is nobody's sum.
 */
import type { FieldProblem, PlacedField, RecordLayout } from './record-layout.ts'

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
/** Of so many problems each is named; a file with more is not mended line by line. */
export const PROBLEMS_MAX = 1_000
/** After so many records the reader lets others have their turn. */
export const RECORDS_A_STEP = 200

/** One kind of file: its records, what its trailer counts, and what a line must hold besides its own fields. */
export interface RecordFile<Header, Detail> {
  readonly header: RecordLayout<Header>
  readonly detail: RecordLayout<Detail & { readonly line: number }>
  readonly trailerFields: readonly PlacedField[]
  writeTrailer(content: RecordFileContent<Header, Detail>): Uint8Array
  /** None where the trailer says what the details come to. */
  trailerProblems(
    bytes: Uint8Array,
    content: RecordFileContent<Header, Detail>,
  ): readonly FieldProblem[]
  /** Two lines of one name are one too many. */
  nameOf(detail: Detail): string
  /** What is wrong with a line although each of its fields is well written. */
  problems(detail: Detail): readonly FieldProblem[]
}

export interface RecordFileContent<Header, Detail> {
  readonly header: Header
  readonly lines: readonly Detail[]
}

/** What is wrong, never with the value itself: it may be somebody's card or account. */
export interface FileProblem {
  /** From 1, the header; 0 where the file as a whole is meant. */
  readonly line: number
  readonly field: string | null
  readonly expected: string
}

export type RecordFileReading<Header, Detail> =
  | { readonly ok: true; readonly content: RecordFileContent<Header, Detail> }
  | { readonly ok: false; readonly problems: readonly FileProblem[] }

/** A record of the length that its layout has, or why there is none. */
export type SplitRecord = Uint8Array | readonly FieldProblem[]

/** @param parts `trailer` and `totals` become the trailer's two functions; the rest stays as it is */
export function recordFile<Header, Detail, Totals extends object, Rest extends object>(
  parts: Omit<RecordFile<Header, Detail>, 'trailerFields' | 'writeTrailer' | 'trailerProblems'> & {
    readonly trailer: RecordLayout<Totals>
    totals(details: readonly Detail[], header: Header): Totals
  } & Rest,
): RecordFile<Header, Detail> & Omit<Rest, 'trailer' | 'totals'> {
  const { trailer, totals, ...file } = parts
  return {
    ...file,
    trailerFields: trailer.fields,
    writeTrailer: ({ header, lines }) => trailer.write(totals(lines, header)),
    trailerProblems(bytes, { header, lines }) {
      const read = trailer.read(bytes)
      if (!read.ok) return read.problems
      const right = new Map<string, unknown>(Object.entries(totals(lines, header)))
      return Object.entries(read.content)
        .filter(([field, value]) => right.get(field) !== value)
        .map(([field]) => ({
          field,
          expected: `${String(right.get(field))}, as the records come to`,
        }))
    },
  }
}

/** Header, details and trailer as records, in the order of the file. */
export function fileRecords<Header, Detail>(
  file: RecordFile<Header, Detail>,
  content: RecordFileContent<Header, Detail>,
): readonly Uint8Array[] {
  return [
    file.header.write(content.header),
    ...content.lines.map((detail, index) => file.detail.write({ ...detail, line: index + 1 })),
    file.writeTrailer(content),
  ]
}

/** Each record ended by one line feed, the last one too. */
export function joinRecords(records: readonly Uint8Array[], recordBytes: number): Uint8Array {
  const bytes = new Uint8Array(records.length * (recordBytes + 1)).fill(LINE_FEED)
  records.forEach((record, index) => bytes.set(record, index * (recordBytes + 1)))
  return bytes
}

/** The records of a file as `joinRecords` writes it; one problem where it was cut short. */
export function splitRecords(
  bytes: Uint8Array,
  recordBytes: number,
): readonly SplitRecord[] | FileProblem {
  const records: SplitRecord[] = []
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, from)
    const to = end === -1 ? bytes.length : end
    const record = bytes.subarray(from, to)
    records.push(record.length === recordBytes ? record : lengthProblems(record, recordBytes))
    from = to + 1
  }
  if (records.length < 2) return { line: 0, field: null, expected: BARE_FILE }
  if (bytes.at(-1) === LINE_FEED) return records
  const expected = 'a line feed at the end: the file was cut short'
  return { line: records.length, field: null, expected }
}

const BARE_FILE = 'a header and a trailer, each ended by a line feed'

function lengthProblems(record: Uint8Array, recordBytes: number): readonly FieldProblem[] {
  const expected = `${recordBytes} bytes and a line feed, not ${record.length}`
  const isFromOtherHost = record.at(-1) === CARRIAGE_RETURN
  return [
    { field: 'record', expected: isFromOtherHost ? `${expected}; no carriage return` : expected },
  ]
}

/** Pauses after every few hundred records, for whoever has others to serve meanwhile. */
export function* readingRecords<Header, Detail>(
  file: RecordFile<Header, Detail>,
  records: readonly SplitRecord[],
): Generator<void, RecordFileReading<Header, Detail>> {
  const problems = createProblems()
  const header = readRecord(file.header, { record: records[0]!, line: 1 }, problems)
  const lines: Detail[] = []
  const names = new Map<string, number>()
  for (let index = 1; index < records.length - 1; index += 1) {
    if (index % RECORDS_A_STEP === 0) yield
    const detail = readDetail(file, { record: records[index]!, number: index, names }, problems)
    if (detail !== undefined) lines.push(detail)
  }
  const last = records.at(-1)!
  if (!(last instanceof Uint8Array)) problems.add(records.length, last)
  // Over lines that could not be read the sums would only be wrong a second time.
  else if (header !== undefined && problems.isEmpty()) {
    problems.add(records.length, file.trailerProblems(last, { header, lines }))
  }
  if (header === undefined || !problems.isEmpty()) return { ok: false, problems: problems.list() }
  return { ok: true, content: { header, lines } }
}

function readRecord<Content>(
  layout: RecordLayout<Content>,
  { record, line }: { readonly record: SplitRecord; readonly line: number },
  problems: Problems,
): Content | undefined {
  const read = record instanceof Uint8Array ? layout.read(record) : { ok: false, problems: record }
  if (read.ok && 'content' in read) return read.content
  if ('problems' in read) problems.add(line, read.problems)
  return undefined
}

function readDetail<Header, Detail>(
  file: RecordFile<Header, Detail>,
  at: { record: SplitRecord; number: number; names: Map<string, number> },
  problems: Problems,
): Detail | undefined {
  const { record, number, names } = at
  const read = readRecord(file.detail, { record, line: number + 1 }, problems)
  if (read === undefined) return undefined
  const { line, ...rest } = read
  // The content of a detail record is its number and the line.
  const detail = rest as unknown as Detail
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
