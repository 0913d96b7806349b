import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { DAY_MS, parseBusinessDate } from '../base/base.ts'
import { accountKinds, operationKinds } from '../ledger/ledger.ts'
import { addUpCsv, addUpHledger, readCsv } from './fixtures/added-up.ts'
import { accountClasses, accountName, type JournalAccount } from './journal-account.ts'
import { csvCell, csvColumns, csvFormat } from './journal-csv.ts'
import { hledgerFormat } from './journal-hledger.ts'
import {
  journalText,
  momentOf,
  type Journal,
  type JournalBalance,
  type JournalFormat,
  type JournalOperation,
} from './journal-text.ts'

const DAY_AT = Date.UTC(2026, 10, 22, 3)

/** Everything in memory. `balances` stands for the ledger's own word, which no test takes from the text. */
function journalOf(given: {
  operations: readonly JournalOperation[]
  openings?: readonly JournalBalance[]
  closings?: readonly JournalBalance[]
  scope?: Partial<Pick<Journal, 'issuerCode' | 'from' | 'to'>>
  pageRows?: number
}): Journal {
  const { operations, openings = [], closings = [], scope, pageRows = 2 } = given
  async function* pages<Item>(items: readonly Item[]) {
    for (let at = 0; at < items.length; at += pageRows) yield items.slice(at, at + pageRows)
  }
  return {
    issuerCode: 'gunsan',
    from: undefined,
    to: undefined,
    ...scope,
    openings: () => pages(openings),
    operations: () => pages(operations),
    closings: () => pages(closings),
  }
}

async function textOf(journal: Journal, format: JournalFormat): Promise<string> {
  let text = ''
  for await (const lines of journalText(journal, format)) text += lines
  return text
}

const account = (kind: JournalAccount['kind'], id: number, walletId?: number): JournalAccount => ({
  kind,
  id: BigInt(id),
  walletId: walletId === undefined ? undefined : BigInt(walletId),
})

const payment: JournalOperation = {
  operationId: '00000000-0000-7000-8000-000000000001',
  kind: 'payment',
  bookedAt: DAY_AT + 1_234,
  walletId: 11n,
  merchantId: 31n,
  partnerId: undefined,
  targetId: undefined,
  transfers: [
    {
      line: 1,
      debit: account('lot', 61, 11),
      credit: account('merchant_payable', 31),
      amountWon: 7_000n,
    },
  ],
}

test('a payment reads in hledger as a bookkeeper would write it', async () => {
  const text = await textOf(journalOf({ operations: [payment] }), hledgerFormat)
  assert.ok(
    text.endsWith(`
2026-11-22 * (00000000-0000-7000-8000-000000000001) payment
    ; time:12:00:01.234, wallet:wlt_b, merchant:mrc_z
    liabilities:wallets:wlt_b:lot_1x                              7000 KRW  ; line:1
    liabilities:merchants:mrc_z                                  -7000 KRW

; The end: 1 operations, 1 transfers, 0 accounts.
`),
    text,
  )
})

test('a payment is two lines of CSV, one for each side', async () => {
  const text = await textOf(journalOf({ operations: [payment] }), csvFormat)
  const moment = '2026-11-22,12:00:01.234,00000000-0000-7000-8000-000000000001,payment,1'
  assert.equal(
    text,
    [
      csvColumns.join(','),
      `transfer,${moment},liabilities:wallets:wlt_b:lot_1x,7000,,wlt_b,mrc_z,,`,
      `transfer,${moment},liabilities:merchants:mrc_z,,7000,wlt_b,mrc_z,,`,
      '',
    ].join('\r\n'),
  )
})

test('what stood there before is one transaction, and what the ledger keeps is asserted last', async () => {
  const [fund, lot] = [account('operating_fund', 0), account('lot', 61, 11)]
  const openings = [
    { account: fund, balanceWon: 9_000n },
    { account: account('subsidy_receivable', 1), balanceWon: 1_000n },
    { account: lot, balanceWon: -10_000n },
  ]
  const closings = [...openings.slice(0, 2), { account: lot, balanceWon: -3_000n }]
  const scope = { from: parseBusinessDate('2026-11-20'), to: parseBusinessDate('2026-11-30') }
  const journal = journalOf({ operations: [payment], openings, closings, scope })
  const text = await textOf(journal, hledgerFormat)
  assert.equal(text.match(/^2026-11-20 \* opening balances/gm)?.length, 1)
  assert.match(text, /^account liabilities:wallets:wlt_b:lot_1x$/m)
  assert.match(
    text,
    /^2026-11-30 \* closing .*\n {4}liabilities:wallets:wlt_b:lot_1x +0 KRW = -3000 KRW$/m,
  )
  assert.match(text, /^; The end: 1 operations, 1 transfers, 3 accounts\.\n$/m)
  const csv = await textOf(journal, csvFormat)
  assert.match(csv, /^opening,2026-11-20,,,,,assets:operating-fund,9000,,,,,\r$/m)
  assert.match(csv, /^closing,2026-11-30,,,,,liabilities:wallets:wlt_b:lot_1x,,3000,,,,\r$/m)
})

test('an operation that moves nothing is not written', async () => {
  const operations = [{ ...payment, kind: 'purchase' as const, transfers: [] }]
  const text = await textOf(journalOf({ operations }), hledgerFormat)
  assert.match(text, /^; The end: 0 operations/m)
  assert.equal(addUpHledger(text).transactions, 0)
})

test('every kind of account has a name of its own, words in two languages, and nobody in it', async () => {
  const names = accountKinds.map((kind) => accountName(account(kind, 0, 11)))
  assert.equal(new Set(names).size, accountKinds.length)
  for (const kind of accountKinds) {
    const { name, type, meaningKo } = accountClasses[kind]
    assert.match(accountName(account(kind, 1, 11)), /^[a-z][a-z0-9:_-]+$/)
    assert.equal(
      { assets: 'A', liabilities: 'L', revenues: 'R', expenses: 'X' }[name.split(':')[0]!],
      type,
    )
    // The glossary is the law for names.
    assert.ok((await glossary).includes(`| \`${kind}\` | ${meaningKo} |`), kind)
  }
  assert.deepEqual(
    [1, 2, 3, 4].map((funder) => accountName(account('subsidy_receivable', funder))),
    ['national', 'province', 'city', 'funder-4'].map((last) => `assets:subsidy-receivable:${last}`),
  )
})

const glossary = readFile(join(import.meta.dirname, '../../docs/glossary.md'), 'utf8')

test('an id that cannot be one keeps its place in the books and shows what it is', () => {
  assert.equal(accountName(account('lot', 61)), 'liabilities:wallets:no-such-lot:lot_1x')
  assert.equal(accountName(account('merchant_payable', -5)), 'liabilities:merchants:mrc_no-id--5')
  assert.equal(accountName(account('breakage', 7)), 'revenues:breakage:no-such-id-7')
  const beyond = { ...account('merchant_payable', 0), id: 2n ** 62n }
  assert.equal(accountName(beyond), `liabilities:merchants:mrc_no-id-${2n ** 62n}`)
})

test('amounts beyond what a double counts are written to the last won', async () => {
  const amountWon = 2n ** 63n - 1n
  const operations = [{ ...payment, transfers: [{ ...payment.transfers[0]!, amountWon }] }]
  for (const [format, addUp] of formats) {
    const { won } = addUp(await textOf(journalOf({ operations }), format))
    assert.equal(won.get('liabilities:merchants:mrc_z'), -amountWon)
  }
})

test('a time that no calendar has stands at its end', () => {
  assert.deepEqual(momentOf(DAY_AT), { date: '2026-11-22', time: '12:00:00.000' })
  assert.equal(momentOf(Date.UTC(2026, 10, 22, 15)).date, '2026-11-23')
  assert.equal(momentOf(Infinity).date, '9999-12-30')
  assert.equal(momentOf(-Infinity).date, '0001-01-02')
})

test('no text of the database begins a line, a tag or a formula', async () => {
  const evil = 'x\ninclude /etc/passwd\r\u2028\u0085(a) ; b:c, d'
  const operations = [{ ...payment, operationId: evil, targetId: evil }]
  const scope = { issuerCode: evil }
  const text = await textOf(journalOf({ operations, scope }), hledgerFormat)
  assert.equal(addUpHledger(text).transactions, 1)
  assert.doesNotMatch(text, /^include|\r|\u2028|\u0085/m)
  assert.match(text, /^2026-11-22 \* \([^()\s;:|,]+\) payment$/m)

  const cells: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "so"', '"say ""so"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['=HYPERLINK("http://a")', '"\'=HYPERLINK(""http://a"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', '"\'\r=1"'],
    ['＝1', "'＝1"],
  ]
  for (const [given, written] of cells) assert.equal(csvCell(given), written)
  const csv = await textOf(journalOf({ operations }), csvFormat)
  assert.equal(readCsv(csv)[1]?.[csvColumns.indexOf('operation_id')], evil)
})

const formats = [
  [hledgerFormat, addUpHledger],
  [csvFormat, addUpCsv],
] as const

const anyAccount = fc
  .tuple(fc.constantFrom(...accountKinds), fc.bigInt(0n, 3n))
  // One lot belongs to one wallet.
  .map(([kind, id]) => ({ kind, id, walletId: kind.startsWith('lot') ? id + 10n : undefined }))
const anyTransfer = fc.record({
  debit: anyAccount,
  credit: anyAccount,
  amountWon: fc.oneof(fc.bigInt(1n, 1_000_000n), fc.bigInt(1n, 2n ** 63n - 1n)),
})
const optionalId = fc.option(fc.bigInt(1n, 2n ** 53n - 1n), { nil: undefined })
const anyOperation = fc.record({
  operationId: fc.uuid(),
  kind: fc.constantFrom(...operationKinds),
  bookedAt: fc.integer({ min: DAY_AT, max: DAY_AT + 3 * DAY_MS }),
  walletId: optionalId,
  merchantId: optionalId,
  partnerId: optionalId,
  targetId: fc.option(fc.uuid(), { nil: undefined }),
  transfers: fc
    .array(anyTransfer, { maxLength: 5 })
    .map((transfers) => transfers.map((transfer, index) => ({ ...transfer, line: index + 1 }))),
})

/** What a ledger would say after these: an account for each, whatever it is called. */
function balancesAfter(operations: readonly JournalOperation[]): JournalBalance[] {
  const balances = new Map<string, { account: JournalAccount; balanceWon: bigint }>()
  for (const { debit, credit, amountWon } of operations.flatMap(({ transfers }) => transfers)) {
    for (const [moved, won] of [
      [debit, amountWon],
      [credit, -amountWon],
    ] as const) {
      const key = `${moved.kind} ${moved.id}`
      const before = balances.get(key)?.balanceWon ?? 0n
      balances.set(key, { account: moved, balanceWon: before + won })
    }
  }
  return [...balances.values()]
}

test('whatever was booked, every transaction is zero and the text adds up to what the ledger keeps', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyOperation, { maxLength: 12 }),
      fc.nat(12),
      fc.integer({ min: 1, max: 4 }),
      async (unordered, before, pageRows) => {
        const all = unordered.toSorted((one, other) => one.bookedAt - other.bookedAt)
        const operations = all.slice(before)
        const openings = balancesAfter(all.slice(0, before)).filter((one) => one.balanceWon !== 0n)
        const closings = balancesAfter(all)
        const scope = { from: parseBusinessDate('2026-11-22') }
        for (const [format, addUp] of formats) {
          const journal = journalOf({ operations, openings, closings, scope, pageRows })
          const { won, assertedWon } = addUp(await textOf(journal, format))
          for (const { account: kept, balanceWon } of closings) {
            assert.equal(won.get(accountName(kept)) ?? 0n, balanceWon)
            assert.equal(assertedWon.get(accountName(kept)), balanceWon)
          }
          assert.equal(assertedWon.size, closings.length)
          for (const name of won.keys()) assert.ok(assertedWon.has(name), name)
        }
      },
    ),
  )
})

test('a won that the ledger does not keep is found by who adds up', async () => {
  const closings = balancesAfter([payment])
  const wrong = closings.map((one, index) =>
    index === 0 ? { ...one, balanceWon: one.balanceWon + 1n } : one,
  )
  const text = await textOf(journalOf({ operations: [payment], closings }), hledgerFormat)
  addUpHledger(text)
  const broken = await textOf(journalOf({ operations: [payment], closings: wrong }), hledgerFormat)
  assert.throws(() => addUpHledger(broken), /lot_1x/)
})
