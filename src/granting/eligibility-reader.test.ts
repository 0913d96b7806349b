/** A file is taken whole or told line by line what is wrong with it, and what is told betrays nobody. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { formatId, id } from '../base/base.ts'
import { encodeEucKr } from '../iso8583/iso8583.ts'
import { columnNames, eligibilityColumns } from './eligibility-columns.ts'
import {
  createEligibilityReader,
  FILE_BYTES_MAX,
  LINES_MAX,
  type EligibilityReaderOptions,
  type ReadFile,
  type StatedSums,
} from './eligibility-reader.ts'
import type { EligibleLine } from './eligibility-cells.ts'
import { badUtf8, LINE_BYTES_MAX } from './eligibility-text.ts'
import { fileProblemCodes, PROBLEMS_SHOWN_MAX, type FileProblem } from './file-problem.ts'

const HEADER = '대상자번호,성명,생년월일,휴대전화,지급액'
const GOOD = 'A-1,김하늘,1990-05-05,010-1234-5678,150000'
const encoder = new TextEncoder()

function read(
  content: string | Uint8Array,
  options: Partial<EligibilityReaderOptions> & { stated?: StatedSums; pieces?: number } = {},
): { lines: EligibleLine[]; file: ReadFile } {
  const { stated, pieces, ...rest } = options
  const bytes = typeof content === 'string' ? encoder.encode(content) : content
  const reader = createEligibilityReader({ issuerCode: 'gunsan', ...rest })
  const size = pieces ?? Math.max(1, bytes.length)
  const lines: EligibleLine[] = []
  for (let at = 0; at < bytes.length; at += size)
    lines.push(...reader.push(bytes.slice(at, at + size)))
  const end = reader.end(stated)
  return { lines: [...lines, ...end.lines], file: end.file }
}

const told = (content: string | Uint8Array, options = {}): FileProblem[] => [
  ...read(content, options).file.problems,
]
const under = (...lines: string[]): string => [HEADER, ...lines, ''].join('\n')

const wanted: EligibleLine = {
  lineNumber: 2,
  reference: 'A-1',
  amountWon: 150_000 as EligibleLine['amountWon'],
  person: { name: '김하늘', birthDate: '1990-05-05' as never, phone: '01012345678' },
}

const takenFiles: Readonly<Record<string, string | Uint8Array>> = {
  'UTF-8': `${HEADER}\n${GOOD}\n`,
  'UTF-8 with a byte order mark': `\u{FEFF}${HEADER}\n${GOOD}\n`,
  'EUC-KR': Buffer.concat(
    [HEADER, GOOD, ''].flatMap((line) => [encodeEucKr(line)!, encoder.encode('\n')]),
  ),
  'line ends of Windows': `${HEADER}\r\n${GOOD}\r\n`,
  'no line feed at the end': `${HEADER}\n${GOOD}`,
  'English names in another order':
    'Amount,Phone,Name,"Birth Date",Reference Number,Remark\n' +
    '"150,000",+82-10-1234-5678,김하늘,19900505,A-1,이사함\n',
  'every cell in quotes': `"${HEADER.replaceAll(',', '","')}"\n"A-1"," 김하늘 ","1990.05.05","01012345678","150000원"\n`,
  'commas behind the last cell': `${HEADER},,\n${GOOD},,,,\n,,,\n\n`,
  'decomposed Hangul': `${HEADER}\n${GOOD.normalize('NFD')}\n`,
}

for (const [name, content] of Object.entries(takenFiles)) {
  test(`taken as it is: ${name}`, () => {
    for (const pieces of [undefined, 1, 7]) {
      const { lines, file } = read(content, pieces === undefined ? {} : { pieces })
      assert.deepEqual(file.problems, [])
      assert.deepEqual(lines, [wanted])
      assert.deepEqual([file.lines, file.totalWon], [1, 150_000])
    }
  })
}

test('a member may be named by the number instead, and then nothing personal is kept', () => {
  const member = formatId('mbr', id('mbr', 77))
  const { lines, file } = read(
    `reference,name,phone,member id,amount\nA-1,김하늘,010,${member},1\n`,
  )
  assert.deepEqual(file.problems, [])
  assert.deepEqual(lines[0]?.person, 77)
})

test('issuer line before the header, and total line after the last person', () => {
  const content = ['발행기관,gunsan', HEADER, GOOD, '합계,1건,"150,000원"', ''].join('\n')
  assert.deepEqual(told(content), [])
  assert.deepEqual(told(content.replace('gunsan', 'iksan')), [
    { code: 'issuer_differs', line: 1, found: 'iksan', wanted: 'gunsan' },
  ])
  assert.deepEqual(told(`${content}${GOOD.replace('A-1', 'A-2')}\n합계,1,1\n`), [
    { code: 'line_after_trailer', line: 5 },
    { code: 'line_after_trailer', line: 6 },
    { code: 'count_differs', line: 4, found: '2', wanted: '1' },
  ])
  assert.deepEqual(told(under(GOOD, '합계,하나,만원')), [{ code: 'trailer_malformed', line: 3 }])
})

test('count and total that the uploader states hold beside those of the total line', () => {
  const content = under(GOOD, '합계,2,300000')
  assert.deepEqual(told(content, { stated: { lines: 3, totalWon: 150_000 } }), [
    { code: 'count_differs', line: 3, found: '1', wanted: '2' },
    { code: 'total_differs', line: 3, found: '150000', wanted: '300000' },
    { code: 'count_differs', found: '1', wanted: '3' },
  ])
  assert.deepEqual(told(under(GOOD), { stated: { lines: 1, totalWon: 150_000 } }), [])
})

const brokenLines: readonly (readonly [string, Partial<FileProblem>])[] = [
  ['A-1,김하늘,1990-05-05,010-1234-5678', { code: 'cell_count', found: '4', wanted: '5' }],
  [`${GOOD},more`, { code: 'cell_count', found: '6', wanted: '5' }],
  ['A-1,"김하늘,1990-05-05,010-1234-5678,1', { code: 'quote_open' }],
  ['A-1,김"하"늘,1990-05-05,010-1234-5678,1', { code: 'quote_misplaced' }],
  [',김하늘,1990-05-05,010-1234-5678,1', { code: 'cell_empty', column: 'reference' }],
  ['A-1,,1990-05-05,010-1234-5678,1', { code: 'cell_empty', column: 'name' }],
  ['A 1,김하늘,1990-05-05,010-1234-5678,1', { code: 'reference_malformed', found: 'A 1' }],
  ['A-1,12,1990-05-05,010-1234-5678,1', { code: 'name_malformed', found: '1*' }],
  ['A-1,김하늘,1990-02-30,010-1234-5678,1', { code: 'birth_date_malformed', found: '19**-**-**' }],
  ['A-1,김하늘,900505,010-1234-5678,1', { code: 'birth_date_malformed', found: '90****' }],
  ['A-1,김하늘,1990-05-05,1012345678,1', { code: 'phone_malformed', found: '10********' }],
  ['A-1,김하늘,1990-05-05,063-123-4567,1', { code: 'phone_malformed', found: '06*-***-****' }],
  ['A-1,김하늘,1990-05-05,010-1234-5678,0', { code: 'amount_malformed', found: '0' }],
  ['A-1,김하늘,1990-05-05,010-1234-5678,-5', { code: 'amount_malformed', found: '-5' }],
  ['A-1,김하늘,1990-05-05,010-1234-5678,1.5', { code: 'amount_malformed', found: '1.5' }],
  ['A-1,김하늘,1990-05-05,010-1234-5678,100000001', { code: 'amount_malformed' }],
  [
    'A-1,김하늘,1990-05-05,01012345678,01012345678',
    { code: 'amount_malformed', found: '01*********' },
  ],
  ['A-1,김하늘,900505-1234567,01012345678,1', { code: 'resident_number', column: 'birthDate' }],
  [
    '9005051234567,김하늘,1990-05-05,01012345678,1',
    { code: 'resident_number', column: 'reference' },
  ],
]

for (const [line, problem] of brokenLines) {
  test(`told: ${line}`, () => {
    const { lines, file } = read(under(line, GOOD.replace('A-1', 'B-9').replace('5678', '9999')))
    assert.equal(lines.length, 1, 'the line below is read all the same')
    assert.deepEqual(
      { ...file.problems[0], ...problem, line: 2 },
      { ...file.problems[0] },
      JSON.stringify(file.problems),
    )
    assert.equal(file.problemCount, 1)
  })
}

test('an amount at each end of what may be granted is taken', () => {
  for (const amount of ['1', '100000000', '"100,000,000"']) {
    assert.deepEqual(told(under(GOOD.replace('150000', amount))), [])
  }
})

test('a reference twice and a person twice name the line that came first', () => {
  assert.deepEqual(told(under(GOOD, GOOD.replace('5678', '9999'), GOOD.replace('A-1', 'A-2'))), [
    { code: 'reference_twice', line: 3, column: 'reference', found: 'A-1', firstLine: 2 },
    { code: 'person_twice', line: 4, firstLine: 2 },
  ])
})

test('columns that are missing or there twice; then nothing below is judged', () => {
  assert.deepEqual(told('성명,이름,지급액\n김하늘,김하늘,1\n'), [
    { code: 'column_twice', line: 1, column: 'name' },
    { code: 'column_missing', line: 1, column: 'reference' },
    { code: 'column_missing', line: 1, column: 'birthDate' },
    { code: 'column_missing', line: 1, column: 'phone' },
  ])
})

test('nothing at all, a header alone, and white space', () => {
  assert.deepEqual(told(''), [{ code: 'file_empty' }])
  assert.deepEqual(told(`${HEADER}\n`), [{ code: 'no_lines' }])
  assert.deepEqual(told('\n \n'), [{ code: 'no_lines' }])
})

test('a file that was cut off in its last line', () => {
  for (const cut of ['A-2,이바다,1985-01-', 'A-2,"이바']) {
    assert.deepEqual(told(`${HEADER}\n${GOOD}\n${cut}`)[0]?.code, 'line_cut_off')
  }
  // Cut inside the amount, a line looks whole: the total line or what the uploader states shows it.
  const short = `${HEADER}\n${GOOD.slice(0, -2)}`
  assert.deepEqual(
    told(short, { stated: { lines: 1, totalWon: 150_000 } })[0]?.code,
    'total_differs',
  )
})

test('bytes that are no text are told with their place', () => {
  const bytes = (...parts: (string | number[])[]): Uint8Array =>
    Buffer.concat(
      parts.map((part) =>
        typeof part === 'string' ? encoder.encode(part) : Uint8Array.from(part),
      ),
    )
  assert.deepEqual(told(bytes(`${HEADER}\nA-1,`, [0xff], `,1990-05-05,01012345678,1\n`)), [
    { code: 'undecodable', line: 2, byteColumn: 5, found: 'FF', wanted: 'UTF-8' },
  ])
  const korean = [...encodeEucKr(`${HEADER}\n`.trim())!, 0x0a]
  // 똠 is of the wider code page that spreadsheets use, and not of EUC-KR.
  assert.deepEqual(told(bytes(korean, 'A-1,', [0x8c, 0x63], ',1990-05-05,01012345678,1\n')), [
    { code: 'undecodable', line: 2, byteColumn: 5, found: '8C', wanted: 'EUC-KR' },
  ])
  assert.deepEqual(told(bytes(korean, 'A-1,김하늘,1990-05-05,01012345678,1\n'))[0], {
    code: 'undecodable',
    line: 2,
    byteColumn: 1,
    found: '41',
    wanted: 'EUC-KR',
  })
  assert.deepEqual(told(under('A-1,김\0하늘,1990-05-05,01012345678,1')), [
    { code: 'nul_byte', line: 2, byteColumn: 8 },
  ])
  assert.deepEqual(told(Buffer.from(`\u{FEFF}${HEADER}\n${GOOD}\n`, 'utf16le')), [
    { code: 'encoding_unknown', line: 1, found: 'UTF-16', wanted: 'UTF-8, EUC-KR' },
  ])
})

test('limits at their edges: bytes of a line, lines, bytes of a file', () => {
  const padded = (bytes: number): string => `${'x'.repeat(bytes - 1)}\n`.slice(0, bytes)
  assert.equal(told(`${HEADER}\n${padded(LINE_BYTES_MAX)}\n`)[0]?.code, 'cell_count')
  assert.equal(told(`${HEADER}\n${padded(LINE_BYTES_MAX + 3)}`)[0]?.code, 'line_too_long')
  const two = under(GOOD, GOOD.replace('A-1', 'A-2').replace('5678', '9999'))
  assert.deepEqual(told(two, { linesMax: 2 }), [])
  assert.deepEqual(told(two, { linesMax: 1 }), [{ code: 'too_many_lines', line: 3, wanted: '1' }])
  const size = encoder.encode(two).length
  assert.deepEqual(told(two, { bytesMax: size, pieces: 10 }), [])
  assert.deepEqual(told(two, { bytesMax: size - 1, pieces: 10 }), [
    { code: 'file_too_large', wanted: String(size - 1) },
  ])
})

test('problems above what is shown are counted', () => {
  const lines = Array.from({ length: PROBLEMS_SHOWN_MAX + 1 }, () => 'x')
  const { file } = read(under(...lines))
  assert.equal(file.problems.length, PROBLEMS_SHOWN_MAX)
  assert.equal(file.problemCount, PROBLEMS_SHOWN_MAX + 1)
})

test('any bytes: nothing is thrown, a problem names a line there is, and no piece of text decides', () => {
  const pieces = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom(HEADER, GOOD, '\n', '\r\n', '"', ',', '합계,1,150000', '발행기관,iksan', '\0')
      .map((text) => encoder.encode(text)),
    fc.constantFrom(HEADER, '김하늘').map((text) => encodeEucKr(text)!),
  )
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }),
      fc.integer({ min: 1, max: 50 }),
      (parts, size) => {
        const content = Buffer.concat(parts)
        const whole = read(content)
        const lines = content.toString('latin1').split('\n').length
        for (const problem of whole.file.problems) {
          assert.ok(fileProblemCodes.includes(problem.code))
          assert.ok(problem.line === undefined || (problem.line >= 1 && problem.line <= lines))
        }
        if (whole.file.problemCount === 0) assert.equal(whole.lines.length, whole.file.lines)
        assert.deepEqual(read(content, { pieces: size }), whole)
      },
    ),
    { numRuns: 400 },
  )
})

test('where UTF-8 ends is found as the platform finds it', () => {
  const strict = new TextDecoder('utf-8', { fatal: true })
  const accepts = (bytes: Uint8Array): boolean => {
    try {
      strict.decode(bytes)
      return true
    } catch {
      return false
    }
  }
  const parts = fc.oneof(
    fc.uint8Array({ maxLength: 6 }),
    fc.string({ unit: 'grapheme' }).map((text) => encoder.encode(text)),
  )
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 4 }), (all) => {
      const bytes = Uint8Array.from(Buffer.concat(all))
      const at = badUtf8(bytes)
      assert.equal(at === undefined, accepts(bytes))
      if (at !== undefined) assert.ok(accepts(bytes.slice(0, at)))
    }),
    { numRuns: 500 },
  )
})

test('what is told of a broken line shows neither name, telephone nor birth date', () => {
  const { file } = read(
    under(
      'A-1,김하늘김하늘!,1990-05-05,010-1234-567,1',
      '01012345678 x,김하늘,19900505 x,010-1234-5678x,1990-05-05',
    ),
  )
  const text = JSON.stringify(file.problems)
  assert.ok(file.problemCount > 3)
  assert.doesNotMatch(text, /하늘|1234|1990-05|0505|5678/)
})

test('every column has names in both languages, and no two columns share one', () => {
  const all = eligibilityColumns.flatMap((column) => columnNames[column])
  assert.equal(new Set(all).size, all.length)
  for (const column of eligibilityColumns) {
    assert.ok(columnNames[column].some((name) => /\p{Script=Hangul}/u.test(name)))
    assert.ok(columnNames[column].some((name) => /^[a-z]+$/.test(name)))
  }
})

test('the largest file there may be is read in bounded memory, piece by piece', () => {
  const reader = createEligibilityReader({ issuerCode: 'gunsan' })
  let bytes = 0
  let lines = 0
  let most = 0
  const push = (text: string): void => {
    const piece = encoder.encode(text)
    bytes += piece.length
    lines += reader.push(piece).length
  }
  push(`${HEADER}\n`)
  const before = process.memoryUsage().heapUsed
  for (let number = 1; number <= LINES_MAX; number += 1) {
    const phone = `010-${String(number).padStart(8, '0')}`
    push(`R${number},홍길동${number},1980-01-01,${phone},"100,000"\n`)
    if (number % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before)
  }
  const { file } = reader.end({ lines: LINES_MAX, totalWon: LINES_MAX * 100_000 })
  assert.deepEqual(file.problems, [])
  assert.equal(lines, LINES_MAX)
  assert.ok(bytes < FILE_BYTES_MAX)
  assert.ok(most < 120_000_000, `${most} bytes`)
})
