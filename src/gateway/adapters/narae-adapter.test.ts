/** 나래카드's telegrams: what is refused, with which field, and what may be answered to it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTelegramCodec, MAC_BYTES } from '../../iso8583/iso8583.ts'
import type { ReadMessage, UnreadMessage } from '../partner-adapter.ts'
import { createNaraeAdapter } from './narae-adapter.ts'
import { naraeLayouts, type NaraeField } from './narae-layouts.ts'
import {
  SAMPLE_TODAY,
  sampleMac,
  sampleNames,
  samplePartners,
  writeSamples,
} from './fixtures/sample-messages.ts'

const codec = createTelegramCodec(naraeLayouts.sale)
const adapter = createNaraeAdapter(samplePartners.narae, sampleNames)
const samples = writeSamples(adapter)
const read = (bytes: Uint8Array): ReadMessage | UnreadMessage =>
  adapter.read(bytes, { mac: sampleMac, today: SAMPLE_TODAY })

function sample(name: string): Uint8Array {
  const bytes = samples.get(name)
  assert.ok(bytes !== undefined, name)
  return bytes
}

function sealed(bytes: Uint8Array): Uint8Array {
  const whole = Uint8Array.from(bytes)
  const end = whole.length - MAC_BYTES * 2
  const mac = Buffer.from(sampleMac(whole.subarray(0, end))).toString('hex')
  whole.set(Buffer.from(mac.toUpperCase()), end)
  return whole
}

/** A sample with bytes written over the place of a field, and the MAC that belongs to it. */
function changed(name: string, id: NaraeField, text: string | Uint8Array): Uint8Array {
  const whole = Uint8Array.from(sample(name))
  const bytes = typeof text === 'string' ? Buffer.from(text) : text
  const field = naraeLayouts.sale.fields.find((each) => each.id === id)
  assert.ok(field !== undefined && bytes.length <= field.bytes)
  whole.set(bytes, codec.offsetOf(id))
  return sealed(whole)
}

const utf8 = Buffer.from('월명동 빵집')
const blank = (length: number): string => ' '.repeat(length)

describe('a telegram that contradicts the tables is refused with its field', () => {
  const refusals: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['another system', changed('purchase', 'systemCode', 'XXXX'), 'field_invalid', '시스템코드'],
    [
      'an unknown transaction',
      changed('purchase', 'transactionCode', '999'),
      'unsupported',
      '전문종별코드',
    ],
    [
      'a transaction of another type',
      changed('purchase', 'messageType', '0100'),
      'unsupported',
      '전문종별코드',
    ],
    ['other money than won', changed('purchase', 'currency', '840'), 'field_invalid', '통화코드'],
    [
      'a sale of nothing',
      changed('purchase', 'amount', '0000000000000'),
      'field_invalid',
      '거래금액',
    ],
    [
      'an amount above all',
      changed('purchase', 'amount', '9999999999999'),
      'field_invalid',
      '거래금액',
    ],
    ['no amount', changed('purchase', 'amount', blank(13)), 'field_invalid', '거래금액'],
    [
      'a day that there is not',
      changed('purchase', 'tradeDate', '20261131'),
      'field_invalid',
      '거래일자',
    ],
    ...(
      [
        ['a sale of the last century', 'purchase', 'tradeDate', '19691231'],
        ['a sale of the next', 'purchase', 'tradeDate', '21000101'],
        [
          'a cancellation of a day before there were any',
          'cancellation advice',
          'tradeDate',
          '00000101',
        ],
        ['an original of the last century', 'cancellation', 'originalDate', '19991231'],
        ['a notice decided in the last century', 'reversal', 'decidedAt', '19691231000000'],
      ] as const
    ).map(([what, name, field, digits]): readonly [string, Uint8Array, string, string] => {
      const koreanName = {
        tradeDate: '거래일자',
        originalDate: '원거래일자',
        decidedAt: '결정일시',
      }[field]
      return [what, changed(name, field, digits), 'field_invalid', koreanName]
    }),
    [
      'an hour that there is not',
      changed('purchase', 'tradeTime', '240000'),
      'field_invalid',
      '거래시각',
    ],
    [
      'a short token',
      changed('purchase', 'cardToken', 'ABC4567'.padEnd(32)),
      'field_invalid',
      '카드토큰',
    ],
    [
      'a short merchant number',
      changed('purchase', 'merchantNumber', '12345678901234 '),
      'field_invalid',
      '가맹점번호',
    ],
    [
      'an original of a purchase',
      changed('purchase', 'originalType', '0200'),
      'field_invalid',
      '원전문종별코드',
    ],
    ["an answer's field", changed('purchase', 'responseCode', '0000'), 'field_invalid', '응답코드'],
    [
      'an advice of nobody',
      changed('advice, core', 'noticeKind', 'XX'),
      'field_invalid',
      '통보구분',
    ],
    [
      'more approved than asked for',
      changed('advice, core', 'noticeAmount', '0000000012501'),
      'field_invalid',
      '처리금액',
    ],
    [
      'a reversal of an advice',
      changed('reversal', 'originalType', '0220'),
      'field_invalid',
      '원전문종별코드',
    ],
    [
      'a reversal of another time',
      changed('reversal', 'originalTime', '120001'),
      'field_invalid',
      '원거래일자',
    ],
    [
      'a cancellation of nothing',
      changed('cancellation advice', 'noticeAmount', '0000000000000'),
      'field_invalid',
      '처리금액',
    ],
    [
      'UTF-8 in a Korean field',
      changed('purchase', 'merchantName', utf8),
      'wrong_charset',
      '가맹점명',
    ],
    [
      'half a character',
      changed('purchase', 'merchantName', Uint8Array.of(0xbb, 0x20)),
      'wrong_charset',
      '가맹점명',
    ],
    [
      'a letter in an amount',
      changed('purchase', 'amount', '00000000125AO'),
      'malformed',
      '거래금액',
    ],
    ['something in a filler', changed('purchase', 'reserved', 'X'), 'malformed', '예비'],
    [
      'a byte too many',
      sealed(Buffer.concat([sample('purchase'), Buffer.from('0')])),
      'malformed',
      '끝',
    ],
    ['a byte too few', sealed(sample('purchase').subarray(0, -1)), 'malformed', '예비'],
  ]
  for (const [what, bytes, problem, field] of refusals) {
    test(what, () => {
      const unread = read(bytes)
      assert.ok(!unread.ok)
      assert.deepEqual([unread.problem, unread.field], [problem, field])
    })
  }
})

test('a MAC in lower case is not the MAC', () => {
  const bytes = Uint8Array.from(sample('purchase'))
  const end = bytes.length - MAC_BYTES * 2
  bytes.set(Buffer.from(Buffer.from(bytes.subarray(end)).toString().toLowerCase()), end)
  const unread = read(bytes)
  assert.ok(!unread.ok)
  assert.equal(unread.problem, 'mac_wrong')
})

test('a refusal reaches whoever asked, says that nothing is known, and repeats no token', () => {
  const question = read(sample('purchase'))
  assert.ok(question.ok)
  const wrong = Uint8Array.from(sample('purchase'))
  wrong[wrong.length - 1]! ^= 1
  for (const [bytes, code] of [
    [changed('purchase', 'currency', '840'), '9998'],
    [changed('purchase', 'merchantName', utf8), '9998'],
    [wrong, '9999'],
  ] as const) {
    const unread = read(bytes)
    assert.ok(!unread.ok && unread.refusal !== undefined)
    const unpacked = codec.unpack(unread.refusal)
    assert.ok(unpacked.ok)
    assert.equal(unpacked.values.responseCode, code)
    assert.equal(unpacked.values.cardToken, '')
    const heard = read(unread.refusal)
    assert.ok(heard.ok && heard.message.type === 'answer')
    assert.equal(heard.matchKey, question.matchKey)
    assert.equal(heard.message.answer.verdict, 'unknown')
  }
})

test('a refused notice is never taken for acknowledged', () => {
  const unread = read(changed('reversal', 'currency', '840'))
  assert.ok(!unread.ok && unread.refusal !== undefined)
  const heard = read(unread.refusal)
  assert.ok(heard.ok && heard.message.type === 'answer')
  assert.equal(heard.message.answer.verdict, 'unknown')
})

test('only 0000 acknowledges: another code without a word of why is not believed at all', () => {
  for (const code of ['3000', '9401', '9998', '9999']) {
    const heard = read(changed('reversal: acknowledged', 'responseCode', code))
    assert.ok(!heard.ok)
    assert.equal(heard.field, '상품권금액')
  }
})

test('nothing is answered to what nobody could match, nor to an answer', () => {
  const answer = Uint8Array.from(sample('purchase: approved'))
  answer[answer.length - 1]! ^= 1
  for (const bytes of [
    Uint8Array.of(),
    Buffer.from('NRVC0200'),
    sample('purchase').subarray(0, 30),
    changed('purchase', 'messageType', '0600'),
    answer,
    new Uint8Array(100_000),
  ]) {
    const unread = read(bytes)
    assert.ok(!unread.ok)
    assert.equal(unread.refusal, undefined)
  }
})

test('an answer of no known verdict or reason, or without its parts, is not believed', () => {
  const name = 'purchase: approved'
  const wrong: readonly (readonly [NaraeField, string, string])[] = [
    ['messageType', '0211', '전문종별코드'],
    ['responseCode', '5000', '응답코드'],
    ['responseCode', '3777', '응답코드'],
    ['responseCode', blank(4), '응답코드'],
    ['voucherAmount', blank(13), '상품권금액'],
    ['moneySource', 'X', '자금출처'],
    ['decidedBy', ' ', '결정주체'],
    ['remainingAt', '20261131000000', '잔액기준일시'],
  ]
  for (const [id, text, field] of wrong) {
    const unread = read(changed(name, id, text))
    assert.ok(!unread.ok, id)
    assert.equal(unread.field, field)
  }
})

test('a repeat is matched like its original, and a reversal of it is another message', () => {
  const keys = ['purchase', 'purchase, repeated', 'purchase: declined', 'reversal'].map((name) => {
    const heard = read(sample(name))
    assert.ok(heard.ok)
    return heard.matchKey
  })
  assert.equal(new Set(keys.slice(0, 3)).size, 1)
  assert.notEqual(keys[3], keys[0])
})

test('a line for the log shows no token and no amount, whole or broken', () => {
  for (const [name, bytes] of samples) {
    for (const shown of [adapter.describe(bytes), adapter.describe(bytes.subarray(0, -9))]) {
      assert.doesNotMatch(shown, /NAR0000|0000125|12500|82273849554EA0/, name)
    }
  }
  assert.match(adapter.describe(sample('purchase')), /가맹점명=월명동 빵집/)
  assert.match(adapter.describe(Buffer.from('garbage')), /no known telegram/)
})
