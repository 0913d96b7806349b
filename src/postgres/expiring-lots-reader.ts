/** Lots that will expire, from PostgreSQL. */
import type { ExpiringLot, ExpiringLots } from '../ledger/ledger.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface ExpiringLotRow {
  wallet_id: number
  member_id: number
  lot_id: number
  program_id: number
  expires_at: number
  issued_at: number
  remaining_won: number
  together_won: number
}

/** Throws Faults as the fault table classifies them. */
export function createExpiringLots(pool: PostgresPool): ExpiringLots {
  return {
    async expiringLots(issuerId, { from, until, after, limit }) {
      const { expiresAt, lotId } = after ?? { expiresAt: 0, lotId: 0 }
      const rows = await pool.run(
        (sql) => sql<ExpiringLotRow[]>`
          select * from ledger.expiring_lots(
            ${issuerId}, ${from}, ${until}, ${expiresAt}, ${lotId}, ${limit})`,
      )
      return rows.map((row) => ({
        walletId: row.wallet_id as ExpiringLot['walletId'], // Ids of these rows are of these kinds.
        memberId: row.member_id as ExpiringLot['memberId'],
        lotId: row.lot_id as ExpiringLot['lotId'],
        programId: row.program_id as ExpiringLot['programId'],
        expiresAt: row.expires_at,
        issuedAt: row.issued_at,
        remainingWon: row.remaining_won as ExpiringLot['remainingWon'], // Never below zero: a check.
        togetherWon: row.together_won as ExpiringLot['togetherWon'],
      }))
    },
  }
}
