import assert from 'node:assert/strict'
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { accountName } from '../audit/audit.ts'
import { addUpCsv, addUpHledger, type AddedUp } from '../audit/fixtures/added-up.ts'
import { DAY_MS, id, operationId, won } from '../base/base.ts'
import { SET_SIZE_MAX, type IssueRequest, type Ledger } from '../ledger/ledger.ts'
import { createPostgresLedger, createPostgresReading } from '../postgres/postgres.ts'
import { createPostgresCardReading } from '../postgres/ledger-reading.ts'
import { openSealedCity, type SealedCity } from '../../test/sealed-city.ts'
import { CITY_OPENED_AT } from '../../test/small-city.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { withSql } from './fixtures/started-postgres.ts'

const FILE = join(import.meta.dirname, 'books.ts')
/** More than a page of operations, and more than a page of accounts. */
const LATER_LOTS = 1_100
const wallets = [11, 12, 13].map((number) => id('wlt', number))

let city: SealedCity
let ledger: Ledger

/** The small city on its day, many grants on the next, and a payment and its part given back on the third. */
before(async () => {
  city = await openSealedCity()
  const { pool, issuerId } = city
  ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  const programId = id('prg', 22)
  const grants = Array.from({ length: LATER_LOTS }, (_, index) => grant(index, programId))
  for (let at = 0; at < grants.length; at += SET_SIZE_MAX) {
    const outcomes = await ledger.issue(
      issuerId,
      grants.slice(at, at + SET_SIZE_MAX),
      CITY_OPENED_AT + DAY_MS,
    )
    assert.ok(outcomes.every(({ status }) => status === 'posted'))
  }
  const merchantId = id('mrc', 31)
  const payment = {
    ...keyed(9_000),
    channel: 'mpm_static' as const,
    walletId: wallets[2]!,
    merchantId,
    outletId: id('out', 41),
    amountWon: won(2_500),
    tenders: [{ programId, kind: 'stipend' as const }],
  }
  const at = CITY_OPENED_AT + 2 * DAY_MS
  const [paid] = await ledger.pay(issuerId, [payment], at)
  assert.equal(paid?.status, 'posted')
  const back = { ...keyed(9_001), paymentId: payment.operationId, merchantId, amountWon: won(700) }
  const [cancelled] = await ledger.cancel(issuerId, [back], at)
  assert.equal(cancelled?.status, 'posted')
})
after(() => city.close())

const keyed = (number: number) => ({
  operationId: operationId(`00000000-0000-7000-9000-${String(number).padStart(12, '0')}`),
  requestHash: new Uint8Array(32).fill(number % 251),
})

function grant(index: number, programId: IssueRequest['programId']): IssueRequest {
  const [none, amountWon] = [won(0), won(1_000)]
  return {
    ...keyed(index),
    walletId: wallets[index % 3]!,
    lotId: id('lot', 5_000 + index),
    programId,
    kind: 'stipend',
    expiresAt: CITY_OPENED_AT + 1_000 * DAY_MS + index,
    sources: { payWon: none, nationalWon: amountWon, provinceWon: none, cityWon: none },
  }
}

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs the command as `npm run books` does. */
async function runBooks(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    DURE_AUDIT_URL: city.database.auditUrl,
    ...environment,
  }
  const options = { env, maxBuffer: 64 * 2 ** 20 }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [FILE, ...args], options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

async function booksOf(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runBooks(['--issuer', 'testcity', ...args])
  assert.equal(stderr, '')
  assert.equal(code, 0)
  return stdout
}

/** What the core would answer: nothing here was read by the command. */
async function ledgerWon(): Promise<Map<string, bigint>> {
  const { pool, issuerId } = city
  const kept = new Map<string, bigint>()
  const keep = (kind: 'lot' | 'lot_hold' | 'merchant_payable' | 'card_clearing') => {
    return (accountId: number, walletId: bigint | undefined, amountWon: number) => {
      const account = { kind, id: BigInt(accountId), walletId }
      kept.set(accountName(account), BigInt(-amountWon))
    }
  }
  for (const walletId of wallets) {
    for (const { lotId, remainingWon, heldWon } of await ledger.lots(issuerId, walletId)) {
      keep('lot')(lotId, BigInt(walletId), remainingWon)
      if (heldWon > 0) keep('lot_hold')(lotId, BigInt(walletId), heldWon)
    }
  }
  const reading = createPostgresReading(pool)
  for (const merchantId of [id('mrc', 31), id('mrc', 32)]) {
    const payableWon = await reading.merchantPayable(issuerId, merchantId)
    keep('merchant_payable')(merchantId, undefined, payableWon)
  }
  const cards = createPostgresCardReading(pool)
  for (const partnerId of [id('prt', 91), id('prt', 92)]) {
    const clearingWon = await cards.cardClearing(issuerId, partnerId)
    keep('card_clearing')(partnerId, undefined, clearingWon)
  }
  return kept
}

/** The text's own sums and what it asserts, account by account; one that was at zero before need not be mentioned. */
function assertAgree({ won: sums, assertedWon }: AddedUp): void {
  for (const name of new Set([...sums.keys(), ...assertedWon.keys()])) {
    assert.equal(sums.get(name) ?? 0n, assertedWon.get(name), name)
  }
}

for (const [format, addUp] of [
  ['hledger', addUpHledger],
  ['csv', addUpCsv],
] as const) {
  test(`what ${format} adds up to is what the ledger answers`, async () => {
    const added = addUp(await booksOf('--format', format))
    assertAgree(added)
    const kept = await ledgerWon()
    assert.ok(kept.size > LATER_LOTS)
    for (const [name, keptWon] of kept) assert.equal(added.assertedWon.get(name), keptWon, name)
    let sumWon = 0n
    for (const accountWon of added.assertedWon.values()) sumWon += accountWon
    assert.equal(sumWon, 0n)
  })

  test(`any days of ${format} add up, from what stood there to what is there then`, async () => {
    const asserted = new Map<string, AddedUp['assertedWon']>()
    for (const to of ['2026-11-21', '2026-11-22', '2026-11-24']) {
      for (const from of [[], ['--from', '2026-11-20'], ['--from', to]]) {
        const added = addUp(await booksOf('--format', format, '--to', to, ...from))
        assertAgree(added)
        // However much of it is shown, the last day's end is the same.
        assert.deepEqual(added.assertedWon, asserted.get(to) ?? added.assertedWon)
        asserted.set(to, added.assertedWon)
      }
    }
    assert.equal(asserted.get('2026-11-21')?.size, 0)
    const firstDay = asserted.get('2026-11-22')?.size ?? 0
    assert.ok(firstDay > 10 && firstDay < LATER_LOTS, 'what came later is not there yet')
    const whole = addUp(await booksOf('--format', format))
    assert.deepEqual(asserted.get('2026-11-24'), whole.assertedWon)
  })
}

test('the same books give the same text, and nobody by name', async () => {
  const text = await booksOf()
  assert.equal(await booksOf(), text)
  assert.equal(text.match(/closing balances/g)?.length, 2, 'the accounts have two pages')
  assert.doesNotMatch(text, /김하나|mbr_|account-\d/)
})

/** Changes the books as only who owns the database can, and puts them back. */
async function whileChanged(
  [change, undo]: readonly [string, string],
  look: () => Promise<void>,
): Promise<void> {
  await withSql(city.database.ownerUrl, async (sql) => {
    await sql.unsafe(change)
    try {
      await look()
    } finally {
      await sql.unsafe(undo)
    }
  })
}

const raised = (table: string, column: string, where: string) =>
  [1, -1].map(
    (by) => `update ledger.${table} set ${column} = ${column} + ${by} where ${where}`,
  ) as unknown as [string, string] // One statement for each of the two.
const PAYMENT = `operation_id = '${keyed(9_000).operationId}'`
const changes = [
  ['a lot', raised('lot', 'remaining_won', 'lot_id = 61')],
  ['a hold', raised('lot', 'held_won', 'lot_id = 61')],
  ['a transfer', raised('transfer', 'amount_won', `${PAYMENT} and line = 1`)],
  ['the amount of a payment', raised('operation', 'amount_won', PAYMENT)],
  [
    'a transfer without its operation',
    [
      `insert into ledger.transfer values (3, '${keyed(9_999).operationId}', 1, 'operating_fund', 'breakage', 0, 0, 5)`,
      `delete from ledger.transfer where operation_id = '${keyed(9_999).operationId}'`,
    ],
  ],
] as const

for (const [what, change] of changes) {
  test(`${what} that was changed by somebody is found by who adds up`, async () => {
    await whileChanged(change, async () => {
      const csv = await booksOf('--format', 'csv')
      assert.throws(() => assertAgree(addUpCsv(csv)))
      for (const days of [[], ['--from', '2026-11-24'], ['--to', '2026-11-24']]) {
        const text = await booksOf(...days)
        assert.throws(() => addUpHledger(text), days.join(' '))
      }
    })
    assertAgree(addUpCsv(await booksOf('--format', 'csv')))
  })
}

const hledger = (() => {
  try {
    return execFileSync('hledger', ['--version'], { encoding: 'utf8' })
  } catch {
    return undefined
  }
})()
const skip = hledger === undefined && 'hledger is not installed, so only our own adding up is tried'

/** What the installed program says about a journal: nothing and 0, or what is wrong. */
async function askHledger(journal: string, ...args: string[]): Promise<Ended> {
  const child = spawn('hledger', ['-f', '-', ...args], { env: { ...process.env, LANG: 'C.UTF-8' } })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.end(journal)
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

test('hledger itself finds nothing wrong, in all of it and in a day', { skip }, async () => {
  for (const days of [
    [],
    ['--from', '2026-11-23', '--to', '2026-11-23'],
    ['--from', '2027-01-01'],
  ]) {
    const text = await booksOf(...days)
    const checked = await askHledger(text, 'check', '--strict', 'ordereddates')
    assert.deepEqual(checked, { code: 0, stdout: '', stderr: '' }, days.join(' '))
  }
  const balance = ['balance', '--flat', '--no-total', '--output-format', 'csv']
  const { stdout } = await askHledger(await booksOf(), ...balance)
  const kept = await ledgerWon()
  const lines = new Map(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll('"', '').trim().split(',') as [string, string]),
  )
  for (const [name, keptWon] of kept) {
    assert.equal(lines.get(name) ?? '0', keptWon === 0n ? '0' : `${keptWon} KRW`, name)
  }
})

test('hledger itself finds the lot that was changed', { skip }, async () => {
  await whileChanged(raised('lot', 'remaining_won', 'lot_id = 61'), async () => {
    const { code, stderr } = await askHledger(await booksOf(), 'check')
    assert.equal(code, 1)
    assert.match(stderr, /lot_1x/)
  })
})

test('what cannot be meant is answered in one line that names the option, and with 2', async () => {
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [[], /^--issuer is missing: .*--issuer gunsan\n$/],
    [['--issuer', 'nowhere'], /--issuer "nowhere": there is no such issuer; there is testcity\n$/],
    [
      ['--issuer', 'testcity', '--format', 'xml'],
      /^--format "xml" is none: it is hledger or csv\n$/,
    ],
    [
      ['--issuer', 'testcity', '--from', '2026-02-30'],
      /^--from "2026-02-30" is no day: .*2026-11-22\n$/,
    ],
    [['--issuer', 'testcity', '--to', 'today'], /^--to "today" is no day/],
    [
      ['--issuer', 'testcity', '--from', '2026-11-23', '--to', '2026-11-22'],
      /^--from 2026-11-23 is after --to/,
    ],
    [['--wrong'], /^usage: npm run --silent books/],
  ]
  for (const [args, says] of wrong) {
    const { code, stdout, stderr } = await runBooks(args)
    assert.match(stderr, says)
    assert.deepEqual([code, stdout], [2, ''])
  }
})

test('books that cannot be read say why and exit with 2, as the audit does', async (t) => {
  const directory = await scratchDirectory(t)
  const nothing = await runBooks(['--issuer', 'testcity'], {
    DURE_AUDIT_URL: '',
    DURE_DATA: directory,
  })
  assert.match(nothing.stderr, /^the books could not be written: nothing runs on/)
  assert.equal(nothing.code, 2)
  const refused = await runBooks(['--issuer', 'testcity'], {
    DURE_AUDIT_URL: 'postgres://dure_audit:x@127.0.0.1:1/dure',
  })
  assert.match(refused.stderr, /ECONNREFUSED/)
  assert.equal(refused.code, 2)
})

test('a reader that has seen enough ends the command without a word', async () => {
  const env = { PATH: process.env['PATH'] ?? '', DURE_AUDIT_URL: city.database.auditUrl }
  const child = spawn(process.execPath, [FILE, '--issuer', 'testcity'], { env })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  assert.deepEqual([code, errors], [2, ''])
})
