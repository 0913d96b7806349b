/** The table of answers: no code means two things, and the verdict is never lost in a response code. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { declineReasons } from '../../base/base.ts'
import { cardOnlyReasons, cardVerdicts } from '../../cards/cards.ts'
import {
  adviceLetters,
  COMPLETION_LETTERS,
  deciderLetters,
  preferenceLetters,
  reasonOfCode,
  reasonTable,
  responseCodeOf,
  sourceLetters,
  verdictDigits,
  verdictLetters,
} from './answer-codes.ts'

const reasons = [...declineReasons, ...cardOnlyReasons]

test('every reason has three digits of its own, which no refusal uses', () => {
  assert.equal(reasonOfCode.size, reasons.length)
  for (const reason of reasons) {
    const { code, responseCode } = reasonTable[reason]
    assert.match(code, /^[1-8]\d\d$/)
    assert.match(responseCode, /^\d\d$/)
    assert.equal(reasonOfCode.get(code), reason)
  }
})

test('every word has a letter of its own', () => {
  const lists = [
    verdictLetters,
    verdictDigits,
    sourceLetters,
    deciderLetters,
    preferenceLetters,
    { ...adviceLetters, completion: COMPLETION_LETTERS },
  ]
  for (const list of lists) {
    const letters = Object.values(list)
    assert.equal(new Set(letters).size, letters.length)
  }
})

test('a response code of approval stands for approvals only, and 91 for unknown', () => {
  for (const verdict of cardVerdicts) {
    for (const reason of [undefined, ...reasons]) {
      const answer = reason === undefined ? { verdict } : { verdict, reason }
      const code = responseCodeOf(answer)
      assert.equal(code === '00', verdict === 'approved')
      assert.equal(code === '10', verdict === 'partially_approved')
      if (verdict === 'unknown') assert.equal(code, '91')
    }
  }
})

test('what people meet is told by the code that hosts know', () => {
  const met = [
    ['not_applicable', 'insufficient_funds', '51'],
    ['not_applicable', 'merchant_not_registered', '03'],
    ['not_applicable', 'card_not_linked', '14'],
    ['declined', 'wallet_stopped', '62'],
    ['declined', 'amount_above_limit', '61'],
    ['declined', 'standin_limit_exceeded', '65'],
    ['declined', 'reversed_first', '68'],
  ] as const
  for (const [verdict, reason, code] of met) {
    assert.equal(responseCodeOf({ verdict, reason }), code)
  }
  assert.equal(responseCodeOf({ verdict: 'declined' }), '05')
  assert.equal(responseCodeOf({ verdict: 'not_applicable' }), '57')
})
