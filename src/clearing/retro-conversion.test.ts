/** 사후전환 from the debit to its end: by advice and by incident file, through refund files, to the member's notice. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessDate, DAY_MS, HOUR_MS, won } from '../base/base.ts'
import { conversionOperation, cardOperationId, type CardSale } from '../cards/cards.ts'
import { linkTo, placeAt, sha256, termsOf } from '../cards/fixtures/card-city.ts'
import { conversionReport, conversionReportCsv, type RefundResultLine } from './clearing.ts'
import {
  GUNSAN,
  hanbit,
  HANBIT,
  NOON,
  ONNURI,
  openClearingCity,
  OPERATOR,
  type ClearingCity,
} from './fixtures/clearing-city.ts'

const debitedByAdvice = (at: ClearingCity, sale: CardSale): Promise<void> =>
  at.tell({
    kind: 'advise',
    sale,
    by: 'provisional_debit',
    approvedWon: sale.amountWon,
    decidedAt: sale.at,
  })

async function conversionsOf({ records }: ClearingCity): Promise<string[]> {
  return (await records('conversion')).map(({ state, reason, voucherWon }) =>
    [state, reason, voucherWon].filter((each) => each !== null).join(' '),
  )
}

async function noticesOf({ records }: ClearingCity) {
  return (await records('notice')).map(({ noticeKind, facts }) => [
    noticeKind,
    facts['accountWon'],
    facts['voucherWon'],
    facts['refundedWon'],
  ])
}

const resultOf = (
  at: ClearingCity,
  sale: CardSale,
  result: RefundResultLine['result'],
  refundWon = sale.amountWon,
): RefundResultLine => {
  const { acquirer, terminal, stan, localDate, cardClass, cardToken } = at.debit(sale)
  const conversionId = cardOperationId(sale.key, 'sale', sha256)
  const key = { acquirer, terminal, stan, localDate, cardClass }
  return { ...key, cardToken, conversionId, refundWon, result }
}

test('a flagged debit becomes voucher money, a refund to the account, and a notice with both amounts', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  at.city.now += HOUR_MS
  assert.deepEqual(await at.clearing.runConversions(GUNSAN), {
    converted: 1,
    explained: 0,
    open: 1,
    dueSoon: 0,
    overdue: 0,
  })
  assert.equal((await at.city.holds()).left, 9_000)
  assert.deepEqual([await conversionsOf(at), await noticesOf(at)], [['open 1000'], []])
  const given = await at.clearing.writeRefundFile(hanbit)
  const read = at.read('refund', given!.name)
  assert.ok(read.ok)
  const [line] = read.content.lines
  assert.deepEqual(
    [line?.stan, line?.cardToken, line?.refundWon, line?.voucherWon, line?.conversionId],
    ['000001', sale.cardToken, 1_000, 1_000, cardOperationId(sale.key, 'sale', sha256)],
  )
  assert.deepEqual(await conversionsOf(at), ['converted 1000'])
  assert.deepEqual(await noticesOf(at), [['retro_conversion', 1_000, 1_000, 1_000]])
  assert.equal(await at.clearing.writeRefundFile(hanbit), undefined)
})

test('the conversion is settled with its own date, although no clearing file has it', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  await debitedByAdvice(at, at.sale(1))
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.takeFile(at.file('clearing', []))
  assert.deepEqual(await at.records('case'), [])
  at.city.now += 7 * DAY_MS
  const given = await at.clearing.writeSettlementFile(hanbit)
  const read = at.read('settlement', given!.name)
  assert.ok(read.ok)
  assert.deepEqual(
    [read.content.lines[0]?.conversionsCount, read.content.lines[0]?.conversionsWon],
    [1, 1_000],
  )
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
})

test('a sale that came by advice and stands in the incident file is converted once', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  const file = at.file('incident', [at.debit(sale, { adviceSent: true })])
  assert.equal((await at.clearing.takeFile(file)).status, 'taken')
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  assert.deepEqual(await conversionsOf(at), ['converted 1000'])
  // Afterwards too, by a further file.
  const again = at.file('incident', [at.debit(sale)], { sequence: 2 })
  await at.clearing.takeFile(again)
  await at.clearing.runConversions(GUNSAN)
  assert.deepEqual(await conversionsOf(at), ['converted 1000'])
  assert.equal((await at.city.holds()).left, 9_000)
})

test("a conversion is known although the card's wallet is another issuer's by now", async () => {
  const at = await openClearingCity()
  at.city.places = [placeAt(GUNSAN), placeAt(ONNURI)]
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  at.city.links = [linkTo(ONNURI)]
  await at.city.give(10_000, { issuerId: ONNURI })
  await at.clearing.takeFile(at.file('incident', [at.debit(sale)]))
  assert.deepEqual(await at.records('conversion', ONNURI), [])
  assert.equal((await at.records('conversion')).length, 1)
})

test('advice and incident file that name different amounts open a case', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  const line = at.debit(sale, { accountWon: won(900) })
  const taken = await at.clearing.takeFile(at.file('incident', [line]))
  assert.equal(taken.status === 'taken' && taken.differences, 1)
  const [found] = await at.records('case')
  assert.deepEqual([found?.caseKind, found?.facts['fileWon']], ['advice_mismatch', 900])
})

test('an account that has its money back is explained; after the voucher paid, it is a case', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [before, after] = [at.sale(1), at.sale(2)]
  await at.clearing.takeFile(at.file('incident', [at.debit(before, { givenBack: true })]))
  assert.deepEqual(await conversionsOf(at), ['explained given_back 0'])
  await debitedByAdvice(at, after)
  await at.clearing.runConversions(GUNSAN)
  const late = at.file('incident', [at.debit(after, { givenBack: true })], { sequence: 2 })
  const taken = await at.clearing.takeFile(late)
  assert.equal(taken.status === 'taken' && taken.differences, 1)
  assert.deepEqual(
    (await at.records('case')).map(({ caseKind }) => caseKind),
    ['advice_mismatch'],
  )
})

test('a wallet that has too little now is explained, and the member told', async () => {
  const at = await openClearingCity()
  at.city.terms = [termsOf(GUNSAN, { splitTender: false })]
  await at.city.give(999)
  await debitedByAdvice(at, at.sale(1))
  await at.clearing.runConversions(GUNSAN)
  // Money that comes later does not change what was told.
  await at.city.give(10_000)
  await at.clearing.runConversions(GUNSAN)
  assert.deepEqual(await conversionsOf(at), ['explained insufficient_funds 0'])
  assert.deepEqual(await noticesOf(at), [['retro_conversion_refused', 1_000, 0, 0]])
})

test('where the program lets the account keep the rest, the voucher pays what it has', async () => {
  const at = await openClearingCity()
  at.city.terms = [termsOf(GUNSAN, { splitTender: true })]
  await at.city.give(999)
  await debitedByAdvice(at, at.sale(1))
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  assert.deepEqual(await conversionsOf(at), ['converted 999'])
  assert.deepEqual(await noticesOf(at), [['retro_conversion', 1_000, 999, 999]])
})

test("a shop that nobody knows: the conversion stands in the operator's books and nobody is told", async () => {
  const at = await openClearingCity()
  const stranger = at.sale(1, { merchantNumber: '999999999900000' })
  await at.clearing.takeFile(at.file('incident', [at.debit(stranger)]))
  await at.clearing.runConversions(OPERATOR)
  const [found] = await at.records('conversion', OPERATOR)
  assert.deepEqual([found?.state, found?.reason], ['explained', 'merchant_not_registered'])
})

test('a sale that the card company takes back before the refund file is not refunded', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  await at.clearing.runConversions(GUNSAN)
  await at.tell({ kind: 'reverse', sale, keepWon: won(0), decidedAt: at.city.now })
  assert.equal(await at.clearing.writeRefundFile(hanbit), undefined)
  assert.deepEqual(await conversionsOf(at), ['explained reversed 0'])
  assert.equal((await at.city.holds()).left, 10_000)
})

test('a reversed sale that a later incident file still tells as debited is a case', async () => {
  for (const isReversedFirst of [true, false]) {
    const at = await openClearingCity()
    await at.city.give(10_000)
    const sale = at.sale(1)
    const reverse = () => at.tell({ kind: 'reverse', sale, keepWon: won(0), decidedAt: NOON })
    if (isReversedFirst) await reverse()
    at.city.now += HOUR_MS
    await at.clearing.takeFile(at.file('incident', [at.debit(sale)]))
    at.city.now += HOUR_MS
    if (!isReversedFirst) await reverse()
    await at.clearing.runConversions(GUNSAN)
    assert.deepEqual(await conversionsOf(at), ['explained reversed 0'])
    const cases = await at.records('case')
    assert.deepEqual(
      cases.map(({ caseKind, facts }) => [caseKind, facts['accountWon']]),
      isReversedFirst ? [['advice_mismatch', sale.amountWon]] : [],
    )
  }
})

test('a conversion that is reversed after its own day was settled is deducted with a later day', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await debitedByAdvice(at, sale)
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  await at.clearing.takeFile(at.file('clearing', []))
  at.city.now += 7 * DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
  await at.tell({ kind: 'reverse', sale, keepWon: won(0), decidedAt: at.city.now })
  const other = at.sale(2, { amountWon: won(3_000) })
  await at.pay(other)
  await at.clearing.takeFile(at.file('clearing', [at.line(other)]))
  at.city.now += 7 * DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 2_000)
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
  assert.deepEqual(
    (await at.records('case')).map(({ caseKind }) => caseKind),
    ['reversal_late'],
  )
})

test('a refund that could not be made gives the voucher its money back', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [good, closed] = [at.sale(1), at.sale(2)]
  for (const sale of [good, closed]) await debitedByAdvice(at, sale)
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  at.city.now += DAY_MS
  const results = [resultOf(at, good, 'refunded'), resultOf(at, closed, 'account_closed')]
  const taken = await at.clearing.takeFile(at.file('refund_result', results))
  assert.equal(taken.status === 'taken' && taken.differences, 0)
  assert.deepEqual(await conversionsOf(at), ['converted 1000', 'explained refund_account_closed 0'])
  assert.equal((await at.city.holds()).left, 9_000)
  // Each date is settled with what was booked on it: the undoing takes from the second.
  await at.clearing.takeFile(at.file('clearing', [], { date: businessDate(NOON) }))
  await at.clearing.takeFile(at.file('clearing', []))
  at.city.now += 7 * DAY_MS
  assert.equal((await at.clearing.writeSettlementFile(hanbit))?.sumWon, 1_000)
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
})

test('results that nobody can place are cases: an unknown conversion, another amount', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [known, unknown] = [at.sale(1), at.sale(2)]
  await debitedByAdvice(at, known)
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  const lines = [resultOf(at, known, 'refunded', won(1)), resultOf(at, unknown, 'refunded')]
  const taken = await at.clearing.takeFile(at.file('refund_result', lines))
  assert.equal(taken.status === 'taken' && taken.differences, 2)
  assert.equal((await at.records('case', OPERATOR)).length, 1)
  assert.equal((await at.records('case')).length, 1)
})

test('a member who paid twice gets the account back; if it cannot be refunded, somebody must look', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const sale = at.sale(1)
  await at.pay(sale)
  await at.clearing.takeFile(at.file('incident', [at.debit(sale)]))
  await at.clearing.runConversions(GUNSAN)
  await at.clearing.writeRefundFile(hanbit)
  const saleId = cardOperationId(sale.key, 'sale', sha256)
  const { operationId } = conversionOperation(saleId, sha256)
  assert.deepEqual(await at.city.ledger.find(GUNSAN, [operationId]), [undefined])
  assert.deepEqual(await noticesOf(at), [['retro_conversion', 1_000, 1_000, 1_000]])
  await at.clearing.takeFile(at.file('refund_result', [resultOf(at, sale, 'account_closed')]))
  assert.deepEqual(await conversionsOf(at), ['converted 1000'])
  assert.deepEqual(
    (await at.records('case')).map(({ facts }) => facts['result']),
    ['account_closed'],
  )
})

test('an open conversion is warned of before its last day, and is a case from then until it ends', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  await debitedByAdvice(at, at.sale(1))
  await at.clearing.runConversions(GUNSAN)
  at.city.now = NOON + 10 * DAY_MS
  assert.equal((await at.clearing.runConversions(GUNSAN)).dueSoon, 1)
  assert.deepEqual(await at.records('case'), [])
  at.city.now = NOON + 14 * DAY_MS
  assert.equal((await at.clearing.runConversions(GUNSAN)).overdue, 1)
  await at.clearing.runConversions(GUNSAN)
  const states = async () =>
    (await at.records('case')).map(({ caseKind, state }) => [caseKind, state])
  assert.deepEqual(await states(), [['conversion_overdue', 'open']])
  await at.clearing.writeRefundFile(hanbit)
  assert.deepEqual(await states(), [['conversion_overdue', 'closed']])
})

test('the report counts and sums by state, partner, issuer, reason and days, as JSON and as CSV', async () => {
  const at = await openClearingCity()
  at.city.terms = [termsOf(GUNSAN, { splitTender: false })]
  await at.city.give(1_500)
  for (const number of [1, 2]) await debitedByAdvice(at, at.sale(number))
  await at.clearing.runConversions(GUNSAN)
  at.city.now += 2 * DAY_MS
  await at.clearing.writeRefundFile(hanbit)
  await debitedByAdvice(at, at.sale(3))
  const listed = (await at.records('conversion')).map((body) => ({ ...body, issuerId: GUNSAN }))
  const day = businessDate(NOON)
  const report = conversionReport(listed, { from: day, to: day }, at.city.now)
  assert.deepEqual(report.all, { count: 2, accountWon: 2_000, voucherWon: 1_000 })
  assert.equal(report.byState.converted.voucherWon, 1_000)
  assert.deepEqual(Object.keys(report.byPartner), ['prt_1'])
  assert.deepEqual(report.byReason['insufficient_funds']?.count, 1)
  assert.deepEqual(report.daysToClosure, { '1': 1, '2': 1 })
  const rows = conversionReportCsv(report).split('\r\n')
  assert.ok(rows.includes('state,converted,1,1000,1000'))
  assert.ok(rows.includes('reason,insufficient_funds,1,1000,0'))
  const whole = conversionReport(listed, { from: day, to: businessDate(at.city.now) }, at.city.now)
  assert.equal(whole.byState.open.count, 1)
  assert.equal(conversionReport(listed, whole.period, at.city.now + 15 * DAY_MS).openOverdue, 1)
})

test('a hold that nobody completed is let go after the days of its partner, with a case', async () => {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const plain = at.sale(1)
  const sale = { ...plain, key: { ...plain.key, cardClass: 'authorization' } as const }
  await at.desk.decide({ kind: 'authorize', sale })
  at.city.now = NOON + hanbit.holdDays * DAY_MS
  assert.equal(await at.clearing.releaseOldHolds(GUNSAN), 0)
  at.city.now += 1
  assert.equal(await at.clearing.releaseOldHolds(GUNSAN), 1)
  assert.equal(await at.clearing.releaseOldHolds(GUNSAN), 0)
  assert.deepEqual(await at.city.holds(), { left: 10_000, held: 0 })
  assert.deepEqual(
    (await at.records('case')).map(({ caseKind, state }) => [caseKind, state]),
    [['hold_expired', 'open']],
  )
})
