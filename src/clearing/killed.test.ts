/**
 * A process that is killed between any two steps, or after a step whose answer it never saw, and started again: ledger,
 * books and files come out as if nothing had happened, and every amount was moved and told once.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, won } from '../base/base.ts'
import {
  GUNSAN,
  hanbit,
  HANBIT,
  Killed,
  openClearingCity,
  OPERATOR,
  type ClearingCity,
} from './fixtures/clearing-city.ts'

/** Files, cases, conversions, refunds and settlement of some days; each step may be repeated. */
async function work(at: ClearingCity, turn: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await turn()
      return
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      at.dieAt(undefined, 'before')
    }
  }
}

async function story(step: number | undefined, when: 'before' | 'after'): Promise<ClearingCity> {
  const at = await openClearingCity()
  await at.city.give(10_000)
  const [paid, missing, twice, later, held] = [1, 2, 3, 4, 5].map((number) => at.sale(number))
  for (const sale of [paid!, twice!]) await at.pay(sale)
  const hold = { ...held!, key: { ...held!.key, cardClass: 'authorization' } as const }
  await at.desk.decide({ kind: 'authorize', sale: hold })
  const strange = at.debit(at.sale(6, { merchantNumber: '999999999900000' }))
  const givenBack = at.debit(at.sale(7), { givenBack: true })
  const files = [
    at.file('clearing', [
      at.line(paid!),
      at.line(missing!, { approvalCode: 'X' }),
      at.line(twice!),
    ]),
    at.file('incident', [at.debit(twice!), at.debit(later!), strange, givenBack]),
  ]
  at.dieAt(step, when)
  const turn = async (): Promise<void> => {
    for (const file of files) await at.clearing.takeFile(file)
    await at.clearing.matchOpenDates(hanbit)
    for (const issuerId of [GUNSAN, OPERATOR]) await at.clearing.runConversions(issuerId)
    await at.clearing.writeRefundFile(hanbit)
    await at.clearing.writeSettlementFile(hanbit)
    await at.clearing.releaseOldHolds(GUNSAN)
  }
  await work(at, turn)
  at.city.now += 2 * DAY_MS
  await work(at, turn)
  at.city.now += 10 * DAY_MS
  await work(at, turn)
  await work(at, turn)
  return at
}

/** All that must be the same whatever happened on the way. */
async function outcome(at: ClearingCity): Promise<unknown> {
  const { city, given } = at
  const lines = [...given.keys()].toSorted().map((name) => {
    const read = at.read(name.startsWith('RF') ? 'refund' : 'settlement', name)
    assert.ok(read.ok)
    return read.content.lines
  })
  const books = async (issuerId: typeof GUNSAN) => ({
    cases: (await at.records('case', issuerId)).map(({ caseKind, subject, state }) =>
      [caseKind, subject, state].join(' '),
    ),
    conversions: (await at.records('conversion', issuerId)).map(
      ({ saleId, state, reason, voucherWon }) => [saleId, state, reason, voucherWon].join(' '),
    ),
    notices: (await at.records('notice', issuerId)).map(({ noticeKind, facts }) =>
      [noticeKind, facts['saleId'], facts['refundedWon']].join(' '),
    ),
    files: (await at.records('clearing_file', issuerId)).map(
      ({ fileKind, date, sequence, state, sumWon }) =>
        [fileKind, date, sequence, state, sumWon].join(' '),
    ),
  })
  return {
    lines,
    gunsan: await books(GUNSAN),
    operator: await books(OPERATOR),
    owed: await city.ledger.cardClearing(GUNSAN, HANBIT),
    payouts: await at.payouts(),
    wallet: await city.holds(),
    operations: city.ledger
      .snapshot(GUNSAN)
      .operations.map(({ operationId, kind, amountWon }) => `${operationId} ${kind} ${amountWon}`)
      .toSorted(),
  }
}

test('the story itself: what is paid, refunded, explained and open', async () => {
  const at = await story(undefined, 'before')
  assert.deepEqual([...at.given.keys()].map((name) => name.slice(0, 2)).toSorted(), ['RF', 'SE'])
  const refunds = at.read(
    'refund',
    [...at.given.keys()].find((name) => name.startsWith('RF'))!,
  )
  assert.ok(refunds.ok)
  assert.deepEqual(
    refunds.content.lines.map(({ stan, refundWon }) => [stan, refundWon]),
    [
      ['000003', 1_000],
      ['000004', 1_000],
    ],
  )
  // Both sales and the conversion were cleared and settled; nothing stays owed and the hold is free again.
  assert.equal(await at.city.ledger.cardClearing(GUNSAN, HANBIT), 0)
  assert.deepEqual(await at.city.holds(), { left: won(7_000), held: 0 })
  assert.equal((await at.payouts()).length, 1)
})

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} any step: the same in the end`, async () => {
    const whole = await story(undefined, 'before')
    const wanted = await outcome(whole)
    const steps = whole.steps()
    assert.ok(steps > 40, `${steps} steps`)
    for (let step = 1; step <= steps; step += 1) {
      assert.deepEqual(
        await outcome(await story(step, when)),
        wanted,
        `killed ${when} step ${step}`,
      )
    }
  })
}
