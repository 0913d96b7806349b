/** What protects a message and its keys: AES-CMAC (RFC 4493), key wrapping (RFC 3394), and a key's check value. */
import { aeskw, cmac } from '@noble/ciphers/aes.js'

/** DE 64 and DE 128 hold so much of the 16 bytes of a CMAC. */
export const MAC_BYTES = 8
const BLOCK_BYTES = 16
/** As ANSI X9.24-1:2017 (annex A) has it for AES: the first bytes of the CMAC over a block of zeros. */
const CHECK_VALUE_BYTES = 3

/** @param key 16, 24 or 32 bytes */
export function messageMac(key: Uint8Array): (message: Uint8Array) => Uint8Array {
  return (message) => cmac(message, key).subarray(0, MAC_BYTES)
}

/** Takes the same time wherever the two differ. */
export function isSameMac(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let at = 0; at < a.length; at += 1) difference |= a[at]! ^ b[at]!
  return difference === 0
}

/** Eight bytes longer than the key. */
export function wrapKey(key: Uint8Array, keyEncryptionKey: Uint8Array): Uint8Array {
  return aeskw(keyEncryptionKey).encrypt(key)
}

/** `undefined` for what was not wrapped under this key, or was changed on its way. */
export function unwrapKey(
  wrapped: Uint8Array,
  keyEncryptionKey: Uint8Array,
): Uint8Array | undefined {
  try {
    return aeskw(keyEncryptionKey).decrypt(wrapped)
  } catch {
    // A length that is none, or the integrity check of RFC 3394: the cipher has no other way to say so.
    return undefined
  }
}

/** Six hexadecimal digits that tell one key from another and nothing of either. */
export function keyCheckValue(key: Uint8Array): string {
  const whole = cmac(new Uint8Array(BLOCK_BYTES), key)
  return Array.from(whole.subarray(0, CHECK_VALUE_BYTES), (byte) =>
    byte.toString(16).toUpperCase().padStart(2, '0'),
  ).join('')
}
