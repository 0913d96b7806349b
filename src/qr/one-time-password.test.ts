import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { oneTimePassword, type HmacSha256 } from './one-time-password.ts'

const hmac: HmacSha256 = (key, message) => createHmac('sha256', key).update(message).digest()

test('the passwords of RFC 6238 appendix B for SHA-256 are made', () => {
  const key = Buffer.from('12345678901234567890123456789012')
  const vectors: [number, string][] = [
    [59, '46119246'],
    [1_111_111_109, '68084774'],
    [1_111_111_111, '67062674'],
    [1_234_567_890, '91819424'],
    [2_000_000_000, '90698825'],
    [20_000_000_000, '77737706'],
  ]
  for (const [seconds, password] of vectors) {
    const step = Math.floor(seconds / 30)
    const made = oneTimePassword({ key, step, digits: 8, truncationBytes: 4, hmac })
    assert.equal(made, password)
  }
})

test('eight bytes are taken from the same offset as four, without the top bit', () => {
  const mac = (last: number): Uint8Array => {
    const bytes = Uint8Array.from({ length: 32 }, (_, at) => 0xf0 + (at % 16))
    bytes[31] = last
    return bytes
  }
  const made = (last: number, truncationBytes: 4 | 8, digits: number): string =>
    oneTimePassword({ key: mac(0), step: 1, digits, truncationBytes, hmac: () => mac(last) })
  assert.equal(made(0, 4, 9), String(0x70f1f2f3 % 10 ** 9).padStart(9, '0'))
  assert.equal(made(0, 8, 11), String(0x70f1f2f3f4f5f6f7n % 10n ** 11n).padStart(11, '0'))
  assert.equal(made(15, 8, 18), String(0x7ff0f1f2f3f4f5f6n % 10n ** 18n).padStart(18, '0'))
})

test('more digits than the bits hold, and a MAC of another hash, are our bugs', () => {
  const key = new Uint8Array(32)
  assert.throws(() => oneTimePassword({ key, step: 1, digits: 10, truncationBytes: 4, hmac }))
  assert.throws(() => oneTimePassword({ key, step: 1, digits: 19, truncationBytes: 8, hmac }))
  assert.throws(() => oneTimePassword({ key, step: -1, digits: 8, truncationBytes: 4, hmac }))
  const sha1: HmacSha256 = (key, message) => createHmac('sha1', key).update(message).digest()
  assert.throws(() => oneTimePassword({ key, step: 1, digits: 8, truncationBytes: 4, hmac: sha1 }))
})
