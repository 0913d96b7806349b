/**
 * Writes and reads whole files of card companies. Reading is strict and names every bad line: a file is taken as a
 * whole or not at all, because a sum over part of a file is nobody's sum.
 */
import { assert, parseBusinessDate, type BusinessDate } from '../../base/base.ts'
import {
  fileRecords,
  joinRecords,
  readingRecords,
  splitRecords,
  type RecordFileContent,
  type RecordFileReading,
} from '../../iso8583/iso8583.ts'
import { cardFileKinds, type CardFileKind } from '../../registration/registration.ts'
import { cardFiles, type FileLines } from './card-files.ts'
import { RECORD_BYTES, type FileHeader } from './line-layouts.ts'

/** More than 270,000 details; a larger day comes in several files. It is held in memory while it is read. */
export const FILE_BYTES_MAX = 64 * 1024 * 1024

export type FileContent<Kind extends CardFileKind> = RecordFileContent<FileHeader, FileLines[Kind]>
export type FileReading<Kind extends CardFileKind> = RecordFileReading<FileHeader, FileLines[Kind]>

export function writeCardFile<Kind extends CardFileKind>(
  kind: Kind,
  content: FileContent<Kind>,
): Uint8Array {
  const file = cardFiles[kind]
  content.lines.forEach((detail, index) => {
    assert(file.problems(detail).length === 0, `line ${index + 1} holds what it must`)
  })
  return joinRecords(fileRecords(file, content), RECORD_BYTES)
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
  if (bytes.length > FILE_BYTES_MAX) {
    const expected = `at most ${FILE_BYTES_MAX} bytes`
    return { ok: false, problems: [{ line: 0, field: null, expected }] }
  }
  const records = splitRecords(bytes, RECORD_BYTES)
  if ('line' in records) return { ok: false, problems: [records] }
  return yield* readingRecords(cardFiles[kind], records)
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
