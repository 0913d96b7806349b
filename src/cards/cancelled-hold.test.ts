/**
 * A hold that the shop cancelled, and a completion that comes over the other gateway: one that was told before the
 * cancellation has been given back by it, one of after that has not.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import type { CardNotice } from './cards.ts'
import { keyOf, openCardCity, saleOf, type CardCity } from './fixtures/card-city.ts'

const FUNDED = 50_000
const MINUTE = 60_000
const sale = saleOf({ amountWon: won(9_000) }, { cardClass: 'authorization' })
const key = keyOf({ stan: '000011', cardClass: 'cancellation' })
const completion = (amountWon: number, decidedAt: number): CardNotice => {
  return { kind: 'complete', sale, amountWon: won(amountWon), decidedAt }
}

async function openCancelled(by: 'core' | 'standin'): Promise<CardCity> {
  const city = await openCardCity()
  await city.give(FUNDED)
  await city.desk.decide({ kind: 'authorize', sale })
  city.now += MINUTE
  if (by === 'core') {
    await city.desk.decide({ kind: 'cancel', key, original: sale, amountWon: sale.amountWon })
  } else {
    const told = { key, original: sale, amountWon: sale.amountWon, decidedAt: city.now }
    await city.desk.take([{ kind: 'cancelled', ...told }])
  }
  city.now += MINUTE
  return city
}

/** Completed before the cancellation: what was due, what it still takes, and what a person must look at. */
const rows = [
  [9_000, 0, []],
  [12_000, 3_000, []],
  [4_000, 0, ['advice_mismatch']],
] as const

for (const by of ['core', 'standin'] as const) {
  for (const [dueWon, takesWon, cases] of rows) {
    test(`a completion of ${dueWon} that ${by} cancelled before it came takes ${takesWon} more`, async () => {
      const city = await openCancelled(by)
      const late = completion(dueWon, city.now - 2 * MINUTE)
      await city.desk.take([late])
      await city.desk.take([late])
      assert.deepEqual(await city.holds(), { left: FUNDED - takesWon, held: 0 })
      assert.deepEqual(
        city.cases.map(({ caseKind }) => caseKind),
        cases,
      )
    })
  }
}

test('a completion of after the cancellation takes all of it, and somebody looks at it', async () => {
  const city = await openCancelled('core')
  await city.desk.take([completion(9_000, city.now)])
  assert.deepEqual(await city.holds(), { left: FUNDED - 9_000, held: 0 })
  assert.deepEqual(
    city.cases.map(({ caseKind }) => caseKind),
    ['hold_expired'],
  )
})

test('a cancellation of more than was authorized speaks of a completion that has not come yet', async () => {
  const city = await openCardCity()
  await city.give(FUNDED)
  await city.desk.decide({ kind: 'authorize', sale })
  const cancel = (stan: string) =>
    city.desk.decide({
      kind: 'cancel',
      key: keyOf({ stan, cardClass: 'cancellation' }),
      original: sale,
      amountWon: won(10_000),
    })
  const early = await cancel('000011')
  assert.deepEqual([early.verdict, early.reason], ['declined', 'cancel_exceeds_payment'])
  await city.desk.take([completion(12_000, city.now)])
  const late = await cancel('000012')
  assert.deepEqual([late.verdict, late.voucherWon], ['approved', 10_000])
  assert.deepEqual(await city.holds(), { left: FUNDED - 2_000, held: 0 })
})
