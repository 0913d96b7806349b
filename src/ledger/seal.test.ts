import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto'
import { test } from 'node:test'
import {
  FIRST_PREVIOUS_HASH,
  makeSeal,
  sealBytes,
  sealProblems,
  type Seal,
  type SealSigner,
  type SealVerifier,
} from './seal.ts'

const sha256 = (message: Uint8Array): Uint8Array => createHash('sha256').update(message).digest()
const keys = generateKeyPairSync('ed25519')
const signer: SealSigner = { keyId: 'k1', sign: (hash) => sign(null, hash, keys.privateKey) }
const verifier: SealVerifier = ({ keyId, hash, signature }) => {
  if (keyId !== 'k1') return 'unknown_key'
  return verify(null, hash, keys.publicKey, signature) ? 'valid' : 'invalid'
}
const ports = { sha256, verify: verifier }

const first = makeSeal(sha256, signer, {
  issuerId: 3,
  segment: 1,
  fromAt: 0,
  untilAt: 1_800_000_000_000,
  leafCount: 2,
  merkleRoot: sha256(Uint8Array.of(1)),
  previousHash: FIRST_PREVIOUS_HASH,
})
const second = makeSeal(sha256, signer, {
  issuerId: 3,
  segment: 2,
  fromAt: 1_800_000_000_000,
  untilAt: 1_800_000_005_000,
  leafCount: 1,
  merkleRoot: sha256(Uint8Array.of(2)),
  previousHash: first.hash,
})

test('the canonical bytes of a seal are these, for ever', () => {
  assert.equal(
    new TextDecoder().decode(sealBytes(first)),
    '["dure-seal-1",3,1,0,1800000000000,2,' +
      '"4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a",' +
      '"0000000000000000000000000000000000000000000000000000000000000000"]',
  )
})

test('a chain of seals is sound', () => {
  assert.deepEqual(sealProblems(ports, first, undefined), [])
  assert.deepEqual(sealProblems(ports, second, first), [])
})

test('no part of a seal can be changed unseen', () => {
  const otherBytes = sha256(Uint8Array.of(9))
  const changes: Record<keyof Seal, Partial<Seal>> = {
    issuerId: { issuerId: 4 },
    segment: { segment: 3 },
    fromAt: { fromAt: second.fromAt + 1 },
    untilAt: { untilAt: second.untilAt + 1 },
    leafCount: { leafCount: 2 },
    merkleRoot: { merkleRoot: otherBytes },
    previousHash: { previousHash: otherBytes },
    hash: { hash: otherBytes },
    keyId: { keyId: 'k2' },
    signature: { signature: new Uint8Array(64) },
  }
  for (const [part, change] of Object.entries(changes)) {
    const problems = sealProblems(ports, { ...second, ...change }, first)
    assert.notEqual(problems.length, 0, part)
  }
})

test('a seal that was made anew after a change needs the key and breaks the chain', () => {
  const forged = makeSeal(
    sha256,
    { keyId: 'k1', sign: () => second.signature },
    {
      ...second,
      merkleRoot: sha256(Uint8Array.of(9)),
    },
  )
  assert.deepEqual(sealProblems(ports, forged, first), ['its signature is not one of the key k1'])
  const third = makeSeal(sha256, signer, {
    ...second,
    segment: 3,
    fromAt: second.untilAt,
    untilAt: second.untilAt + 1,
    previousHash: second.hash,
  })
  assert.deepEqual(sealProblems(ports, third, second), [])
  assert.deepEqual(sealProblems(ports, third, forged), ['it is not chained to the seal before'])
})

test('a seal without the one before it is seen', () => {
  assert.ok(sealProblems(ports, second, undefined).includes('segment 1 is missing: 2 comes next'))
})
