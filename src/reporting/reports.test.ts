/** Reports from small lists of flows: every movement has a word, and outstanding is what came less what went. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won, type BusinessDate } from '../base/base.ts'
import { movementAccounts, operationKinds, type AccountKind } from '../ledger/ledger.ts'
import {
  dailyReport,
  flowOf,
  flows,
  fundReport,
  issueReport,
  outstandingKey,
  outstandingOf,
  placeReport,
  taxYear,
  timesWithin,
  type AccountSum,
  type Flow,
  type FlowSum,
} from './reporting.ts'
import { overviewOf } from './overview.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'

const voucher = id('prg', 1)
const facts = { programs: [{ programId: voucher, name: '군산사랑상품권' }], openingWon: new Map() }
const flow = (name: Flow, amountWon: number, more: Partial<FlowSum> = {}): FlowSum => ({
  flow: name,
  programId: voucher,
  lotKind: 'purchase',
  sector: null,
  district: null,
  amountWon: won(amountWon),
  count: 1,
  ...more,
})
const day = (text: string) => text as BusinessDate

const movements = Object.entries(movementAccounts).flatMap(([kind, pairs]) =>
  pairs.map(([debit, credit]) => [kind, debit, credit] as const),
)
const ordinary = [
  ['issue', 'operating_fund', 'lot', 'sold'],
  ['issue', 'subsidy_receivable', 'lot', 'supported'],
  ['payment', 'lot', 'merchant_payable', 'used_qr'],
  ['payment', 'lot', 'card_clearing', 'used_card'],
  ['capture', 'lot_hold', 'card_clearing', 'used_card'],
  ['capture', 'lot_hold', 'merchant_payable', 'used_qr'],
  ['cancellation', 'merchant_payable', 'lot', 'returned_qr'],
  ['cancellation', 'card_clearing', 'lot', 'returned_card'],
  ['expiry', 'lot', 'breakage', 'expired'],
] as const

test('everything that can happen to a lot has a word that says which way it went', () => {
  const ofLots = movements.filter(([, debit, credit]) =>
    [debit, credit].some((kind) => kind === 'lot'),
  )
  assert.ok(ofLots.length >= 10)
  for (const [kind, debitKind, creditKind] of ofLots) {
    const operationKind = operationKinds.find((each) => each === kind)!
    const word = flowOf({ operationKind, debitKind, creditKind, lotKind: 'purchase' })
    assert.equal(flows[word].sign, creditKind === 'lot' ? 1 : -1, `${kind}: ${word}`)
  }
  for (const [operationKind, debitKind, creditKind, word] of ordinary) {
    assert.equal(flowOf({ operationKind, debitKind, creditKind, lotKind: 'purchase' }), word)
  }
})

test('what funders paid for is named by what came of it', () => {
  const paid = {
    operationKind: 'issue',
    debitKind: 'subsidy_receivable',
    creditKind: 'lot',
  } as const
  assert.equal(flowOf({ ...paid, lotKind: 'stipend' }), 'granted')
  assert.equal(flowOf({ ...paid, operationKind: 'cashback', lotKind: 'cashback' }), 'cashback')
})

test('a daily report carries what is outstanding from day to day, over days without movement', () => {
  const days = ['2026-11-01', '2026-11-02', '2026-11-03'].map(day)
  const sums = [
    { ...flow('sold', 90_000), day: days[0]! },
    { ...flow('supported', 10_000), day: days[0]! },
    { ...flow('used_qr', 30_000), day: days[2]! },
    { ...flow('returned_qr', 1_000), day: days[2]! },
  ]
  const { rows, columns } = dailyReport(facts, days, sums)
  assert.deepEqual(
    rows.map((row) => [row[0], row.at(-1)]),
    [
      ['2026-11-01', 100_000],
      ['2026-11-02', 100_000],
      ['2026-11-03', 71_000],
    ],
  )
  for (const row of rows) assert.equal(row.length, columns.length)
})

test('an issue report begins where the time before ended', () => {
  const openingWon = outstandingOf([flow('sold', 50_000), flow('used_card', 20_000)])
  assert.equal(openingWon.get(outstandingKey(voucher, 'purchase')), 30_000)
  const { rows } = issueReport({ ...facts, openingWon }, [flow('expired', 30_000)])
  assert.equal(rows.length, 1)
  assert.equal(rows[0]![2], 30_000)
  assert.equal(rows[0]!.at(-1), 0)
})

test('use by place is net of cancellations, the greatest first', () => {
  const bakery = { sector: 'bakery', district: '월명동' }
  const market = { sector: 'greengrocer', district: '나운동' }
  const { rows } = placeReport(
    [
      flow('used_qr', 10_000, { ...bakery, count: 2 }),
      flow('returned_qr', 4_000, bakery),
      flow('used_card', 9_000, market),
      flow('sold', 1_000_000),
    ],
    (sector) => sector,
  )
  assert.deepEqual(rows, [
    ['greengrocer', '나운동', 9_000, 1],
    ['bakery', '월명동', 6_000, 2],
  ])
})

test('the fund report shows what is owed above zero and adds up line by line', () => {
  const sum = (
    accountKind: AccountKind,
    debitWon: number,
    creditWon: number,
    accountId = 0,
  ): AccountSum => ({
    accountKind,
    accountId,
    debitWon: won(debitWon),
    creditWon: won(creditWon),
  })
  const before = [
    sum('operating_fund', 90, 0),
    sum('subsidy_receivable', 10, 0, 3),
    sum('lot', 0, 100),
  ]
  const during = [sum('lot', 40, 5), sum('merchant_payable', 5, 40), sum('operating_fund', 7, 3)]
  const { rows } = fundReport(before, during)
  const line = (title: string) => rows.find((row) => row[0] === title)?.slice(1)
  assert.deepEqual(line('운영자금(금고 계좌)'), [90, 7, 3, 94])
  assert.deepEqual(line('미사용 잔액'), [100, 5, 40, 65])
  assert.deepEqual(line('가맹점 미지급금'), [0, 40, 5, 35])
  assert.deepEqual(line('시군비 미수금'), [10, 0, 0, 10])
  for (const row of rows) assert.ok(!Object.is(row[1], -0), String(row[0]))
})

test('tax data count use, by category, and never less than nothing', () => {
  const uses = [
    {
      programId: voucher,
      lotKind: 'purchase',
      merchantId: id('mrc', 1),
      usedWon: won(5_000),
      count: 1,
    },
    {
      programId: id('prg', 2),
      lotKind: 'purchase',
      merchantId: id('mrc', 1),
      usedWon: won(-10),
      count: 1,
    },
  ] as const
  const programs = [
    { programId: voucher, terms: [sampleTerms] },
    {
      programId: id('prg', 2),
      terms: [{ ...sampleTerms, taxCategory: 'traditional_market' } as const],
    },
  ]
  const facts = { programs, at: sampleTerms.effectiveFrom + 1 }
  const whole = taxYear(2026, { uses, registeredUses: uses }, facts)
  assert.deepEqual(whole.usedWon, { general: 5_000, traditional_market: 0, not_deductible: 0 })
  assert.equal(whole.unregisteredWon.general, 0)
  const [first] = uses
  const part = [{ ...first, usedWon: won(2_000) }]
  const { usedWon, unregisteredWon } = taxYear(2026, { uses, registeredUses: part }, facts)
  assert.deepEqual([usedWon.general, unregisteredWon.general], [5_000, 3_000])
})

test('of the times of registration those of the year count', () => {
  const times = [
    { from: 0, until: 5 },
    { from: 8, until: 12 },
    { from: 15, until: null },
    { from: 30, until: null },
  ]
  assert.deepEqual(timesWithin(times, { from: 10, until: 20 }), [
    { from: 10, until: 12 },
    { from: 15, until: 20 },
  ])
})

test('an overview adds up its days, places by what was used, and outstanding from the beginning', () => {
  const dated = (text: string, sum: FlowSum) => ({ ...sum, day: day(text) })
  const other = id('prg', 2)
  const bakery = { sector: 'bakery', district: '수송동' }
  const cafe = { sector: 'cafe', district: '나운동' }
  const overview = overviewOf(
    {
      from: day('2026-11-01'),
      through: day('2026-11-02'),
      countedThrough: day('2026-11-01'),
      allDays: [day('2026-11-01'), day('2026-11-02')],
    },
    [
      dated('2026-11-01', flow('sold', 90_000)),
      dated('2026-11-01', flow('supported', 10_000)),
      dated('2026-11-01', flow('used_qr', 30_000, { ...bakery, count: 2 })),
      dated('2026-11-02', flow('returned_qr', 30_000, bakery)),
      dated('2026-11-02', flow('used_card', 5_000, { ...cafe, programId: other })),
      dated('2026-11-02', flow('expired', 1_000)),
    ],
    [flow('granted', 50_000, { programId: other })],
  )
  assert.deepEqual(overview.days, [
    { day: '2026-11-01', issuedWon: 100_000, usedWon: 30_000, endedWon: 0, payments: 2 },
    { day: '2026-11-02', issuedWon: 0, usedWon: -25_000, endedWon: 1_000, payments: 1 },
  ])
  assert.deepEqual(overview.whole, {
    issuedWon: 100_000,
    usedWon: 5_000,
    endedWon: 1_000,
    payments: 3,
  })
  assert.equal(overview.outstandingWon, 144_000)
  assert.deepEqual(
    overview.programs.map(({ programId, outstandingWon }) => [programId, outstandingWon]),
    [
      [voucher, 99_000],
      [other, 45_000],
    ],
  )
  assert.deepEqual(overview.sectors, [
    { name: 'cafe', usedWon: 5_000, payments: 1 },
    { name: 'bakery', usedWon: 0, payments: 2 },
  ])
  assert.deepEqual(
    overview.districts.map(({ name }) => name),
    ['나운동', '수송동'],
  )
})
