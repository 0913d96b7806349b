/** Every kind of break is planted into books that agree, and found. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  advise,
  AMOUNT,
  answer,
  authorization,
  byAccount,
  check,
  conversion,
  key,
  keyOf,
  posted,
  reverse,
  told,
  type Planted,
} from './fixtures/planted-books.ts'
import { breakKinds, type BreakKind } from './reconcile-matching.ts'

/** Books that agree, before something is planted. */
const approved: Planted = {
  operations: [posted('sale', 'payment')],
  answers: [[key, answer('approved', AMOUNT)]],
}

/** Each with what is found, and by how much the books differ. */
const broken: Record<string, readonly [Planted, readonly BreakKind[], number]> = {
  'voucher and account both paid': [
    {
      sales: [told({ verdict: 'not_applicable', ...byAccount })],
      operations: [posted('sale', 'payment')],
      answers: [[key, answer('not_applicable')]],
    },
    ['paid_twice', 'ledger_differs'],
    AMOUNT,
  ],
  'silence was read as no voucher': [
    { sales: [told({ verdict: 'no_answer', silent: true, ...byAccount })] },
    ['silent_debit'],
    AMOUNT,
  ],
  'silence, and the voucher had paid as well': [
    {
      sales: [told({ verdict: 'no_answer', silent: true, ...byAccount })],
      operations: [posted('sale', 'payment')],
    },
    ['paid_twice', 'silent_debit', 'ledger_differs'],
    AMOUNT,
  ],
  'an account debited on an answer that nobody gave': [
    { sales: [told({ verdict: 'not_applicable', ...byAccount })] },
    ['account_without_reason'],
    AMOUNT,
  ],
  'an account debited on a decline': [
    {
      sales: [told({ verdict: 'declined', ...byAccount })],
      answers: [[key, answer('declined')]],
    },
    ['account_without_reason'],
    AMOUNT,
  ],
  'an account debited on a decline that is no statement about the voucher': [
    {
      sales: [told({ verdict: 'not_applicable', ...byAccount })],
      operations: [posted('sale', 'payment', AMOUNT, { decline: 'wallet_stopped' })],
    },
    ['account_without_reason'],
    AMOUNT,
  ],
  'a provisional debit that nobody converts': [
    {
      sales: [told({ verdict: 'unknown', provisional: true, ...byAccount })],
      notices: [advise('provisional_debit')],
    },
    ['provisional_without_conversion'],
    AMOUNT,
  ],
  'a conversion whose refund the account has not got': [
    {
      sales: [told({ verdict: 'unknown', provisional: true, ...byAccount })],
      operations: [posted('conversion', 'payment')],
      conversions: [conversion('converted', AMOUNT)],
    },
    ['conversion_differs'],
    AMOUNT,
  ],
  'the ledger took less': [
    { ...approved, operations: [posted('sale', 'payment', 9_999)] },
    ['ledger_differs'],
    1,
  ],
  'the ledger took nothing': [{ ...approved, operations: [] }, ['ledger_differs'], AMOUNT],
  'the ledger took it twice': [
    { ...approved, operations: [posted('sale', 'payment'), posted('advice', 'payment')] },
    ['ledger_differs'],
    AMOUNT,
  ],
  'a reversal that never reached the ledger': [
    {
      sales: [told({ verdict: 'no_answer', voucherWon: 0 })],
      operations: [posted('sale', 'payment')],
      answers: [[key, answer('approved', AMOUNT)]],
      notices: [reverse()],
    },
    ['ledger_differs'],
    AMOUNT,
  ],
  'a hold for more than was approved': [
    {
      sales: [told({ key: authorization, isHold: true })],
      operations: [posted('sale', 'hold', AMOUNT + 1, { key: authorization })],
      answers: [[authorization, answer('approved', AMOUNT)]],
    },
    ['ledger_differs'],
    1,
  ],
  'an authorization that the ledger does not know': [
    {
      sales: [told({ key: authorization, isHold: true })],
      answers: [[authorization, answer('approved', AMOUNT)]],
    },
    ['ledger_differs'],
    AMOUNT,
  ],
  'a gateway that told the terminal another amount': [
    { ...approved, answers: [[key, answer('approved', 8_000)]] },
    ['gateway_differs'],
    2_000,
  ],
  'an approval of stand-in that its gateway forgot': [
    {
      sales: [told({ decidedBy: 'standin' })],
      operations: [posted('sale', 'payment')],
    },
    ['gateway_without_record'],
    0,
  ],
  'a notice that the core has not taken': [
    { ...approved, waiting: [[key, 1]] },
    ['notice_not_taken'],
    0,
  ],
  'a reversal that nobody acknowledged': [
    { ...approved, sales: [told({ open: ['reverse not acknowledged'] })] },
    ['company_not_finished'],
    0,
  ],
  'a payment of no sale': [
    {
      ...approved,
      operations: [
        posted('sale', 'payment'),
        posted('sale', 'payment', 700, { key: keyOf('000009') }),
      ],
    },
    ['unknown_to_company'],
    700,
  ],
  'a promise to nobody': [
    {
      ...approved,
      answers: [
        [key, answer('approved', AMOUNT)],
        [keyOf('000009'), answer('approved', 700)],
      ],
    },
    ['unknown_to_company'],
    700,
  ],
  'a notice about nobody’s sale': [
    { ...approved, waiting: [[keyOf('000009'), 2]] },
    ['unknown_to_company'],
    0,
  ],
}

for (const [name, [planted, kinds, differenceWon]] of Object.entries(broken)) {
  test(`found: ${name}`, () => {
    const { breaks, ...counts } = check(planted)
    assert.deepEqual(
      breaks.map((one) => one.kinds),
      [kinds],
    )
    assert.equal(counts.differenceWon, differenceWon)
    const isWrongSource = breakKinds.indexOf(kinds[0]!) < 4
    assert.equal(counts.wrongSource, isWrongSource ? 1 : 0)
    assert.equal(counts.unmatched, isWrongSource ? 0 : 1)
  })
}

test('every kind of break is planted above', () => {
  const planted = new Set(Object.values(broken).flatMap(([, kinds]) => kinds))
  assert.deepEqual(
    breakKinds.filter((kind) => !planted.has(kind)),
    [],
  )
})

test('sales are counted one by one', () => {
  const other = keyOf('000007')
  const { matched, unmatched } = check({
    sales: [told(), told({ key: other })],
    operations: [posted('sale', 'payment')],
    answers: [
      [key, answer('approved', AMOUNT)],
      [other, answer('approved', AMOUNT)],
    ],
  })
  assert.deepEqual([matched, unmatched], [1, 1])
})

test('a sale that is void with one issuer and stands with another agrees', () => {
  const voided = {
    ...posted('sale', 'payment', AMOUNT, { decline: 'reversed_first' }),
    issuerId: 2,
  }
  const { matched, breaks } = check({
    ...approved,
    operations: [posted('sale', 'payment'), voided],
  })
  assert.deepEqual([matched, breaks], [1, []])
})
