/**
 * How a bank wants its files: fixed-width telegram files in EUC-KR, or CSV. Each format writes and reads both sides,
 * so that a bank can be simulated; which one a treasury bank takes is the issuer's data.
 */
import {
  fileRecords,
  joinRecords,
  readingRecords,
  splitRecords,
  type RecordFile,
  type RecordFileContent,
  type RecordFileReading,
} from '../../iso8583/iso8583.ts'
import type { FileFormatName } from '../../issuing/issuing.ts'
import { fieldsOfFile, joinRows, splitRows, type CsvCharset } from './csv-records.ts'
import {
  RECORD_BYTES,
  type ResultHeader,
  type ResultLine,
  type StatementHeader,
  type StatementLine,
} from './file-layouts.ts'
import {
  payoutFile,
  resultFile,
  statementFile,
  type BankStatement,
  type PayoutFile,
  type PayoutResult,
} from './treasury-files.ts'

/** Some 100,000 entries of a day's statement; a larger file is refused unread. */
export const FILE_BYTES_MAX = 32 * 1024 * 1024

export interface PayoutFileFormat {
  write(file: PayoutFile): Uint8Array
  readResult(bytes: Uint8Array): RecordFileReading<ResultHeader, ResultLine>
  /** The bank's side. */
  read(bytes: Uint8Array): RecordFileReading<PayoutFile['header'], PayoutFile['lines'][number]>
  writeResult(result: PayoutResult): Uint8Array
}

export interface StatementFormat {
  read(bytes: Uint8Array): RecordFileReading<StatementHeader, StatementLine>
  /** The bank's side. */
  write(statement: BankStatement): Uint8Array
}

/** Between records and the bytes of a file. */
interface RecordFormat {
  write<Header, Detail>(
    file: RecordFile<Header, Detail>,
    content: RecordFileContent<Header, Detail>,
  ): Uint8Array
  read<Header, Detail>(
    file: RecordFile<Header, Detail>,
    bytes: Uint8Array,
  ): RecordFileReading<Header, Detail>
}

const telegram: RecordFormat = {
  write: (file, content) => joinRecords(fileRecords(file, content), RECORD_BYTES),
  read(file, bytes) {
    if (bytes.length > FILE_BYTES_MAX) return tooLarge
    const records = splitRecords(bytes, RECORD_BYTES)
    return 'line' in records ? refused(records) : lastOf(readingRecords(file, records))
  },
}

function csv(charset: CsvCharset): RecordFormat {
  return {
    write: (file, content) => joinRows(fileRecords(file, content), fieldsOfFile(file), charset),
    read(file, bytes) {
      if (bytes.length > FILE_BYTES_MAX) return tooLarge
      const records = splitRows(bytes, fieldsOfFile(file), RECORD_BYTES)
      return 'line' in records ? refused(records) : lastOf(readingRecords(file, records))
    },
  }
}

const formats: Readonly<Record<FileFormatName, RecordFormat>> = {
  telegram,
  csv_utf8: csv('utf8'),
  csv_euc_kr: csv('euc_kr'),
}

export function payoutFormat(name: FileFormatName): PayoutFileFormat {
  const { write, read } = formats[name]
  return {
    write: (file) => write(payoutFile, file),
    readResult: (bytes) => read(resultFile, bytes),
    read: (bytes) => read(payoutFile, bytes),
    writeResult: (result) => write(resultFile, result),
  }
}

export function statementFormat(name: FileFormatName): StatementFormat {
  const { write, read } = formats[name]
  return {
    read: (bytes) => read(statementFile, bytes),
    write: (statement) => write(statementFile, statement),
  }
}

type Refusal = Extract<RecordFileReading<never, never>, { readonly ok: false }>
const refused = (problem: Refusal['problems'][number]): Refusal => ({
  ok: false,
  problems: [problem],
})
const tooLarge = refused({ line: 0, field: null, expected: `at most ${FILE_BYTES_MAX} bytes` })

function lastOf<Last>(steps: Generator<void, Last>): Last {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
