/** Reads payouts, with what moved them, and their files from the raw tables, as `dure_audit`. */
import type {
  BookDestination,
  BookPayout,
  BookPayoutFile,
  BookPayoutStep,
  IssuerBooks,
} from '../audit/audit.ts'
import { rowsOf, type Transaction } from './cursor.ts'

/** An instant in milliseconds, with its microseconds if it has any; a number in JSON. */
const ms = (column: string) => `(extract(epoch from ${column}) * 1000)`

type Payouts = Pick<IssuerBooks, 'payouts' | 'payoutFiles' | 'strayPayoutSteps'>

/** Payouts of one issuer. Memory: a page of rows. */
export function readPayouts(transaction: Transaction, issuerId: number): Payouts {
  return {
    async *payouts() {
      for await (const row of rowsOf<PayoutRow>(transaction, payoutQuery(issuerId))) {
        yield bookPayout(row)
      }
    },
    async *payoutFiles() {
      const query = `select name, payouts::text, ${ms('assigned_at')}::text as assigned_ms
        from ledger.payout_file where issuer_id = ${issuerId}`
      type Row = { name: string; payouts: string; assigned_ms: string }
      for await (const row of rowsOf<Row>(transaction, query)) {
        const assignedAt = Number(row.assigned_ms)
        yield { name: row.name, payouts: Number(row.payouts), assignedAt } satisfies BookPayoutFile
      }
    },
    async *strayPayoutSteps() {
      const query = `select s.operation_id::text from ledger.payout_step s
        where s.issuer_id = ${issuerId} and not exists (select 1 from ledger.payout p
          where p.issuer_id = s.issuer_id and p.payout_id = s.payout_id)`
      for await (const row of rowsOf<{ operation_id: string }>(transaction, query)) {
        yield row.operation_id
      }
    },
  }
}

interface DestinationColumns {
  due_on: string
  bank_code: string
  account_number: string
  holder_name: string
}

interface PayoutRow extends DestinationColumns {
  payout_id: string
  amount_won: string
  caused_by: string
  state: BookPayout['state']
  attempt: string
  file_name: string | null
  reason: string | null
  created_ms: string
  changed_ms: string
  steps: StepRow[] | null
}

interface StepRow extends Partial<DestinationColumns> {
  operation_id: string
  booked_ms: number | null
  moved_won: number
  transit_won: number
  returned_won: number
  attempt: number
  from_state: BookPayout['state'] | null
  to_state: BookPayout['state']
  file_name: string | null
  sent_ms: number | null
  reason: string | null
}

const payoutQuery = (issuerId: number) => `
  select p.payout_id::text, p.amount_won::text, p.caused_by::text, p.state::text, p.attempt::text,
    p.due_on::text, p.bank_code, p.account_number, p.holder_name, p.file_name, p.reason,
    ${ms('p.created_at')}::text as created_ms, ${ms('p.changed_at')}::text as changed_ms, (
      select json_agg(json_build_object('operation_id', s.operation_id, 'booked_ms', ${ms('o.booked_at')},
        'moved_won', m.moved_won, 'transit_won', m.transit_won, 'returned_won', m.returned_won,
        'attempt', s.attempt, 'from_state', s.from_state, 'to_state', s.to_state, 'due_on', s.due_on,
        'bank_code', s.bank_code, 'account_number', s.account_number, 'holder_name', s.holder_name,
        'file_name', s.file_name, 'sent_ms', ${ms('s.sent_at')}, 'reason', s.reason))
      from ledger.payout_step s
      left join ledger.operation o on o.issuer_id = s.issuer_id and o.operation_id = s.operation_id
        and o.decline is null
      cross join lateral (
        select coalesce(sum(t.amount_won), 0) as moved_won,
          coalesce(sum(t.amount_won) filter (where t.credit_kind = 'settlement_in_transit'), 0)
            - coalesce(sum(t.amount_won) filter (where t.debit_kind = 'settlement_in_transit'), 0) as transit_won,
          coalesce(sum(t.amount_won) filter (
              where t.credit_kind = 'returned_payout' and t.credit_id = p.payout_id), 0)
            - coalesce(sum(t.amount_won) filter (
              where t.debit_kind = 'returned_payout' and t.debit_id = p.payout_id), 0) as returned_won
        from ledger.transfer t where t.issuer_id = s.issuer_id and t.operation_id = s.operation_id
      ) m
      where s.issuer_id = p.issuer_id and s.payout_id = p.payout_id) as steps
  from ledger.payout p where p.issuer_id = ${issuerId}`

function bookPayout(row: PayoutRow): BookPayout {
  return {
    payoutId: Number(row.payout_id),
    amountWon: Number(row.amount_won),
    causedBy: row.caused_by,
    state: row.state,
    attempt: Number(row.attempt),
    destination: destinationOf(row),
    fileName: row.file_name ?? undefined,
    reason: row.reason ?? undefined,
    createdAt: Number(row.created_ms),
    changedAt: Number(row.changed_ms),
    steps: (row.steps ?? []).map(bookStep),
  }
}

function bookStep(row: StepRow): BookPayoutStep {
  const { due_on, bank_code, account_number, holder_name } = row
  const columns = [due_on, bank_code, account_number, holder_name]
  const isDue = columns.some((value) => value !== null && value !== undefined)
  return {
    operationId: row.operation_id,
    bookedAt: row.booked_ms ?? undefined,
    movedWon: row.moved_won,
    transitWon: row.transit_won,
    returnedWon: row.returned_won,
    attempt: row.attempt,
    from: row.from_state ?? undefined,
    to: row.to_state,
    destination: isDue ? destinationOf(row) : undefined,
    fileName: row.file_name ?? undefined,
    sentAt: row.sent_ms ?? undefined,
    reason: row.reason ?? undefined,
  }
}

function destinationOf(row: Partial<DestinationColumns>): BookDestination {
  return {
    dueOn: row.due_on ?? '',
    bankCode: row.bank_code ?? '',
    accountNumber: row.account_number ?? '',
    holderName: row.holder_name ?? '',
  }
}
