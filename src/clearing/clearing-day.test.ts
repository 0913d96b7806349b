/** A card company's days: its file against the ledger, differences as cases, settlement of what both agree on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDate, DAY_MS, formatId, HOUR_MS, won, type BusinessDate } from '../base/base.ts'
import type { CardSale } from '../cards/cards.ts'
import type { TakenFile } from './clearing.ts'
import {
  GUNSAN,
  hanbit,
  HANBIT,
  ONNURI,
  openClearingCity,
  OPERATOR,
  type ClearingCity,
} from './fixtures/clearing-city.ts'

/** 2026-11-22 is a Sunday; with two business days a file of it is settled on the Tuesday. */
const SUNDAY = '2026-11-22' as BusinessDate
const TUESDAY = Date.parse('2026-11-24T10:00:00+09:00')

const told = (file: TakenFile): unknown[] =>
  file.status === 'taken' ? [file.lines, file.differences, file.waiting] : [file.status]

async function casesOf({ records }: ClearingCity, issuerId = GUNSAN): Promise<string[]> {
  return (await records('case', issuerId)).map(
    ({ caseKind, state, resolution }) =>
      `${caseKind} ${state}${resolution ? `: ${resolution}` : ''}`,
  )
}

async function cancel(at: ClearingCity, original: CardSale, amountWon: number, number = 900) {
  const key = { ...at.sale(number).key, cardClass: 'cancellation' } as const
  await at.tell({
    kind: 'cancelled',
    key,
    original,
    amountWon: won(amountWon),
    decidedAt: at.city.now,
  })
  return at.line(
    { ...original, key },
    { entry: 'cancellation', cardClass: 'cancellation', voucherWon: won(amountWon) },
  )
}

test('a day that agrees is settled on the second business day, once, and the file says what is paid', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sales = [at.sale(1), at.sale(2), at.sale(3, { amountWon: won(2_500) })]
  for (const sale of sales) await at.pay(sale)
  const back = await cancel(at, sales[0]!, 400)
  const file = at.file('clearing', [...sales.map((sale) => at.line(sale)), back])
  at.city.now += DAY_MS / 2
  assert.deepEqual(told(await at.clearing.takeFile(file)), [4, 0, 0])
  assert.deepEqual(await casesOf(at), [])

  at.city.now = TUESDAY - 12 * HOUR_MS
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
  at.city.now = TUESDAY
  const given = await at.clearing.writeSettlementFile(hanbit)
  assert.deepEqual([given?.lines, given?.sumWon], [1, 4_100])
  const read = at.read('settlement', given!.name)
  assert.ok(read.ok)
  const [line] = read.content.lines
  assert.deepEqual(
    [line?.issuerCode, line?.issuerName, line?.clearedOn, line?.netWon],
    ['gunsan', '군산시', SUNDAY, 4_100],
  )
  assert.deepEqual([line?.salesCount, line?.salesWon, line?.cancellationsWon], [3, 4_500, 400])
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
  const files = await at.records('clearing_file', OPERATOR)
  assert.deepEqual(
    files.map(({ fileKind, state }) => `${fileKind} ${state}`),
    ['clearing done', 'settlement done'],
  )
  assert.equal(at.given.size, 1)
  assert.deepEqual(await at.payouts(), ['4100 2026-11-24 04010100000001 due'])
})

test('a card company without an account waits with a case, and gets all of it once there is one', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const nowhere = { ...hanbit, settlementAccount: null }
  const cases = async () =>
    (await at.records('case', OPERATOR)).map(({ caseKind, subject, owner, state }) =>
      [caseKind, subject, owner, state].join(' '),
    )
  assert.equal(await at.clearing.writeSettlementFile(nowhere), undefined)
  assert.deepEqual(await cases(), [])
  const sales = [at.sale(1), at.sale(2)]
  for (const sale of sales) await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(sales[0]!), at.line(sales[1]!)]))
  at.city.now = TUESDAY
  for (let turn = 0; turn < 2; turn += 1) {
    assert.equal(await at.clearing.writeSettlementFile(nowhere), undefined)
    at.city.now += DAY_MS
  }
  const waiting = `settlement_account_missing ${formatId('prt', HANBIT)}/${SUNDAY} operator`
  assert.deepEqual(await cases(), [`${waiting} open`])
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 2_000)
  assert.deepEqual(await at.payouts(), [])

  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 2_000)
  assert.equal((await cases())[0], `${waiting} closed`)
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
  assert.deepEqual(await at.payouts(), ['2000 2026-11-26 04010100000001 due'])
})

test('what is settled on a day without banks is due on the next business day', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(sale)]))
  at.city.now = TUESDAY + 4 * DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
  assert.deepEqual(await at.payouts(), ['1000 2026-11-30 04010100000001 due'])
})

test('Saturday, Sunday and a holiday do not count', async () => {
  const at = await openClearingCity({ holidays: ['2026-11-23' as BusinessDate] })
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  const file = at.file('clearing', [at.line(sale)])
  await at.clearing.takeFile(file)
  at.city.now = TUESDAY
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
  at.city.now = TUESDAY + DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
})

test('what the ledger does not know is a case at once, and not settled', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [known, unknown] = [at.sale(1), at.sale(2)]
  await at.pay(known)
  const file = at.file('clearing', [at.line(known), at.line(unknown, { approvalCode: 'AB1234' })])
  assert.deepEqual(told(await at.clearing.takeFile(file)), [2, 1, 0])
  assert.deepEqual(await casesOf(at), ['clearing_missing_here open'])
  await at.clearing.matchOpenDates(hanbit)
  assert.deepEqual(await casesOf(at), ['clearing_missing_here open'])
  at.city.now = TUESDAY
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
})

test('a line with our approval code waits for its advice, and is settled when it came', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [early, late] = [at.sale(1), at.sale(2)]
  await at.pay(early)
  const file = at.file('clearing', [at.line(early), at.line(late)])
  assert.deepEqual(told(await at.clearing.takeFile(file)), [2, 0, 1])
  assert.deepEqual(await casesOf(at), [])
  at.city.now += 23 * HOUR_MS
  await at.tell({
    kind: 'advise',
    sale: late,
    by: 'standin',
    approvedWon: late.amountWon,
    decidedAt: late.at,
  })
  assert.deepEqual(await at.clearing.matchOpenDates(hanbit), [
    { date: SUNDAY, differences: 0, waiting: 0 },
  ])
  at.city.now = TUESDAY
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 2_000)
})

test('an advice that comes after the wait closes the case, and its money is settled in addition', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [early, late] = [at.sale(1), at.sale(2)]
  await at.pay(early)
  await at.clearing.takeFile(at.file('clearing', [at.line(early), at.line(late)]))
  at.city.now = TUESDAY
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
  assert.deepEqual(await casesOf(at), ['clearing_missing_here open'])
  await at.tell({
    kind: 'advise',
    sale: late,
    by: 'standin',
    approvedWon: late.amountWon,
    decidedAt: late.at,
  })
  await at.clearing.matchOpenDates(hanbit)
  assert.deepEqual(await casesOf(at), ['clearing_missing_here closed: matched'])
  const given = await at.clearing.writeSettlementFile(hanbit)
  const read = at.read('settlement', given!.name)
  assert.ok(read.ok)
  const [line] = read.content.lines
  assert.deepEqual([line?.salesWon, line?.earlierWon, line?.netWon], [2_000, -1_000, 1_000])
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
})

test('what the file leaves out is a case; a further file of the date resolves and settles it', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [listed, forgotten] = [at.sale(1), at.sale(2)]
  for (const sale of [listed, forgotten]) await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(listed)]))
  assert.deepEqual(await casesOf(at), ['clearing_missing_there open'])
  at.city.now = TUESDAY
  await at.clearing.writeSettlementFile(hanbit)
  const second = at.file('clearing', [at.line(forgotten)], { date: SUNDAY, sequence: 2 })
  assert.deepEqual(told(await at.clearing.takeFile(second)), [1, 0, 0])
  assert.deepEqual(await casesOf(at), ['clearing_missing_there closed: matched'])
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
})

test("a sale that its own day's file left out may come with the next day's, once", async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const midnight = at.sale(1)
  await at.pay(midnight)
  await at.clearing.takeFile(at.file('clearing', []))
  assert.deepEqual(await casesOf(at), ['clearing_missing_there open'])
  at.city.now += DAY_MS
  const monday = businessDate(at.city.now)
  await at.clearing.takeFile(at.file('clearing', [at.line(midnight)]))
  const resolved = [`clearing_missing_there closed: cleared with the file of ${monday}`]
  assert.deepEqual(await casesOf(at), resolved)
  await at.clearing.matchOpenDates(hanbit)
  assert.deepEqual(await casesOf(at), resolved)
  at.city.now += DAY_MS
  await at.clearing.takeFile(at.file('clearing', [at.line(midnight)]))
  assert.deepEqual(await casesOf(at), [...resolved, 'clearing_missing_here open'])
  at.city.now += 7 * DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
})

test('amounts that differ are a case with both, until a corrected line says the same', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(sale, { voucherWon: won(900) })]))
  const [found] = await at.records('case')
  assert.deepEqual([found?.facts['fileWon'], found?.facts['ledgerWon']], [900, 1_000])
  const corrected = at.file('clearing', [at.line(sale)], { sequence: 2 })
  await at.clearing.takeFile(corrected)
  assert.deepEqual(await casesOf(at), ['clearing_amount_differs closed: matched'])
  const wrongAgain = at.file('clearing', [at.line(sale, { voucherWon: won(800) })], { sequence: 3 })
  await at.clearing.takeFile(wrongAgain)
  assert.deepEqual(await casesOf(at), ['clearing_amount_differs open'])
})

test('a sale that was reversed is in no file and no difference, whenever the reversal came', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [atOnce, later] = [at.sale(1), at.sale(2)]
  for (const sale of [atOnce, later]) await at.pay(sale)
  const reverse = (sale: CardSale) =>
    at.tell({ kind: 'reverse', sale, keepWon: won(0), decidedAt: at.city.now })
  await reverse(atOnce)
  await at.clearing.takeFile(at.file('clearing', []))
  assert.deepEqual(await casesOf(at), ['clearing_missing_there open'])
  at.city.now += DAY_MS
  await reverse(later)
  await at.clearing.takeFile(at.file('clearing', []))
  await at.clearing.matchOpenDates(hanbit)
  assert.deepEqual(
    (await casesOf(at)).map((each) => each.split(' ')[1]),
    ['closed:'],
  )
  at.city.now += 7 * DAY_MS
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
})

test('a cancellation that the file does not have is a case; with the sale on another day too', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(sale)]))
  at.city.now += DAY_MS
  const back = await cancel(at, sale, 300)
  await at.clearing.takeFile(at.file('clearing', []))
  assert.deepEqual(await casesOf(at), ['clearing_missing_there open'])
  await at.clearing.takeFile(at.file('clearing', [back], { sequence: 2 }))
  assert.deepEqual(await casesOf(at), ['clearing_missing_there closed: matched'])
})

test('a day that gives more back than it sells waits until sales cover it', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  await at.clearing.takeFile(at.file('clearing', [at.line(sale)]))
  at.city.now = TUESDAY
  await at.clearing.writeSettlementFile(hanbit)
  const back = await cancel(at, sale, 1_000)
  await at.clearing.takeFile(at.file('clearing', [back]))
  at.city.now += 7 * DAY_MS
  assert.equal(await at.clearing.writeSettlementFile(hanbit), undefined)
  const next = at.sale(2, { amountWon: won(3_000) })
  await at.pay(next)
  await at.clearing.takeFile(at.file('clearing', [at.line(next)]))
  at.city.now += 7 * DAY_MS
  const given = await at.clearing.writeSettlementFile(hanbit)
  assert.deepEqual([given?.lines, given?.sumWon], [2, 2_000])
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
})

test('two issuers are settled by two payments in one file', async () => {
  const at = await openClearingCity()
  const { placeAt, linkTo } = await import('../cards/fixtures/card-city.ts')
  await at.city.give(1_000)
  const first = at.sale(1)
  await at.pay(first)
  at.city.places = [placeAt(ONNURI)]
  at.city.links = [linkTo(ONNURI)]
  await at.city.give(5_000, { issuerId: ONNURI })
  const second = at.sale(2, { amountWon: won(5_000) })
  await at.pay(second)
  at.city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  await at.clearing.takeFile(at.file('clearing', [at.line(first), at.line(second)]))
  at.city.now = TUESDAY
  const given = await at.clearing.writeSettlementFile(hanbit)
  const read = at.read('settlement', given!.name)
  assert.ok(read.ok)
  assert.deepEqual(
    read.content.lines.map(({ issuerCode, netWon }) => [issuerCode, netWon]),
    [
      ['gunsan', 1_000],
      ['onnuri', 5_000],
    ],
  )
  assert.equal(new Set(read.content.lines.map(({ paymentId }) => paymentId)).size, 2)
})
