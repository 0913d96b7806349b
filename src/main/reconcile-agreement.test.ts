/** What looks like a break and is none: books that agree, in each way that a sale may go. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import { cardOperationId } from '../cards/cards.ts'
import { sha256 } from './keys.ts'
import {
  advise,
  AMOUNT,
  answer,
  AT,
  authorization,
  byAccount,
  cancellationKey,
  cardSale,
  check,
  conversion,
  key,
  posted,
  reverse,
  told,
  type Planted,
} from './fixtures/planted-books.ts'

const agreeing: Record<string, Planted> = {
  'approved by the core': {
    operations: [posted('sale', 'payment')],
    answers: [[key, answer('approved', AMOUNT)]],
  },
  'approved by stand-in, told to the core after it had declined': {
    sales: [told({ decidedBy: 'standin' })],
    operations: [
      posted('sale', 'payment', AMOUNT, { decline: 'insufficient_funds' }),
      posted('advice', 'payment'),
    ],
    answers: [[key, answer('approved', AMOUNT, 'standin')]],
    notices: [advise('standin')],
  },
  'approved late, reversed by the company': {
    sales: [told({ verdict: 'no_answer', decidedBy: null, voucherWon: 0 })],
    operations: [posted('sale', 'payment'), posted('reversal', 'cancellation')],
    answers: [[key, answer('approved', AMOUNT)]],
    notices: [reverse()],
  },
  'reversed before it came': {
    sales: [told({ verdict: 'link_lost', decidedBy: null, voucherWon: 0 })],
    operations: [posted('sale', 'payment', AMOUNT, { decline: 'reversed_first' })],
    notices: [reverse()],
  },
  'taken back by the gateway after stand-in had said no': {
    sales: [told({ verdict: 'declined', decidedBy: 'standin', voucherWon: 0 })],
    operations: [posted('sale', 'payment'), posted('reversal', 'cancellation')],
    answers: [[key, answer('declined', 0, 'standin')]],
    notices: [reverse(won(0), 'gateway')],
  },
  'reversed but for a part': {
    sales: [told({ voucherWon: 2_500 })],
    operations: [posted('sale', 'payment'), posted('partial_reversal', 'cancellation', 7_500)],
    answers: [[key, answer('approved', AMOUNT)]],
    notices: [reverse(won(2_500))],
  },
  'cancelled in part': {
    sales: [told({ voucherWon: 6_000, cancellationKeys: [cancellationKey] })],
    operations: [
      posted('sale', 'payment'),
      posted('cancellation', 'cancellation', 4_000, { key: cancellationKey, target: 'sale' }),
    ],
    answers: [
      [key, answer('approved', AMOUNT)],
      [cancellationKey, answer('approved', 4_000)],
    ],
  },
  'held, completed with more than the hold': {
    sales: [told({ key: authorization, voucherWon: 12_000 })],
    operations: [
      posted('sale', 'hold', AMOUNT, { key: authorization }),
      {
        ...posted('completion', 'capture', AMOUNT, { key: authorization }),
        targetId: cardOperationId(authorization, 'sale', sha256),
      },
      posted('rest', 'payment', 2_000, { key: authorization }),
    ],
    answers: [[authorization, answer('approved', AMOUNT)]],
    notices: [
      {
        kind: 'complete',
        sale: cardSale(authorization),
        amountWon: won(12_000),
        decidedAt: AT,
      },
    ],
  },
  'held by stand-in for more than there was': {
    sales: [told({ key: authorization, isHold: true, decidedBy: 'standin' })],
    operations: [posted('sale', 'hold', 4_000, { key: authorization })],
    answers: [[authorization, answer('approved', AMOUNT, 'standin')]],
  },
  'paid by the account because the voucher does not apply': {
    sales: [told({ verdict: 'not_applicable', ...byAccount })],
    answers: [[key, answer('not_applicable')]],
  },
  'the same, known from the ledger alone': {
    sales: [told({ verdict: 'not_applicable', ...byAccount })],
    operations: [posted('sale', 'payment', AMOUNT, { decline: 'insufficient_funds' })],
  },
  'split between voucher and account': {
    sales: [
      told({
        verdict: 'partially_approved',
        voucherWon: 6_000,
        accountWon: 4_000,
        debitedWon: 4_000,
      }),
    ],
    operations: [posted('sale', 'payment', 6_000)],
    answers: [[key, answer('partially_approved', 6_000)]],
  },
  'debited provisionally, the conversion open': {
    sales: [told({ verdict: 'unknown', provisional: true, ...byAccount })],
    operations: [posted('sale', 'payment', AMOUNT, { decline: 'reversed_first' })],
    conversions: [conversion('open')],
    answers: [[key, answer('unknown')]],
    notices: [advise('provisional_debit')],
  },
  'debited provisionally, approved late, taken back, converted and refunded': {
    sales: [
      told({
        verdict: 'no_answer',
        provisional: true,
        voucherWon: 0,
        debitedWon: AMOUNT,
        convertedWon: AMOUNT,
      }),
    ],
    operations: [
      posted('sale', 'payment'),
      posted('reversal', 'cancellation'),
      posted('conversion', 'payment'),
    ],
    conversions: [conversion('converted', AMOUNT)],
    answers: [[key, answer('approved', AMOUNT, 'standin')]],
    notices: [advise('provisional_debit')],
  },
  'debited silently, and repaired': {
    sales: [
      told({
        verdict: 'not_sent',
        silent: true,
        voucherWon: 0,
        debitedWon: AMOUNT,
        convertedWon: AMOUNT,
      }),
    ],
    operations: [posted('conversion', 'payment')],
    conversions: [conversion('converted', AMOUNT)],
  },
  'debited silently, and explained afterwards': {
    sales: [told({ verdict: 'not_sent', silent: true, ...byAccount })],
    conversions: [conversion('explained')],
  },
  'passed by a gateway whose disk was full': {
    operations: [posted('sale', 'payment')],
  },
  'reversed past a gateway whose disk was full': {
    sales: [told({ verdict: 'no_answer', voucherWon: 0 })],
    operations: [posted('sale', 'payment'), posted('reversal', 'cancellation')],
    answers: [[key, answer('approved', AMOUNT)]],
  },
  'older than what gateways keep': {
    sales: [told({ decidedBy: 'standin' })],
    operations: [posted('advice', 'payment')],
    knowSince: AT + 1,
  },
  'declined by everybody': {
    sales: [told({ verdict: 'declined', voucherWon: 0 })],
    operations: [posted('sale', 'payment', AMOUNT, { decline: 'wallet_stopped' })],
    answers: [[key, answer('declined')]],
  },
}

for (const [name, planted] of Object.entries(agreeing)) {
  test(`no break: ${name}`, () => {
    const { breaks, ...counts } = check(planted)
    assert.deepEqual(breaks, [])
    assert.deepEqual(counts, { matched: 1, unmatched: 0, wrongSource: 0, differenceWon: 0 })
  })
}
