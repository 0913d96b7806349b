/** History, what merchants and card companies are owed, and what clearing reads; on the reading pool. */
import {
  won,
  type BusinessDate,
  type IssuerId,
  type OperationId,
  type OutletId,
} from '../base/base.ts'
import type { CardReading, LedgerReading, RecordedOperation } from '../ledger/ledger.ts'
import { findOperations } from './operation-rows.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** Throws Faults as the fault table classifies them. */
export function createPostgresReading(pool: PostgresPool): LedgerReading {
  return {
    async awaitsPurchase(issuerId, walletId) {
      const rows = await pool.run(
        (sql) => sql<{ awaits: boolean }[]>`
          select ledger.awaits_purchase(${issuerId}, ${walletId}) as awaits`,
      )
      return rows[0]!.awaits
    },
    async walletOperations(issuerId, walletId, { before, limit }) {
      const rows = await pool.run(
        (sql) => sql<IdRow[]>`select id from ledger.wallet_operations(${issuerId},
          ${walletId}, ${before?.bookedAt ?? LATEST}, ${before?.operationId ?? LAST_ID}, ${limit}) id`,
      )
      return details(pool, issuerId, rows)
    },
    async merchantOperations(issuerId, merchantId, { before, limit }) {
      const rows = await pool.run(
        (sql) => sql<IdRow[]>`select id from ledger.merchant_operations(${issuerId},
          ${merchantId}, ${before?.bookedAt ?? LATEST}, ${before?.operationId ?? LAST_ID}, ${limit}) id`,
      )
      return details(pool, issuerId, rows)
    },
    async merchantOperationsSince(issuerId, merchantId, after, limit) {
      const rows = await pool.run(
        (sql) => sql<IdRow[]>`select id from ledger.merchant_operations_since(
          ${issuerId}, ${merchantId}, ${after}, ${limit}) id`,
      )
      return details(pool, issuerId, rows)
    },
    async merchantDays(issuerId, merchantId, { from, until }) {
      const rows = await pool.run(
        (sql) => sql<OutletDayRow[]>`
          select * from ledger.merchant_days(${issuerId}, ${merchantId}, ${from}, ${until})`,
      )
      return rows.map((row) => ({
        day: row.day,
        outletId: row.outlet_id ?? undefined,
        payments: row.payments,
        paymentsWon: won(row.payments_won),
        cancellations: row.cancellations,
        cancellationsWon: won(row.cancellations_won),
      }))
    },
    async merchantPayable(issuerId, merchantId) {
      const rows = await pool.run(
        (sql) => sql<WonRow[]>`select ledger.merchant_payable(${issuerId}, ${merchantId}) as won`,
      )
      return won(rows[0]!.won)
    },
  }
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresCardReading(pool: PostgresPool): CardReading {
  return {
    async cardOperations(issuerId, { partnerId, businessDate }, { after, limit }) {
      const rows = await pool.run(
        (sql) => sql<IdRow[]>`select id from ledger.card_operations(${issuerId}, ${partnerId},
          ${businessDate}, ${after ?? FIRST_ID}, ${limit}) id`,
      )
      return details(pool, issuerId, rows)
    },
    async openCardHolds(issuerId, before, limit) {
      const rows = await pool.run(
        (sql) => sql<IdRow[]>`
          select id from ledger.open_card_holds(${issuerId}, ${before}, ${limit}) id`,
      )
      return details(pool, issuerId, rows)
    },
    async cardClearing(issuerId, partnerId) {
      const rows = await pool.run(
        (sql) => sql<WonRow[]>`select ledger.card_clearing(${issuerId}, ${partnerId}) as won`,
      )
      return won(rows[0]!.won)
    },
  }
}

interface IdRow {
  id: OperationId
}

interface OutletDayRow {
  day: BusinessDate
  outlet_id: OutletId | null
  payments: number
  payments_won: number
  cancellations: number
  cancellations_won: number
}

interface WonRow {
  won: number
}

async function details(
  pool: PostgresPool,
  issuerId: IssuerId,
  rows: readonly IdRow[],
): Promise<RecordedOperation[]> {
  const found = await findOperations(
    pool,
    issuerId,
    rows.map((row) => row.id),
  )
  return found.filter((operation) => operation !== undefined)
}

/** Later than anything booked: where the first page begins. */
const LATEST = Date.UTC(9999, 0, 1)
const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
/** No key is all zeros (they are versioned UUIDs). */
const FIRST_ID = '00000000-0000-0000-0000-000000000000'
