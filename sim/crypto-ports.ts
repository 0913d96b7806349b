/** Hashes and signatures of the real kind, made synchronously, so that a run does not depend on threads. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto'
import type { Sha256 } from '../src/base/base.ts'
import type { HmacSha256, SignBytes, VerifyBytes } from '../src/qr/qr.ts'

export const sha256: Sha256 = (message) => createHash('sha256').update(message).digest()

export const hmacSha256: HmacSha256 = (key, message) =>
  createHmac('sha256', key).update(message).digest()

export interface SigningKey {
  readonly keyId: string
  readonly sign: SignBytes
  readonly verify: VerifyBytes
}

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS #8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** One Ed25519 key for a key id: the same id has always the same key. Ed25519 draws no randomness. */
export function signingKeyOf(keyId: string): SigningKey {
  const secret = sha256(new TextEncoder().encode(`simulated key ${keyId}`))
  const der = Buffer.concat([PKCS8_ED25519, secret])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  return {
    keyId,
    sign: (bytes) => sign(null, bytes, privateKey),
    verify: (named, bytes, signature) =>
      named === keyId && verify(null, bytes, publicKey, signature),
  }
}
