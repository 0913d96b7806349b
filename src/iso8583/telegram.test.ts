/** Fixed-length telegrams: every field in its place, and every refusal with the field's Korean name. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTelegramCodec, type TelegramField } from './telegram.ts'

type Id = 'type' | 'token' | 'shop' | 'amount' | 'left' | 'rest'

const field = (
  id: Id,
  nameKo: string,
  content: TelegramField['content'],
  bytes: number,
  optional = false,
): TelegramField<Id> => ({
  id,
  nameKo,
  nameEn: id,
  bytes,
  content,
  optional,
  masked: id === 'token',
  description: '',
})
const codec = createTelegramCodec<Id>({
  name: 'test',
  nameKo: '시험전문',
  fields: [
    field('type', '전문종별', 'n', 4),
    field('token', '카드토큰', 'an', 8),
    field('shop', '가맹점명', 'text', 10, true),
    field('amount', '거래금액', 'n', 6),
    field('left', '잔액', 'n', 6, true),
    field('rest', '예비', 'filler', 3),
  ],
})
const values = { type: '0200', token: 'TOKEN1', shop: '빵집', amount: '000500' }
const WHOLE = Buffer.concat([
  Buffer.from('0200TOKEN1  '),
  Buffer.from('bba7c1fd', 'hex'),
  Buffer.from('      000500         '),
])

test('numbers stand right with zeros, text left with spaces, Korean in EUC-KR', () => {
  const packed = codec.pack({ ...values, amount: '500' })
  assert.ok(packed.ok)
  assert.deepEqual(Buffer.from(packed.bytes), WHOLE)
  assert.equal(codec.bytes, WHOLE.length)
  assert.equal(codec.offsetOf('amount'), 22)
})

test('an absent number is spaces and not zero', () => {
  const read = codec.unpack(WHOLE)
  assert.deepEqual(read, { ok: true, values: { ...values, left: '', rest: '' } })
  const packed = codec.pack({ ...values, left: '0' })
  assert.ok(packed.ok)
  const back = codec.unpack(packed.bytes)
  assert.ok(back.ok)
  assert.equal(back.values.left, '000000')
})

describe('what is not as the table has it is refused with its field', () => {
  const changed = (at: number, text: string | Uint8Array): Uint8Array => {
    const bytes = Uint8Array.from(WHOLE)
    bytes.set(typeof text === 'string' ? Buffer.from(text) : text, at)
    return bytes
  }
  const refusals: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['a byte less', WHOLE.subarray(0, -1), 'truncated', '예비'],
    ['a byte more', Buffer.concat([WHOLE, Buffer.from(' ')]), 'trailing_bytes', '끝'],
    ['cut within a field', WHOLE.subarray(0, 7), 'truncated', '카드토큰'],
    ['a letter among digits', changed(22, 'A'), 'content_invalid', '거래금액'],
    ['a number with spaces before it', changed(22, '   500'), 'content_invalid', '거래금액'],
    ['a number with spaces after it', changed(22, '500   '), 'content_invalid', '거래금액'],
    ['a mandatory number that is spaces', changed(22, '      '), 'content_invalid', '거래금액'],
    ['half a character', changed(12, Uint8Array.of(0xbb, 0x20)), 'charset_wrong', '가맹점명'],
    [
      'a character cut by the end of its field',
      changed(12, Buffer.concat([Buffer.alloc(9, 'A'), Buffer.of(0xbb)])),
      'charset_wrong',
      '가맹점명',
    ],
    ['UTF-8', changed(12, Buffer.from('빵집')), 'charset_wrong', '가맹점명'],
    ['something in a filler', changed(34, 'X'), 'content_invalid', '예비'],
  ]
  for (const [what, bytes, problem, name] of refusals) {
    test(what, () => {
      const read = codec.unpack(bytes)
      assert.ok(!read.ok)
      assert.deepEqual([read.problem, read.field], [problem, name])
    })
  }
})

test('what cannot be written is refused with its field', () => {
  const refusals: readonly (readonly [Partial<typeof values>, string, string])[] = [
    [{ amount: '' }, 'content_invalid', '거래금액'],
    [{ amount: '1234567' }, 'length_invalid', '거래금액'],
    [{ amount: '-5' }, 'content_invalid', '거래금액'],
    // Five syllables are ten bytes and fit; six do not.
    [{ shop: '가나다라마바' }, 'length_invalid', '가맹점명'],
    [{ shop: '똠' }, 'charset_wrong', '가맹점명'],
    [{ token: 'A B' }, 'content_invalid', '카드토큰'],
    [{ shop: '빵 ' }, 'content_invalid', '가맹점명'],
  ]
  for (const [change, problem, name] of refusals) {
    const packed = codec.pack({ ...values, ...change })
    assert.ok(!packed.ok)
    assert.deepEqual([packed.problem, packed.field], [problem, name])
  }
  assert.ok(codec.pack({ ...values, shop: '가나다라마' }).ok)
})

test('a line for the log shows no masked value and no empty field', () => {
  assert.equal(
    codec.describe({ ...values, left: '' }),
    '시험전문 전문종별=0200 카드토큰=<6> 가맹점명=빵집 거래금액=000500',
  )
})
