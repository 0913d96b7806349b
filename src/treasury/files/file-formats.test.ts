/** Payout files, results and statements, both formats and both directions; whatever is wrong is named, line by line. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import * as fc from 'fast-check'
import iconv from 'iconv-lite'
import { won, type BusinessDate } from '../../base/base.ts'
import { decodeEucKr, type FileProblem, type PlacedField } from '../../iso8583/iso8583.ts'
import { rowCells } from './csv-records.ts'
import { fileFormatNames, type FileFormatName } from '../../issuing/issuing.ts'
import { FILE_BYTES_MAX, payoutFormat, statementFormat } from './file-formats.ts'
import { RECORD_BYTES } from './file-layouts.ts'
import { formatFileName, readFileName, type TreasuryFileName } from './file-names.ts'
import {
  linesOfOtherDays,
  payoutFile,
  resultFile,
  statementFile,
  type BankStatement,
  type PayoutFile,
  type PayoutResult,
} from './treasury-files.ts'

const DATE = '2026-11-22' as BusinessDate
const MADE_AT = Date.parse('2026-11-23T01:10:05+09:00')
const start = { bankCode: '011', issuerCode: 'gunsan', date: DATE, madeAt: MADE_AT }

const payouts: PayoutFile = {
  header: { ...start, sequence: 1, issuerName: '군산시' },
  lines: [
    {
      payoutId: 'pay_3k9f',
      attempt: 1,
      amountWon: won(1_250_000),
      bankCode: '004',
      accountNumber: '45670201123456',
      holderName: '은파분식',
    },
    {
      payoutId: 'pay_3k9g',
      attempt: 2,
      amountWon: won(9_000),
      bankCode: '011',
      accountNumber: 'acct-person-0007',
      holderName: '김하늘, "바다"',
    },
  ],
}
const result: PayoutResult = {
  header: { ...start, sequence: 1, part: 1 },
  lines: [
    {
      payoutId: 'pay_3k9f',
      attempt: 1,
      amountWon: won(1_250_000),
      result: 'paid',
      reason: '0000',
      doneAt: MADE_AT,
    },
    {
      payoutId: 'pay_3k9g',
      attempt: 2,
      amountWon: won(9_000),
      result: 'returned',
      reason: '0001',
      doneAt: MADE_AT,
    },
  ],
}
const statement: BankStatement = {
  header: { ...start, accountNumber: '3010123456789', openingWon: won(500_000) },
  lines: [
    {
      entryNumber: '20261122-000001',
      bookedAt: Date.parse('2026-11-22T10:00:00+09:00'),
      direction: 'deposit',
      amountWon: won(90_000),
      counterparty: '김하늘',
      reference: '0198b0a2-6c00-7000-8000-000000000001',
    },
    {
      entryNumber: '20261122-000002',
      bookedAt: Date.parse('2026-11-22T23:59:59+09:00'),
      direction: 'withdrawal',
      amountWon: won(1_250),
      counterparty: '은파분식',
      reference: '',
    },
  ],
}

const isTelegram = (format: FileFormatName): boolean => format === 'telegram'
const textOf = (format: FileFormatName, bytes: Uint8Array): string =>
  iconv.decode(Buffer.from(bytes), format === 'csv_utf8' ? 'utf8' : 'euc-kr', { stripBOM: false })
const bytesOf = (format: FileFormatName, text: string): Uint8Array =>
  iconv.encode(text, format === 'csv_utf8' ? 'utf8' : 'euc-kr')

for (const format of fileFormatNames) {
  test(`${format}: what is written is read again, with Korean names`, () => {
    const { write, read, writeResult, readResult } = payoutFormat(format)
    assert.deepEqual(read(write(payouts)), { ok: true, content: payouts })
    assert.deepEqual(readResult(writeResult(result)), { ok: true, content: result })
    const statements = statementFormat(format)
    assert.deepEqual(statements.read(statements.write(statement)), { ok: true, content: statement })
  })

  test(`${format}: files without a line are files`, () => {
    const empty = { header: statement.header, lines: [] }
    const { read, write } = statementFormat(format)
    assert.deepEqual(read(write(empty)), { ok: true, content: empty })
  })

  test(`${format}: any bytes are refused or read, and nothing is thrown`, () => {
    const { writeResult, readResult } = payoutFormat(format)
    const whole = writeResult(result)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(whole.length), (bytes, at) => {
        readResult(bytes)
        statementFormat(format).read(bytes)
        const patched = new Uint8Array(whole)
        patched.set(bytes.subarray(0, whole.length - at), at)
        readResult(patched)
      }),
    )
  })

  test(`${format}: a file that was cut anywhere is refused`, () => {
    const { writeResult, readResult } = payoutFormat(format)
    const whole = writeResult(result)
    for (let length = 0; length < whole.length; length += 1) {
      assert.ok(!readResult(whole.subarray(0, length)).ok, `${length} bytes`)
    }
  })

  const lines = (change: (lines: string[]) => string[]): readonly FileProblem[] => {
    const { writeResult, readResult } = payoutFormat(format)
    const text = textOf(format, writeResult(result))
    const end = isTelegram(format) ? '\n' : '\r\n'
    const changed = change(text.split(end).slice(0, -1)).map((line) => line + end)
    const reading = readResult(bytesOf(format, changed.join('')))
    assert.ok(!reading.ok, 'refused')
    return reading.problems
  }
  const places = (problems: readonly FileProblem[]): string[] =>
    problems.map(({ line, field }) => `${line} ${field}`)
  const number = (digits: string, width: number): string => digits.padStart(width, '0')

  test(`${format}: what is wrong is named by line and field`, () => {
    const table: [string, (lines: string[]) => string[], string[]][] = [
      ['a line twice', ([h, a, b, t]) => [h!, a!, a!, b!, t!], ['3 line', '3 line', '4 line']],
      ['lines in another order', ([h, a, b, t]) => [h!, b!, a!, t!], ['2 line', '3 line']],
      ['a line left out', ([h, a, , t]) => [h!, a!, t!], ['3 lines', '3 returnedCount']],
      [
        'another sum',
        ([h, a, b, t]) => [h!, a!, b!, t!.replace(number('9000', 15), number('9001', 15))],
        ['4 returnedWon'],
      ],
      ['another kind of file', ([h, ...rest]) => [h!.replace('PR', 'PO'), ...rest], ['1 fileCode']],
      ['no such day', ([h, ...rest]) => [h!.replace('20261122', '20261131'), ...rest], ['1 date']],
      [
        'a reason although it was paid',
        ([h, a, ...rest]) => [
          h!,
          a!.replace('P0000', 'P0001').replace('P,0000', 'P,0001'),
          ...rest,
        ],
        ['2 reason'],
      ],
      [
        'words in an amount',
        (all) => all.map((l) => l.replace('1250000', '12500OO')),
        ['2 amountWon'],
      ],
    ]
    for (const [name, change, expected] of table) {
      const found = places(lines(change))
      assert.deepEqual(found.slice(0, expected.length), expected.slice(0, found.length), name)
      assert.ok(found.length > 0, name)
    }
  })
}

test('UTF-8 without its mark, and code page 949, are refused as another charset', () => {
  const { write, read } = payoutFormat('csv_utf8')
  const [problem] = problemsOf(read(write(payouts).subarray(3)))
  assert.equal(problem?.line, 1)
  const euc = payoutFormat('csv_euc_kr')
  const wider = iconv.encode(
    textOf('csv_euc_kr', euc.write(payouts)).replace('군산시', '똠방시'),
    'cp949',
  )
  assert.deepEqual(problemsOf(euc.read(wider)), [
    { line: 1, field: 'record', expected: 'EUC-KR, or UTF-8 with its mark' },
  ])
})

test('a spreadsheet may have taken the zeros before numbers', () => {
  const { write, read } = payoutFormat('csv_utf8')
  const text = textOf('csv_utf8', write(payouts)).replaceAll(/(?<=^[DT].*,)0+(?=\d)/gm, '')
  assert.deepEqual(read(bytesOf('csv_utf8', text)), { ok: true, content: payouts })
})

test('cells are split as RFC 4180 has it', () => {
  assert.deepEqual(rowCells('a,,"b,""c""",'), ['a', '', 'b,"c"', ''])
  for (const row of ['a"b', '"a', '"a"b']) assert.equal(rowCells(row), undefined)
})

test('a file of more bytes than the limit is not looked at', () => {
  const { read } = statementFormat('telegram')
  assert.deepEqual(problemsOf(read(new Uint8Array(FILE_BYTES_MAX + 1))), [
    { line: 0, field: null, expected: `at most ${FILE_BYTES_MAX} bytes` },
  ])
  assert.notDeepEqual(
    problemsOf(read(new Uint8Array(FILE_BYTES_MAX))),
    problemsOf(read(new Uint8Array(FILE_BYTES_MAX + 1))),
  )
})

test('sums that pass what can be counted are wrong, not an error', () => {
  const { write, read } = statementFormat('telegram')
  const huge = won(1_000_000_000_000)
  const lines = Array.from({ length: 900 }, (_, index) => ({
    ...statement.lines[0]!,
    entryNumber: `${index}`,
    amountWon: huge,
  }))
  const written = write({ header: statement.header, lines })
  assert.ok(read(written).ok)
  const text = textOf('telegram', written).split('\n')
  const more = [...text.slice(0, -2), ...Array(9_100).fill(text[1]), text.at(-2), ''].join('\n')
  assert.ok(!read(bytesOf('telegram', more)).ok)
})

test('a statement tells which of its lines are of another day', () => {
  const [first, second] = statement.lines
  const midnight = { ...second!, bookedAt: Date.parse('2026-11-23T00:00:00+09:00') }
  assert.deepEqual(linesOfOtherDays(statement), [])
  assert.deepEqual(linesOfOtherDays({ ...statement, lines: [first!, midnight] }), [3])
})

test('names of files are read as they are written, and nothing else is', () => {
  const names: [TreasuryFileName, FileFormatName, string][] = [
    [
      { kind: 'payout', issuerCode: 'gunsan', date: DATE, sequence: 1, part: 0 },
      'telegram',
      'PO-gunsan-20261122-0001.dat',
    ],
    [
      { kind: 'result', issuerCode: 'jeju-si', date: DATE, sequence: 12, part: 3 },
      'csv_utf8',
      'PR-jeju-si-20261122-0012-03.csv',
    ],
    [
      { kind: 'statement', issuerCode: 'gunsan', date: DATE, sequence: 0, part: 0 },
      'telegram',
      'ST-gunsan-20261122.dat',
    ],
  ]
  for (const [name, format, text] of names) {
    assert.equal(formatFileName(name, format), text)
    assert.deepEqual(readFileName(text), name)
  }
  for (const text of [
    'PO-gunsan-20261122.dat',
    'ST-gunsan-20261122-0001.dat',
    'PR-gunsan-20261122-0001.dat',
    'PO-gunsan-20261131-0001.dat',
    'PO-gunsan-20261122-0001.txt',
    '../PO-gunsan-20261122-0001.dat',
  ]) {
    assert.equal(readFileName(text), undefined, text)
  }
})

function problemsOf(reading: { ok: boolean; problems?: readonly FileProblem[] }) {
  assert.ok(!reading.ok)
  return reading.problems ?? []
}

const page = readFileSync(
  new URL('../../../docs/reference/payout-files.md', import.meta.url),
  'utf8',
)

/** A row of the page's tables. */
function rowOf({ name, label, from, bytes, format, remark }: PlacedField): string {
  return `| ${[`\`${name}\``, label, `${from}–${from + bytes - 1}`, format, remark].join(' | ')} |`
}

test('the page shows the tables of the code, and its samples are files', () => {
  const shown = page.split('\n').filter((line) => line.startsWith('| `'))
  const expected = [payoutFile, resultFile, statementFile].flatMap((file) => [
    ...file.header.fields,
    ...file.detail.fields,
    ...file.trailerFields,
  ])
  assert.deepEqual(shown, expected.map(rowOf))
  assert.ok(page.includes(`**${RECORD_BYTES} bytes**`))
  assert.ok(page.includes(`${FILE_BYTES_MAX / 1024 / 1024} MiB`))
  const samples = [...page.matchAll(/^```csv\n([^`]+)```$/gm)].map(([, text]) =>
    bytesOf('csv_utf8', `\ufeff${text!.replaceAll('\n', '\r\n')}`),
  )
  const { read, readResult, write, writeResult } = payoutFormat('csv_utf8')
  assert.deepEqual(read(samples[0]!), { ok: true, content: payouts })
  assert.deepEqual(readResult(samples[1]!), { ok: true, content: result })
  const statements = statementFormat('csv_utf8')
  assert.deepEqual(statements.read(samples[2]!), { ok: true, content: statement })
  for (const [index, bytes] of [
    write(payouts),
    writeResult(result),
    statements.write(statement),
  ].entries()) {
    assert.deepEqual(Buffer.from(samples[index]!), Buffer.from(bytes))
  }
  const line = payoutFormat('telegram')
    .write(payouts)
    .subarray(RECORD_BYTES + 1)
  const decoded = decodeEucKr(line, 0, RECORD_BYTES)
  assert.ok(decoded.ok && decoded.text.startsWith('D0000001pay_3k9f'))
})
