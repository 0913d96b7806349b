/** ISO 8583 between bytes and values: both bitmaps, every kind of field, and every refusal with its field. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { FieldSpec, MessageProfile } from './field-profile.ts'
import { createMessageCodec, type IsoMessage } from './message-codec.ts'
import { readTags, writeTags } from './tagged-data.ts'

const plain: FieldSpec = {
  number: 0,
  nameEn: 'field',
  nameKo: '필드',
  length: 'fixed',
  bytesMax: 6,
  content: 'n',
  encoding: 'ascii',
  padding: 'none',
  masked: false,
  description: '',
}
const tags = [
  {
    tag: '01',
    nameEn: 'flag',
    nameKo: '표시',
    bytesMin: 1,
    bytesMax: 1,
    content: 'a',
    masked: false,
    description: '',
  },
  {
    tag: '02',
    nameEn: 'secret',
    nameKo: '비밀',
    bytesMin: 1,
    bytesMax: 9,
    content: 'an',
    masked: true,
    description: '',
  },
] as const
const profile: MessageProfile = {
  name: 'test',
  bitmap: 'binary',
  fields: [
    {
      ...plain,
      number: 2,
      nameEn: 'token',
      length: 'llvar',
      bytesMax: 19,
      content: 'an',
      masked: true,
    },
    { ...plain, number: 3 },
    { ...plain, number: 4, bytesMax: 12, padding: 'zero_left' },
    { ...plain, number: 41, bytesMax: 8, content: 'an', padding: 'space_right' },
    {
      ...plain,
      number: 43,
      bytesMax: 10,
      content: 'text',
      encoding: 'euc_kr',
      padding: 'space_right',
    },
    { ...plain, number: 48, length: 'lllvar', bytesMax: 120, content: 'ans', tags },
    { ...plain, number: 60, length: 'lllvar', bytesMax: 20, content: 'text', encoding: 'euc_kr' },
    { ...plain, number: 64, bytesMax: 8, content: 'b', encoding: 'binary' },
    { ...plain, number: 97, bytesMax: 17, content: 'xn' },
    { ...plain, number: 128, bytesMax: 8, content: 'b', encoding: 'binary' },
  ],
}
const codec = createMessageCodec(profile)
const hexCodec = createMessageCodec({ ...profile, bitmap: 'hex' })

const messageOf = (fields: Record<number, string>, mti = '0200'): IsoMessage => ({
  mti,
  fields: new Map(Object.entries(fields).map(([number, value]) => [Number(number), value])),
})
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
function packed(message: IsoMessage, by = codec): Uint8Array {
  const result = by.pack(message)
  assert.ok(result.ok, result.ok ? '' : `${result.field}: ${result.detail}`)
  return result.bytes
}

test('a message stands byte for byte as the standard has it', () => {
  const message = messageOf({ 3: '000000', 41: 'T1', 43: '빵집', 64: '0123456789ABCDEF' })
  const expected = [
    '30323030', // 0200
    '2000000000a00001', // Bits 3, 41, 43 and 64.
    '303030303030',
    '5431202020202020', // Padded to 8.
    'bba7c1fd202020202020', // Four bytes of EUC-KR, padded to 10.
    '0123456789abcdef',
  ]
  assert.equal(hexOf(packed(message)), expected.join(''))
  const hexBitmap = Buffer.from('2000000000A00001').toString('hex')
  assert.equal(hexOf(packed(message, hexCodec)), expected.with(1, hexBitmap).join(''))
})

test('a field past 64 brings the second bitmap', () => {
  const bytes = packed(messageOf({ 3: '000000', 97: 'C0000000000000123' }))
  assert.equal(hexOf(bytes.subarray(4, 20)), 'a0000000000000000000000080000000')
  const read = codec.unpack(bytes)
  assert.ok(read.ok)
  assert.deepEqual([...read.message.fields.keys()], [3, 97])
})

test('lengths of Korean text count bytes of EUC-KR', () => {
  const bytes = packed(messageOf({ 60: '월명동 빵집' }))
  assert.equal(Buffer.from(bytes.subarray(12, 15)).toString(), '011')
  assert.equal(bytes.length, 4 + 8 + 3 + 11)
})

test('what was packed is unpacked, whatever the values', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'ABCxyz019'), minLength: 1, maxLength: 8 })
  const korean = fc.string({
    unit: fc.constantFrom(...'가나다힝伽 A1'),
    minLength: 1,
    maxLength: 5,
  })
  const fields = fc.record(
    {
      2: letters,
      3: fc.nat(999_999).map((value) => String(value).padStart(6, '0')),
      4: fc.nat().map((value) => String(value).padStart(12, '0')),
      41: letters,
      43: korean.filter((text) => !text.endsWith(' ')),
      48: fc.string({ unit: fc.constantFrom(...' ~!Az09'), minLength: 1, maxLength: 120 }),
      60: korean,
      64: fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => hexOf(bytes).toUpperCase()),
      97: fc.nat().map((value) => `D${String(value).padStart(16, '0')}`),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fields, fc.constantFrom(codec, hexCodec), (values, by) => {
      const message = messageOf(values)
      const read = by.unpack(packed(message, by))
      assert.ok(read.ok)
      assert.deepEqual(read.message, message)
    }),
  )
})

describe('what is not as the profile has it is refused with its field', () => {
  const whole = hexOf(packed(messageOf({ 2: 'ABC', 3: '000000', 43: '빵집' })))
  const head = '30323030'
  const refusals: readonly (readonly [string, string, string, string])[] = [
    ['nothing', '', 'truncated', 'MTI'],
    ['letters as MTI', '3032304160000000000000', 'mti_invalid', 'MTI'],
    ['a bitmap cut short', `${head}60000000`, 'truncated', 'bitmap'],
    ['the second bitmap cut short', `${head}a000000000000000ff`, 'truncated', 'bitmap'],
    [
      'a field that the profile lacks',
      `${head}2800000000000000${'30'.repeat(20)}`,
      'field_unknown',
      'DE 5',
    ],
    ['a third bitmap', `${head}80000000000000008000000000000000`, 'field_unknown', 'DE 65'],
    ['a length that is no number', `${head}40000000000000003041`, 'length_invalid', 'DE 2'],
    [
      'a length above the maximum',
      `${head}40000000000000003230${'41'.repeat(20)}`,
      'length_invalid',
      'DE 2',
    ],
    ['a length of nothing', `${head}40000000000000003030`, 'length_invalid', 'DE 2'],
    ['a value shorter than its length', `${head}400000000000000030344142`, 'truncated', 'DE 2'],
    ['a letter among digits', `${head}2000000000000000303030303041`, 'content_invalid', 'DE 3'],
    [
      'a padded field of spaces only',
      `${head}0000000000800000${'20'.repeat(8)}`,
      'content_invalid',
      'DE 41',
    ],
    [
      'a space inside a name of letters',
      `${head}00000000008000004120422020202020`,
      'content_invalid',
      'DE 41',
    ],
    [
      'a lone lead byte',
      `${head}0000000000200000${'bba7'.repeat(4)}bb20`,
      'charset_wrong',
      'DE 43',
    ],
    [
      'UTF-8',
      `${head}0000000000200000${Buffer.from('빵집').toString('hex')}20202020`,
      'charset_wrong',
      'DE 43',
    ],
    [
      'no sign before a signed number',
      `${head}80000000000000000000000080000000${'30'.repeat(17)}`,
      'content_invalid',
      'DE 97',
    ],
    ['a byte after the last field', `${whole}30`, 'trailing_bytes', 'end'],
  ]
  for (const [what, hex, problem, field] of refusals) {
    test(what, () => {
      const read = codec.unpack(bytesOf(hex))
      assert.ok(!read.ok)
      assert.deepEqual({ problem: read.problem, field: read.field }, { problem, field })
    })
  }

  test('a hexadecimal bitmap in lower case', () => {
    const read = hexCodec.unpack(Buffer.from('020020000000000000a0000000'))
    assert.ok(!read.ok)
    assert.deepEqual([read.problem, read.field], ['content_invalid', 'bitmap'])
  })

  test('a refusal gives what stood before it', () => {
    const read = codec.unpack(bytesOf(whole.slice(0, -2)))
    assert.ok(!read.ok && read.before !== undefined)
    assert.deepEqual(
      [...read.before.fields],
      [
        [2, 'ABC'],
        [3, '000000'],
      ],
    )
  })
})

test('what cannot be written is refused with its field', () => {
  const refusals: readonly (readonly [Record<number, string>, string, string])[] = [
    [{ 5: '1' }, 'field_unknown', 'DE 5'],
    [{ 2: '' }, 'length_invalid', 'DE 2'],
    [{ 2: 'A'.repeat(20) }, 'length_invalid', 'DE 2'],
    [{ 3: '12' }, 'length_invalid', 'DE 3'],
    [{ 3: '12345A' }, 'content_invalid', 'DE 3'],
    [{ 3: '12345１' }, 'content_invalid', 'DE 3'],
    [{ 41: 'T ' }, 'content_invalid', 'DE 41'],
    [{ 43: '똠' }, 'charset_wrong', 'DE 43'],
    // Six syllables are twelve bytes.
    [{ 43: '가나다라마바' }, 'length_invalid', 'DE 43'],
    [{ 64: '0123' }, 'length_invalid', 'DE 64'],
    [{ 64: '0123456789abcdef' }, 'charset_wrong', 'DE 64'],
  ]
  for (const [fields, problem, field] of refusals) {
    const result = codec.pack(messageOf(fields))
    assert.ok(!result.ok)
    assert.deepEqual([result.problem, result.field], [problem, field])
  }
  assert.ok(!codec.pack(messageOf({ 3: '000000' }, '020')).ok)
})

test('a line for the log shows no masked value', () => {
  const message = messageOf({ 2: 'TOKEN1', 3: '000000', 48: '0101Y0206SECRET' })
  assert.equal(
    codec.describe(message),
    '0200 DE 2 token=<6> DE 3 field=000000 DE 48 field={01 flag=Y 02 secret=<6>}',
  )
  const broken = messageOf({ 48: '0101Y0299SECRET' })
  assert.doesNotMatch(codec.describe(broken), /SECRET/)
})

test('elements are read as they were written, and strictly', () => {
  const written = writeTags(
    tags,
    new Map([
      ['02', 'X9'],
      ['01', 'Y'],
    ]),
  )
  assert.deepEqual(written, { ok: true, text: '0101Y0202X9' })
  assert.deepEqual(readTags(tags, '0202X90101Y'), {
    ok: true,
    tags: new Map([
      ['02', 'X9'],
      ['01', 'Y'],
    ]),
  })
  const refusals: readonly (readonly [string, string])[] = [
    ['0101Y0101N', '01'],
    ['0901Y', '09'],
    ['01', ''],
    ['0101', '01'],
    ['01X1Y', ''],
    ['0102YY', '01'],
    ['01011', '01'],
    ['0203AB', '02'],
  ]
  for (const [text, tag] of refusals) {
    const read = readTags(tags, text)
    assert.ok(!read.ok, text)
    assert.equal(read.tag, tag, text)
  }
  assert.ok(!writeTags(tags, new Map([['01', 'YY']])).ok)
  assert.ok(!writeTags(tags, new Map([['07', 'Y']])).ok)
})

test('a profile that contradicts itself is not taken', () => {
  const fields = [
    { ...plain, number: 1 },
    { ...plain, number: 65 },
    { ...plain, number: 129 },
    { ...plain, number: 3, content: 'b' as const },
    { ...plain, number: 3, content: 'text' as const },
    { ...plain, number: 3, length: 'llvar' as const, padding: 'zero_left' as const },
    { ...plain, number: 3, length: 'llvar' as const, bytesMax: 100 },
  ]
  for (const field of fields) {
    assert.throws(() => createMessageCodec({ ...profile, fields: [field] }), { name: 'Bug' })
  }
  const twice = [
    { ...plain, number: 3 },
    { ...plain, number: 3 },
  ]
  assert.throws(() => createMessageCodec({ ...profile, fields: twice }), { name: 'Bug' })
})
