/** Statements, the two sides of the fund's account, and what days came to, in PostgreSQL. */
import { assert, type BusinessDate, type IssuerId, type Won } from '../base/base.ts'
import type {
  AccountBalance,
  BankEntry,
  DayResult,
  OpenItem,
  StatementFacts,
  TreasuryStore,
} from '../treasury/treasury.ts'
import { textArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

export type EntryStore = Pick<
  TreasuryStore,
  | 'recordStatement'
  | 'newestStatement'
  | 'statement'
  | 'knownEntries'
  | 'entriesToBook'
  | 'decideEntry'
  | 'bookEntries'
>
export type DayStore = Pick<
  TreasuryStore,
  'advanceTally' | 'balances' | 'openItems' | 'settle' | 'openAt' | 'recordDay' | 'days'
>

interface EntryRow {
  entry_number: string
  business_date: BusinessDate
  booked_at: number
  amount_won: Won
  counterparty: string
  reference: string
  state: BankEntry['state']
  match_key: string | null
  decision: BankEntry['decision']
}

export function createEntryStore(pool: PostgresPool): EntryStore {
  const statementOf = async (
    issuerId: IssuerId,
    date: BusinessDate | null,
  ): Promise<StatementFacts | undefined> => {
    const [row] = await pool.run(
      (sql) => sql<{ business_date: BusinessDate; opening_won: Won; closing_won: Won }[]>`
        select * from treasury.read_statement(${issuerId}, ${date})`,
    )
    if (row === undefined) return undefined
    return { date: row.business_date, openingWon: row.opening_won, closingWon: row.closing_won }
  }
  const entries = async (issuerId: IssuerId, numbers: readonly string[] | null, limit: number) => {
    const named = numbers === null ? null : textArray(numbers)
    const rows = await pool.run(
      (sql) => sql<EntryRow[]>`
        select * from treasury.read_entries(${issuerId}, ${named}::text[], ${limit})`,
    )
    return rows.map(bankEntry)
  }
  return {
    async recordStatement(issuerId, file, { openingWon, closingWon, entries: told }, at) {
      const rows = told.map((entry) => ({
        ...entry,
        bookedAt: new Date(entry.bookedAt).toISOString(),
      }))
      const { name, date, sha256, bytes } = file
      await pool.run(
        (sql) => sql`select treasury.record_statement(
          ${issuerId}, ${name}, ${date}, ${at}, ${sha256}, ${Buffer.from(bytes)},
          ${openingWon}, ${closingWon}, ${JSON.stringify(rows)}::text::jsonb)`,
      )
    },
    newestStatement: (issuerId) => statementOf(issuerId, null),
    statement: statementOf,
    async knownEntries(issuerId, numbers) {
      const rows = await pool.run(
        (sql) => sql<{ number: string }[]>`
          select treasury.known_entries(${issuerId}, ${textArray(numbers)}::text[]) as number`,
      )
      return rows.map(({ number }) => number)
    },
    entriesToBook: (issuerId, limit) => entries(issuerId, null, limit),
    async decideEntry(issuerId, entryNumber, { matchKey, decision }) {
      await pool.run(
        (sql) => sql`select treasury.decide_entry(
          ${issuerId}, ${entryNumber}, ${matchKey}, ${JSON.stringify(decision)}::text::jsonb)`,
      )
      const [entry] = await entries(issuerId, [entryNumber], 1)
      assert(entry !== undefined, 'an entry that is decided was told')
      return entry
    },
    async bookEntries(issuerId, numbers) {
      await pool.run(
        (sql) => sql`select treasury.book_entries(${issuerId}, ${textArray(numbers)}::text[])`,
      )
    },
  }
}

function bankEntry(row: EntryRow): BankEntry {
  return {
    entryNumber: row.entry_number,
    date: row.business_date,
    bookedAt: row.booked_at,
    amountWon: row.amount_won,
    counterparty: row.counterparty,
    reference: row.reference,
    state: row.state,
    matchKey: row.match_key,
    decision: row.decision,
  }
}

interface ItemRow {
  match_key: string
  from_bank: boolean
  item_id: string
  business_date: BusinessDate
  amount_won: Won
}

interface OpenRow {
  bank_won: Won
  bank_count: number
  ledger_won: Won
  ledger_count: number
  funders_won: Won
  interest_won: Won
  lacking_won: Won
}

export function createDayStore(pool: PostgresPool): DayStore {
  return {
    async advanceTally(issuerId, { until, limit, payoutEntries }) {
      const [row] = await pool.run(
        (sql) => sql<{ reached_at: number }[]>`select treasury.advance_tally(
          ${issuerId}, ${until}, ${limit}, ${payoutEntries === 'file'}) as reached_at`,
      )
      assert(row !== undefined, 'a function answers one row')
      return row.reached_at
    },
    async balances(issuerId, date) {
      type Row = { account_kind: AccountBalance['kind']; account_id: number; balance_won: Won }
      const rows = await pool.run(
        (sql) => sql<Row[]>`select * from treasury.read_balances(${issuerId}, ${date})`,
      )
      return rows.map(({ account_kind: kind, account_id: accountId, balance_won: balanceWon }) => ({
        kind,
        accountId,
        balanceWon,
      }))
    },
    async openItems(issuerId, { afterKey, keys }) {
      const rows = await pool.run(
        (sql) => sql<ItemRow[]>`
          select * from treasury.open_items(${issuerId}, ${afterKey}, ${keys})`,
      )
      return rows.map(openItem)
    },
    async settle(issuerId, settled) {
      const { bank = [], ledger = [] } = Object.groupBy(settled, ({ side }) => side)
      await pool.run(
        (sql) => sql`select treasury.settle_items(${issuerId},
          ${textArray(bank.map(({ itemId }) => itemId))}::text[],
          ${wordArray(bank.map(({ on }) => on))}::date[],
          ${wordArray(ledger.map(({ itemId }) => itemId))}::uuid[],
          ${wordArray(ledger.map(({ on }) => on))}::date[])`,
      )
    },
    async openAt(issuerId, date) {
      const [row] = await pool.run(
        (sql) => sql<OpenRow[]>`select * from treasury.open_sums(${issuerId}, ${date})`,
      )
      assert(row !== undefined, 'sums of nothing are a row too')
      return {
        bankWon: row.bank_won,
        bankCount: row.bank_count,
        ledgerWon: row.ledger_won,
        ledgerCount: row.ledger_count,
        fundersWon: row.funders_won,
        interestWon: row.interest_won,
        lackingWon: row.lacking_won,
      }
    },
    async recordDay(issuerId, day) {
      await pool.run(
        (sql) => sql`select treasury.record_day(
          ${issuerId}, ${day.date}, ${day.computedAt}, ${JSON.stringify(day)}::text::jsonb)`,
      )
    },
    async days(issuerId, { before, limit }) {
      const rows = await pool.run(
        (sql) => sql<{ body: DayResult }[]>`
          select * from treasury.read_days(${issuerId}, ${before ?? null}, ${limit})`,
      )
      return rows.map(({ body }) => body)
    },
  }
}

function openItem(row: ItemRow): OpenItem {
  return {
    matchKey: row.match_key,
    side: row.from_bank ? 'bank' : 'ledger',
    itemId: row.item_id,
    date: row.business_date,
    amountWon: row.amount_won,
  }
}
