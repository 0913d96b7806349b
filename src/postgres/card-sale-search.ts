/** Card sales as an operator seeks them, read where nobody pays. */
import { id, type OperationId } from '../base/base.ts'
import type { CardSaleSearch, FoundCardSale } from '../cards/cards.ts'
import { caseKinds } from '../registration/registration.ts'
import { declineOf } from './posting-rows.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface SaleRow {
  readonly operation_id: OperationId
  readonly booked_at: number
  readonly decline: string | null
  readonly merchant_id: number | null
  readonly outlet_id: number | null
  readonly amount_won: number
  readonly partner_id: number
  readonly actor: string | null
  readonly cancelled: boolean
  readonly last_fours: string[]
  readonly case_ids: number[]
}

/** Throws Faults as the fault table classifies them. */
export function createCardSaleSearch(pool: PostgresPool): CardSaleSearch {
  return async ({ issuerId, partnerIds, from, through, before, limit, ...sought }) => {
    const rows = await pool.run(
      (sql) => sql<SaleRow[]>`
        select * from ledger.card_sales(
          ${issuerId}, ${[...partnerIds]}::bigint[], ${from}, ${through}, ${sought.approvalCode ?? null},
          ${sought.lastFour ?? null}, ${sought.outcome ?? null}, ${[...caseKinds]}::text[],
          ${before?.at ?? null}, ${before?.operationId ?? null}, ${limit})`,
    )
    return rows.map(saleOf)
  }
}

function saleOf(row: SaleRow): FoundCardSale {
  return {
    operationId: row.operation_id,
    at: row.booked_at,
    decline: row.decline === null ? undefined : declineOf(row.decline),
    merchantId: row.merchant_id === null ? undefined : id('mrc', row.merchant_id),
    outletId: row.outlet_id === null ? undefined : id('out', row.outlet_id),
    amountWon: row.amount_won as FoundCardSale['amountWon'], // An amount of the ledger.
    partnerId: id('prt', row.partner_id),
    actor: row.actor ?? undefined,
    isCancelled: row.cancelled,
    lastFours: row.last_fours,
    caseIds: row.case_ids.map((caseId) => id('cas', caseId)),
  }
}
