/** What officers look at of programs; on the reading pool. Throws Faults as the fault table classifies them. */
import {
  won,
  type Instant,
  type IssuerId,
  type MemberId,
  type PotId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import type { ProgramReading } from '../ledger/ledger.ts'
import { numberArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** Ids of the rows are of these kinds by the functions that gave them. */
export function createPostgresProgramReading(pool: PostgresPool): ProgramReading {
  return {
    purchaseCounts: (issuerId, asked, at) => countPurchases(pool, { issuerId, ...asked, at }),
    async programSales(issuerId, month) {
      const rows = await pool.run(
        (sql) => sql<{ program_id: number; won: number }[]>`
          select * from ledger.program_sales(${issuerId}, ${`${month}-01`}::date)`,
      )
      return new Map(rows.map((row) => [row.program_id as ProgramId, won(row.won)]))
    },
    async programHoldings(issuerId, programId) {
      const [row] = await pool.run(
        (sql) => sql<{ wallets: number; won: number }[]>`
          select * from ledger.program_holdings(${issuerId}, ${programId})`,
      )
      return { wallets: row!.wallets, remainingWon: won(row!.won) }
    },
    async programHolders(issuerId, programId, { after = 0, limit }) {
      const rows = await pool.run(
        (sql) => sql<{ wallet_id: number; member_id: number }[]>`
          select * from ledger.program_holders(${issuerId}, ${programId}, ${after}, ${limit})`,
      )
      return rows.map((row) => ({
        walletId: row.wallet_id as WalletId,
        memberId: row.member_id as MemberId,
      }))
    },
    async spendable(issuerId, asked, at) {
      const walletIds = numberArray(asked.map(({ walletId }) => walletId))
      const programIds = numberArray(asked.map(({ programId }) => programId))
      const rows = await pool.run(
        (sql) => sql<{ won: number }[]>`
          select * from ledger.spendable(${issuerId}, ${at}, ${walletIds}::bigint[],
            ${programIds}::bigint[])`,
      )
      return rows.map((row) => won(row.won))
    },
    async potDraws(issuerId, operationIds) {
      const rows = await pool.run(
        (sql) => sql<{ operation_id: string; pot_id: number; won: number }[]>`
          select * from ledger.pot_draws(${issuerId}, ${wordArray(operationIds)}::uuid[])`,
      )
      const byOperation = Map.groupBy(rows, (row) => row.operation_id)
      return operationIds.map((operationId) =>
        (byOperation.get(operationId) ?? []).map((row) => ({
          potId: row.pot_id as PotId,
          amountWon: won(row.won),
        })),
      )
    },
    async potUses(issuerId, potIds) {
      const rows = await pool.run(
        (sql) => sql<{ pot_id: number; won: number }[]>`
          select * from ledger.pot_uses(${issuerId}, ${numberArray(potIds)}::bigint[])`,
      )
      return new Map(rows.map((row) => [row.pot_id as PotId, won(row.won)]))
    },
  }
}

type Counted = Parameters<ProgramReading['purchaseCounts']>[1] & {
  readonly issuerId: IssuerId
  readonly at: Instant
}

async function countPurchases(
  pool: PostgresPool,
  { issuerId, walletId, programId, month, groups, at }: Counted,
): ReturnType<ProgramReading['purchaseCounts']> {
  const numbered = groups.flatMap((programIds, index) =>
    programIds.map((each) => ({ group: index + 1, programId: each })),
  )
  const [row] = await pool.run(
    (sql) => sql<{ bought_won: number; sold_won: number; held_won: number[] }[]>`
      select * from ledger.purchase_counts(${issuerId}, ${walletId}, ${programId},
        ${`${month}-01`}::date, ${at}, ${groups.length},
        ${numberArray(numbered.map(({ group }) => group))}::integer[],
        ${numberArray(numbered.map((each) => each.programId))}::bigint[])`,
  )
  return {
    boughtWon: won(row!.bought_won),
    soldWon: won(row!.sold_won),
    heldWon: row!.held_won.map((each) => won(each)),
  }
}
