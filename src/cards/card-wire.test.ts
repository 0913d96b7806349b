/** C8: what the other process sends is read strictly, and nonsense is an answer of its own, never a crash. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { won } from '../base/base.ts'
import {
  FED_WALLETS_PAGE,
  NOTICES_MAX,
  readAnswerTo,
  readCardAnswer,
  readCardNotice,
  readCardNotices,
  readCardRequest,
  readReceipts,
  readSyncItem,
  readSynchroniseQuestion,
  readTailPage,
  type CardAnswer,
  type CardNotice,
  type CardRequest,
  type NoticeReceipt,
  type SyncItem,
  type TailPage,
  type WireRead,
} from './cards.ts'
import { GUNSAN, keyOf, NOON, saleOf, SHOP_NUMBER, TOKEN, WALLET } from './fixtures/card-city.ts'

const decidedAt = NOON
const cancellation = keyOf({ stan: '000002', cardClass: 'cancellation' })
const authorization = saleOf({}, { cardClass: 'authorization' })
const counted = { count: 1, sumWon: won(10_000) }

const requests: readonly CardRequest[] = [
  { kind: 'pay', sale: saleOf({ partialAllowed: true }) },
  { kind: 'authorize', sale: authorization },
  { kind: 'cancel', key: cancellation, original: saleOf() },
  { kind: 'cancel', key: cancellation, original: saleOf(), amountWon: won(1) },
  {
    kind: 'enquire_balance',
    key: keyOf({ cardClass: 'enquiry' }),
    cardToken: TOKEN,
    merchantNumber: SHOP_NUMBER,
    at: NOON,
  },
  {
    kind: 'compare_totals',
    totals: {
      partnerId: saleOf().key.partnerId,
      date: saleOf().key.localDate,
      payments: counted,
      cancellations: counted,
      reversals: counted,
    },
  },
]
const notices: readonly CardNotice[] = [
  { kind: 'advise', sale: saleOf(), by: 'standin', approvedWon: won(10_000), decidedAt },
  { kind: 'advise', sale: authorization, by: 'core', approvedWon: won(0), decidedAt },
  { kind: 'complete', sale: authorization, amountWon: won(0), decidedAt },
  { kind: 'reverse', sale: saleOf(), keepWon: won(0), decidedAt },
  { kind: 'reverse', sale: saleOf(), keepWon: won(0), decidedAt, by: 'gateway' },
  { kind: 'cancelled', key: cancellation, original: saleOf(), amountWon: won(1), decidedAt },
]
const nothing = {
  voucherWon: won(0),
  accountWon: won(0),
  source: 'none',
  decidedBy: 'core',
} as const
const approved: CardAnswer = {
  ...nothing,
  verdict: 'approved',
  voucherWon: won(10_000),
  source: 'voucher',
  approvalCode: '000123',
  remainingWon: won(1),
  remainingAt: NOON,
}
const declined: CardAnswer = { ...nothing, verdict: 'declined', reason: 'wallet_stopped' }
const receipts: readonly NoticeReceipt[] = [
  { status: 'taken', effect: 'posted', voucherWon: won(4), lossWon: won(6), takenAt: NOON },
  { status: 'later', because: 'wallet_busy' },
]
const wallet = {
  issuerId: GUNSAN,
  walletId: WALLET,
  lots: [{ programId: 1, kind: 'purchase', expiresAt: NOON, remainingWon: 5 }],
}
const position = { issuerId: GUNSAN, segment: 0, hash: '' }
const record = { issuerId: 0, kind: 'partner', recordId: 1, version: 1, body: { code: 'hanbit' } }
const page = {
  coreLife: 'life-1',
  next: 4,
  asOf: NOON,
  wallets: [wallet],
  records: [record],
  seals: [position],
}
const items = [
  { item: 'begin', coreLife: 'life-1', next: 0, asOf: NOON },
  { item: 'records', records: [record] },
  { item: 'issuer', position, afresh: true },
  { item: 'wallets', wallets: [wallet] },
  { item: 'end' },
]
const question = { known: [position], doubtful: [{ issuerId: GUNSAN, walletId: WALLET }] }

const overWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

function same<Value>(read: WireRead<Value>, value: unknown): void {
  assert.deepEqual(read, { ok: true, value })
}

test('everything that core and gateway say comes out as it went in', () => {
  for (const request of requests) same(readCardRequest(overWire(request)), request)
  for (const notice of notices) same(readCardNotice(overWire(notice)), notice)
  same(readCardNotices(overWire(notices)), notices)
  for (const answer of [approved, declined]) same(readCardAnswer(overWire(answer)), answer)
  same(readReceipts(overWire(receipts), 2), receipts)
  same<TailPage>(readTailPage(overWire(page)), page)
  for (const item of items) same<SyncItem>(readSyncItem(overWire(item)), item)
  same(readSynchroniseQuestion(overWire(question)), question)
})

/** What was changed in a message, and which problem is told of it. */
const spoilt: readonly (readonly [string, () => WireRead<unknown>, RegExp])[] = [
  [
    'a misspelt amount, which would make a part of a cancellation the whole of it',
    () => readCardRequest({ ...requests[2]!, amountwon: 5 }),
    /^request is not without fields beside/,
  ],
  [
    'a class that is not the message’s',
    () => readCardRequest({ kind: 'pay', sale: authorization }),
    /^request\.sale\.key\.cardClass/,
  ],
  ['no won at all', () => readCardRequest(payOf({ amountWon: 0 })), /amountWon/],
  ['a part of a won', () => readCardRequest(payOf({ amountWon: 1.5 })), /amountWon/],
  ['negative zero', () => readCardNotice({ ...notices[3]!, keepWon: -0 }), /keepWon/],
  ['an amount as text', () => readCardRequest(payOf({ amountWon: '10000' })), /amountWon/],
  ['a card number with a blank', () => readCardRequest(payOf({ cardToken: '1234 5678' })), /Token/],
  ['a trace number of seven digits', () => readCardRequest(payKey({ stan: '0000001' })), /stan/],
  ['a time of negative zero', () => readCardNotice({ ...notices[3]!, decidedAt: -0 }), /decidedAt/],
  ['a day that is none', () => readCardRequest(payKey({ localDate: '2026-02-30' })), /localDate/],
  ['a partner without a number', () => readCardRequest(payKey({ partnerId: 0 })), /partnerId/],
  [
    'a control character in the terminal',
    () => readCardRequest(payKey({ terminal: 'T\u0000' })),
    /terminal/,
  ],
  ['a kind nobody knows', () => readCardNotice({ ...notices[0]!, kind: 'pay' }), /^notice\.kind/],
  ['more notices than a call has', () => readCardNotices(tooMany(NOTICES_MAX)), /at most 100/],
  ['a receipt too few', () => readReceipts(receipts.slice(1), 2), /not 2/],
  ['a list for an object', () => readCardRequest([requests[0]]), /^request\.kind/],
  ['nothing', () => readCardRequest(null), /^request\.kind/],
  ['a verdict nobody knows', () => readCardAnswer({ ...declined, verdict: 'maybe' }), /verdict/],
  [
    'a page without end',
    () =>
      readTailPage({
        ...page,
        wallets: Array.from({ length: FED_WALLETS_PAGE + 1 }, () => wallet),
      }),
    /page\.wallets is not a list of at most/,
  ],
  [
    'a hash that is none',
    () => readSyncItem({ ...items[2], position: { ...position, hash: 'x' } }),
    /hash/,
  ],
]

const payOf = (changes: object): unknown => ({ kind: 'pay', sale: { ...saleOf(), ...changes } })
const payKey = (changes: object): unknown => payOf({ key: { ...keyOf(), ...changes } })
const tooMany = (countMax: number): unknown =>
  Array.from({ length: countMax + 1 }, () => notices[0])

for (const [name, read, problem] of spoilt) {
  test(`${name} is told as a problem`, () => {
    const result = read()
    assert.equal(result.ok, false)
    assert.match(result.ok ? '' : result.problem, problem)
  })
}

test('a problem never repeats what stood in the field', () => {
  const result = readCardRequest(payOf({ cardToken: '9410-1234-5678-9012' }))
  assert.ok(!result.ok)
  assert.doesNotMatch(result.problem, /\d{4}-/)
})

test('the feed may tell more than we know, requests and notices may not', () => {
  const newer = { ...page, gossip: 1, wallets: [{ ...wallet, mood: 'good' }] }
  same<TailPage>(readTailPage(newer), page)
  assert.equal(readCardNotice({ ...notices[0]!, gossip: 1 }).ok, false)
})

const readers: readonly ((value: unknown) => WireRead<unknown>)[] = [
  readCardRequest,
  readCardNotice,
  readCardNotices,
  readCardAnswer,
  (value) => readReceipts(value, 1),
  readTailPage,
  readSyncItem,
  readSynchroniseQuestion,
  (value) => readAnswerTo(requests[0]!, value),
]

test('no JSON whatever makes a reader throw', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...readers), (value, read) => {
      assert.equal(typeof read(value).ok, 'boolean')
    }),
    { numRuns: 2_000 },
  )
})

test('a message with one field changed is read as what it says, or not at all', () => {
  const fields = fc.constantFrom(...fieldsOf(overWire(requests[0])))
  fc.assert(
    fc.property(fields, fc.jsonValue(), (path, value) => {
      const message = overWire(requests[0])
      put(message, path, value)
      const read = readCardRequest(message)
      if (read.ok) assert.deepEqual(overWire(read.value), message)
    }),
    { numRuns: 2_000 },
  )
})

function fieldsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([name, item]) => fieldsOf(item, [...path, name]))
}

function put(target: unknown, path: readonly string[], value: unknown): void {
  let place = target
  for (const name of path.slice(0, -1)) place = Reflect.get(Object(place), name)
  Reflect.set(Object(place), path.at(-1)!, value)
}

const partial = requests[0]!
/** Answers that are well formed and cannot be true. */
const lies: readonly (readonly [string, CardRequest, Partial<CardAnswer>])[] = [
  ['more than was asked for', partial, { voucherWon: won(10_001) }],
  ['less, as if it were all', partial, { voucherWon: won(9_999) }],
  ['voucher and account at once', partial, { accountWon: won(10_000) }],
  ['without an approval code', partial, { approvalCode: undefined as never }],
  ['a reason for an approval', partial, { reason: 'wallet_stopped' }],
  ['not of the core', partial, { decidedBy: 'standin' }],
  [
    'unknown to the core itself',
    partial,
    { ...declined, verdict: 'unknown', reason: 'signed_off' },
  ],
  ['a decline that moves money', partial, { ...declined, voucherWon: won(1) }],
  ['a decline without a reason', partial, { ...declined, reason: undefined as never }],
  [
    'not applicable, and half of it forgotten',
    partial,
    { verdict: 'not_applicable', reason: 'own_shop', voucherWon: won(0), accountWon: won(5_000) },
  ],
  [
    'a part where none was allowed',
    { kind: 'pay', sale: saleOf() },
    {
      verdict: 'partially_approved',
      voucherWon: won(4_000),
      accountWon: won(6_000),
      source: 'voucher_and_account',
    },
  ],
  ['more given back than was asked for', requests[3]!, { voucherWon: won(2) }],
  ['money for a question', requests[4]!, {}],
]

for (const [name, request, lie] of lies) {
  test(`an answer that says ${name} is none`, () => {
    const entries = Object.entries({ ...approved, ...lie })
    const answer = Object.fromEntries(entries.filter(([, value]) => value !== undefined))
    const read = readAnswerTo(request, overWire(answer))
    assert.equal(read.ok, false)
  })
}

test('an answer that fits its question is one', () => {
  same(readAnswerTo(partial, overWire(approved)), approved)
  same(readAnswerTo(partial, overWire(declined)), declined)
  const part: CardAnswer = {
    ...approved,
    verdict: 'partially_approved',
    voucherWon: won(4_000),
    accountWon: won(6_000),
    source: 'voucher_and_account',
  }
  same(readAnswerTo(partial, overWire(part)), part)
  same(readAnswerTo(requests[2]!, overWire(approved)), approved)
  const balance: CardAnswer = { ...nothing, verdict: 'approved', remainingWon: won(5) }
  same(readAnswerTo(requests[4]!, overWire(balance)), balance)
})
