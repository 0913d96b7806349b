/**
 * Ed25519 (RFC 8032) for seals, by keys in PEM. A key is named by its own hash, so that a name
 * cannot be moved to another key.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Sha256 } from '../base/base.ts'
import type { SealSigner, SealVerifier } from '../ledger/ledger.ts'

export const sha256: Sha256 = (message) => createHash('sha256').update(message).digest()

/** @param privateKeyPem PKCS #8 */
export function createSealSigner(privateKeyPem: string): SealSigner {
  const key = createPrivateKey(privateKeyPem)
  return {
    keyId: keyIdOf(createPublicKey(key)),
    sign: (hash) => sign(null, hash, key),
  }
}

/** @param publicKeyPems SPKI; all keys that ever sealed and are still believed */
export function createSealVerifier(publicKeyPems: readonly string[]): SealVerifier {
  const keys = new Map(
    publicKeyPems.map((pem) => {
      const key = createPublicKey(pem)
      return [keyIdOf(key), key]
    }),
  )
  return ({ keyId, hash, signature }) => {
    const key = keys.get(keyId)
    if (key === undefined) return 'unknown_key'
    return verify(null, hash, key, signature) ? 'valid' : 'invalid'
  }
}

/** The first 12 characters of the key's JWK thumbprint (RFC 7638; RFC 8037 appendix A.3 for Ed25519). */
function keyIdOf(publicKey: KeyObject): string {
  const { crv, kty, x } = publicKey.export({ format: 'jwk' })
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv, kty, x }))
  return thumbprint.digest('base64url').slice(0, 12)
}
