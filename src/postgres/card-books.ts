/**
 * All card operations and conversions of all issuers, from the raw tables, as `dure_audit`: what the reconciliation
 * holds the card companies' books against. One snapshot.
 */
import { declineReasons, type DeclineReason, type OperationId } from '../base/base.ts'
import { operationKinds, type OperationKind } from '../ledger/ledger.ts'
import { rowsOf, type Transaction } from './cursor.ts'
import type { Sql } from './postgres-pool.ts'

export interface CardLedgerOperation {
  readonly operationId: OperationId
  readonly issuerId: number
  readonly kind: OperationKind
  readonly decline: DeclineReason | null
  /** What was taken or given back, the loss account's part included. */
  readonly amountWon: number
  readonly targetId: OperationId | null
}

export interface CardConversion {
  readonly saleId: OperationId
  readonly state: string
  readonly voucherWon: number
}

export interface CardBooks {
  readonly operations: readonly CardLedgerOperation[]
  readonly conversions: readonly CardConversion[]
}

export function readCardBooks(sql: Sql): Promise<CardBooks> {
  return sql.begin('isolation level repeatable read read only', async (transaction) => ({
    operations: await readOperations(transaction),
    conversions: await readConversions(transaction),
  }))
}

async function readOperations(transaction: Transaction): Promise<CardLedgerOperation[]> {
  const query = `select o.operation_id::text, o.issuer_id::text, o.kind::text, o.decline,
      o.amount_won::text, o.target_id::text
    from ledger.operation o
    where o.partner_id is not null and o.kind <> 'card_settlement'`
  type Row = Record<'operation_id' | 'issuer_id' | 'kind' | 'amount_won', string> &
    Record<'decline' | 'target_id', string | null>
  const operations: CardLedgerOperation[] = []
  for await (const row of rowsOf<Row>(transaction, query)) {
    operations.push({
      operationId: row.operation_id as OperationId, // The table's own key.
      issuerId: Number(row.issuer_id),
      kind: knownOf(operationKinds, row.kind),
      decline: row.decline === null ? null : knownOf(declineReasons, row.decline),
      amountWon: Number(row.amount_won),
      targetId: row.target_id as OperationId | null, // The table's own key.
    })
  }
  return operations
}

async function readConversions(transaction: Transaction): Promise<CardConversion[]> {
  const query = `select distinct on (r.issuer_id, r.record_id) r.body->>'saleId' as sale_id,
      r.body->>'state' as state, coalesce(r.body->>'voucherWon', '0') as voucher_won
    from registry.record r
    where r.kind = 'conversion'
    order by r.issuer_id, r.record_id, r.version desc`
  type Row = Record<'sale_id' | 'state' | 'voucher_won', string>
  const conversions: CardConversion[] = []
  for await (const row of rowsOf<Row>(transaction, query)) {
    conversions.push({
      saleId: row.sale_id as OperationId, // Written from a parsed key.
      state: row.state,
      voucherWon: Number(row.voucher_won),
    })
  }
  return conversions
}

/** @throws Error for a value that this program does not know: books of a newer one are not guessed at */
function knownOf<Value extends string>(values: readonly Value[], text: string): Value {
  const known = values.find((value) => value === text)
  if (known === undefined) throw new Error(`the ledger holds an unknown ${text}`)
  return known
}
