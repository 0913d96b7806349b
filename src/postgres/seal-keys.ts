/** Ed25519 (RFC 8032) for seals, by keys in PEM. A key is named by its own hash, so that a name cannot be moved. */
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

/** The first 16 hex digits of SHA-256 over the SPKI. */
function keyIdOf(publicKey: KeyObject): string {
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex').slice(0, 16)
}
