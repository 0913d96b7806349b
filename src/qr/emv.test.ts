import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { crcOf } from './crc.ts'
import { decodeEmv, EMV_TEXT_MAX, encodeEmv, type EmvResult } from './emv.ts'
import { readDataObjects, writeDataObjects, type DataObject } from './tlv.ts'

/** The worked example of EMVCo's specification v1.1, with its published checksum. */
const EMVCO_SAMPLE =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN' +
  '5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603' +
  '***0708A60086670902ME91320016A0112233449988770708123456786304A13A'

const plain: readonly DataObject[] = [
  { id: '00', value: '01' },
  { id: '26', value: '0007kr.dure' },
  { id: '52', value: '5411' },
  { id: '53', value: '410' },
  { id: '58', value: 'KR' },
  { id: '59', value: 'SHOP' },
  { id: '60', value: 'GUNSAN' },
]

function sealed(body: string): string {
  return `${body}6304${crcOf(`${body}6304`)}`
}

/** The plain code with some fields replaced, added before the checksum, or (undefined) left out. */
function plainWith(changes: Record<string, string | undefined>): string {
  const kept = plain.filter(({ id }) => !(id in changes))
  const added = Object.entries(changes).flatMap(([id, value]) =>
    value === undefined ? [] : [{ id, value }],
  )
  const first = { id: '00', value: changes['00'] ?? '01' }
  const rest = [...kept, ...added].filter(({ id }) => id !== '00')
  return sealed(writeDataObjects([first, ...rest]))
}

function verdict(text: string): string {
  const result: EmvResult = decodeEmv(text)
  return result.ok ? 'ok' : `${result.problem} ${result.field}`
}

test('the checksum of "123456789" is the published 29B1', () => {
  assert.equal(crcOf('123456789'), '29B1')
  assert.equal(crcOf(''), 'FFFF')
})

test("EMVCo's own sample is read, lengths counted in characters and the checksum in bytes", () => {
  const result = decodeEmv(EMVCO_SAMPLE)
  assert.ok(result.ok)
  assert.equal(result.code.fields.get('54'), '23.72')
  assert.equal(result.code.templates.get('29')?.get('05'), 'A93FO3230Q')
  assert.equal(result.code.templates.get('64')?.get('01'), '最佳运输')
  assert.equal(result.code.templates.get('62')?.get('06'), '***')
})

test('a code is refused by name of problem and field', () => {
  const table: [string, string][] = [
    ['', 'not_emv 00'],
    ['https://example.com', 'not_emv 00'],
    ['000202', 'not_emv 00'],
    ['000201', 'field_missing 63'],
    [encodeEmv(plain), 'ok'],
    [encodeEmv(plain).slice(0, -1), 'field_missing 63'],
    [`${encodeEmv(plain)}0`, 'field_missing 63'],
    [`${encodeEmv(plain)}\n`, 'field_missing 63'],
    [encodeEmv(plain).replace('SHOP', 'SHOQ'), 'crc_wrong 63'],
    [sealed(`${writeDataObjects(plain)}5902AB`), 'duplicate_field 59'],
    [plainWith({ '26': '0007kr.dure0101a0101b' }), 'duplicate_field 26.01'],
    ...['52', '53', '58', '59', '60'].map((id): [string, string] => [
      plainWith({ [id]: undefined }),
      `field_missing ${id}`,
    ]),
    [plainWith({ '26': undefined }), 'field_missing 02-51'],
    [plainWith({ '26': undefined, '04': '5300000000000000' }), 'ok'],
    [plainWith({ '26': '0101a' }), 'field_missing 26.00'],
    [plainWith({ '26': '0101a0007kr.dure' }), 'field_misplaced 26.00'],
    [plainWith({ '99': '0101a' }), 'field_missing 99.00'],
    [plainWith({ '26': `0033${'g'.repeat(33)}` }), 'field_malformed 26.00'],
    [sealed(`${writeDataObjects(plain)}63040000`), 'duplicate_field 63'],
    [sealed('0002015299'), 'field_malformed 52'],
    [sealed(`${writeDataObjects(plain)}6500`), 'field_malformed 65'],
    [sealed(`${writeDataObjects(plain)}AB01x`), 'field_malformed character 61'],
    [plainWith({ '01': '13' }), 'field_malformed 01'],
    [plainWith({ '52': '541' }), 'field_malformed 52'],
    [plainWith({ '53': 'KRW' }), 'field_malformed 53'],
    [plainWith({ '54': '1,000' }), 'field_malformed 54'],
    [plainWith({ '54': '12345678901234' }), 'field_malformed 54'],
    [plainWith({ '58': 'kr' }), 'field_malformed 58'],
    [plainWith({ '59': 'A'.repeat(25) }), 'ok'],
    [plainWith({ '59': 'A'.repeat(26) }), 'field_malformed 59'],
    [plainWith({ '59': '군산' }), 'field_malformed 59'],
    [plainWith({ '60': 'A'.repeat(16) }), 'field_malformed 60'],
    [plainWith({ '62': `0526${'R'.repeat(26)}` }), 'field_malformed 62.05'],
    [plainWith({ '64': '0002ko0102군산' }), 'ok'],
    [plainWith({ '64': '0002ko' }), 'field_missing 64.01'],
    [plainWith({ '64': `0002ko0126${'가'.repeat(26)}` }), 'field_malformed 64.01'],
    [plainWith({ '64': '0002ko0102\u0000가' }), 'field_malformed 64.01'],
    [plainWith({ '65': 'reserved for the future' }), 'ok'],
    [plainWith({ '62': '9905later' }), 'ok'],
  ]
  for (const [text, expected] of table) assert.equal(verdict(text), expected, text)
})

test('field 63 must come last, and inside no other value', () => {
  // The last eight characters look like field 63 but are the value of field 65.
  const body = writeDataObjects(plain)
  assert.equal(verdict(sealed(`${body}6508`)), 'field_missing 63')
  assert.equal(verdict(sealed(`${body}630400006508`)), 'field_misplaced 63')
})

test('a checksum in lower case is refused', () => {
  const text = plainWith({ '59': 'SHOP A' })
  const lower = text.slice(0, -4) + text.slice(-4).toLowerCase()
  assert.notEqual(lower, text)
  assert.equal(verdict(lower), 'field_malformed 63')
})

test(`a code has at most ${EMV_TEXT_MAX} characters, and Korean letters count as one`, () => {
  const filler = (length: number, letter: string): string => {
    const base = writeDataObjects([
      ...plain,
      { id: '64', value: `0002ko0125${letter.repeat(25)}0215${letter.repeat(15)}` },
      ...['65', '66', '67'].map((id) => ({ id, value: 'x'.repeat(94) })),
    ])
    const rest = length - 8 - base.length
    return sealed(base + writeDataObjects([{ id: '68', value: 'x'.repeat(rest - 4) }]))
  }
  const longest = filler(EMV_TEXT_MAX, '가')
  assert.equal([...longest].length, EMV_TEXT_MAX)
  assert.equal(verdict(longest), 'ok')
  assert.equal(verdict(filler(EMV_TEXT_MAX + 1, '가')), 'too_long code')
  assert.equal(verdict(`000201${'9'.repeat(1_000_000)}`), 'too_long code')
})

test('a lone surrogate is refused, for it has no bytes', () => {
  assert.equal(verdict(sealed(`${writeDataObjects(plain)}6501\ud800`)), 'field_malformed code')
})

test('what is written is read again', () => {
  const value = fc.string({ minLength: 1, maxLength: 99, unit: 'grapheme' })
  const objects = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 99 }).map((n) => String(n).padStart(2, '0')),
      value,
    }),
    { selector: ({ id }) => id },
  )
  fc.assert(
    fc.property(objects, (objects) => {
      const fitting = objects.filter(({ value }) => [...value].length <= 99)
      const read = readDataObjects(writeDataObjects(fitting))
      assert.ok(read.ok)
      assert.deepEqual(
        [...read.objects],
        fitting.map(({ id, value }) => [id, value]),
      )
    }),
  )
})

test('a code written with any names and amount is read with the same', () => {
  const ascii = (maxLength: number): fc.Arbitrary<string> =>
    fc.string({ minLength: 1, maxLength, unit: 'grapheme-ascii' })
  fc.assert(
    fc.property(ascii(25), ascii(15), fc.nat(), (name, city, amount) => {
      const text = encodeEmv([
        ...plain.slice(0, 5),
        { id: '54', value: String(amount) },
        { id: '59', value: name },
        { id: '60', value: city },
      ])
      const result = decodeEmv(text)
      assert.ok(result.ok)
      assert.equal(result.code.fields.get('59'), name)
      assert.equal(result.code.fields.get('60'), city)
      assert.equal(result.code.fields.get('54'), String(amount))
    }),
  )
})

test('any string whatever is read or refused, and never throws', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc.string({ unit: 'binary' }).map((tail) => `000201${tail}`),
    fc.string({ unit: 'binary' }).map((tail) => sealed(`000201${tail.toWellFormed()}`)),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => {
      return `000201${String.fromCharCode(...units)}`
    }),
  )
  fc.assert(
    fc.property(text, (text) => {
      const result = decodeEmv(text)
      assert.equal(typeof result.ok, 'boolean')
    }),
    { numRuns: 500 },
  )
})

test('a valid code with one place changed is read or refused, and never throws', () => {
  const mutation = fc.record({
    at: fc.nat(EMVCO_SAMPLE.length - 1),
    drop: fc.nat(3),
    add: fc.string({ unit: 'binary', maxLength: 3 }),
    resealed: fc.boolean(),
  })
  fc.assert(
    fc.property(mutation, ({ at, drop, add, resealed }) => {
      const changed = EMVCO_SAMPLE.slice(0, at) + add + EMVCO_SAMPLE.slice(at + drop)
      const result = decodeEmv(resealed ? sealed(changed.slice(0, -8).toWellFormed()) : changed)
      // The checksum finds any one changed place of up to 16 bits.
      if (!resealed && changed !== EMVCO_SAMPLE && drop === 1 && /^[ -~]$/.test(add)) {
        assert.equal(result.ok, false)
      }
    }),
    { numRuns: 1000 },
  )
})
