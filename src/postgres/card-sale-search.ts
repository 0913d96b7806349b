/** Card sales as an operator seeks them, read where nobody pays. */
import { id, type OperationId } from '../base/base.ts'
import {
  CARD_SALES_MAX,
  cardActors,
  onlyKeepsPlace,
  type CardSaleDecider,
  type CardSaleSearch,
  type FoundCardSale,
} from '../cards/cards.ts'
import { declineOf } from './posting-rows.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface SaleRow {
  readonly operation_id: OperationId
  readonly booked_at: number
  readonly decline: string | null
  readonly wallet_id: number | null
  readonly merchant_id: number | null
  readonly outlet_id: number | null
  readonly amount_won: number
  readonly partner_id: number
  readonly actor: string | null
  readonly cancelled: boolean
}

/** Throws Faults as the fault table classifies them. */
export function createCardSaleSearch(pool: PostgresPool): CardSaleSearch {
  return async ({ issuerId, partnerIds, from, through, approvalCode, outcome }) => {
    const rows = await pool.run(
      (sql) => sql<SaleRow[]>`
        select * from ledger.card_sales(
          ${issuerId}, ${[...partnerIds]}::bigint[], ${from}, ${through},
          ${approvalCode ?? null}, ${outcome ?? null}, ${CARD_SALES_MAX})`,
    )
    return rows.map(saleOf).filter((sale) => sale !== undefined)
  }
}

/** `undefined` for what only keeps a place: nobody asked for it. */
function saleOf(row: SaleRow): FoundCardSale | undefined {
  const decline = row.decline === null ? undefined : declineOf(row.decline)
  if (onlyKeepsPlace({ actor: row.actor ?? undefined, decline })) return undefined
  return {
    operationId: row.operation_id,
    at: row.booked_at,
    decline,
    walletId: row.wallet_id === null ? undefined : id('wlt', row.wallet_id),
    merchantId: row.merchant_id === null ? undefined : id('mrc', row.merchant_id),
    outletId: row.outlet_id === null ? undefined : id('out', row.outlet_id),
    amountWon: row.amount_won as FoundCardSale['amountWon'], // An amount of the ledger.
    partnerId: id('prt', row.partner_id),
    decidedBy: deciderOf(row.actor),
    isCancelled: row.cancelled,
  }
}

function deciderOf(actor: string | null): CardSaleDecider {
  if (actor === cardActors.standin) return 'standin'
  return actor === cardActors.partner ? 'partner' : 'core'
}
