/** The first weeks of the scripted year are clean, and a ledger that is wrong by a won or by a day is found out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, won } from '../../src/base/base.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { runYear } from './run-year.ts'

const WEEKS_DAYS = 45
const PLANTED_DAYS = 8

test('every day of the first weeks is audited, reconciled and calculated a second time, to the won', async () => {
  const told = new Map<string, number>()
  const result = await runYear({
    seed: 7,
    days: WEEKS_DAYS,
    onEvent({ wish }, { status }) {
      const name = `${wish.what} ${status}`
      told.set(name, (told.get(name) ?? 0) + 1)
    },
  })
  assert.deepEqual(result.violations, [])
  assert.equal(result.days, WEEKS_DAYS)
  for (const what of ['buy', 'pay', 'cancel_payment', 'refund', 'gift', 'answer_gift', 'grant']) {
    assert.ok((told.get(`${what} done`) ?? 0) > 0, `nobody did ${what}`)
  }
})

const mistakes: Readonly<Record<string, (ledger: Ledger) => Ledger>> = {
  'a payment takes a won less': (ledger) => ({
    ...ledger,
    pay: (issuerId, requests, at) =>
      ledger.pay(
        issuerId,
        requests.map((request) => ({ ...request, amountWon: won(request.amountWon - 1) })),
        at,
      ),
  }),
  'a purchase ends a day early': (ledger) => ({
    ...ledger,
    reservePurchases: (issuerId, requests, at) =>
      ledger.reservePurchases(
        issuerId,
        requests.map((request) => ({ ...request, expiresAt: at + DAY_MS })),
        at,
      ),
  }),
}

for (const [mistake, plant] of Object.entries(mistakes)) {
  test(`found: ${mistake}`, async () => {
    const { violations } = await runYear({ seed: 7, days: PLANTED_DAYS, plant })
    assert.ok(violations.length > 0)
  })
}
