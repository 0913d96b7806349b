/**
 * The signature of a dynamic code, in EMVCo's unreserved templates 80 and 81.
 *
 * Sizes, in characters, each value with its 4 of id and length:
 *   80  GUI `kr.dure`             4 + 7  = 11
 *       key id, at most 16        4 + 16 = 20
 *       issued at, epoch seconds  4 + 10 = 14
 *       signature, first half     4 + 43 = 47   → 92 of the 99 that a field may have
 *   81  GUI `kr.dure`             4 + 7  = 11
 *       signature, second half    4 + 43 = 47   → 58
 * An Ed25519 signature is 64 bytes, 86 characters of base64url: with a GUI before it, it does not
 * fit into one field (11 + 4 + 86 = 101), hence the halves. The block is at most 4 + 92 + 4 + 58 =
 * 158.
 *
 * Signed are the UTF-8 bytes of the code's text from its first character to the last one before the
 * first half's first. After that place nothing is free: the half, `8158` `0007kr.dure` `0143`, the
 * other half, `6304` and the checksum: 43 + (4 + 11 + 4 + 43) + 8 = 113 characters. So nothing can
 * be added behind what is signed, and one signature has one text.
 */
import { assert, type Instant } from '../base/base.ts'
import { fromBase64Url, toBase64Url } from './base64url.ts'
import type { EmvCode } from './emv.ts'
import { writeDataObjects, type DataObject } from './tlv.ts'

/** Signs with the private key whose id was given to the maker; returns the 64 bytes of Ed25519. */
export type SignBytes = (bytes: Uint8Array) => Uint8Array
/** Verifies with the public key of that id; false for an unknown or withdrawn key too. */
export type VerifyBytes = (keyId: string, bytes: Uint8Array, signature: Uint8Array) => boolean

/** The globally unique identifier of Dure's templates (EMVCo: a reverse domain name). */
export const DURE_GUI = 'kr.dure'
export const KEY_ID_PATTERN: RegExp = /^[A-Za-z0-9_-]{1,16}$/

const SIGNATURE_BYTES = 64
const HALF_LENGTH = 43
const ISSUED_AT = /^[1-9][0-9]{9}$/
/** From the first half's first character to the end: 43, all of field 81, all of field 63. */
const TAIL_LENGTH = HALF_LENGTH + (4 + 11 + 4 + HALF_LENGTH) + 8
const utf8 = new TextEncoder()

export interface SignatureBlock {
  readonly keyId: string
  /** Whole seconds as milliseconds. */
  readonly issuedAt: Instant
  readonly signature: Uint8Array
}

/** Templates 80 and 81. `issuedAt` is rounded down to the second. */
export function signatureObjects(block: SignatureBlock): [DataObject, DataObject] {
  const { keyId, issuedAt, signature } = block
  const seconds = String(Math.floor(issuedAt / 1000))
  assert(KEY_ID_PATTERN.test(keyId), `not a key id: ${keyId}`)
  assert(ISSUED_AT.test(seconds), `not an instant of ten digits in seconds: ${seconds}`)
  assert(signature.length === SIGNATURE_BYTES, `a signature of ${signature.length} bytes`)
  const text = toBase64Url(signature)
  const first = writeDataObjects([
    { id: '00', value: DURE_GUI },
    { id: '01', value: keyId },
    { id: '02', value: seconds },
    { id: '03', value: text.slice(0, HALF_LENGTH) },
  ])
  const second = writeDataObjects([
    { id: '00', value: DURE_GUI },
    { id: '01', value: text.slice(HALF_LENGTH) },
  ])
  return [
    { id: '80', value: first },
    { id: '81', value: second },
  ]
}

/** An unsigned block of the same key, time and length, for the maker to sign over. */
export function unsignedObjects(
  block: Omit<SignatureBlock, 'signature'>,
): [DataObject, DataObject] {
  return signatureObjects({ ...block, signature: new Uint8Array(SIGNATURE_BYTES) })
}

/** The bytes that are signed of a code's whole text (checksum included); see above. */
export function signedBytes(text: string): Uint8Array {
  return utf8.encode(text.slice(0, -TAIL_LENGTH))
}

/**
 * Takes the block out of a decoded code; `undefined` unless it stands exactly as the maker writes
 * it: 80 and 81 last before the checksum, with these sub-fields in this order and no others.
 */
export function readSignatureBlock(code: EmvCode): SignatureBlock | undefined {
  const first = code.templates.get('80')
  const second = code.templates.get('81')
  if (first === undefined || second === undefined) return undefined
  if ([...code.fields.keys()].slice(-3).join() !== '80,81,63') return undefined
  if ([...first.keys()].join() !== '00,01,02,03' || [...second.keys()].join() !== '00,01') {
    return undefined
  }
  if (first.get('00') !== DURE_GUI || second.get('00') !== DURE_GUI) return undefined
  const keyId = first.get('01') ?? ''
  const seconds = first.get('02') ?? ''
  const halves = [first.get('03') ?? '', second.get('01') ?? '']
  if (!KEY_ID_PATTERN.test(keyId) || !ISSUED_AT.test(seconds)) return undefined
  if (halves.some((half) => half.length !== HALF_LENGTH)) return undefined
  const signature = fromBase64Url(halves.join(''))
  if (signature === undefined) return undefined
  return { keyId, issuedAt: Number(seconds) * 1000, signature }
}
