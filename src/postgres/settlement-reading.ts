/** What merchants and officers look at of settlements. Throws Faults as the fault table classifies them. */
import { won, type BusinessDate, type ProgramId } from '../base/base.ts'
import type { SettlementLine, SettlementReading } from '../settlement/settlement.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { recordOf, runTotalsOf, type RunTotalsRow, type SettlementRow } from './settlement-rows.ts'

/** Before and after any settlement. */
const FIRST_DAY = '0001-01-01'
const LAST_DAY = '9999-12-31'

export function createPostgresSettlementReading(pool: PostgresPool): SettlementReading {
  return {
    async settlementsOf(issuerId, merchantId, { from, before, limit }) {
      const rows = await pool.run(
        (sql) => sql<SettlementRow[]>`select * from settlement.settlements_of(${issuerId},
          ${merchantId}, ${from ?? FIRST_DAY}, ${before ?? LAST_DAY}, ${limit})`,
      )
      return rows.map(recordOf)
    },
    async settlement(issuerId, merchantId, settlementDay) {
      const rows = await pool.run(
        (sql) => sql<SettlementRow[]>`select * from settlement.settlements_of(${issuerId},
          ${merchantId}, ${settlementDay}, ${settlementDay}::date + 1, 1)`,
      )
      return rows.map(recordOf)[0]
    },
    async linesOf(issuerId, merchantId, settlementDay) {
      const rows = await pool.run(
        (sql) => sql<LineRow[]>`
          select * from settlement.lines_of(${issuerId}, ${merchantId}, ${settlementDay})`,
      )
      return rows.map(lineOf)
    },
    async runs(issuerId, { before, limit }) {
      const rows = await pool.run(
        (sql) => sql<RunTotalsRow[]>`
          select * from settlement.runs(${issuerId}, ${before ?? LAST_DAY}, ${limit})`,
      )
      return rows.map(runTotalsOf)
    },
    async heldBack(issuerId, { after, limit }) {
      const rows = await pool.run(
        (sql) => sql<SettlementRow[]>`
          select * from settlement.held_back(${issuerId}, ${after ?? 0}, ${limit})`,
      )
      return rows.map(recordOf)
    },
  }
}

interface LineRow {
  program_id: ProgramId
  paid_on: BusinessDate
  payments_won: number
  payments: number
  cancellations_won: number
  cancellations: number
  fee_basis_points: number
  fee_won: number
}

function lineOf(row: LineRow): SettlementLine {
  return {
    programId: row.program_id,
    paidOn: row.paid_on,
    paymentsWon: won(row.payments_won),
    payments: row.payments,
    cancellationsWon: won(row.cancellations_won),
    cancellations: row.cancellations,
    feeBasisPoints: row.fee_basis_points,
    feeWon: won(row.fee_won),
  }
}
