/** What each funder owes an issuer now, from the transfers: sums, read off the payment path. */
import { funders, type Funder, type IssuerId, type Won } from '../base/base.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** Debits less credits; a funder that never owed anything is left out. */
export async function readReceivables(
  pool: PostgresPool,
  issuerId: IssuerId,
): Promise<ReadonlyMap<Funder, Won>> {
  type Row = { account_id: number; receivable_won: Won }
  const rows = await pool.run(
    (sql) => sql<Row[]>`
      select b.account_id, (b.debit_won - b.credit_won)::bigint as receivable_won
      from ledger.balance_view b
      where b.issuer_id = ${issuerId} and b.account_kind = 'subsidy_receivable'`,
  )
  return new Map(
    rows.flatMap(({ account_id: accountId, receivable_won: receivableWon }) => {
      const funder = funders[accountId - 1]
      return funder === undefined ? [] : [[funder, receivableWon]]
    }),
  )
}
