/**
 * The same records as rows of CSV: one row for each record, its fields as cells. A row is turned into the record that
 * the layout tells, and then read as strictly as any. UTF-8 begins with its byte order mark; what does not is EUC-KR.
 */
import { assert } from '../../base/base.ts'
import {
  decodeEucKr,
  encodeEucKr,
  type FieldProblem,
  type FileProblem,
  type PlacedField,
  type RecordFile,
  type SplitRecord,
} from '../../iso8583/iso8583.ts'

export type CsvCharset = 'utf8' | 'euc_kr'

const BOM = Uint8Array.of(0xef, 0xbb, 0xbf)
const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20
const ZERO = 0x30
const encoder = new TextEncoder()

interface FieldsOfFile {
  readonly header: readonly PlacedField[]
  readonly detail: readonly PlacedField[]
  readonly trailer: readonly PlacedField[]
}

export function fieldsOfFile<Header, Detail>(file: RecordFile<Header, Detail>): FieldsOfFile {
  return {
    header: cellFields(file.header.fields),
    detail: cellFields(file.detail.fields),
    trailer: cellFields(file.trailerFields),
  }
}

const cellFields = (fields: readonly PlacedField[]): readonly PlacedField[] =>
  fields.filter(({ name }) => name !== 'filler')

/** @param records as `fileRecords` gives them: header, details, trailer */
export function joinRows(
  records: readonly Uint8Array[],
  fields: FieldsOfFile,
  charset: CsvCharset,
): Uint8Array {
  const rows = records.map((record, index) =>
    fieldsAt(fields, index, records.length)
      .map((field) => cellText(record, field))
      .join(','),
  )
  const text = rows.map((row) => `${row}\r\n`).join('')
  if (charset === 'utf8') return joined(BOM, encoder.encode(text))
  // Row by row, because a line end is no character of a record.
  const parts = rows.map((row) => {
    const bytes = encodeEucKr(row)
    assert(bytes !== undefined, 'what stood in a record can be written in EUC-KR')
    return joined(bytes, Uint8Array.of(CARRIAGE_RETURN, LINE_FEED))
  })
  return joined(...parts)
}

/** The rows of a file as records of that length; one problem where the file as a whole is none. */
export function splitRows(
  bytes: Uint8Array,
  fields: FieldsOfFile,
  recordBytes: number,
): readonly SplitRecord[] | FileProblem {
  const isUtf8 = BOM.every((byte, index) => bytes[index] === byte)
  const lines = splitLines(isUtf8 ? bytes.subarray(BOM.length) : bytes)
  if (lines.length < 2) {
    return { line: 0, field: null, expected: 'a header row and a trailer row, each ended' }
  }
  if (bytes.at(-1) !== LINE_FEED) {
    return { line: lines.length, field: null, expected: 'a line end: the file was cut short' }
  }
  return lines.map((line, index) => {
    const text = isUtf8 ? utf8Text(line) : eucKrText(line)
    if (text === undefined) {
      return [{ field: 'record', expected: isUtf8 ? 'UTF-8' : 'EUC-KR, or UTF-8 with its mark' }]
    }
    return rowRecord(text, fieldsAt(fields, index, lines.length), recordBytes)
  })
}

function fieldsAt(
  fields: FieldsOfFile,
  index: number,
  count: number,
): FieldsOfFile[keyof FieldsOfFile] {
  if (index === 0) return fields.header
  return index === count - 1 ? fields.trailer : fields.detail
}

function cellText(record: Uint8Array, { from, bytes }: PlacedField): string {
  const decoded = decodeEucKr(record, from - 1, from - 1 + bytes)
  assert(decoded.ok, 'what was written into a record can be read')
  const text = decoded.text.trimEnd()
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function rowRecord(row: string, fields: readonly PlacedField[], recordBytes: number): SplitRecord {
  const cells = rowCells(row)
  if (cells === undefined || cells.length !== fields.length) {
    return [
      { field: 'record', expected: `${fields.length} cells, not ${cells?.length ?? 'those'}` },
    ]
  }
  const record = new Uint8Array(recordBytes).fill(SPACE)
  const problems: FieldProblem[] = []
  fields.forEach(({ name, from, bytes, format }, index) => {
    const cell = encodeEucKr(cells[index]!)
    if (cell === undefined || cell.length > bytes) {
      problems.push({ field: name, expected: `${format} in EUC-KR’s characters` })
      return
    }
    // A spreadsheet may have taken the zeros before a number.
    const isNumber = format.startsWith('9') && cell.length > 0
    record.fill(isNumber ? ZERO : SPACE, from - 1, from - 1 + bytes)
    record.set(cell, from - 1 + (isNumber ? bytes - cell.length : 0))
  })
  return problems.length > 0 ? problems : record
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y

/** `undefined` where a quote is not closed or stands in the middle of a cell. */
export function rowCells(row: string): readonly string[] | undefined {
  const cells: string[] = []
  CELL.lastIndex = 0
  for (;;) {
    const found = CELL.exec(row)
    if (found === null) return undefined
    const [, quoted, plain, separator] = found
    cells.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'))
    if (separator === '') return cells
  }
}

/** Without their ends, LF or CR LF; what follows the last end is a line too. */
function splitLines(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = []
  let from = 0
  while (from < bytes.length) {
    const end = bytes.indexOf(LINE_FEED, from)
    const to = end === -1 ? bytes.length : end
    lines.push(bytes.subarray(from, to > from && bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to))
    from = to + 1
  }
  return lines
}

function eucKrText(line: Uint8Array): string | undefined {
  const decoded = decodeEucKr(line, 0, line.length)
  return decoded.ok ? decoded.text : undefined
}

function utf8Text(line: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line)
  } catch (error) {
    if (error instanceof TypeError) return undefined
    throw error
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
