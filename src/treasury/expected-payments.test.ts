/** What funders are going to pay in, as an officer records it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won, type BusinessDate } from '../base/base.ts'
import { ISSUER, openTreasuryCity, uuid } from './fixtures/treasury-city.ts'

test('an expected payment is recorded once and withdrawn while it is open', async () => {
  const city = openTreasuryCity()
  const expectation = {
    requestId: uuid(900),
    funder: 'province' as const,
    amountWon: won(1_000),
    expectedOn: '2026-11-23' as BusinessDate,
    reference: '도비 교부',
    by: 'off_1',
  }
  const expect = (change: object) =>
    city.treasury.expectPayment(ISSUER, { ...expectation, ...change }, city.now())
  const [one, two] = [await expect({}), await expect({})]
  assert.deepEqual(one, two)
  assert.deepEqual(await expect({ amountWon: won(2) }), {
    status: 'refused',
    reason: 'request_reused',
  })
  for (const [field, value] of [
    ['reference', '도'],
    ['amountWon', won(0)],
  ] as const) {
    const answer = await expect({ requestId: uuid(901), [field]: value })
    assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field })
  }
  assert.ok(one.status === 'registered')
  const change = { id: one.expected.expectedId, by: 'off_1', now: city.now() }
  assert.equal((await city.treasury.withdrawExpected(ISSUER, change)).status, 'registered')
  const unknown = await city.treasury.withdrawExpected(ISSUER, { ...change, id: 5 })
  assert.deepEqual(unknown, { status: 'refused', reason: 'expected_payment_unknown' })
})
