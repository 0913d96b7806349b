/** Movements in PostgreSQL: sets as flat arrays, and where lots came from. */
import { assert, won, type IssuerId, type LotId, type OperationId } from '../base/base.ts'
import {
  assertMovements,
  SET_SIZE_MAX,
  type HoldingCap,
  type LotOrigin,
  type MovementOutcome,
  type MovementRequest,
} from '../ledger/ledger.ts'
import { bytesArray, instantArray, numberArray, textArray, wordArray } from './array-literal.ts'
import { drawArrays } from './draw-arrays.ts'
import { errorCode } from './postgres-fault.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { outcomesOf, type PostingRow } from './posting-rows.ts'

export async function postMovements(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly MovementRequest[],
  at: number,
): Promise<MovementOutcome[]> {
  assert(requests.length <= SET_SIZE_MAX, `a set has at most ${SET_SIZE_MAX} requests`)
  assertMovements(requests)
  if (requests.length === 0) return []
  const accepted = requests.map((request) => (request.refusal === undefined ? request : undefined))
  const lines = placed(requests, ({ lines: all }) => all)
  const seen = placed(accepted, (request) => request?.seen)
  const made = placed(accepted, (request) => request?.newLots)
  const caps = capArrays(
    placed(accepted, (request) => (request?.newLots?.length ? request.holdingCaps : [])),
  )
  const draws = drawArrays(requests)
  const payouts = accepted.map((request) => request?.payout)
  const steps = accepted.map((request) => request?.payoutStep)
  const next = accepted.map((request) => request?.payout ?? request?.payoutStep?.retry)
  const posting = pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.post_movements(${issuerId}, ${at},
      ${wordArray(requests.map((request) => request.operationId))}::uuid[],
      ${bytesArray(requests.map((request) => request.requestHash))}::bytea[],
      ${wordArray(requests.map((request) => request.kind))}::ledger.operation_kind[],
      ${numberArray(requests.map((request) => request.walletId))}::bigint[],
      ${numberArray(requests.map((request) => request.merchantId))}::bigint[],
      ${wordArray(requests.map((request) => request.targetId ?? null))}::uuid[],
      ${textArray(requests.map((request) => request.actor))}::text[],
      ${textArray(requests.map((request) => request.refusal))}::text[],
      ${numberArray(lines.map(({ position }) => position))}::integer[],
      ${wordArray(lines.map(({ one }) => one.debitKind))}::ledger.account_kind[],
      ${numberArray(lines.map(({ one }) => one.debitId))}::bigint[],
      ${wordArray(lines.map(({ one }) => one.creditKind))}::ledger.account_kind[],
      ${numberArray(lines.map(({ one }) => one.creditId))}::bigint[],
      ${numberArray(lines.map(({ one }) => one.amountWon))}::bigint[],
      ${numberArray(seen.map(({ position }) => position))}::integer[],
      ${numberArray(seen.map(({ one }) => one.lotId))}::bigint[],
      ${numberArray(seen.map(({ one }) => one.remainingWon))}::bigint[],
      ${numberArray(seen.map(({ one }) => one.heldWon))}::bigint[],
      ${numberArray(made.map(({ position }) => position))}::integer[],
      ${numberArray(made.map(({ one }) => one.lotId))}::bigint[],
      ${numberArray(made.map(({ one }) => one.programId))}::bigint[],
      ${wordArray(made.map(({ one }) => one.kind))}::ledger.lot_kind[],
      ${instantArray(made.map(({ one }) => one.expiresAt))}::timestamptz[],
      ${caps.positions}::integer[], ${caps.amountsWon}::bigint[], ${caps.capNumbers}::integer[],
      ${caps.programIds}::bigint[],
      ${wordArray(accepted.map((request) => request?.returnsSaleOf ?? null))}::uuid[],
      ${numberArray(payouts.map((payout) => payout?.payoutId))}::bigint[],
      ${wordArray(payouts.map((payout) => payout?.beneficiary.kind ?? null))}::ledger.beneficiary_kind[],
      ${numberArray(payouts.map((payout) => payout?.beneficiary.id))}::bigint[],
      ${numberArray(steps.map((step) => step?.payoutId))}::bigint[],
      ${wordArray(steps.map((step) => step?.from ?? null))}::ledger.payout_state[],
      ${numberArray(steps.map((step) => step?.attempt))}::integer[],
      ${wordArray(steps.map((step) => step?.to ?? null))}::ledger.payout_state[],
      ${textArray(steps.map((step) => step?.reason))}::text[],
      ${wordArray(next.map((due) => due?.dueOn ?? null))}::date[],
      ${textArray(next.map((due) => due?.account.bankCode))}::text[],
      ${textArray(next.map((due) => due?.account.accountNumber))}::text[],
      ${textArray(next.map((due) => due?.account.holderName))}::text[],
      ${draws.positions}::integer[], ${draws.potIds}::bigint[], ${draws.amountsWon}::bigint[],
      ${draws.limitsWon}::bigint[])`,
  )
  return answersOf(await withBugs(posting), requests.length)
}

/** What only the books can tell of a mistake of ours stops the process like any other. */
async function withBugs<Rows>(posting: Promise<Rows>): Promise<Rows> {
  try {
    return await posting
  } catch (error) {
    assert(errorCode(error) !== 'VB005', `the ledger refuses a movement: ${String(error)}`)
    throw error
  }
}

/** One of several things of a request, with the request's place in the set. */
interface Placed<One> {
  position: number
  one: One
}

function placed<Request, One>(
  requests: readonly Request[],
  choose: (request: Request) => readonly One[] | undefined,
): Placed<One>[] {
  return requests.flatMap((request, index) =>
    (choose(request) ?? []).map((one) => ({ position: index + 1, one })),
  )
}

/** Limits over several programs, each with the place of its request in the set, and their programs by cap. */
export function capArrays(caps: readonly Placed<HoldingCap>[]): {
  positions: string
  amountsWon: string
  capNumbers: string
  programIds: string
} {
  const capped = caps.flatMap(({ one }, index) =>
    one.programIds.map((programId) => ({ number: index + 1, programId })),
  )
  return {
    positions: numberArray(caps.map(({ position }) => position)),
    amountsWon: numberArray(caps.map(({ one }) => one.capWon)),
    capNumbers: numberArray(capped.map(({ number }) => number)),
    programIds: numberArray(capped.map(({ programId }) => programId)),
  }
}

/** What recorded nothing has an outcome of its own. */
function answersOf(rows: readonly PostingRow[], requests: number): MovementOutcome[] {
  assert(rows.length === requests, 'a posting function answers every request once')
  return rows
    .toSorted((one, other) => one.position - other.position)
    .map((row, index) => {
      assert(row.position === index + 1, 'a posting function answers a request once')
      if (row.outcome === 'changed') return { status: 'changed' }
      const [outcome] = outcomesOf([{ ...row, position: 1 }], 1)
      assert(outcome !== undefined, 'a posting function leaves no request out')
      return outcome
    })
}

interface OriginRow {
  lot_id: number
  wallet_id: number
  program_id: number
  kind: LotOrigin['kind']
  issued_by: OperationId
  issued_at: number
  expires_at: number
  purchase_id: OperationId | null
  pay_won: number
  national_won: number
  province_won: number
  city_won: number
}

export async function lotOrigins(
  pool: PostgresPool,
  issuerId: IssuerId,
  lotIds: readonly LotId[],
): Promise<(LotOrigin | undefined)[]> {
  if (lotIds.length === 0) return []
  const rows = await pool.run(
    (sql) => sql<OriginRow[]>`
      select * from ledger.lot_origins(${issuerId}, ${numberArray(lotIds)}::bigint[])`,
  )
  const byId = new Map(rows.map((row) => [row.lot_id, lotOrigin(row)]))
  return lotIds.map((lotId) => byId.get(lotId))
}

function lotOrigin(row: OriginRow): LotOrigin {
  return {
    lotId: row.lot_id as LotId, // Ids of these rows are of these kinds.
    walletId: row.wallet_id as LotOrigin['walletId'],
    programId: row.program_id as LotOrigin['programId'],
    kind: row.kind,
    issuedBy: row.issued_by,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    purchaseId: row.purchase_id ?? undefined,
    sources: {
      payWon: won(row.pay_won),
      nationalWon: won(row.national_won),
      provinceWon: won(row.province_won),
      cityWon: won(row.city_won),
    },
  }
}
