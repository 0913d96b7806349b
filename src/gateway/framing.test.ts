import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDeframer, frame } from './framing.ts'
import type { Framing } from './partner-adapter.ts'

const binary: Framing = { header: 'binary_2', messageBytesMax: 300 }
const ascii: Framing = { header: 'ascii_4', messageBytesMax: 300 }
const hex = (text: string): Uint8Array => Buffer.from(text, 'hex')
const latin = (text: string): Uint8Array => Buffer.from(text, 'latin1')

test('a length stands before each message, in two bytes or four digits, and does not count itself', () => {
  assert.deepEqual(Buffer.from(frame(latin('abc'), binary)), Buffer.from('\0\x03abc', 'latin1'))
  assert.deepEqual(Buffer.from(frame(latin('abc'), ascii)), Buffer.from('0003abc', 'latin1'))
})

test('messages come out whole, however the bytes are cut', () => {
  const messages = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 })
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
  fc.assert(
    fc.property(fc.constantFrom(binary, ascii), messages, cuts, (framing, sent, sizes) => {
      const bytes = Buffer.concat(sent.map((message) => frame(message, framing)))
      const deframer = createDeframer(framing)
      const got: Uint8Array[] = []
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length]!
        got.push(...deframer.push(bytes.subarray(at, at + size)).messages)
        at += size
      }
      assert.deepEqual(got.map(hexOf), sent.map(hexOf))
      assert.equal(deframer.isWithin(), false)
    }),
  )
})

test('a message does not share its bytes with the chunk it came in', () => {
  const chunk = Buffer.from(frame(latin('abc'), binary))
  const [message] = createDeframer(binary).push(chunk).messages
  chunk.fill(0)
  assert.equal(Buffer.from(message!).toString(), 'abc')
})

test('it knows whether a message is under way', () => {
  const deframer = createDeframer(binary)
  deframer.push(hex('00'))
  assert.equal(deframer.isWithin(), true)
  deframer.push(hex('01'))
  assert.equal(deframer.isWithin(), true)
  deframer.push(hex('61'))
  assert.equal(deframer.isWithin(), false)
})

const impossible: readonly [string, Framing, Uint8Array, string][] = [
  ['nothing', binary, hex('0000'), 'length_zero'],
  ['nothing in digits', ascii, latin('0000'), 'length_zero'],
  ['one byte too much', binary, hex('012d'), 'length_too_long'],
  ['one digit too much', ascii, latin('0301'), 'length_too_long'],
  ['1 GiB, as four bytes', binary, hex('40000000'), 'length_too_long'],
  ['1 GiB, as four bytes, to a reader of digits', ascii, hex('40000000'), 'length_not_digits'],
  ['a TLS record', ascii, hex('16030100'), 'length_not_digits'],
  ['a sign', ascii, latin('-001'), 'length_not_digits'],
  ['a blank', ascii, latin(' 001'), 'length_not_digits'],
]
for (const [what, framing, header, problem] of impossible) {
  test(`a length of ${what} ends the reading: ${problem}`, () => {
    const deframer = createDeframer(framing)
    const good = frame(latin('good'), framing)
    const result = deframer.push(Buffer.concat([good, header, latin('and more')]))
    assert.deepEqual(result.messages.map(hexOf), [hexOf(latin('good'))])
    assert.equal(result.problem, problem)
    assert.deepEqual(deframer.push(good), { messages: [], problem })
  })
}

test('a message that is too long is never sent', () => {
  assert.throws(() => frame(new Uint8Array(301), binary), /301 bytes/)
  assert.throws(() => frame(new Uint8Array(0), binary), /0 bytes/)
})

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
