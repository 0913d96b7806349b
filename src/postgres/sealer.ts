/**
 * Seals the journal of an issuer, segment by segment, without stopping a posting: sql/functions/ledger.sealing.sql says
 * how a segment becomes complete. Any number of sealers may run: they make the same seal, and one stores it.
 */
import { setImmediate as immediate, setTimeout as delay } from 'node:timers/promises'
import { hexOf, type Instant } from '../base/base.ts'
import {
  createMerkleTree,
  FIRST_PREVIOUS_HASH,
  makeSeal,
  type Seal,
  type SealAnchor,
  type SealBody,
  type SealSigner,
} from '../ledger/ledger.ts'
import { errorCode } from './postgres-fault.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { sha256 } from './seal-keys.ts'

/** Keeps the newest seals' hashes outside the database. */
export interface SealAnchors {
  /** The newest anchor of an issuer. */
  last(issuerId: number): SealAnchor | undefined
  /** Resolves when the anchor would survive a loss of power. */
  append(anchor: SealAnchor): Promise<void>
}

/**
 * - `sealed`: one segment; more rows may wait that did not fit into it.
 * - `nothing_new`: no row waits that is not later than `now`.
 * - `not_settled`: a posting, or any transaction of the database that writes, outlasts our patience. The boundary
 *   stays announced and the next call takes it up.
 * - `other_sealer`: another sealer stored this segment.
 */
export type SealResult =
  | {
      readonly status: 'sealed'
      readonly segment: number
      readonly leafCount: number
    }
  | { readonly status: 'nothing_new' | 'not_settled' | 'other_sealer' }

export interface Sealer {
  /** Issuers, the operator's own books (0) among them, whose journal grew since their last seal. */
  issuersWithNews(): Promise<number[]>
  /** Seals one segment of what was booked up to `now`. @throws Fault */
  sealOnce(issuerId: number, now: Instant): Promise<SealResult>
}

export interface SealerOptions {
  /** Connections of `dure_app`; one is enough. Its statement timeout must let `rowsMax` rows be read. */
  readonly pool: PostgresPool
  readonly signer: SealSigner
  readonly anchors: SealAnchors
  /** See `SEGMENT_ROWS_MAX`. */
  readonly rowsMax?: number
  /** How long postings that began before the boundary are waited for. */
  readonly settleTimeoutMs?: number
}

/**
 * A segment takes no more rows, except that rows of one instant stay together and that postings in flight at the
 * announcement may still join it. Some 60 MB of text for the database to sort; we hold a page of it.
 */
export const SEGMENT_ROWS_MAX = 20_000
const SETTLE_TIMEOUT_MS = 5_000
const SETTLE_POLL_MS = 20
const PAGE_ROWS = 1_000

const encoder = new TextEncoder()

export function createSealer(options: SealerOptions): Sealer {
  const { pool } = options
  return {
    async issuersWithNews() {
      const rows = await pool.run(
        (sql) => sql<{ issuer_id: number }[]>`select issuer_id from ledger.unsealed_issuers()`,
      )
      return rows.map((row) => row.issuer_id)
    },
    sealOnce: (issuerId, now) => sealOnce(options, issuerId, now),
  }
}

async function sealOnce(
  options: SealerOptions,
  issuerId: number,
  now: Instant,
): Promise<SealResult> {
  const { pool, signer, rowsMax = SEGMENT_ROWS_MAX } = options
  const window = await announce(pool, { issuerId, now, rowsMax })
  const previous = await lastSeal(pool, issuerId)
  // A sealer that died after it stored its seal left it without an anchor.
  if (previous !== undefined) await anchor(options.anchors, previous)
  if (window === undefined) return { status: 'nothing_new' }
  if (!(await settled(options, issuerId))) return { status: 'not_settled' }
  const body: SealBody = {
    issuerId,
    segment: (previous?.segment ?? 0) + 1,
    ...window,
    ...(await readSegment(pool, issuerId, window)),
    previousHash: previous === undefined ? FIRST_PREVIOUS_HASH : Buffer.from(previous.hash, 'hex'),
  }
  const seal = makeSeal(sha256, signer, body)
  if (!(await store(pool, seal))) return { status: 'other_sealer' }
  await anchor(options.anchors, { issuerId, segment: seal.segment, hash: hexOf(seal.hash) })
  return { status: 'sealed', segment: seal.segment, leafCount: seal.leafCount }
}

interface Window {
  readonly fromAt: Instant
  readonly untilAt: Instant
}

/** The window of the next segment, announced by us or by a sealer before us; `undefined`: nothing waits. */
async function announce(
  pool: PostgresPool,
  wanted: { issuerId: number; now: Instant; rowsMax: number },
): Promise<Window | undefined> {
  const { issuerId, now, rowsMax } = wanted
  const [boundary] = await pool.run(
    (sql) => sql<{ at: number | null }[]>`
      select ledger.seal_boundary(${issuerId}, ${now}, ${rowsMax}) as at`,
  )
  const at = boundary?.at ?? null
  if (at === null) return undefined
  const [window] = await pool.run(
    (sql) => sql<{ from_at: number; until_at: number }[]>`
      select from_at, until_at from ledger.seal_announce(${issuerId}, ${at})`,
  )
  return window && { fromAt: window.from_at, untilAt: window.until_at }
}

async function lastSeal(pool: PostgresPool, issuerId: number): Promise<SealAnchor | undefined> {
  const [row] = await pool.run(
    (sql) => sql<{ segment: number; hash: string }[]>`
      select segment, encode(hash, 'hex') as hash from ledger.last_seal(${issuerId})`,
  )
  return row && { issuerId, ...row }
}

async function anchor(anchors: SealAnchors, wanted: SealAnchor): Promise<void> {
  const last = anchors.last(wanted.issuerId)
  if (last?.segment === wanted.segment && last.hash === wanted.hash) return
  await anchors.append(wanted)
}

/** Waits until no transaction is left that may have read the boundary before ours. */
async function settled(options: SealerOptions, issuerId: number): Promise<boolean> {
  const { pool, settleTimeoutMs = SETTLE_TIMEOUT_MS } = options
  const [taken] = await pool.run(
    (sql) => sql<{ mark: string }[]>`select ledger.seal_mark(${issuerId}) as mark`,
  )
  if (taken === undefined) return false
  const deadline = performance.now() + settleTimeoutMs
  for (;;) {
    const [answer] = await pool.run(
      (sql) => sql<{ settled: boolean }[]>`
        select ledger.seal_settled(${issuerId}, ${taken.mark}) as settled`,
    )
    if (answer?.settled === true) return true
    if (performance.now() >= deadline) return false
    await delay(SETTLE_POLL_MS)
  }
}

async function readSegment(
  pool: PostgresPool,
  issuerId: number,
  { fromAt, untilAt }: Window,
): Promise<Pick<SealBody, 'leafCount' | 'merkleRoot'>> {
  // Whole, because a segment is small: the driver ends the process when a connection dies under an open cursor.
  const rows = await pool.run(
    (sql) => sql<{ row_text: string }[]>`
      select row_text from ledger.journal_rows(${issuerId}, ${fromAt}, ${untilAt})`,
  )
  const tree = createMerkleTree(sha256)
  for (const [index, row] of rows.entries()) {
    tree.add(encoder.encode(row.row_text))
    // Payments are answered between one page and the next.
    if (index % PAGE_ROWS === PAGE_ROWS - 1) await immediate()
  }
  return { leafCount: tree.size(), merkleRoot: tree.root() }
}

/** False when another sealer was faster. */
async function store(pool: PostgresPool, seal: Seal): Promise<boolean> {
  const { issuerId, segment, fromAt, untilAt, leafCount, keyId } = seal
  const { merkleRoot, previousHash, hash, signature } = seal
  try {
    await pool.run(
      (sql) => sql`select ledger.append_seal(${issuerId}, ${segment}, ${fromAt}, ${untilAt},
        ${leafCount}, ${merkleRoot}, ${previousHash}, ${hash}, ${keyId}, ${signature})`,
    )
    return true
  } catch (error) {
    if (errorCode(error) === 'VB004') return false
    throw error
  }
}
