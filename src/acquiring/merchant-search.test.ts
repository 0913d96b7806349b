/** Merchants are found by all words of their names and by digits of their number, however both are typed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won } from '../base/base.ts'
import { merchantsWithWords, type Merchant } from './acquiring.ts'

const merchantOf = (number: number, change: Partial<Merchant>): Merchant => ({
  issuerId: id('iss', 1),
  merchantId: id('mrc', number),
  name: '은파분식',
  nameLatin: 'EUNPA BUNSIK',
  businessNumber: '1248100998',
  ownerPersonId: 'owner-who-is-not-searched',
  sector: 'snack_bar',
  annualRevenueWon: won(0),
  district: '나운동',
  status: 'active',
  registeredAt: 0,
  ...change,
})
const merchants = [
  merchantOf(1, {}),
  merchantOf(2, { name: '은파수산', nameLatin: 'EUNPA SUSAN', businessNumber: '2208162517' }),
  merchantOf(3, {
    name: '편의점 24',
    nameLatin: 'CVS',
    businessNumber: '3018100241',
    district: '월명동',
  }),
]

const table: readonly (readonly [text: string, found: readonly number[]])[] = [
  ['', [1, 2, 3]],
  [' \t ', [1, 2, 3]],
  ['은파', [1, 2]],
  ['  수산   은파 ', [2]],
  ['은파'.normalize('NFD'), [1, 2]],
  ['eunpa bun', [1]],
  ['월명동', [3]],
  ['은파 월명동', []],
  ['124-81-00998', [1]],
  ['1248100998', [1]],
  ['124-81', [1]],
  ['00998 은파', [1]],
  ['00998 편의점', []],
  // Two digits are words of a name, not part of a number.
  ['24', [3]],
  ['-', []],
  ['owner-who-is-not-searched', []],
  ['%', []],
]

for (const [text, found] of table) {
  test(`“${text}” finds ${found.join(', ') || 'nothing'}`, () => {
    const numbers = merchantsWithWords(merchants, text).map(({ merchantId }) => Number(merchantId))
    assert.deepEqual(numbers, found)
  })
}
