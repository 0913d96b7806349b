/** Rows of the posting functions as outcomes of the ledger. */
import {
  assert,
  declineReasons,
  won,
  type DeclineReason,
  type LotId,
  type LotKind,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { Leg, Outcome } from '../ledger/ledger.ts'

export interface PostingRow {
  position: number
  outcome: string
  replayed: boolean
  decline: string | null
  booked_at: number | null
  lot_ids: number[] | null
  program_ids: number[] | null
  lot_kinds: string[] | null
  amounts_won: number[] | null
  /** Functions that never touch the loss account have no such column. */
  loss_won?: number | null
}

export type LegColumns = Pick<PostingRow, 'lot_ids' | 'program_ids' | 'lot_kinds' | 'amounts_won'>

/** One outcome for each request, in input order; asserts that the function kept its contract. */
export function outcomesOf(rows: readonly PostingRow[], requests: number): Outcome[] {
  assert(rows.length === requests, 'a posting function answers every request once')
  const outcomes = Array.from<Outcome | undefined>({ length: requests })
  for (const row of rows) {
    assert(outcomes[row.position - 1] === undefined, 'a posting function answers a request once')
    outcomes[row.position - 1] = outcomeOf(row)
  }
  return outcomes.map((outcome) => {
    assert(outcome !== undefined, 'a posting function leaves no request out')
    return outcome
  })
}

function outcomeOf(row: PostingRow): Outcome {
  switch (row.outcome) {
    case 'posted':
      assert(row.booked_at !== null, 'what is posted has its time')
      return {
        status: 'posted',
        bookedAt: row.booked_at,
        replayed: row.replayed,
        legs: legsOf(row),
        ...lossOf(row),
      }
    case 'declined':
      return { status: 'declined', reason: declineOf(row.decline), replayed: row.replayed }
    case 'key_reused':
      return { status: 'key_reused' }
    default:
      return assert(false, `unknown outcome ${row.outcome}`) as never
  }
}

/** The legs of an operation, in the order of its lines. */
export function legsOf(row: LegColumns): Leg[] {
  if (row.lot_ids === null) return []
  return row.lot_ids.map((lotId, index) => ({
    lotId: lotId as LotId,
    programId: row.program_ids![index]! as ProgramId,
    kind: row.lot_kinds![index]! as LotKind,
    amountWon: won(row.amounts_won![index]!),
  }))
}

/** What was taken from the stand-in loss account, or given back to it; nothing where that is nothing. */
export function lossOf({ loss_won: lossWon }: Pick<PostingRow, 'loss_won'>): { lossWon?: Won } {
  return lossWon === null || lossWon === undefined ? {} : { lossWon: won(lossWon) }
}

/** A decline that the database stored; it can only be one of the list. */
export function declineOf(text: string | null): DeclineReason {
  const reason = declineReasons.find((known) => known === text)
  assert(reason !== undefined, `the database holds an unknown decline: ${text}`)
  return reason
}
