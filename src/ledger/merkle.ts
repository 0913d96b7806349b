/**
 * Merkle trees as Certificate Transparency hashes them (RFC 9162 §2.1, unchanged from RFC 6962 §2.1): a leaf is
 * H(0x00 ‖ data), a node H(0x01 ‖ left ‖ right), and n leaves split at the largest power of two below n.
 * A root commits to every leaf, their order and their number is sealed beside it.
 */
import { assert, type Sha256 } from '../base/base.ts'

const LEAF = 0x00
const NODE = 0x01

/** The hash of one leaf's data. */
export function hashLeaf(sha256: Sha256, data: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + data.length)
  message[0] = LEAF
  message.set(data, 1)
  return sha256(message)
}

function hashNode(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + left.length + right.length)
  message[0] = NODE
  message.set(left, 1)
  message.set(right, 1 + left.length)
  return sha256(message)
}

/** A tree that is only grown: it keeps one hash for each bit of its size, however many leaves it has. */
export interface MerkleTree {
  add(data: Uint8Array): void
  size(): number
  /** The root over what was added so far; of no leaf at all it is H(). */
  root(): Uint8Array
}

/** An empty tree. */
export function createMerkleTree(sha256: Sha256): MerkleTree {
  // Complete subtrees from left to right, each larger than the next: the bits of the size.
  const subtrees: { size: number; hash: Uint8Array }[] = []
  let size = 0
  return {
    add(data) {
      let grown = { size: 1, hash: hashLeaf(sha256, data) }
      for (let last = subtrees.at(-1); last?.size === grown.size; last = subtrees.at(-1)) {
        subtrees.pop()
        grown = { size: grown.size * 2, hash: hashNode(sha256, last.hash, grown.hash) }
      }
      subtrees.push(grown)
      size += 1
    },
    size: () => size,
    root() {
      let hash = subtrees.at(-1)?.hash
      if (hash === undefined) return sha256(new Uint8Array())
      for (const { hash: left } of subtrees.slice(0, -1).toReversed()) {
        hash = hashNode(sha256, left, hash)
      }
      return hash
    },
  }
}

/** The root over all data at once. */
export function merkleRoot(sha256: Sha256, data: Iterable<Uint8Array>): Uint8Array {
  const tree = createMerkleTree(sha256)
  for (const leaf of data) tree.add(leaf)
  return tree.root()
}

/**
 * The audit path of one leaf, nearest sibling first (RFC 9162 §2.1.3.1): with it anybody who has the leaf and the
 * root can check that the leaf is in the tree, without seeing the others.
 */
export function inclusionProof(
  sha256: Sha256,
  data: readonly Uint8Array[],
  index: number,
): Uint8Array[] {
  assert(Number.isInteger(index) && index >= 0 && index < data.length, 'the leaf is in the tree')
  if (data.length === 1) return []
  const split = largestPowerOfTwoBelow(data.length)
  const left = data.slice(0, split)
  const right = data.slice(split)
  return index < split
    ? [...inclusionProof(sha256, left, index), merkleRoot(sha256, right)]
    : [...inclusionProof(sha256, right, index - split), merkleRoot(sha256, left)]
}

/** Whether the path proves that `data` is leaf `index` of the tree of `size` leaves with this root (§2.1.3.2). */
export function verifyInclusion(
  sha256: Sha256,
  claim: {
    readonly data: Uint8Array
    readonly index: number
    readonly size: number
    readonly proof: readonly Uint8Array[]
    readonly root: Uint8Array
  },
): boolean {
  const { data, index, size, proof, root } = claim
  if (!Number.isInteger(index) || index < 0 || index >= size) return false
  let node = index
  let lastNode = size - 1
  let hash = hashLeaf(sha256, data)
  for (const sibling of proof) {
    if (lastNode === 0) return false
    if (node % 2 === 1 || node === lastNode) {
      hash = hashNode(sha256, sibling, hash)
      // A last node without a sibling moves up unhashed until it has one.
      while (node % 2 === 0 && node !== 0) {
        node /= 2
        lastNode = Math.floor(lastNode / 2)
      }
    } else {
      hash = hashNode(sha256, hash, sibling)
    }
    node = Math.floor(node / 2)
    lastNode = Math.floor(lastNode / 2)
  }
  return lastNode === 0 && sameBytes(hash, root)
}

function largestPowerOfTwoBelow(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** Equal content. Not in constant time: nothing here is secret. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
