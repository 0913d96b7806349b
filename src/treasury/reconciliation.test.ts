/** The fund's account by both sides: statements taken once, entries booked once, items that match, wait or break. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatId, won, type BusinessDate } from '../base/base.ts'
import {
  at,
  buy,
  ISSUER,
  openTreasuryCity,
  resultOf,
  statementOf,
  uuid,
  type TreasuryCity,
} from './fixtures/treasury-city.ts'
import { createTreasury, payoutFormat, statementFormat, type DayResult } from './treasury.ts'

async function state(city: TreasuryCity, ...given: Parameters<typeof statementOf>) {
  const told = statementOf(...given)
  const taken = await city.take(told.name, told.bytes)
  assert.equal(taken.status, 'taken', JSON.stringify(taken))
  return told.closingWon
}

async function reconciled(city: TreasuryCity): Promise<DayResult | undefined> {
  for (;;) {
    const step = await city.treasury.reconcile(ISSUER, city.now())
    if (step.done) return step.day
  }
}

test('a day on which both sides say the same', async () => {
  const city = openTreasuryCity()
  const first = await buy(city, 1)
  const second = await buy(city, 2)
  const payoutId = await city.owe(30_000)
  await city.treasury.writePayoutFile(ISSUER, city.now())
  const sent = payoutFormat('telegram').read([...city.given.values()][0]!)
  assert.ok(sent.ok)
  const { name, bytes } = resultOf(sent.content, 1, [[payoutId, 'P']])
  await city.take(name, bytes)
  await city.treasury.postOutcomes(ISSUER, city.now())
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [
    ['10:00', 90_000, first],
    ['10:01', 90_000, `충전 ${second}`],
    ['15:00', -30_000, formatId('pay', payoutId)],
  ])
  const day = await reconciled(city)
  assert.ok(day !== undefined)
  const { bankWon, ledgerWon, openWon, unexplainedWon, timingCount, breakCount } = day
  assert.deepEqual(
    { bankWon, ledgerWon, openWon, unexplainedWon, timingCount, breakCount },
    {
      bankWon: 150_000,
      ledgerWon: 150_000,
      openWon: 0,
      unexplainedWon: 0,
      timingCount: 0,
      breakCount: 0,
    },
  )
  // Two lots of 100,000; the payout left what merchants are owed at -30,000, which hides nothing.
  assert.deepEqual([day.owedWon, day.receivableWon, day.coveringWon], [200_000, 20_000, 150_000])
  assert.deepEqual([day.coverageBasisPoints, day.shortWon], [7_500, 50_000])
  assert.deepEqual(await city.openCases(), ['fund_short 2026-11-23'])
})

test('a shortage is one case, due the next business day, until it is made up', async () => {
  const city = openTreasuryCity()
  const purchase = await buy(city, 1)
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [['10:00', 90_000, purchase]])
  await reconciled(city)
  const [short] = await city.casebook.cases(ISSUER, { state: 'open', limit: 10 })
  assert.deepEqual(
    [short?.caseKind, short?.owner, short?.dueAt],
    ['fund_short', 'issuer', at('2026-11-26', '00:00')],
  )
  city.set(at('2026-11-25', '01:00'))
  const expectation = {
    requestId: uuid(900),
    funder: 'national' as const,
    amountWon: won(10_000),
    expectedOn: '2026-11-25' as BusinessDate,
    reference: '국비 교부',
    by: 'off_1',
  }
  await city.treasury.expectPayment(ISSUER, expectation, city.now())
  await state(city, '2026-11-24', 90_000, [['11:00', 10_000, '11월 국비 교부금']])
  await reconciled(city)
  assert.deepEqual(
    await city.openCases(),
    [],
    'it lay there at the end of the day, although it was booked after it',
  )
  city.set(at('2026-11-26', '01:00'))
  await state(city, '2026-11-25', 100_000, [])
  const day = await reconciled(city)
  assert.deepEqual([day?.coverageBasisPoints, day?.shortWon], [10_000, 0])
  assert.deepEqual(await city.openCases(), [])
})

test('what one side only has is timing until the next business day, then a break, then settled', async () => {
  const city = openTreasuryCity({
    fundCoverageBasisPointsMin: 5_000,
    receivablesCount: true,
    fundItemOpenDays: 1,
  })
  const early = await buy(city, 1)
  city.set(at('2026-11-23', '23:59'))
  const late = await buy(city, 2)
  city.set(at('2026-11-24', '01:00'))
  const closingWon = await state(city, '2026-11-23', 0, [['10:00', 90_000, early]])
  const monday = await reconciled(city)
  assert.deepEqual([monday?.openWon, monday?.unexplainedWon, monday?.timingCount], [-90_000, 0, 1])
  assert.deepEqual(await city.openCases(), [])
  city.set(at('2026-11-25', '01:00'))
  const nextWon = await state(city, '2026-11-24', closingWon, [])
  const tuesday = await reconciled(city)
  assert.deepEqual([tuesday?.timingCount, tuesday?.breakCount, tuesday?.unexplainedWon], [0, 1, 0])
  assert.deepEqual(await city.openCases(), [`fund_missing_at_bank purchase:${late}`])
  city.set(at('2026-11-26', '01:00'))
  await state(city, '2026-11-25', nextWon, [['00:03', 90_000, late]])
  const wednesday = await reconciled(city)
  assert.deepEqual([wednesday?.openWon, wednesday?.breakCount], [0, 0])
  assert.deepEqual(await city.openCases(), [])
})

test('money that nobody expected is booked once as such, interest as interest, a funder as a funder', async () => {
  const city = openTreasuryCity({ fundCoverageBasisPointsMin: 5_000 })
  const expectation = {
    requestId: uuid(900),
    funder: 'city' as const,
    amountWon: won(70_000),
    expectedOn: '2026-11-23' as BusinessDate,
    reference: '군산시 세입',
    by: 'off_1',
  }
  await city.treasury.expectPayment(ISSUER, expectation, city.now())
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [
    ['09:00', 70_000, '교부', '군산시 세입'],
    ['09:01', 70_000, '교부', '군산시 세입'],
    ['09:02', 1_234, '11월 결산이자'],
    ['09:03', 5_000, uuid(77)],
    ['09:04', 6_000, 'pay_zz PO-gunsan-20261123-0009.dat'],
    ['09:05', 7_000, ''],
  ])
  for (let time = 0; time < 3; time += 1) await reconciled(city)
  const kinds = city.ledger
    .snapshot(ISSUER)
    .operations.map(({ kind, amountWon }) => `${kind} ${amountWon}`)
  assert.deepEqual(kinds.toSorted(), [
    'fund_interest 1234',
    'funder_payment 70000',
    'unidentified_deposit 5000',
    'unidentified_deposit 6000',
    'unidentified_deposit 7000',
    'unidentified_deposit 70000',
  ])
  const [expected] = await city.treasury.expectedPayments(ISSUER, 10)
  assert.deepEqual([expected?.state, expected?.entryNumber], ['paid', '20261123-000001'])
  city.set(at('2026-11-25', '01:00'))
  await state(city, '2026-11-24', 159_234, [])
  const day = await reconciled(city)
  assert.deepEqual([day?.bankWon, day?.ledgerWon, day?.openCount], [159_234, 159_234, 0])
})

test('a statement that comes in the middle of a step is for the next one', async () => {
  const city = openTreasuryCity({ receivablesCount: true })
  const purchase = await buy(city, 1)
  city.set(at('2026-11-24', '01:00'))
  const { advanceTally } = city.store
  const store: typeof city.store = {
    ...city.store,
    async advanceTally(...given) {
      await state(city, '2026-11-23', 0, [['10:00', 90_000, purchase]])
      store.advanceTally = advanceTally
      return advanceTally(...given)
    },
  }
  const treasury = createTreasury({ ...city.deps, store }, { lagMs: 0 })
  while (!(await treasury.reconcile(ISSUER, city.now())).done);
  assert.deepEqual(await treasury.days(ISSUER, { limit: 1 }), [])
  assert.equal((await treasury.reconcile(ISSUER, city.now())).day?.shortWon, 0)
  assert.deepEqual(await city.openCases(), [])
})

test('a kill between the decision and the booking does not book an entry as something else', async () => {
  const city = openTreasuryCity({ fundCoverageBasisPointsMin: 5_000 })
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [['09:00', 70_000, '교부', '군산시 세입']])
  const dying = { ...city.store, bookEntries: () => Promise.reject(new Error('killed')) }
  const mortal = createTreasury({ ...city.deps, store: dying }, { lagMs: 0 })
  await assert.rejects(mortal.reconcile(ISSUER, city.now()), /killed/)
  const expectation = {
    requestId: uuid(900),
    funder: 'city' as const,
    amountWon: won(70_000),
    expectedOn: '2026-11-23' as BusinessDate,
    reference: '군산시 세입',
    by: 'off_1',
  }
  await city.treasury.expectPayment(ISSUER, expectation, city.now())
  await reconciled(city)
  const kinds = city.ledger.snapshot(ISSUER).operations.map(({ kind }) => kind)
  assert.deepEqual(kinds, ['unidentified_deposit'])
})

test('an entry of a purchase that we gave up is a break, and so is one twice or of another amount', async () => {
  const city = openTreasuryCity({ fundCoverageBasisPointsMin: 5_000, fundItemOpenDays: 0 })
  const abandoned = await buy(city, 1, 'refused')
  const twice = await buy(city, 2)
  const less = await buy(city, 3)
  const undone = await buy(city, 4, 'refused')
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [
    ['10:00', 90_000, abandoned],
    ['10:01', 90_000, twice],
    ['10:02', 90_000, twice],
    ['10:03', 80_000, less],
    ['10:04', 90_000, undone],
    ['10:05', -90_000, undone],
    ['10:06', -1, '통장 수수료'],
  ])
  const day = await reconciled(city)
  assert.deepEqual(await city.openCases(), [
    `fund_amount_differs purchase:${less}`,
    'fund_missing_in_ledger entry:20261123-000007',
    `fund_missing_in_ledger purchase:${abandoned}`,
    `fund_twice purchase:${twice}`,
  ])
  assert.deepEqual([day?.breakCount, day?.unexplainedWon], [7, 0])
})

test('a bank that books a file as one entry agrees with its payouts, less what came back', async () => {
  const city = openTreasuryCity({ payoutEntries: 'file', fundCoverageBasisPointsMin: 5_000 })
  await city.treasury.expectPayment(
    ISSUER,
    {
      requestId: uuid(900),
      funder: 'city',
      amountWon: won(50_000),
      expectedOn: '2026-11-23' as BusinessDate,
      reference: '전입금',
      by: 'off_1',
    },
    city.now(),
  )
  const [paid, back] = [await city.owe(10_000), await city.owe(5_000)]
  await city.treasury.writePayoutFile(ISSUER, city.now())
  const sent = payoutFormat('telegram').read([...city.given.values()][0]!)
  assert.ok(sent.ok)
  const { name, bytes } = resultOf(sent.content, 1, [
    [paid, 'P'],
    [back, 'R0005'],
  ])
  await city.take(name, bytes)
  await city.treasury.postOutcomes(ISSUER, city.now())
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [
    ['09:00', 50_000, '전입금'],
    ['15:00', -15_000, 'PO-gunsan-20261123-0001.dat'],
    ['15:30', 5_000, 'PO-gunsan-20261123-0001.dat 반환'],
  ])
  const day = await reconciled(city)
  assert.deepEqual([day?.bankWon, day?.ledgerWon, day?.openWon], [40_000, -10_000, 50_000])
  city.set(at('2026-11-25', '01:00'))
  await state(city, '2026-11-24', 40_000, [])
  assert.deepEqual([(await reconciled(city))?.openCount, await city.openCases()], [0, []])
})

test('statements follow one another, each once, and bad ones are refused with the line named', async () => {
  const city = openTreasuryCity({ fundAccounts: ['3010123456789'] })
  city.set(at('2026-11-24', '01:00'))
  const write = statementFormat('telegram').write
  const right = statementOf('2026-11-23', 500, [['10:00', 1_000, '']])
  const { header, lines } = right.content
  const [line] = lines
  const today = statementOf('2026-11-24', 0, [])
  const table: [string, string, Uint8Array, string][] = [
    [
      'another bank',
      right.name,
      write({ header: { ...header, bankCode: '088' }, lines }),
      '1 bankCode',
    ],
    [
      'another account',
      right.name,
      write({ header: { ...header, accountNumber: '1' }, lines }),
      '1 accountNumber',
    ],
    [
      'an entry of another day',
      right.name,
      write({ header, lines: [{ ...line!, bookedAt: at('2026-11-24', '00:00') }] }),
      '2 bookedAt',
    ],
    ['a day that is not over', today.name, today.bytes, '1 date'],
    ['cut', right.name, right.bytes.subarray(0, right.bytes.length - 1), '3 null'],
    ['empty', right.name, new Uint8Array(), '0 null'],
  ]
  for (const [what, name, bytes, place] of table) {
    const taken = await city.take(name, bytes)
    const places =
      'problems' in taken ? taken.problems.map((one) => `${one.line} ${one.field}`) : [taken.status]
    assert.deepEqual(places, [place], what)
  }
  assert.equal((await city.take(right.name, right.bytes)).status, 'taken')
  const again = await city.take(right.name, right.bytes)
  assert.ok('known' in again && again.known)
  const changed = write({ header, lines: [{ ...line!, amountWon: won(2_000) }] })
  assert.equal((await city.take(right.name, changed)).status, 'refused')
  city.set(at('2026-11-27', '01:00'))
  const gap = statementOf('2026-11-25', 1_700, [])
  assert.equal((await city.take(gap.name, gap.bytes)).status, 'later', 'a day is still to come')
  const wrong = statementOf('2026-11-24', 1_499, [])
  const refusal = await city.take(wrong.name, wrong.bytes)
  assert.ok('problems' in refusal && refusal.problems[0]?.field === 'openingWon')
  const repeated = statementOf('2026-11-24', 1_500, [['10:00', 200, '']])
  const known = {
    ...repeated.content,
    lines: [{ ...repeated.content.lines[0]!, entryNumber: '20261123-000001' }],
  }
  const told = await city.take(repeated.name, write(known))
  assert.ok('problems' in told && told.problems[0]?.field === 'entryNumber')
  assert.equal((await city.take(repeated.name, repeated.bytes)).status, 'taken')
  assert.equal((await city.take(gap.name, gap.bytes)).status, 'taken')
  const before = statementOf('2026-11-22', 0, [])
  assert.equal((await city.take(before.name, before.bytes)).status, 'refused')
})

test('a statement that does not come is a case until it does', async () => {
  const city = openTreasuryCity()
  city.set(at('2026-11-24', '01:00'))
  await state(city, '2026-11-23', 0, [])
  city.set(at('2026-11-25', '23:59'))
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.deepEqual(await city.openCases(), [])
  city.set(at('2026-11-26', '00:00'))
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.deepEqual(await city.openCases(), ['statement_late 2026-11-24'])
  await state(city, '2026-11-24', 0, [])
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.deepEqual(await city.openCases(), [])
})
