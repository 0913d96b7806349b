/** 한빛카드's messages: what is refused, with which field, and what may be answered to it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMessageCodec, MAC_BYTES, messageMac } from '../../iso8583/iso8583.ts'
import type { ReadMessage, UnreadMessage } from '../partner-adapter.ts'
import { createHanbitAdapter } from './hanbit-adapter.ts'
import { hanbitProfile } from './hanbit-profile.ts'
import {
  SAMPLE_TODAY,
  sampleMac,
  sampleNames,
  samplePartners,
  writeSamples,
} from './fixtures/sample-messages.ts'

const codec = createMessageCodec(hanbitProfile)
const adapter = createHanbitAdapter(samplePartners.hanbit, sampleNames)
const samples = writeSamples(adapter)
const given = { mac: sampleMac, today: SAMPLE_TODAY }
const read = (bytes: Uint8Array): ReadMessage | UnreadMessage => adapter.read(bytes, given)

function sample(name: string): Uint8Array {
  const bytes = samples.get(name)
  assert.ok(bytes !== undefined, name)
  return bytes
}

/** A sample with fields set or, by `undefined`, taken out, and the MAC that belongs to it. */
function changed(
  name: string,
  changes: Readonly<Record<number, string | undefined>>,
  mti?: string,
): Uint8Array {
  const unpacked = codec.unpack(sample(name))
  assert.ok(unpacked.ok)
  const fields = new Map(unpacked.message.fields)
  fields.delete(64)
  fields.delete(128)
  for (const [number, value] of Object.entries(changes)) {
    if (value === undefined) fields.delete(Number(number))
    else fields.set(Number(number), value)
  }
  fields.set(Math.max(...fields.keys()) > 64 ? 128 : 64, '00'.repeat(MAC_BYTES))
  const packed = codec.pack({ mti: mti ?? unpacked.message.mti, fields })
  assert.ok(packed.ok, packed.ok ? '' : packed.detail)
  return sealed(packed.bytes)
}

function sealed(bytes: Uint8Array): Uint8Array {
  const whole = Uint8Array.from(bytes)
  const end = whole.length - MAC_BYTES
  whole.set(sampleMac(whole.subarray(0, end)), end)
  return whole
}

/** With the bytes of a text replaced, whatever the codec thinks of it. */
function patched(name: string, at: string, bytes: Uint8Array): Uint8Array {
  const whole = Buffer.from(sample(name))
  const place = whole.indexOf(at, 0, 'latin1')
  assert.notEqual(place, -1)
  whole.set(bytes, place)
  return sealed(whole)
}

describe('a message that contradicts the profile is refused with its field', () => {
  const original = '020000010111220300000000000002700000000000'
  const refusals: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['other money than won', changed('purchase', { 49: '840' }), 'field_invalid', 'DE 49'],
    ['a sale of nothing', changed('purchase', { 4: '000000000000' }), 'field_invalid', 'DE 4'],
    ['a day that there is not', changed('purchase', { 13: '1131' }), 'field_invalid', 'DE 13'],
    [
      'more payments than any day has',
      changed('totals', { 76: '9999999999' }),
      'field_invalid',
      'canonical message',
    ],
    ['a leap day far from any', changed('purchase', { 13: '0229' }), 'field_invalid', 'DE 13'],
    ['an hour that there is not', changed('purchase', { 12: '240000' }), 'field_invalid', 'DE 12'],
    [
      'a sending time that is none',
      changed('purchase', { 7: '1122250000' }),
      'field_invalid',
      'DE 7',
    ],
    ['no terminal', changed('purchase', { 41: undefined }), 'field_invalid', 'DE 41'],
    ['no token', changed('purchase', { 2: undefined }), 'field_invalid', 'DE 2'],
    ['a field of another message', changed('purchase', { 90: original }), 'field_invalid', 'DE 90'],
    ["an answer's field", changed('purchase', { 39: '00' }), 'field_invalid', 'DE 39'],
    ['an unknown processing code', changed('purchase', { 3: '280000' }), 'unsupported', 'MTI'],
    ['an unknown message', changed('purchase', {}, '0600'), 'unsupported', 'MTI'],
    ['an answer to nothing', changed('purchase', {}, '0250'), 'unsupported', 'MTI'],
    [
      'an advice of nobody',
      changed('advice, core', { 48: '0202XX0512000000012500' }),
      'field_invalid',
      'DE 48.02',
    ],
    [
      'more approved than asked for',
      changed('advice, core', { 48: '0202CO0512000000012501' }),
      'field_invalid',
      'DE 48.05',
    ],
    [
      'a completion as authorization advice',
      changed('completion', {}, '0120'),
      'unsupported',
      'MTI',
    ],
    [
      'an element of another message',
      changed('purchase', { 48: '0202PD' }),
      'field_invalid',
      'DE 48.02',
    ],
    ['an unknown element', changed('purchase', { 48: '9901Y' }), 'field_invalid', 'DE 48.99'],
    ['neither yes nor no', changed('purchase', { 48: '0101X' }), 'field_invalid', 'DE 48.01'],
    [
      'a reversal of an enquiry',
      changed('reversal', { 90: `0800${original.slice(4)}` }),
      'field_invalid',
      'DE 90',
    ],
    [
      'an original of another acquirer',
      changed('reversal', { 32: '28' }),
      'field_invalid',
      'DE 90',
    ],
    [
      'more kept than asked for',
      changed('reversal of a part', { 95: `000000012501${'0'.repeat(12)}C00000000C00000000` }),
      'field_invalid',
      'DE 95',
    ],
    [
      'a fee among replacement amounts',
      changed('completion', { 95: `000000011000${'0'.repeat(12)}C00000001C00000000` }),
      'field_invalid',
      'DE 95',
    ],
    [
      'a cancellation on no day',
      changed('cancellation', { 48: '040820261131' }),
      'field_invalid',
      'DE 48.04',
    ],
    [
      'a cancellation of nothing',
      changed('cancellation', { 48: '0408202611220512000000000000' }),
      'field_invalid',
      'DE 48.05',
    ],
    ['an unknown network function', changed('echo', { 70: '302' }), 'unsupported', 'DE 70'],
    ['a key in an echo', changed('echo', { 48: '610696954B' }), 'field_invalid', 'DE 48'],
    [
      'a key that is no hexadecimal',
      changed('key change', { 48: `6048${'G'.repeat(48)}` }),
      'field_invalid',
      'DE 48.60',
    ],
    ['two MACs', changed('reversal', { 64: '0'.repeat(16) }), 'field_invalid', 'DE 64'],
    [
      'UTF-8 in a Korean field',
      patched('purchase', '¿ù¸íµ¿', Buffer.from('월명동 ')),
      'wrong_charset',
      'DE 43',
    ],
    [
      'a lead byte alone',
      patched('purchase', '»§Áý', Buffer.from('bba7c120', 'hex')),
      'wrong_charset',
      'DE 43',
    ],
    [
      'a syllable of CP949',
      patched('purchase', '»§Áý', Buffer.from('8c63c1fd', 'hex')),
      'wrong_charset',
      'DE 43',
    ],
    [
      'a letter in an amount',
      patched('purchase', '000000012500', Buffer.from('0000000125AO')),
      'malformed',
      'DE 4',
    ],
    [
      'a token longer than it says',
      patched('purchase', '16HAN', Buffer.from('15HAN')),
      'malformed',
      'DE 32',
    ],
    [
      'a token longer than may be',
      patched('purchase', '16HAN', Buffer.from('99HAN')),
      'malformed',
      'DE 2',
    ],
  ]
  for (const [what, bytes, problem, field] of refusals) {
    test(what, () => {
      const unread = read(bytes)
      assert.ok(!unread.ok)
      assert.deepEqual([unread.problem, unread.field], [problem, field])
    })
  }
})

test('a wrong MAC is told before anything else, and what is wrong besides it', () => {
  const bytes = Uint8Array.from(changed('purchase', { 49: '840' }))
  bytes[bytes.length - 1]! ^= 1
  const unread = read(bytes)
  assert.ok(!unread.ok)
  assert.equal(unread.problem, 'mac_wrong')
  const otherKey = adapter.read(sample('purchase'), {
    ...given,
    mac: messageMac(new Uint8Array(16)),
  })
  assert.ok(!otherKey.ok)
  assert.equal(otherKey.problem, 'mac_wrong')
  const cut = read(sample('purchase').subarray(0, -1))
  assert.ok(!cut.ok)
  assert.equal(cut.problem, 'mac_wrong')
  assert.match(cut.detail, /besides, DE 64/)
})

test('a message without a MAC is malformed, even where its end is the MAC of its beginning', () => {
  const unpacked = codec.unpack(sample('purchase'))
  assert.ok(unpacked.ok)
  const fields = new Map(unpacked.message.fields)
  fields.delete(64)
  const packed = codec.pack({ mti: '0200', fields })
  assert.ok(packed.ok)
  const bare = read(packed.bytes)
  assert.ok(!bare.ok)
  assert.deepEqual([bare.problem, bare.field], ['malformed', 'DE 64'])
  const followed = read(sealed(Buffer.concat([packed.bytes, Buffer.alloc(MAC_BYTES)])))
  assert.ok(!followed.ok)
  assert.deepEqual([followed.problem, followed.field], ['malformed', 'end'])
})

test('a refusal reaches whoever asked, and says that nothing is known', () => {
  const question = read(sample('purchase'))
  assert.ok(question.ok)
  const wrong = Uint8Array.from(sample('purchase'))
  wrong[wrong.length - 1]! ^= 1
  for (const [bytes, code] of [
    [changed('purchase', { 49: '840' }), '30'],
    [patched('purchase', '»§Áý', Buffer.from('bba7c120', 'hex')), '30'],
    [wrong, '96'],
  ] as const) {
    const unread = read(bytes)
    assert.ok(!unread.ok && unread.refusal !== undefined)
    const unpacked = codec.unpack(unread.refusal)
    assert.ok(unpacked.ok)
    assert.equal(unpacked.message.fields.get(39), code)
    assert.ok(!unpacked.message.fields.has(2), 'a refusal repeats no token')
    const heard = read(unread.refusal)
    assert.ok(heard.ok)
    assert.equal(heard.matchKey, question.matchKey)
    assert.ok(heard.message.type === 'answer')
    assert.equal(heard.message.answer.verdict, 'unknown')
  }
})

test('a refused notice is never taken for acknowledged, and a refused sign-on not for accepted', () => {
  const reversal = read(changed('reversal', { 49: '840' }))
  assert.ok(!reversal.ok && reversal.refusal !== undefined)
  const heard = read(reversal.refusal)
  assert.ok(heard.ok && heard.message.type === 'answer')
  assert.equal(heard.message.answer.verdict, 'unknown')
  const signOn = read(changed('sign-on', { 70: '302' }))
  assert.ok(!signOn.ok && signOn.refusal !== undefined)
  const unpacked = codec.unpack(signOn.refusal)
  assert.ok(unpacked.ok)
  assert.deepEqual([unpacked.message.mti, unpacked.message.fields.get(39)], ['0810', '30'])
})

test('only 00 acknowledges: another code without a word of why is not believed at all', () => {
  for (const code of ['05', '30', '91', '96']) {
    const heard = read(changed('reversal: acknowledged', { 39: code }))
    assert.ok(!heard.ok)
    assert.equal(heard.field, 'DE 48.10')
    const signOn = read(changed('sign-on: accepted', { 39: code }))
    assert.ok(signOn.ok && signOn.message.type === 'network_answer')
    assert.equal(signOn.message.accepted, false)
  }
})

test('nothing is answered to what nobody could match, nor to an answer', () => {
  const answer = Uint8Array.from(sample('purchase: approved'))
  answer[answer.length - 1]! ^= 1
  for (const bytes of [
    Uint8Array.of(),
    Buffer.from('0200'),
    sample('purchase').subarray(0, 40),
    changed('purchase', { 41: undefined }),
    answer,
    new Uint8Array(100_000),
  ]) {
    const unread = read(bytes)
    assert.ok(!unread.ok)
    assert.equal(unread.refusal, undefined)
  }
})

test('an answer that contradicts itself is not believed', () => {
  const approval = '1001A1201V131200000001250014120000000000001601C'
  const name = 'purchase: approved'
  const wrong: readonly (readonly [Record<number, string | undefined>, string])[] = [
    [{ 39: '51' }, 'DE 39'],
    [{ 39: '30' }, 'DE 39'],
    [{ 48: approval.replace('1001A', '1001D') }, 'DE 39'],
    [{ 48: approval.replace('1001A', '1001X') }, 'DE 48.10'],
    [{ 48: approval.replace('12500', '12501') }, 'DE 54'],
    [{ 48: approval.replace('0000000000', '0000000001') }, 'DE 54'],
    [{ 48: `${approval}1103999` }, 'DE 48.11'],
    [{ 48: undefined }, 'DE 48.10'],
    [{ 54: undefined }, 'DE 54'],
    [{ 54: '9002410C000000087500' }, 'DE 54'],
    [{ 54: '9091410C000000012500'.repeat(2) }, 'DE 54'],
    [{ 54: '9091840C000000012500' }, 'DE 54'],
    [{ 54: '9091410D000000012500' }, 'DE 54'],
    [{ 54: '9091410C0000000125001' }, 'DE 54'],
  ]
  for (const [changes, field] of wrong) {
    const unread = read(changed(name, changes))
    assert.ok(!unread.ok, JSON.stringify(changes))
    assert.equal(unread.field, field, JSON.stringify(changes))
    assert.equal(unread.refusal, undefined)
  }
})

test('a reversal may come as 0400 or 0420, and is answered in kind', () => {
  for (const [mti, answered] of [
    ['0400', '0410'],
    ['0401', '0410'],
    ['0420', '0430'],
    ['0421', '0430'],
  ] as const) {
    const heard = read(changed('reversal', {}, mti))
    assert.ok(heard.ok && heard.message.type === 'notice')
    assert.equal(heard.message.isRepeat, mti.endsWith('1'))
    const bytes = adapter.answer(heard, { type: 'acknowledgement' }, sampleMac)
    assert.equal(Buffer.from(bytes.subarray(0, 4)).toString(), answered)
    const back = read(bytes)
    assert.ok(back.ok)
    assert.deepEqual(back.message, { type: 'acknowledgement' })
    assert.equal(back.matchKey, heard.matchKey)
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

test('fields that are taken and not used change nothing, and DE 37 comes back', () => {
  const plain = read(sample('purchase'))
  const heard = read(changed('purchase', { 22: '051', 25: '00', 37: 'R00000000001' }))
  assert.ok(plain.ok && heard.ok)
  assert.deepEqual(heard.message, plain.message)
  const unpacked = codec.unpack(adapter.answer(heard, { type: 'acknowledgement' }, sampleMac))
  assert.ok(unpacked.ok)
  assert.equal(unpacked.message.fields.get(37), 'R00000000001')
})

test('a balance may be asked by 30 and by 31, and a host may time a cancellation', () => {
  for (const bytes of [
    changed('balance enquiry', { 3: '300000' }),
    changed('cancellation', { 7: '1122030000' }),
    changed('totals', { 7: '1122150000' }, '0520'),
  ]) {
    assert.ok(read(bytes).ok)
  }
})

test('a line for the log shows no token and no amount, whole or broken', () => {
  for (const [name, bytes] of samples) {
    for (const shown of [adapter.describe(bytes), adapter.describe(bytes.subarray(0, -9))]) {
      assert.doesNotMatch(shown, /HAN0000|0000125|12500|82273849554EA0/, name)
    }
  }
  assert.match(adapter.describe(sample('purchase')), /가맹점|merchant name=월명동 빵집/)
  assert.match(adapter.describe(Buffer.from('garbage')), /MTI/)
})
