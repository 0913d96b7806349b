import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMerkleTree, inclusionProof, merkleRoot, verifyInclusion } from './merkle.ts'

const sha256 = (message: Uint8Array): Uint8Array => createHash('sha256').update(message).digest()
const fromHex = (text: string): Uint8Array => Buffer.from(text, 'hex')
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The leaves and roots of Certificate Transparency's own tests (google/certificate-transparency, merkletree). */
const leaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(fromHex)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const paths = [
  { index: 0, size: 1, proof: [] },
  {
    index: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    index: 2,
    size: 3,
    proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
  },
  {
    index: 1,
    size: 5,
    proof: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
]

test('roots are those that Certificate Transparency publishes, however the tree is grown', () => {
  const tree = createMerkleTree(sha256)
  roots.forEach((root, size) => {
    assert.equal(toHex(merkleRoot(sha256, leaves.slice(0, size))), root, `of ${size} leaves`)
    assert.equal(toHex(tree.root()), root)
    assert.equal(tree.size(), size)
    if (size < leaves.length) tree.add(leaves[size]!)
  })
})

test('inclusion proofs are those that Certificate Transparency publishes', () => {
  for (const { index, size, proof } of paths) {
    const made = inclusionProof(sha256, leaves.slice(0, size), index)
    assert.deepEqual(made.map(toHex), proof, `leaf ${index} of ${size}`)
  }
})

const tree = fc
  .array(fc.uint8Array({ maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .chain((data) => fc.tuple(fc.constant(data), fc.nat({ max: data.length - 1 })))

test('every leaf of every tree has a proof that verifies', () => {
  fc.assert(
    fc.property(tree, ([data, index]) => {
      const proof = inclusionProof(sha256, data, index)
      const root = merkleRoot(sha256, data)
      const claim = { data: data[index]!, index, size: data.length, proof, root }
      return verifyInclusion(sha256, claim)
    }),
  )
})

test('a proof of another leaf, place, path or root does not verify', () => {
  fc.assert(
    fc.property(tree, fc.nat(), ([data, index], choice) => {
      const proof = inclusionProof(sha256, data, index)
      const root = merkleRoot(sha256, data)
      const claim = { data: data[index]!, index, size: data.length, proof, root }
      const flipped = Uint8Array.from(root, (byte, at) => (at === choice % 32 ? byte ^ 1 : byte))
      assert.equal(verifyInclusion(sha256, { ...claim, data: fromHex('00010203040506') }), false)
      assert.equal(verifyInclusion(sha256, { ...claim, root: flipped }), false)
      assert.equal(verifyInclusion(sha256, { ...claim, proof: [...proof, root] }), false)
      assert.equal(verifyInclusion(sha256, { ...claim, index: data.length }), false)
      if (proof.length > 0) {
        assert.equal(verifyInclusion(sha256, { ...claim, proof: proof.slice(1) }), false)
      }
    }),
  )
})

test('a changed, moved, added or removed leaf changes the root', () => {
  const distinct = fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 2, maxLength: 40 })
  fc.assert(
    fc.property(distinct, fc.nat(), (bytes, choice) => {
      const data = bytes.map((byte) => Uint8Array.of(byte))
      const at = choice % data.length
      const root = toHex(merkleRoot(sha256, data))
      const changes = [
        data.with(at, Uint8Array.of(1, 2)),
        data.toSpliced(at, 1),
        data.toSpliced(at, 0, data[at]!),
        [...data.slice(1), data[0]!],
      ]
      for (const changed of changes) assert.notEqual(toHex(merkleRoot(sha256, changed)), root)
    }),
  )
})
