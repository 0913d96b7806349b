/**
 * Seals: signed Merkle roots over segments of one issuer's journal, each carrying the hash of the one before, so that
 * the last seal commits to the whole history. What the bytes are is fixed here; reading and storing is elsewhere.
 */
import { hexOf, type Instant, type Sha256 } from '../base/base.ts'
import { sameBytes } from './merkle.ts'

/** What a seal says. `issuerId` is a plain number: the operator's own records (issuer 0) are sealed too. */
export interface SealBody {
  readonly issuerId: number
  /** 1, 2, 3, … without gaps. */
  readonly segment: number
  /** Everything booked after this instant … */
  readonly fromAt: Instant
  /** … up to and including this one. */
  readonly untilAt: Instant
  readonly leafCount: number
  readonly merkleRoot: Uint8Array
  /** The hash of the seal before; of the first one: 32 zero bytes. */
  readonly previousHash: Uint8Array
}

export interface Seal extends SealBody {
  /** SHA-256 over `sealBytes`. */
  readonly hash: Uint8Array
  /** Which key signed the hash. */
  readonly keyId: string
  readonly signature: Uint8Array
}

/** The latest seals' hashes, kept outside the database: cutting off the last seals is seen against them. */
export interface SealAnchor {
  readonly issuerId: number
  readonly segment: number
  /** In hex. */
  readonly hash: string
}

/** Signs with the operator's sealing key. */
export interface SealSigner {
  readonly keyId: string
  sign(hash: Uint8Array): Uint8Array
}

/** `unknown_key` where no public key has this id. */
export type SealVerifier = (signed: {
  readonly keyId: string
  readonly hash: Uint8Array
  readonly signature: Uint8Array
}) => 'valid' | 'invalid' | 'unknown_key'

/** The first segment begins here: nothing of this ledger is older. */
export const FIRST_SEGMENT_FROM_AT: Instant = 0
export const FIRST_PREVIOUS_HASH: Uint8Array = new Uint8Array(32)
/** Names the format, so that a signature over it can never be read as one over something else. */
const FORMAT = 'dure-seal-1'

const encoder = new TextEncoder()

/** The canonical bytes of a seal: UTF-8 of a JSON array in this order, times in milliseconds, bytes in hex. */
export function sealBytes(body: SealBody): Uint8Array {
  const { issuerId, segment, fromAt, untilAt, leafCount, merkleRoot, previousHash } = body
  const parts = [
    issuerId,
    segment,
    fromAt,
    untilAt,
    leafCount,
    hexOf(merkleRoot),
    hexOf(previousHash),
  ]
  return encoder.encode(JSON.stringify([FORMAT, ...parts]))
}

/** Hashes and signs. */
export function makeSeal(sha256: Sha256, signer: SealSigner, body: SealBody): Seal {
  const hash = sha256(sealBytes(body))
  return { ...body, hash, keyId: signer.keyId, signature: signer.sign(hash) }
}

/**
 * What is wrong with a seal given the one before it (`undefined` before the first), as sentences; none when it is
 * sound. Whether the root is that of the rows is the caller's to check: it has them.
 */
export function sealProblems(
  ports: { readonly sha256: Sha256; readonly verify: SealVerifier },
  seal: Seal,
  previous: Seal | undefined,
): string[] {
  const problems: string[] = []
  const segment = (previous?.segment ?? 0) + 1
  if (seal.segment !== segment) {
    problems.push(`segment ${segment} is missing: ${seal.segment} comes next`)
  }
  if (seal.fromAt !== (previous?.untilAt ?? FIRST_SEGMENT_FROM_AT)) {
    problems.push('its window does not begin where the one before ends')
  }
  if (!(seal.untilAt > seal.fromAt)) problems.push('its window ends before it begins')
  if (!sameBytes(seal.previousHash, previous?.hash ?? FIRST_PREVIOUS_HASH)) {
    problems.push('it is not chained to the seal before')
  }
  if (!sameBytes(ports.sha256(sealBytes(seal)), seal.hash)) {
    problems.push('its hash is not that of what it says')
  }
  const verdict = ports.verify(seal)
  if (verdict === 'invalid') problems.push(`its signature is not one of the key ${seal.keyId}`)
  if (verdict === 'unknown_key') problems.push(`it is signed with an unknown key ${seal.keyId}`)
  return problems
}
