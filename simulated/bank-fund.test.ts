/** Days between the platform and the simulated treasury bank, each with its own books, through a real folder. */
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { formatId, type PayoutId } from '../src/base/base.ts'
import type { FileFormatName, IssuerRuleValues } from '../src/issuing/issuing.ts'
import {
  createClearingExchange,
  treasuryJobs,
  treasuryWorks,
  type TreasuryJob,
} from '../src/jobs/jobs.ts'
import {
  account,
  at,
  buy,
  ISSUER,
  openTreasuryCity,
} from '../src/treasury/fixtures/treasury-city.ts'
import { createTreasury, type DayResult } from '../src/treasury/treasury.ts'
import { createBooks } from './bank-books.ts'
import { createFundBooks, type FundEntry } from './bank-fund-books.ts'
import { createFundDesk, noFundFaults, type FundAccount } from './bank-fund-desk.ts'

async function openDays(
  t: TestContext,
  rules: Partial<IssuerRuleValues> = {},
  statementFormat: FileFormatName = 'telegram',
) {
  const exchange = await mkdtemp(join(tmpdir(), 'dure-treasury-'))
  t.after(() => rm(exchange, { recursive: true, force: true }))
  const city = openTreasuryCity(rules)
  const folder = createClearingExchange(exchange)
  const treasury = createTreasury({ ...city.deps, give: folder.give }, { lagMs: 0 })
  const told: string[] = []
  const days: DayResult[] = []
  const works = treasuryWorks({
    treasury,
    arrivals: folder,
    codeOf: () => 'gunsan',
    told: {
      file: (_issuer, { name, status }) => told.push(`${name} ${status}`),
      given: (_issuer, { name, lines }) => told.push(`${name} given ${lines}`),
      followedUp: () => undefined,
      day: (_issuer, day) => days.push(day),
    },
  })
  const bank = createBooks()
  const books = createFundBooks()
  const written: FundEntry[] = []
  const fund: FundAccount = {
    issuerId: formatId('iss', ISSUER),
    issuerCode: 'gunsan',
    bankCode: '011',
    accountNumber: '000-000007',
    payoutFormat: city.rules.payoutFileFormat,
    statementFormat,
    payoutEntries: city.rules.payoutEntries,
  }
  const journal = {
    append: (entry: FundEntry) => written.push(entry),
    durable: async () => undefined,
  }
  const desk = createFundDesk({ accounts: [fund], exchange, bank, books, journal, clock: city.now })
  const work = async (job: TreasuryJob): Promise<void> => {
    for (let step = 0; step < 50; step += 1) {
      if ((await works[job](ISSUER, {}, city.now())).done) return
    }
    assert.fail(`${job} comes to an end`)
  }
  let purchases = 0
  return {
    city,
    desk,
    books,
    told,
    written,
    /** A buyer's account is debited, and the ledger has it. */
    async buy(): Promise<void> {
      purchases += 1
      const debitId = await buy(city, purchases)
      const debit = { debitId, accountToken: 'acc', amountWon: 90_000, memo: fund.issuerId }
      assert.equal(bank.debit(debit, city.now()).outcome, 'new')
    },
    /** Everybody does what there is to do, twice: nothing of it counts twice. */
    async work(instant: number): Promise<DayResult | undefined> {
      city.set(instant)
      for (let time = 0; time < 2; time += 1) {
        for (const job of treasuryJobs) await work(job)
        await desk.turn()
        await work('treasury_arrivals')
        await work('reconciliation')
      }
      return days.at(-1)
    },
    states: (ids: readonly PayoutId[]) => Promise.all(ids.map((one) => city.stateOf(one))),
    left: (name: string) => readdir(join(exchange, 'gunsan', name)),
  }
}

for (const [rules, statements] of [
  [{}, 'telegram'],
  [{ payoutFileFormat: 'csv_utf8', payoutEntries: 'file' }, 'csv_euc_kr'],
] as const) {
  test(`some days, ${JSON.stringify(rules)}: both books agree, and every payout is paid`, async (t) => {
    const days = await openDays(t, rules, statements)
    const { city } = days
    city.set(at('2026-11-23', '10:00'))
    for (let time = 0; time < 3; time += 1) await days.buy()
    const closed = { ...account, accountNumber: '110000000' }
    const shut = { ...account, accountNumber: '110999999' }
    const payouts = [
      await city.owe(50_000),
      await city.owe(20_000, closed),
      await city.owe(10_000, shut),
    ]
    await days.work(at('2026-11-23', '11:00'))
    assert.deepEqual(await days.states(payouts), ['paid 1', 'parked 1', 'returned 1'])
    // The bank is open again, and the account is another one.
    days.desk.faults = { ...noFundFaults, returnEndings: {} }
    city.accounts.set(payouts[1]!, account)
    const monday = await days.work(at('2026-11-24', '00:30'))
    assert.deepEqual(
      [monday?.bankWon, monday?.ledgerWon, monday?.openWon, monday?.breakCount],
      [220_000, 220_000, 0, 0],
    )
    assert.equal(days.books.balanceWon('gunsan'), city.fundWon())
    const expectation = { funder: 'national', amountWon: 12_000, reference: '11월 국비' } as const
    const deposit = { depositId: 'd1', issuerCode: 'gunsan', counterparty: '국비 담당' }
    await city.treasury.expectPayment(ISSUER, expected(expectation), city.now())
    for (const status of ['booked', 'known']) {
      const order = { ...deposit, amountWon: 12_000, reference: '11월 국비' }
      assert.equal(await days.desk.deposit(order), status)
    }
    await days.work(at('2026-11-24', '11:00'))
    assert.deepEqual(await days.states(payouts), ['paid 1', 'paid 2', 'paid 2'])
    await days.work(at('2026-11-25', '00:30'))
    const wednesday = await days.work(at('2026-11-26', '00:30'))
    assert.deepEqual(
      [wednesday?.date, wednesday?.bankWon, wednesday?.ledgerWon, wednesday?.openCount],
      ['2026-11-25', 202_000, 202_000, 0],
    )
    assert.deepEqual(
      (await city.openCases()).filter((one) => !one.startsWith('fund_short')),
      [],
    )
    assert.deepEqual(await days.left('from-partner'), [])
  })
}

function expected(facts: {
  readonly funder: 'national'
  readonly amountWon: number
  readonly reference: string
}): Parameters<ReturnType<typeof openTreasuryCity>['treasury']['expectPayment']>[1] {
  return {
    ...facts,
    amountWon: facts.amountWon as never,
    requestId: '00000000-0000-4000-8000-000000000900' as never,
    expectedOn: '2026-11-24' as never,
    by: 'off_1',
  }
}

test('a result with a wrong total is refused and comes again as it should be', async (t) => {
  const days = await openDays(t)
  const payouts = [await days.city.owe(5_000), await days.city.owe(6_000)]
  days.desk.faults = { ...noFundFaults, wrongTotal: true }
  await days.work(at('2026-11-23', '11:00'))
  await days.work(at('2026-11-23', '11:05'))
  assert.deepEqual(days.told, [
    'PO-gunsan-20261123-0001.dat given 2',
    'PR-gunsan-20261123-0001-01.dat refused',
    'PR-gunsan-20261123-0001-01.dat taken',
  ])
  assert.deepEqual(await days.states(payouts), ['paid 1', 'paid 1'])
  assert.equal(days.city.fundWon(), -11_000)
})

test('a result twice pays once, and one that is late is waited for', async (t) => {
  const days = await openDays(t)
  const payouts = [await days.city.owe(5_000)]
  days.desk.faults = { ...noFundFaults, duplicateResult: true, lateMs: 3_600_000 }
  await days.work(at('2026-11-23', '11:00'))
  assert.deepEqual(await days.states(payouts), ['sent 1'])
  await days.work(at('2026-11-23', '12:00'))
  await days.work(at('2026-11-23', '12:05'))
  assert.deepEqual(days.told.slice(1), [
    'PR-gunsan-20261123-0001-01.dat taken',
    'PR-gunsan-20261123-0001-02.dat refused',
  ])
  assert.deepEqual([await days.states(payouts), days.city.fundWon()], [['paid 1'], -5_000])
})

test('books that are read back are the same, and go on with the next number', async (t) => {
  const days = await openDays(t)
  await days.buy()
  await days.city.owe(5_000)
  await days.work(at('2026-11-23', '11:00'))
  const again = createFundBooks()
  for (const entry of days.written) again.replay(entry)
  assert.equal(again.balanceWon('gunsan'), days.books.balanceWon('gunsan'))
  assert.equal(again.carriedThrough(), days.books.carriedThrough())
  const last = days.written.at(-1)!.sequence
  const next = again.add({ kind: 'carried', at: 1, through: 9 })
  assert.equal(next?.sequence, last + 1)
})
