/** Lists of recipients: what is right in both encodings, and each thing that is wrong with its line and field. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import { createRecipientReader, RECIPIENT_FILE_BYTES_MAX, RECIPIENTS_MAX } from './corporate.ts'
import type { RecipientReaderOptions } from './recipient-list.ts'

const options: RecipientReaderOptions = { wonMax: won(500_000) }

function read(file: string | Uint8Array, given: Partial<RecipientReaderOptions> = {}) {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  const reader = createRecipientReader({ ...options, ...given })
  for (let from = 0; from < bytes.length; from += 4_096) {
    reader.push(bytes.subarray(from, from + 4_096))
  }
  return reader.end()
}
const problemsOf = (...given: Parameters<typeof read>) =>
  read(...given).problems.map(({ code, line, column }) =>
    [code, line, column].filter((each) => each !== undefined).join(' '),
  )

const HEAD = '휴대전화,금액,문구\n'

test('a right list in either language, with or without words, however spreadsheets write it', () => {
  const list = read(
    `\u{FEFF}${HEAD}010-1234-5678,"50,000원",추석 선물\r\n+82 10 2222 3333,10000,,,\n\n01044445555,1,\n`,
  )
  assert.deepEqual(list.problems, [])
  assert.deepEqual(list.lines, [
    { lineNumber: 2, phone: '01012345678', amountWon: 50_000, memo: '추석 선물' },
    { lineNumber: 3, phone: '01022223333', amountWon: 10_000, memo: null },
    { lineNumber: 5, phone: '01044445555', amountWon: 1, memo: null },
  ])
  assert.equal(list.totalWon, 60_001)
  assert.equal(read('amount,other,Phone\n7,x,010-1234-5678').lines[0]?.amountWon, 7)
})

test('a list in EUC-KR is read as one in UTF-8', () => {
  // 휴대전화,금액,문구 / 010-1234-5678,10000,추석
  const head = [0xc8, 0xde, 0xb4, 0xeb, 0xc0, 0xfc, 0xc8, 0xad, 0x2c, 0xb1, 0xdd, 0xbe, 0xd7, 0x2c]
  const rest = [0xb9, 0xae, 0xb1, 0xb8, 0x0a]
  const line = [...new TextEncoder().encode('010-1234-5678,10000,'), 0xc3, 0xdf, 0xbc, 0xae, 0x0a]
  const list = read(new Uint8Array([...head, ...rest, ...line]))
  assert.deepEqual(list.problems, [])
  assert.equal(list.lines[0]?.memo, '추석')
})

test('everything that is wrong is told, each with its line and field, and nothing is kept', () => {
  const file = [
    '휴대전화,금액,문구',
    '02-123-4567,10000,',
    '010-1234-5678,,',
    '010-1111-2222,-5,',
    '010-1111-2222,500001,',
    '010-3333-4444,10000,900101-1234567',
    '010-5555-6666,10000,a\u200Bb',
    '010-7777-8888,10000',
    '010-7777-8888,10000,"열린',
    '900101-1234567,10000,',
    ',10000,',
  ].join('\n')
  assert.deepEqual(problemsOf(file), [
    'phone_malformed 2 phone',
    'cell_empty 3 amountWon',
    'amount_malformed 4 amountWon',
    'phone_twice 5 phone',
    'amount_above_cap 5 amountWon',
    'resident_number 6 memo',
    'memo_malformed 7 memo',
    'cell_count 8',
    'quote_open 9',
    'resident_number 10 phone',
    'cell_empty 11 phone',
  ])
  const list = read(file)
  assert.deepEqual([list.lines, list.problemCount], [[], 11])
  assert.ok(!JSON.stringify(list.problems).includes('1234567'), 'numbers of persons are masked')
})

test('a header that cannot be used is told once', () => {
  assert.deepEqual(problemsOf('전화번호,이름\n010-1234-5678,김\n'), ['column_missing 1 amountWon'])
  assert.deepEqual(problemsOf('phone,mobile,amount\n1,2,3\n'), ['column_twice 1 phone'])
  assert.deepEqual(problemsOf(new Uint8Array([0xff, 0xfe, 0x41, 0x00])), ['encoding_unknown 1'])
  assert.deepEqual(problemsOf(''), ['list_empty'])
  assert.deepEqual(problemsOf(HEAD), ['list_empty'])
})

test('a line is at most so long, and the amount at most what one person may hold', () => {
  const words = (length: number) => `${HEAD}010-1234-5678,500000,${'가'.repeat(length)}\n`
  assert.deepEqual(problemsOf(words(100)), [])
  assert.deepEqual(problemsOf(words(101)), ['memo_malformed 2 memo'])
  assert.deepEqual(problemsOf(words(2_000)), ['line_too_long 2'])
})

test('so many recipients are one list, and one more is too many', () => {
  const listOf = (count: number) =>
    HEAD + Array.from({ length: count }, (_, at) => `010${10_000_000 + at},10000,\n`).join('')
  assert.equal(read(listOf(RECIPIENTS_MAX)).lines.length, RECIPIENTS_MAX)
  assert.deepEqual(problemsOf(listOf(RECIPIENTS_MAX + 1)), [
    `too_many_recipients ${RECIPIENTS_MAX + 2}`,
  ])
})

test('so many bytes are one file, and one more is too many', () => {
  const listOf = (bytes: number) => {
    const line = '01012345678,10000,\n'
    // Lines of commas say nothing.
    return `phone,amount,memo\n${line}`.padEnd(bytes, `${','.repeat(999)}\n`)
  }
  assert.deepEqual(problemsOf(listOf(RECIPIENT_FILE_BYTES_MAX)), [])
  assert.deepEqual(problemsOf(listOf(RECIPIENT_FILE_BYTES_MAX + 1)), ['list_too_large'])
})
