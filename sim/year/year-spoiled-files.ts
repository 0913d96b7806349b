/** A bank's telegram file with one thing wrong: records of three hundred bytes, each ended by a line feed. */
import type { YearFile } from './year-bank.ts'
import type { BankSlip } from './year-events.ts'

const RECORD_BYTES = 301
/** Of the header: which bank it is. */
const BANK_AT = 5
const OTHER_BANK = '011'
/** Of the trailer: the last digit of the first sum of won. */
const SUM_AT = 29
/** Somewhere in what a detail record says. */
const TEXT_AT = 20
const CUT_BYTES = 100

export function spoiledFile(
  { name, bytes }: YearFile,
  slip: Exclude<BankSlip, 'file_twice'>,
): YearFile {
  const records = recordsOf(bytes)
  const first = records[1]!
  const last = records.at(-1)!
  switch (slip) {
    case 'encoding':
      first[TEXT_AT] = 0xff
      break
    case 'truncated':
      records[records.length - 1] = last.subarray(0, -CUT_BYTES)
      break
    case 'line_twice':
      records.splice(1, 0, first)
      break
    case 'wrong_total':
      last[SUM_AT] = last[SUM_AT] === 0x39 ? 0x30 : last[SUM_AT]! + 1
      break
    default:
      Buffer.from(OTHER_BANK).copy(records[0]!, BANK_AT)
  }
  return { name, bytes: Buffer.concat(records) }
}

function recordsOf(bytes: Uint8Array): Buffer[] {
  const records: Buffer[] = []
  for (let from = 0; from < bytes.length; from += RECORD_BYTES) {
    records.push(Buffer.from(bytes.slice(from, from + RECORD_BYTES)))
  }
  return records
}
