/** The treasury bank's files and results in PostgreSQL. */
import {
  assert,
  Bug,
  type BusinessDate,
  type OperationId,
  type PayoutId,
  type Won,
} from '../base/base.ts'
import type { Outcome, StoredFile, TreasuryStore } from '../treasury/treasury.ts'
import { numberArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

export type FileStore = Pick<
  TreasuryStore,
  | 'beginFile'
  | 'writeFile'
  | 'finishFile'
  | 'file'
  | 'fileBytes'
  | 'files'
  | 'recordResult'
  | 'outcomesOf'
  | 'outcomesTold'
  | 'endOutcome'
>

interface FileRow {
  name: string
  kind: StoredFile['kind']
  business_date: BusinessDate
  sequence: number
  part: number
  state: StoredFile['state']
  begun_at: number
  sha256: string | null
  lines: number
  amount_won: Won
}

interface OutcomeRow {
  payout_id: PayoutId
  attempt: number
  paid: boolean
  reason: string
  amount_won: Won
  payout_file: string
  operation_id: OperationId
  done_at: number
  state: Outcome['state']
}

export function createFileStore(pool: PostgresPool): FileStore {
  const file: FileStore['file'] = async (issuerId, name) => {
    const rows = await pool.run(
      (sql) => sql<FileRow[]>`select * from treasury.read_file(${issuerId}, ${name})`,
    )
    return rows.map(storedFile)[0]
  }
  const known = async (...given: Parameters<FileStore['file']>): Promise<StoredFile> => {
    const found = await file(...given)
    assert(found !== undefined, 'a file that was begun is there')
    return found
  }
  return {
    file,
    async beginFile(issuerId, { name, kind, date, sequence, part }, at) {
      await pool.run(
        (sql) => sql`select treasury.begin_file(
          ${issuerId}, ${name}, ${kind}, ${date}, ${sequence}, ${part}, ${at})`,
      )
      return known(issuerId, name)
    },
    async writeFile(issuerId, name, { sha256, bytes, lines, amountWon }) {
      await pool.run(
        (sql) => sql`select treasury.write_file(
          ${issuerId}, ${name}, ${sha256}, ${Buffer.from(bytes)}, ${lines}, ${amountWon})`,
      )
      return known(issuerId, name)
    },
    async finishFile(issuerId, name) {
      await pool.run((sql) => sql`select treasury.finish_file(${issuerId}, ${name})`)
    },
    async fileBytes(issuerId, name) {
      const [row] = await pool.run(
        (sql) => sql<{ content: Buffer | null }[]>`
          select treasury.file_content(${issuerId}, ${name}) as content`,
      )
      return row?.content ?? undefined
    },
    async files(issuerId, kind, which) {
      const rows = await pool.run(
        (sql) => sql<FileRow[]>`select * from treasury.list_files(
          ${issuerId}, ${kind}, ${which === 'open' ? null : which})`,
      )
      return rows.map(storedFile)
    },
    ...createOutcomeStore(pool),
  }
}

/** So many payouts stand in one file at most, and each has few attempts. */
const OUTCOMES_MAX = 100_000

function createOutcomeStore(
  pool: PostgresPool,
): Pick<FileStore, 'recordResult' | 'outcomesOf' | 'outcomesTold' | 'endOutcome'> {
  return {
    async recordResult(issuerId, file, outcomes, at) {
      const rows = outcomes.map(({ doneAt, result, ...facts }) => ({
        ...facts,
        paid: result === 'paid',
        doneAt: new Date(doneAt).toISOString(),
      }))
      const { name, date, sequence, part, sha256, bytes, amountWon } = file
      await pool.run(
        (sql) => sql`select treasury.record_result(
          ${issuerId}, ${name}, ${date}, ${sequence}, ${part}, ${at}, ${sha256},
          ${Buffer.from(bytes)}, ${amountWon}, ${JSON.stringify(rows)}::text::jsonb)`,
      )
    },
    async outcomesOf(issuerId, payoutIds) {
      if (payoutIds.length === 0) return []
      const rows = await pool.run(
        (sql) => sql<OutcomeRow[]>`select * from treasury.read_outcomes(
          ${issuerId}, ${numberArray(payoutIds)}::bigint[], ${OUTCOMES_MAX})`,
      )
      return rows.map(outcome)
    },
    async outcomesTold(issuerId, limit) {
      const rows = await pool.run(
        (sql) =>
          sql<OutcomeRow[]>`select * from treasury.read_outcomes(${issuerId}, null, ${limit})`,
      )
      return rows.map(outcome)
    },
    async endOutcome(issuerId, { payoutId, attempt }, state) {
      await pool.run(
        (sql) => sql`select treasury.end_outcome(${issuerId}, ${payoutId}, ${attempt}, ${state})`,
      )
    },
  }
}

function storedFile(row: FileRow): StoredFile {
  const { name, kind, sequence, part, state, sha256, lines } = row
  const { business_date: date, begun_at: begunAt, amount_won: amountWon } = row
  if (state !== 'begun' && sha256 === null) throw new Bug('a written file has a hash')
  return { name, kind, date, sequence, part, state, begunAt, sha256, lines, amountWon }
}

function outcome(row: OutcomeRow): Outcome {
  return {
    payoutId: row.payout_id,
    attempt: row.attempt,
    result: row.paid ? 'paid' : 'returned',
    reason: row.reason,
    amountWon: row.amount_won,
    payoutFile: row.payout_file,
    doneAt: row.done_at,
    operationId: row.operation_id,
    state: row.state,
  }
}
