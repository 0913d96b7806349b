/** Whether the seals of an issuer hold: chain, signatures, anchors, and the roots computed anew from the raw rows. */
import { hexOf } from '../base/base.ts'
import type { Complaint } from '../audit/audit.ts'
import {
  createMerkleTree,
  sameBytes,
  sealProblems,
  type Seal,
  type SealAnchor,
  type SealVerifier,
} from '../ledger/ledger.ts'
import { rowsOf, type Transaction } from './cursor.ts'
import { readSegments, type SegmentReader } from './journal-reader.ts'
import { sha256 } from './seal-keys.ts'

export interface SealAuditOptions {
  readonly verify: SealVerifier
  /** Anchors of this issuer; `undefined` where the auditor has none to compare with. */
  readonly anchors: readonly SealAnchor[] | undefined
  readonly onSeal?: () => void
}

/** What registry.open_issuer writes: nothing is booked before it. */
const BOOKS_OPENED = '2026-01-01 00:00:00+00'

interface SealRow {
  segment: number
  from_text: string
  until_text: string
  from_us: string
  until_us: string
  leaf_count: number
  merkle_root: Uint8Array
  previous_hash: Uint8Array
  hash: Uint8Array
  key_id: string
  signature: Uint8Array
}

/** Reads all seals once, in order. Returns how many there are and up to when they reach, as PostgreSQL prints it. */
export async function checkSeals(
  transaction: Transaction,
  issuerId: number,
  options: SealAuditOptions & { readonly onComplaint: (complaint: Complaint) => void },
): Promise<{ seals: number; sealedUntil: string | undefined }> {
  const { verify, anchors, onSeal, onComplaint } = options
  const anchored = Map.groupBy(anchors ?? [], (anchor) => anchor.segment)
  const query = `select segment, from_at::text as from_text, until_at::text as until_text,
      (extract(epoch from from_at) * 1000000)::text as from_us,
      (extract(epoch from until_at) * 1000000)::text as until_us,
      leaf_count, merkle_root, previous_hash, hash, key_id, signature
    from ledger.seal where issuer_id = ${issuerId} order by segment`
  const leaves = await sealedLeaves(transaction, issuerId)
  let previous: Seal | undefined
  let seals = 0
  let sealedUntil: string | undefined
  for await (const row of rowsOf<SealRow>(transaction, query)) {
    const where = `segment ${row.segment} (${row.from_text} to ${row.until_text})`
    const seal = sealOf(issuerId, row)
    const problems = sealProblems({ sha256, verify }, seal, previous)
    problems.push(...(await rootProblems(leaves, seal, row)))
    for (const anchor of anchored.get(seal.segment) ?? []) {
      if (anchor.hash !== hexOf(seal.hash)) problems.push('it is not the seal that was anchored')
    }
    anchored.delete(seal.segment)
    for (const sentence of problems) onComplaint({ where, sentence })
    previous = seal
    seals += 1
    sealedUntil = row.until_text
    onSeal?.()
  }
  for (const segment of anchored.keys()) {
    onComplaint({ where: `segment ${segment}`, sentence: 'was anchored and is gone' })
  }
  // The newest may be on its way to its anchor, or its sealer died there; it is anchored before the next is stored.
  if (seals > 1 && anchors?.length === 0) {
    onComplaint({ where: 'the seals', sentence: 'have no anchor at all' })
  }
  return { seals, sealedUntil }
}

function sealOf(issuerId: number, row: SealRow): Seal {
  return {
    issuerId,
    segment: row.segment,
    fromAt: Number(row.from_us) / 1_000,
    untilAt: Number(row.until_us) / 1_000,
    leafCount: row.leaf_count,
    merkleRoot: row.merkle_root,
    previousHash: row.previous_hash,
    hash: row.hash,
    keyId: row.key_id,
    signature: row.signature,
  }
}

/** Everything that any seal is about. */
async function sealedLeaves(transaction: Transaction, issuerId: number): Promise<SegmentReader> {
  const [row] = await transaction.unsafe<{ from_at: string | null; until_at: string | null }[]>(
    `select min(from_at)::text as from_at, max(until_at)::text as until_at
      from ledger.seal where issuer_id = ${issuerId}`,
  )
  const window = { fromAt: row?.from_at ?? BOOKS_OPENED, untilAt: row?.until_at ?? BOOKS_OPENED }
  return readSegments(transaction, issuerId, window)
}

async function rootProblems(leaves: SegmentReader, seal: Seal, row: SealRow): Promise<string[]> {
  const tree = createMerkleTree(sha256)
  const encoder = new TextEncoder()
  const segment = { from: Number(row.from_us), until: Number(row.until_us) }
  for await (const leaf of leaves.leavesOf(segment)) tree.add(encoder.encode(leaf))
  if (tree.size() !== seal.leafCount) {
    return [`it was sealed with ${seal.leafCount} rows and has ${tree.size()}`]
  }
  return sameBytes(tree.root(), seal.merkleRoot)
    ? []
    : [`at least one of its ${seal.leafCount} rows is not what was sealed`]
}

/** The head says what posting may book: right after the last seal, or after a boundary announced since. */
export async function checkHead(
  transaction: Transaction,
  issuerId: number,
  sealedUntil: string | undefined,
): Promise<Complaint[]> {
  const heads = await transaction.unsafe<{ sealed_until: string; sealing_until: string | null }[]>(
    `select sealed_until::text, sealing_until::text from ledger.issuer_head
      where issuer_id = ${issuerId}`,
  )
  const where = 'the head of the journal'
  const [head] = heads
  if (head === undefined || heads.length > 1) {
    return [{ where, sentence: `stands ${heads.length} times` }]
  }
  const expected = head.sealing_until ?? sealedUntil ?? BOOKS_OPENED
  if (head.sealed_until === expected) return []
  const sentence = `says that all up to ${head.sealed_until} is sealed, which is ${expected}`
  return [{ where, sentence }]
}
