/**
 * One-time passwords of RFC 4226 (HOTP) over the time steps of RFC 6238 (TOTP), with HMAC-SHA-256.
 * The one surprise: the RFC truncates to 31 bits, which hold nine digits; where more are wanted we
 * take 63 bits from the same place in the same way.
 */
import { assert } from '../base/base.ts'

/** HMAC-SHA-256: 32 bytes. A port, so that a validated module can stand behind it. */
export type HmacSha256 = (key: Uint8Array, message: Uint8Array) => Uint8Array

const MAC_BYTES = 32
const DIGITS_MAX: Readonly<Record<4 | 8, number>> = { 4: 9, 8: 18 }

/**
 * The password of one step.
 *
 * @param step number of the time step (RFC 6238's T), hashed as 8 bytes, most significant first.
 * @param truncationBytes 4 as in RFC 4226 §5.3; or 8: the offset is found as there, eight bytes are
 *   taken from it instead of four, and the top bit is dropped. With 32 bytes of MAC the last is at
 *   most 22.
 */
export function oneTimePassword(options: {
  readonly key: Uint8Array
  readonly step: number
  readonly digits: number
  readonly truncationBytes: 4 | 8
  readonly hmac: HmacSha256
}): string {
  const { key, step, digits, truncationBytes, hmac } = options
  assert(Number.isSafeInteger(step) && step >= 0, `not a time step: ${step}`)
  assert(digits >= 1 && digits <= DIGITS_MAX[truncationBytes], `${digits} digits are too many`)
  const message = new Uint8Array(8)
  new DataView(message.buffer).setBigUint64(0, BigInt(step))
  const mac = hmac(key, message)
  assert(mac.length === MAC_BYTES, `an HMAC-SHA-256 of ${mac.length} bytes`)
  const offset = mac[MAC_BYTES - 1]! & 0x0f
  const view = new DataView(mac.buffer, mac.byteOffset, mac.byteLength)
  const taken = truncationBytes === 4 ? BigInt(view.getUint32(offset)) : view.getBigUint64(offset)
  const value = BigInt.asUintN(truncationBytes * 8 - 1, taken)
  return String(value % 10n ** BigInt(digits)).padStart(digits, '0')
}
