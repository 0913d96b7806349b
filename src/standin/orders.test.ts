/** Of several orders that fit a sale, the most specific holds. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import type { StandInMode, StandInOrder } from './edge-desk.ts'
import { NOON } from './fixtures/small-town.ts'
import { modeFor } from './orders.ts'

const [HANBIT, NARAE] = [id('prt', 1), id('prt', 2)]
const [GUNSAN, IKSAN] = [id('iss', 1), id('iss', 2)]
const order = (mode: StandInMode, where: Partial<StandInOrder> = {}): StandInOrder => ({
  ...where,
  mode,
  by: 'opr_1',
  at: NOON,
  reason: '점검',
})

test('partner and issuer, then issuer, then partner, then everywhere', () => {
  const orders = [
    order('forbidden'),
    order('forced', { partnerId: HANBIT }),
    order('forbidden', { issuerId: GUNSAN }),
    order('forced', { partnerId: HANBIT, issuerId: GUNSAN }),
  ]
  for (const list of [orders, orders.toReversed()]) {
    assert.equal(modeFor(list, { partnerId: HANBIT, issuerId: GUNSAN }), 'forced')
    assert.equal(modeFor(list, { partnerId: NARAE, issuerId: GUNSAN }), 'forbidden')
    assert.equal(modeFor(list, { partnerId: HANBIT, issuerId: IKSAN }), 'forced')
    assert.equal(modeFor(list, { partnerId: HANBIT, issuerId: undefined }), 'forced')
    assert.equal(modeFor(list, { partnerId: NARAE, issuerId: IKSAN }), 'forbidden')
  }
  assert.equal(modeFor([], { partnerId: NARAE, issuerId: IKSAN }), 'automatic')
})
