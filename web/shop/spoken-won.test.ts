/** Amounts as people say them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spokenSale, spokenWon } from './spoken-won.ts'

const TABLE = `
1         일원
2         이원
10        십원
11        십일원
19        십구원
20        이십원
100       백원
101       백일원
110       백십원
999       구백구십구원
1000      천원
1100      천백원
1111      천백십일원
5000      오천원
9999      구천구백구십구원
10000     만원
10001     만 일원
11000     만 천원
15000     만 오천원
20000     이만원
21000     이만 천원
99999     구만 구천구백구십구원
100000    십만원
110000    십일만원
111111    십일만 천백십일원
1000000   백만원
1010000   백일만원
1234567   백이십삼만 사천오백육십칠원
9000000   구백만원
9999999   구백구십구만 구천구백구십구원
100010000 일억 일만원
`

test('an amount is said as people say it', () => {
  for (const line of TABLE.trim().split('\n')) {
    const [amountWon, ...words] = line.split(/\s+/)
    assert.equal(spokenWon(Number(amountWon)), words.join(' '))
  }
})

test('every amount of a till is read back as the same number', () => {
  for (let amountWon = 1; amountWon <= 9_999_999; amountWon += 9_973) {
    assert.equal(numberOf(spokenWon(amountWon)), amountWon)
  }
  assert.equal(numberOf(spokenWon(9_999_999)), 9_999_999)
})

test('what was paid and what was given back are told apart', () => {
  assert.equal(spokenSale({ kind: 'payment', amountWon: 10_000 }), '만원 결제되었습니다')
  assert.equal(spokenSale({ kind: 'cancellation', amountWon: 4_000 }), '사천원 취소되었습니다')
})

/** Reads words as a listener does: digits, places, and 만. */
function numberOf(words: string): number {
  let total = 0
  let group = 0
  let digit = 0
  const placed: Record<string, number> = { 십: 10, 백: 100, 천: 1000 }
  for (const letter of words.replaceAll(' ', '').replace('원', '')) {
    if (letter === '만') {
      total += (group + digit || 1) * 10_000
      group = 0
      digit = 0
    } else if (placed[letter] === undefined) digit = '일이삼사오육칠팔구'.indexOf(letter) + 1
    else {
      group += (digit || 1) * placed[letter]
      digit = 0
    }
  }
  return total + group + digit
}
