/** Published vectors: RFC 4493 for AES-CMAC, RFC 3394 for wrapped keys. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  isSameMac,
  keyCheckValue,
  MAC_BYTES,
  messageMac,
  unwrapKey,
  wrapKey,
} from './message-mac.ts'

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex')

test('AES-CMAC as RFC 4493, section 4, has it, cut to the bytes of DE 64', () => {
  const key = bytesOf('2b7e151628aed2a6abf7158809cf4f3c')
  const message =
    '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51' +
    '30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710'
  const vectors: readonly (readonly [number, string])[] = [
    [0, 'bb1d6929e95937287fa37d129b756746'],
    [16, '070a16b46b4d4144f79bdd9dd04a287c'],
    [40, 'dfa66747de9ae63030ca32611497c827'],
    [64, '51f0bebf7e3b9d92fc49741779363cfe'],
  ]
  for (const [length, expected] of vectors) {
    const mac = messageMac(key)(bytesOf(message).subarray(0, length))
    assert.equal(mac.length, MAC_BYTES)
    assert.equal(hexOf(mac), expected.slice(0, MAC_BYTES * 2), `${length} bytes`)
  }
})

test('keys are wrapped as RFC 3394, section 4, has it', () => {
  const vectors: readonly (readonly [string, string, string])[] = [
    [
      '000102030405060708090a0b0c0d0e0f',
      '00112233445566778899aabbccddeeff',
      '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
    ],
    [
      '000102030405060708090a0b0c0d0e0f1011121314151617',
      '00112233445566778899aabbccddeeff',
      '96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d',
    ],
    [
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
      '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
    ],
  ]
  for (const [keyEncryptionKey, key, wrapped] of vectors) {
    assert.equal(hexOf(wrapKey(bytesOf(key), bytesOf(keyEncryptionKey))), wrapped)
    assert.equal(hexOf(unwrapKey(bytesOf(wrapped), bytesOf(keyEncryptionKey))), key)
  }
})

test('a wrapped key that was changed, cut or wrapped under another key is none', () => {
  const keyEncryptionKey = bytesOf('000102030405060708090a0b0c0d0e0f')
  const wrapped = wrapKey(new Uint8Array(16).fill(9), keyEncryptionKey)
  for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
    const changed = Uint8Array.from(wrapped)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    assert.equal(unwrapKey(changed, keyEncryptionKey), undefined)
  }
  for (let length = 0; length < wrapped.length; length += 1) {
    assert.equal(unwrapKey(wrapped.subarray(0, length), keyEncryptionKey), undefined)
  }
  assert.equal(unwrapKey(wrapped, new Uint8Array(16)), undefined)
})

test('a check value is the beginning of the CMAC over a block of zeros', () => {
  const key = bytesOf('2b7e151628aed2a6abf7158809cf4f3c')
  const whole = hexOf(messageMac(key)(new Uint8Array(16))).toUpperCase()
  assert.equal(keyCheckValue(key), whole.slice(0, 6))
  assert.notEqual(keyCheckValue(key), keyCheckValue(new Uint8Array(16)))
})

test('two MACs are the same in every bit and in length, or they differ', () => {
  const mac = Uint8Array.of(1, 2, 3)
  assert.ok(isSameMac(mac, Uint8Array.of(1, 2, 3)))
  assert.ok(!isSameMac(mac, Uint8Array.of(1, 2, 2)))
  assert.ok(!isSameMac(mac, Uint8Array.of(0x81, 2, 3)))
  assert.ok(!isSameMac(mac, Uint8Array.of(1, 2)))
})
