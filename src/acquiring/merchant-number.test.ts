/** Merchant numbers of card messages: fifteen digits that name a shop and one of its places. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import {
  formatMerchantNumber,
  outletOfNumber,
  readMerchantNumber,
  type Outlet,
} from './acquiring.ts'

const outlet = (outletId: number, open = true): Outlet => ({
  issuerId: id('iss', 1),
  outletId: id('out', outletId),
  merchantId: id('mrc', 1),
  name: '본점',
  district: '월명동',
  address: '월명로 1',
  position: null,
  open,
})

test('a number is read as it was written, and nothing else is one', () => {
  for (const outletNumber of [0, 1, 42, 99_999]) {
    const number = { businessNumber: '1248100998', outletNumber }
    assert.deepEqual(readMerchantNumber(formatMerchantNumber(number)!), number)
  }
  assert.equal(
    formatMerchantNumber({ businessNumber: '1248100998', outletNumber: 100_000 }),
    undefined,
  )
  for (const text of [
    '',
    '1248100998',
    '124810099800000x',
    '12481009980000',
    ' 24810099800000',
    '１２４8100998000',
  ]) {
    assert.equal(readMerchantNumber(text), undefined, text)
  }
})

test('a number keeps meaning one place, whatever opens and closes', () => {
  const outlets = [outlet(9), outlet(4, false), outlet(7)]
  const idOf = (number: number) => outletOfNumber(outlets, number)?.outletId
  assert.deepEqual([1, 2, 3, 4].map(idOf), [4, 7, 9, undefined])
  // The first that is open; a closed one only where nothing else is left, so that it is refused by name.
  assert.equal(idOf(0), 7)
  assert.equal(outletOfNumber([outlet(4, false)], 0)?.outletId, 4)
  assert.equal(outletOfNumber([], 0), undefined)
})
