/**
 * Reads an issuer's journal as it is written out for others to add up, as `dure_audit` and in one snapshot. The closing
 * balances come another way than the operations, wherever the ledger itself knows another way: so who adds up the
 * operations and gets there has checked something.
 */
import type {
  Journal,
  JournalAccount,
  JournalBalance,
  JournalOperation,
  JournalScope,
} from '../audit/audit.ts'
import { DAY_MS, startOfBusinessDate } from '../base/base.ts'
import type { AccountKind, OperationKind } from '../ledger/ledger.ts'
import { pagesOf, type Transaction } from './cursor.ts'
import { ms, READING_SETTINGS } from './journal-reader.ts'
import type { Sql } from './postgres-pool.ts'

/**
 * Hands the journal to `use`, which may read it until it returns. Memory: a page of each stream. The snapshot lasts as
 * long as `use` does. @throws what the driver and `use` throw
 */
export async function readWrittenJournal(
  sql: Sql,
  { issuerId, ...scope }: JournalScope & { readonly issuerId: number },
  use: (journal: Journal) => Promise<void>,
): Promise<void> {
  await sql.begin('isolation level repeatable read read only', async (transaction) => {
    await transaction.unsafe(READING_SETTINGS)
    await use(journalOf(transaction, issuerId, scope))
  })
}

function journalOf(transaction: Transaction, issuerId: number, scope: JournalScope): Journal {
  const { from, to } = scope
  const fromAt = from && timestamp(startOfBusinessDate(from))
  const untilAt = to && timestamp(startOfBusinessDate(to) + DAY_MS)
  return {
    ...scope,
    async *openings() {
      if (fromAt !== undefined) yield* balances(transaction, openingQuery(issuerId, fromAt))
    },
    async *operations() {
      const query = operationQuery(issuerId, { fromAt, untilAt })
      for await (const rows of pagesOf<OperationRow>(transaction, query)) {
        yield rows.map(journalOperation)
      }
    },
    closings: () => balances(transaction, closingQuery(issuerId, untilAt)),
  }
}

/** As PostgreSQL reads it; nothing but our own number stands in it. */
function timestamp(at: number): string {
  return `'${new Date(at).toISOString()}'::timestamptz`
}

interface OperationRow {
  operation_id: string
  kind: OperationKind
  booked_ms: string
  wallet_id: string | null
  merchant_id: string | null
  partner_id: string | null
  target_id: string | null
  transfers: TransferRow[] | null
}

/** Line, the debited account, the credited account, amount. */
type TransferRow = [number, ...AccountCells, ...AccountCells, string]
/** Kind, id, and of lots the wallet: as text, for JSON's numbers end before ours do. */
type AccountCells = [AccountKind, string, string | null]

const operationQuery = (
  issuerId: number,
  { fromAt, untilAt }: { fromAt: string | undefined; untilAt: string | undefined },
) => `
  select o.operation_id::text, o.kind::text, ${ms('o.booked_at')} as booked_ms, o.wallet_id::text, o.merchant_id::text,
    o.partner_id::text, o.target_id::text, (
      select json_agg(json_build_array(t.line, t.debit_kind, t.debit_id::text, d.wallet_id::text,
        t.credit_kind, t.credit_id::text, c.wallet_id::text, t.amount_won::text) order by t.line)
      from ledger.transfer t
      left join ledger.lot d on d.issuer_id = t.issuer_id and d.lot_id = t.debit_id
        and t.debit_kind in ('lot', 'lot_hold')
      left join ledger.lot c on c.issuer_id = t.issuer_id and c.lot_id = t.credit_id
        and t.credit_kind in ('lot', 'lot_hold')
      where t.issuer_id = o.issuer_id and t.operation_id = o.operation_id) as transfers
  from ledger.operation o
  where o.issuer_id = ${issuerId} and o.decline is null
    ${fromAt === undefined ? '' : `and o.booked_at >= ${fromAt}`}
    ${untilAt === undefined ? '' : `and o.booked_at < ${untilAt}`}
  order by o.booked_at, o.operation_id`

function journalOperation(row: OperationRow): JournalOperation {
  return {
    operationId: row.operation_id,
    kind: row.kind,
    bookedAt: Number(row.booked_ms),
    walletId: optionalInteger(row.wallet_id),
    merchantId: optionalInteger(row.merchant_id),
    partnerId: optionalInteger(row.partner_id),
    targetId: row.target_id ?? undefined,
    transfers: (row.transfers ?? []).map(
      ([line, debitKind, debitId, debitWallet, creditKind, creditId, creditWallet, amountWon]) => ({
        line,
        debit: account(debitKind, debitId, debitWallet),
        credit: account(creditKind, creditId, creditWallet),
        amountWon: BigInt(amountWon),
      }),
    ),
  }
}

function account(kind: AccountKind, id: string, walletId: string | null): JournalAccount {
  return { kind, id: BigInt(id), walletId: optionalInteger(walletId) }
}

function optionalInteger(text: string | null): bigint | undefined {
  return text === null ? undefined : BigInt(text)
}

interface BalanceRow {
  kind: AccountKind
  id: string
  wallet_id: string | null
  won: string
}

async function* balances(
  transaction: Transaction,
  query: string,
): AsyncGenerator<JournalBalance[]> {
  for await (const rows of pagesOf<BalanceRow>(transaction, query)) {
    yield rows.map(({ kind, id, wallet_id: walletId, won }) => ({
      account: account(kind, id, walletId),
      balanceWon: BigInt(won),
    }))
  }
}

/** Debits less credits by account, of all transfers of an issuer. */
const movedQuery = (issuerId: number, more = '') => `
  select s.kind, s.id, sum(s.won) as won, count(*) as lines
  from ledger.transfer t
  cross join lateral (values
    (t.debit_kind, t.debit_id, t.amount_won::numeric), (t.credit_kind, t.credit_id, -t.amount_won::numeric)
  ) as s (kind, id, won)
  where t.issuer_id = ${issuerId} ${more}
  group by s.kind, s.id`

/** The same, of transfers whose operation meets a condition. */
const movedByQuery = (issuerId: number, condition: string) =>
  movedQuery(
    issuerId,
    `and exists (select 1 from ledger.operation o
      where o.issuer_id = t.issuer_id and o.operation_id = t.operation_id and ${condition})`,
  )

const openingQuery = (issuerId: number, fromAt: string) => `
  with moved as (${movedByQuery(issuerId, `o.decline is null and o.booked_at < ${fromAt}`)})
  select m.kind::text, m.id::text, l.wallet_id::text, m.won::text
  from moved m
  left join ledger.lot l on l.issuer_id = ${issuerId} and l.lot_id = m.id and m.kind in ('lot', 'lot_hold')
  where m.won <> 0
  order by m.kind, l.wallet_id, m.id`

/** What an operation makes us owe a merchant or a card company, as the ledger counts it: not from its transfers. */
const owing: Readonly<Record<OperationKind, 'more' | 'less' | 'same'>> = {
  issue: 'same',
  payment: 'more',
  hold: 'same',
  capture: 'more',
  release: 'same',
  cancellation: 'less',
  purchase: 'same',
  purchase_abandonment: 'same',
  card_settlement: 'less',
  expiry: 'same',
  purchase_cancellation: 'same',
  refund: 'same',
  gift: 'same',
  gift_acceptance: 'same',
  gift_return: 'same',
  cashback: 'same',
  cashback_return: 'same',
  clawback: 'same',
  payout: 'less',
  payout_confirmation: 'same',
  payout_return: 'same',
  payout_retry: 'same',
  funder_payment: 'same',
  unidentified_deposit: 'same',
  deposit_return: 'same',
  deposit_assignment: 'same',
  fund_interest: 'same',
  income_payout: 'same',
}
const kindsThatOwe = (change: 'more' | 'less') =>
  Object.entries(owing)
    .filter(([, of]) => of === change)
    .map(([kind]) => `'${kind}'`)
    .join(', ')

/**
 * Lots and holds are what their rows say, less what came after the last day; what merchants and card companies are owed
 * is what the operations say, as `ledger.merchant_payable` and `ledger.card_clearing` count; the rest has no other
 * source than the transfers, of which those without an operation count too.
 */
const closingQuery = (issuerId: number, untilAt: string | undefined) => `
  with moved as (${movedQuery(issuerId)}),
  later as (${movedByQuery(issuerId, untilAt === undefined ? 'false' : `o.booked_at >= ${untilAt}`)}),
  stored as (
    select s.kind, l.lot_id as id, s.won
    from ledger.lot l
    cross join lateral (values
      ('lot'::ledger.account_kind, -l.remaining_won), ('lot_hold', -l.held_won)) as s (kind, won)
    where l.issuer_id = ${issuerId}
  ),
  owed as (
    select case when o.partner_id is null then 'merchant_payable' else 'card_clearing' end::ledger.account_kind as kind,
      coalesce(o.partner_id, o.merchant_id) as id,
      sum(case when o.kind in (${kindsThatOwe('more')}) then -o.amount_won else o.amount_won end) as won
    from ledger.operation o
    where o.issuer_id = ${issuerId} and o.decline is null
      and o.kind in (${kindsThatOwe('more')}, ${kindsThatOwe('less')})
      and coalesce(o.partner_id, o.merchant_id) is not null
      ${untilAt === undefined ? '' : `and o.booked_at < ${untilAt}`}
    group by 1, 2
  ),
  closing as (
    select a.kind, a.id,
      case when a.kind in ('lot', 'lot_hold') then coalesce(s.won, 0) - coalesce(n.won, 0)
        when a.kind in ('merchant_payable', 'card_clearing') then coalesce(w.won, 0)
        else coalesce(m.won, 0) - coalesce(n.won, 0) end as won,
      coalesce(m.lines, 0) - coalesce(n.lines, 0) as lines
    from (select kind, id from moved union select kind, id from stored union select kind, id from owed) a
    left join moved m on m.kind = a.kind and m.id = a.id
    left join later n on n.kind = a.kind and n.id = a.id
    left join stored s on s.kind = a.kind and s.id = a.id
    left join owed w on w.kind = a.kind and w.id = a.id
  )
  select c.kind::text, c.id::text, l.wallet_id::text, c.won::text
  from closing c
  left join ledger.lot l on l.issuer_id = ${issuerId} and l.lot_id = c.id and c.kind in ('lot', 'lot_hold')
  where c.won <> 0 or c.lines > 0
  order by c.kind, l.wallet_id, c.id`
