/** Payouts in PostgreSQL: reading them, and putting them into files. */
import {
  won,
  type BusinessDate,
  type IssuerId,
  type OperationId,
  type PayoutId,
} from '../base/base.ts'
import type { Beneficiary, Payout, PayoutPage, Payouts, PayoutState } from '../ledger/ledger.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface PayoutRow {
  payout_id: number
  beneficiary_kind: Beneficiary['kind']
  beneficiary_id: number
  amount_won: number
  bank_code: string
  account_number: string
  holder_name: string
  due_on: BusinessDate
  caused_by: OperationId
  state: PayoutState
  attempt: number
  file_name: string | null
  reason: string | null
  created_at: number
  changed_at: number
}

export function payoutsIn(pool: PostgresPool): Payouts {
  const read = async (
    issuerId: IssuerId,
    { state, dueUntil, fileName, beneficiary, after, limit }: PayoutPage,
  ): Promise<Payout[]> => {
    const rows = await pool.run(
      (sql) => sql<PayoutRow[]>`select * from ledger.payouts(${issuerId}, ${state ?? null},
        ${dueUntil ?? null}, ${fileName ?? null}, ${beneficiary?.kind ?? null},
        ${beneficiary?.id ?? null}, ${after ?? 0}, ${limit})`,
    )
    return rows.map(payoutOf)
  }
  return {
    payouts: read,
    async payout(issuerId, payoutId) {
      const [found] = await read(issuerId, { after: (payoutId - 1) as PayoutId, limit: 1 })
      return found?.payoutId === payoutId ? found : undefined
    },
    async assignFile(issuerId, { name, dueUntil, limit }, at) {
      const rows = await pool.run(
        (sql) => sql<{ payouts: number }[]>`select ledger.assign_payouts(
          ${issuerId}, ${at}, ${name}, ${dueUntil}, ${limit}) as payouts`,
      )
      return rows[0]!.payouts
    },
  }
}

function payoutOf(row: PayoutRow): Payout {
  return {
    payoutId: row.payout_id as PayoutId, // Ids of these rows are of these kinds.
    beneficiary: { kind: row.beneficiary_kind, id: row.beneficiary_id } as Beneficiary,
    account: {
      bankCode: row.bank_code,
      accountNumber: row.account_number,
      holderName: row.holder_name,
    },
    dueOn: row.due_on,
    amountWon: won(row.amount_won),
    causedBy: row.caused_by,
    state: row.state,
    attempt: row.attempt,
    fileName: row.file_name ?? undefined,
    reason: row.reason ?? undefined,
    createdAt: row.created_at,
    changedAt: row.changed_at,
  }
}
