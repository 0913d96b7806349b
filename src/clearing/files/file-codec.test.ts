/** The files, both directions: what is written is read again, and whatever is wrong is named, line by line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { businessDate, won, type BusinessDate, type Won } from '../../base/base.ts'
import { cardFileKinds, type CardFileKind } from '../../registration/registration.ts'
import {
  formatFileName,
  readCardFile,
  readFileName,
  RECORD_BYTES,
  writeCardFile,
  type ClearingLine,
  type FileLines,
} from '../clearing.ts'
import { cardFiles } from './card-files.ts'
import { PROBLEMS_MAX, type FileProblem } from '../../iso8583/iso8583.ts'

const DATE = '2026-11-22' as BusinessDate
const MADE_AT = Date.parse('2026-11-23T01:10:05+09:00')
const header = {
  partnerCode: 'hanbit',
  partnerName: '한빛카드',
  date: DATE,
  sequence: 1,
  madeAt: MADE_AT,
}

const ascii = (lengthMax: number) => fc.stringMatching(new RegExp(`^[!-~]{1,${lengthMax}}$`))
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
const amount: fc.Arbitrary<Won> = fc.integer({ min: 1, max: 10 ** 11 }).map(won)
const count = fc.nat({ max: 9_999_999 })
const second = fc.integer({ min: 1_000_000, max: 2_000_000_000 }).map((at) => at * 1_000)
const date = second.map(businessDate)
const name = fc.constantFrom('은파분식', '월명동 빵집', 'GS25 군산점', '', '가나다라마바사')
const key = {
  acquirer: ascii(11),
  terminal: ascii(16),
  stan: digits(6),
  localDate: date,
  cardClass: fc.constantFrom('authorization', 'financial'),
} as const
const sale = {
  ...key,
  cardToken: ascii(32),
  merchantNumber: ascii(15),
  merchantName: name,
} as const

const lines = {
  clearing: fc
    .record({
      ...sale,
      entry: fc.constant('sale'),
      saleWon: amount,
      voucherWon: amount,
      approvalCode: ascii(6),
    })
    .map((line) => ({ ...line, saleWon: won(Math.max(line.saleWon, line.voucherWon)) })),
  settlement: fc
    .record({
      issuerCode: ascii(20),
      issuerName: fc.constantFrom('군산시', '소상공인시장진흥공단'),
      clearedOn: date,
      salesCount: count,
      salesWon: amount,
      cancellationsCount: count,
      cancellationsWon: amount,
      conversionsCount: count,
      conversionsWon: amount,
      earlierWon: amount.map((won_) => won(0 - won_)),
      paymentId: ascii(36),
    })
    .map((line) => ({
      ...line,
      netWon: won(line.salesWon - line.cancellationsWon + line.conversionsWon + line.earlierWon),
    })),
  incident: fc
    .record({
      ...sale,
      saleWon: amount,
      accountWon: amount,
      debitedAt: second,
      adviceSent: fc.boolean(),
      givenBack: fc.boolean(),
    })
    .map((line) => ({ ...line, saleWon: won(Math.max(line.saleWon, line.accountWon)) })),
  refund: fc.record({
    ...key,
    cardToken: ascii(32),
    conversionId: ascii(36),
    refundWon: amount,
    voucherWon: amount,
  }),
  refund_result: fc.record({
    ...key,
    cardToken: ascii(32),
    conversionId: ascii(36),
    refundWon: amount,
    result: fc.constantFrom(
      'refunded',
      'given_back_before',
      'account_closed',
      'sale_unknown',
      'refused',
    ),
  }),
} as const

/** @param line gives lines of that kind */
function roundTrip<Kind extends CardFileKind>(
  kind: Kind,
  line: fc.Arbitrary<Omit<FileLines[Kind], 'line'>>,
): void {
  test(`what is written as ${kind} is read as it was`, () => {
    const { nameOf } = cardFiles[kind]
    // A plain object, as one that is read.
    const ofKind = line.map((each) => ({ ...each }) as FileLines[Kind])
    fc.assert(
      fc.property(fc.uniqueArray(ofKind, { maxLength: 20, selector: nameOf }), (given) => {
        const bytes = writeCardFile(kind, { header, lines: given })
        assert.equal(bytes.length, (given.length + 2) * (RECORD_BYTES + 1))
        assert.deepEqual(readCardFile(kind, bytes), { ok: true, content: { header, lines: given } })
      }),
      { numRuns: 50 },
    )
  })
}

for (const kind of cardFileKinds) roundTrip(kind, lines[kind])

const plain: ClearingLine = {
  entry: 'sale',
  acquirer: '0301',
  terminal: 'T0000001',
  stan: '000001',
  localDate: DATE,
  cardClass: 'financial',
  cardToken: 'token0000000001',
  merchantNumber: '900010001300000',
  merchantName: '은파분식',
  saleWon: won(1_000),
  voucherWon: won(900),
  approvalCode: '123456',
}
const three = ['000001', '000002', '000003'].map((stan) => ({ ...plain, stan }))
const fileOf = (details: readonly ClearingLine[] = three): Uint8Array =>
  writeCardFile('clearing', { header, lines: details })

/** The bytes of a field of a record, by the table. */
function placeOf(record: number, field: string): { from: number; bytes: number } {
  const { header, detail, trailerFields } = cardFiles.clearing
  const tables = [header.fields, detail.fields, detail.fields, detail.fields, trailerFields]
  const found = tables[record]!.find((each) => each.name === field)!
  return { from: record * (RECORD_BYTES + 1) + found.from - 1, bytes: found.bytes }
}

function problemsOf(bytes: Uint8Array): readonly FileProblem[] {
  const read = readCardFile('clearing', bytes)
  return read.ok ? [] : read.problems
}

const spoilt = (record: number, field: string, text: string): Uint8Array => {
  const bytes = fileOf()
  const { from, bytes: width } = placeOf(record, field)
  bytes.set(new TextEncoder().encode(text.padEnd(width)).subarray(0, width), from)
  return bytes
}

/** Record, field, what is put there. All records but that one are right. */
const spoils = [
  [0, 'record', 'D'],
  [0, 'fileCode', 'SE'],
  [0, 'version', '02'],
  [0, 'partnerCode', ''],
  [0, 'date', '20261131'],
  [0, 'sequence', '1'],
  [0, 'madeAt', '20261122240000'],
  [1, 'record', 'T'],
  [1, 'line', '0000002'],
  [2, 'entry', 'X'],
  [2, 'acquirer', ' 301'],
  [2, 'terminal', 'T 00001'],
  [2, 'stan', '12a456'],
  [2, 'localDate', '20260230'],
  [2, 'cardClass', 'X'],
  [3, 'cardToken', ''],
  [3, 'saleWon', '-000000001000'],
  [3, 'saleWon', '9999999999999'],
  [3, 'voucherWon', '0000000000000'],
  [3, 'voucherWon', '0000000001001'],
  [3, 'approvalCode', ''],
  [3, 'filler', 'x'],
  [4, 'record', 'D'],
  [4, 'lines', '0000002'],
  [4, 'salesCount', '0000002'],
  [4, 'salesWon', '000000000002701'],
  [4, 'cancellationsWon', '000000000000001'],
] as const

for (const [record, field, text] of spoils) {
  test(`line ${record + 1}, ${field} "${text}" is named, and no other line`, () => {
    const problems = problemsOf(spoilt(record, field, text))
    assert.ok(problems.length > 0)
    for (const problem of problems) assert.equal(problem.line, record + 1)
    const named = problems.map((problem) => problem.field)
    assert.ok(named.includes(field), named.join(', '))
    assert.ok(problems.every(({ expected }) => expected !== ''))
  })
}

test('every bad line is named, not only the first', () => {
  const bytes = spoilt(1, 'stan', 'x')
  bytes.set(spoilt(3, 'localDate', 'x').subarray(3 * (RECORD_BYTES + 1)), 3 * (RECORD_BYTES + 1))
  assert.deepEqual(
    problemsOf(bytes).map(({ line, field }) => [line, field]),
    [
      [2, 'stan'],
      [4, 'localDate'],
    ],
  )
})

test('of a wholly wrong file a named number of problems is told, and how many more there are', () => {
  const bytes = fileOf(
    Array.from({ length: PROBLEMS_MAX + 5 }, (_, index) => ({
      ...plain,
      stan: String(index).padStart(6, '0'),
    })),
  )
  const { from } = placeOf(1, 'entry')
  for (let index = 0; index < PROBLEMS_MAX + 5; index += 1) {
    bytes[from + index * (RECORD_BYTES + 1)] = 0x3f
  }
  const problems = problemsOf(bytes)
  assert.equal(problems.length, PROBLEMS_MAX + 1)
  assert.match(problems.at(-1)!.expected, /5 more/)
})

test('text in another encoding is named: UTF-8, code page 949, a lead byte alone', () => {
  const { from, bytes: width } = placeOf(1, 'merchantName')
  const others = [
    new TextEncoder().encode('은파분식'),
    Uint8Array.of(0x94, 0xee), // 뷁, which code page 949 has and EUC-KR has not.
    Uint8Array.of(0xb0),
    Uint8Array.of(0x09),
  ]
  for (const other of others) {
    const bytes = fileOf()
    bytes.fill(0x20, from, from + width)
    bytes.set(other, from)
    assert.deepEqual(
      problemsOf(bytes).map(({ line, field }) => [line, field]),
      [[2, 'merchantName']],
    )
  }
})

test('what EUC-KR cannot say becomes a question mark, and what is too long is cut between characters', () => {
  const long = { ...plain, merchantName: '뷁1가나다라마바사아자차카타파하' }
  const read = readCardFile('clearing', fileOf([long]))
  assert.ok(read.ok)
  assert.equal(read.content.lines[0]?.merchantName, '?1가나다라마바사아자차카타파하'.slice(0, 16))
})

test('a file that was cut anywhere is refused', () => {
  const whole = fileOf()
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(readCardFile('clearing', whole.subarray(0, length)).ok, false, `${length} bytes`)
  }
})

test('one byte more, one less, or a carriage return shifts nothing: the line is named', () => {
  const whole = fileOf()
  const at = 2 * (RECORD_BYTES + 1) + 100
  const without = Uint8Array.from([...whole.subarray(0, at), ...whole.subarray(at + 1)])
  const within = Uint8Array.from([...whole.subarray(0, at), 0x30, ...whole.subarray(at)])
  const fromOtherHost = Uint8Array.from(
    [...whole].flatMap((byte) => (byte === 0x0a ? [0x0d, 0x0a] : [byte])),
  )
  for (const bytes of [without, within]) {
    assert.deepEqual(
      problemsOf(bytes).map(({ line, field }) => [line, field]),
      [[3, 'record']],
    )
  }
  const problems = problemsOf(fromOtherHost)
  assert.deepEqual(
    problems.map(({ line }) => line),
    [1, 2, 3, 4, 5],
  )
  assert.match(problems[0]!.expected, /no carriage return/)
})

test('a key that stands twice is named with the line that had it first', () => {
  const bytes = fileOf([...three, plain])
  assert.deepEqual(problemsOf(bytes), [
    { line: 5, field: 'line', expected: 'not what line 2 tells already' },
  ])
})

test('flipped bits never go unseen in what counts, and reading never throws', () => {
  const whole = fileOf()
  const counted = new Set(
    [
      placeOf(0, 'partnerName'),
      placeOf(1, 'merchantName'),
      placeOf(2, 'merchantName'),
      placeOf(3, 'merchantName'),
    ].flatMap(({ from, bytes }) => Array.from({ length: bytes }, (_, index) => from + index)),
  )
  fc.assert(
    fc.property(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 7 }), (at, bit) => {
      const bytes = whole.slice()
      bytes[at]! ^= 1 << bit
      const read = readCardFile('clearing', bytes)
      if (!read.ok || counted.has(at)) return
      // Another text in a key or a date is another file, not a broken one; amounts and counts are held by the trailer.
      const sums = read.content.lines.map(({ voucherWon }) => voucherWon)
      assert.deepEqual(sums, [900, 900, 900])
    }),
    { numRuns: 2_000 },
  )
})

test('names of files are read as they are written, and nothing else is', () => {
  const file = { kind: 'refund_result', partnerCode: 'narae', date: DATE, sequence: 12 } as const
  assert.equal(formatFileName(file), 'RR-narae-20261122-0012.dat')
  assert.deepEqual(readFileName('RR-narae-20261122-0012.dat'), file)
  const others = [
    '',
    '.RR-narae-20261122-0012.dat',
    'RR-narae-20261322-0012.dat',
    'XX-narae-20261122-0012.dat',
    'RR-narae-20261122-0012.dat.part',
    'RR-../a-20261122-0012.dat',
    'RR-narae-20261122-12.dat',
  ]
  for (const other of others) assert.equal(readFileName(other), undefined, other)
})
