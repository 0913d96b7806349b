/** Recorded operations by their keys: enquiry, and what every page of history is filled with. */
import { won, type BusinessDate, type IssuerId, type OperationId } from '../base/base.ts'
import type { Channel, OperationKind, RecordedOperation } from '../ledger/ledger.ts'
import { wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { declineOf, legsOf, lossOf, type LegColumns } from './posting-rows.ts'

interface OperationRow extends LegColumns {
  operation_id: OperationId
  kind: OperationKind
  channel: Channel
  booked_at: number
  decline: string | null
  wallet_id: number | null
  merchant_id: number | null
  outlet_id: number | null
  amount_won: number
  target_id: OperationId | null
  actor: string | null
  partner_id: number | null
  business_date: BusinessDate | null
  loss_won: number | null
  cancelled_won: number
}

/** In the order of asking; `undefined` for keys that are unknown. */
export async function findOperations(
  pool: PostgresPool,
  issuerId: IssuerId,
  ids: readonly OperationId[],
): Promise<(RecordedOperation | undefined)[]> {
  if (ids.length === 0) return []
  const rows = await pool.run(
    (sql) => sql<OperationRow[]>`
      select * from ledger.find_operations(${issuerId}, ${wordArray(ids)}::uuid[])`,
  )
  const byId = new Map(rows.map((row) => [row.operation_id, row]))
  return ids.map((id) => {
    const row = byId.get(id)
    return row === undefined ? undefined : recordedOperation(row)
  })
}

function recordedOperation(row: OperationRow): RecordedOperation {
  // The brands below are what the columns hold by construction.
  return {
    operationId: row.operation_id,
    kind: row.kind,
    channel: row.channel,
    bookedAt: row.booked_at,
    decline: row.decline === null ? undefined : declineOf(row.decline),
    walletId: (row.wallet_id ?? undefined) as RecordedOperation['walletId'],
    merchantId: (row.merchant_id ?? undefined) as RecordedOperation['merchantId'],
    outletId: (row.outlet_id ?? undefined) as RecordedOperation['outletId'],
    amountWon: won(row.amount_won),
    targetId: row.target_id ?? undefined,
    actor: row.actor ?? undefined,
    legs: legsOf(row),
    cancelledWon: won(row.cancelled_won),
    ...lossOf(row),
    ...cardOf(row),
  }
}

function cardOf(row: OperationRow): Pick<RecordedOperation, 'card'> {
  if (row.partner_id === null || row.business_date === null) return {}
  type PartnerId = NonNullable<RecordedOperation['card']>['partnerId']
  return { card: { partnerId: row.partner_id as PartnerId, businessDate: row.business_date } }
}
