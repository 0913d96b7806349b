/** Expiry of lots in PostgreSQL: the lots that are due, and what became of them. */
import { assert, won, type IssuerId } from '../base/base.ts'
import {
  assertExpiries,
  SET_SIZE_MAX,
  type DueLot,
  type DueLotCursor,
  type ExpiryOutcome,
  type ExpiryRequest,
} from '../ledger/ledger.ts'
import { bytesArray, numberArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { outcomesOf, type PostingRow } from './posting-rows.ts'

interface DueLotRow {
  wallet_id: number
  lot_id: number
  program_id: number
  kind: DueLot['kind']
  expires_at: number
  remaining_won: number
  held_won: number
  times: number
}

export async function dueLots(
  pool: PostgresPool,
  issuerId: IssuerId,
  { until, after, limit }: { until: number; after?: DueLotCursor | undefined; limit: number },
): Promise<DueLot[]> {
  const { expiresAt, lotId } = after ?? { expiresAt: 0, lotId: 0 }
  const rows = await pool.run(
    (sql) => sql<DueLotRow[]>`
      select * from ledger.due_lots(${issuerId}, ${until}, ${expiresAt}, ${lotId}, ${limit})`,
  )
  return rows.map((row) => ({
    walletId: row.wallet_id as DueLot['walletId'], // Ids of these rows are of these kinds.
    lotId: row.lot_id as DueLot['lotId'],
    programId: row.program_id as DueLot['programId'],
    kind: row.kind,
    expiresAt: row.expires_at,
    remainingWon: won(row.remaining_won),
    heldWon: won(row.held_won),
    times: row.times,
  }))
}

export async function expireLots(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly ExpiryRequest[],
  at: number,
): Promise<ExpiryOutcome[]> {
  assert(requests.length <= SET_SIZE_MAX, `a set has at most ${SET_SIZE_MAX} requests`)
  assertExpiries(requests)
  if (requests.length === 0) return []
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.expire_lots(${issuerId}, ${at},
      ${wordArray(requests.map((request) => request.operationId))}::uuid[],
      ${bytesArray(requests.map((request) => request.requestHash))}::bytea[],
      ${numberArray(requests.map((request) => request.walletId))}::bigint[],
      ${numberArray(requests.map((request) => request.lotId))}::bigint[])`,
  )
  return answersOf(rows, requests.length)
}

/** Those that recorded nothing have an outcome of their own. */
function answersOf(rows: readonly PostingRow[], requests: number): ExpiryOutcome[] {
  assert(rows.length === requests, 'a posting function answers every request once')
  return rows
    .toSorted((one, other) => one.position - other.position)
    .map((row, index) => {
      assert(row.position === index + 1, 'a posting function answers a request once')
      const { outcome } = row
      if (outcome === 'nothing_left' || outcome === 'not_due' || outcome === 'busy') {
        return { status: outcome }
      }
      const [posted] = outcomesOf([{ ...row, position: 1 }], 1)
      assert(posted !== undefined && posted.status !== 'declined', 'an expiry is never declined')
      return posted
    })
}
