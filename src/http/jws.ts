/**
 * Signed JSON in compact form (RFC 7515), read and verified in one synchronous step with node:crypto. Done by hand
 * because each request carries a proof of its own: a WebCrypto verification goes through a thread and a promise and
 * costs more CPU than the signature itself. Issuing, which is rare, is left to jose.
 */
import { verify, type KeyObject } from 'node:crypto'

export type JwsAlgorithm = 'ES256' | 'EdDSA'

export interface Jws {
  readonly header: unknown
  readonly payload: unknown
  /** What the signature is over: the first two parts as they came. */
  readonly signed: string
  readonly signature: Uint8Array
}

const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/

/** Both of our algorithms have signatures of 64 bytes. */
const SIGNATURE_BYTES = 64

/** Takes the text apart and believes nothing of it; `undefined` for what is no JWS of at most `lengthMax`. */
export function readJws(text: string, lengthMax: number): Jws | undefined {
  if (text.length > lengthMax) return undefined
  const [, header, payload, signature] = COMPACT.exec(text) ?? []
  if (header === undefined || payload === undefined || signature === undefined) return undefined
  const signatureBytes = Buffer.from(signature, 'base64url')
  if (signatureBytes.length !== SIGNATURE_BYTES) return undefined
  try {
    return {
      header: JSON.parse(Buffer.from(header, 'base64url').toString()),
      payload: JSON.parse(Buffer.from(payload, 'base64url').toString()),
      signed: `${header}.${payload}`,
      signature: signatureBytes,
    }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

/**
 * True where the key signed it. The algorithm is the caller's word, never the header's alone, and the caller has seen
 * that the key is of it (P-256 or Ed25519): asking the key each time costs a tenth of the verification.
 */
export function verifyJws(jws: Jws, algorithm: JwsAlgorithm, key: KeyObject): boolean {
  const signed = Buffer.from(jws.signed, 'latin1')
  // A JWS has both numbers of an ES256 signature side by side (RFC 7518 §3.4), not in DER.
  return algorithm === 'EdDSA'
    ? verify(null, signed, key, jws.signature)
    : verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, jws.signature)
}

/** True for a key that may verify `EdDSA` here. */
export function isEd25519(key: KeyObject | undefined): key is KeyObject {
  return key?.type === 'public' && key.asymmetricKeyType === 'ed25519'
}
