/** Figures of days in PostgreSQL: counted from the journal by the pool that reads, kept by the same. */
import { won, type BusinessDate, type Instant } from '../base/base.ts'
import type { AccountKind, OperationKind } from '../ledger/ledger.ts'
import type {
  AccountSum,
  DatedFlowSum,
  Flow,
  FlowSum,
  LotFlow,
  ReportingStore,
  WalletUse,
} from '../reporting/reporting.ts'
import { numberArray, textArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** @param isOver whether an instant lies under a seal: nothing can be booked before it any more */
export function createPostgresReporting(
  pool: PostgresPool,
  isOver: ReportingStore['isOver'],
): ReportingStore {
  return {
    isOver,
    ...counting(pool),
    ...reading(pool),
  }
}

interface StandingRow {
  last_day: BusinessDate | null
  first_booked_at: Instant | null
}

type Counting = 'standing' | 'lotFlows' | 'accountSums' | 'keepDay'

function counting(pool: PostgresPool): Pick<ReportingStore, Counting> {
  return {
    async standing(issuerId) {
      const [row] = await pool.run(
        (sql) => sql<StandingRow[]>`select * from reporting.standing(${issuerId})`,
      )
      return {
        lastDay: row?.last_day ?? undefined,
        firstBookedAt: row?.first_booked_at ?? undefined,
      }
    },
    async lotFlows(issuerId, from, until) {
      const rows = await pool.run(
        (sql) => sql<LotFlowRow[]>`
          select * from reporting.lot_flows(${issuerId}, ${from}, ${until})`,
      )
      return rows.map(lotFlow)
    },
    async accountSums(issuerId, from, until) {
      const rows = await pool.run(
        (sql) => sql<AccountRow[]>`
          select * from reporting.account_flows(${issuerId}, ${from}, ${until})`,
      )
      return rows.map(accountSum)
    },
    async keepDay(issuerId, figures) {
      const [row] = await pool.run(
        (sql) => sql<{ kept: boolean }[]>`
        select reporting.keep_day(${issuerId}, ${figures.day}, ${figures.fromAt}, ${figures.untilAt},
          ${textArray(figures.flows.map(({ flow }) => flow))}::text[],
          ${numberArray(figures.flows.map(({ programId }) => programId))}::bigint[],
          ${wordArray(figures.flows.map(({ lotKind }) => lotKind))}::ledger.lot_kind[],
          ${textArray(figures.flows.map(({ sector }) => sector ?? undefined))}::text[],
          ${textArray(figures.flows.map(({ district }) => district ?? undefined))}::text[],
          ${numberArray(figures.flows.map(({ amountWon }) => amountWon))}::bigint[],
          ${numberArray(figures.flows.map(({ count }) => count))}::integer[],
          ${wordArray(figures.accounts.map(({ accountKind }) => accountKind))}::ledger.account_kind[],
          ${numberArray(figures.accounts.map(({ accountId }) => accountId))}::bigint[],
          ${numberArray(figures.accounts.map(({ debitWon }) => debitWon))}::bigint[],
          ${numberArray(figures.accounts.map(({ creditWon }) => creditWon))}::bigint[]) as kept`,
      )
      return row?.kept === true
    },
  }
}

type Reading = 'days' | 'daily' | 'totals' | 'accounts' | 'walletUse'

function reading(pool: PostgresPool): Pick<ReportingStore, Reading> {
  const flowSums = (issuerId: number, from: string, through: string, byDay: boolean) =>
    pool.run(
      (sql) => sql<FlowRow[]>`
        select * from reporting.day_flows(${issuerId}, ${from}, ${through}, ${byDay})`,
    )
  return {
    async days(issuerId, { from, through }) {
      const rows = await pool.run(
        (sql) => sql<{ day: BusinessDate }[]>`
          select day from reporting.days(${issuerId}, ${from}, ${through})`,
      )
      return rows.map(({ day }) => day)
    },
    async daily(issuerId, { from, through }) {
      const rows = await flowSums(issuerId, from, through, true)
      return rows.map((row): DatedFlowSum => ({ ...flowSum(row), day: row.day! }))
    },
    async totals(issuerId, { from, through }) {
      return (await flowSums(issuerId, from, through, false)).map(flowSum)
    },
    async accounts(issuerId, { from, through }) {
      const rows = await pool.run(
        (sql) => sql<AccountRow[]>`
          select * from reporting.day_accounts(${issuerId}, ${from}, ${through})`,
      )
      return rows.map(accountSum)
    },
    async walletUse(issuerId, walletId, { from, until }) {
      const rows = await pool.run(
        (sql) => sql<UseRow[]>`
          select * from reporting.wallet_use(${issuerId}, ${walletId}, ${from}, ${until})`,
      )
      return rows.map((row) => ({
        programId: row.program_id,
        lotKind: row.lot_kind,
        merchantId: row.merchant_id,
        usedWon: won(row.used_won),
        count: row.count,
      }))
    },
  }
}

interface LotFlowRow {
  operation_kind: OperationKind
  debit_kind: AccountKind
  credit_kind: AccountKind
  program_id: LotFlow['programId']
  lot_kind: LotFlow['lotKind']
  merchant_id: NonNullable<LotFlow['merchantId']> | null
  outlet_id: NonNullable<LotFlow['outletId']> | null
  amount_won: number
  count: number
}

function lotFlow(row: LotFlowRow): LotFlow {
  return {
    operationKind: row.operation_kind,
    debitKind: row.debit_kind,
    creditKind: row.credit_kind,
    programId: row.program_id,
    lotKind: row.lot_kind,
    merchantId: row.merchant_id ?? undefined,
    outletId: row.outlet_id ?? undefined,
    amountWon: won(row.amount_won),
    count: row.count,
  }
}

interface AccountRow {
  account_kind: AccountKind
  account_id: number
  debit_won: number
  credit_won: number
}

function accountSum(row: AccountRow): AccountSum {
  return {
    accountKind: row.account_kind,
    accountId: row.account_id,
    debitWon: won(row.debit_won),
    creditWon: won(row.credit_won),
  }
}

interface FlowRow {
  day: BusinessDate | null
  flow: Flow
  program_id: FlowSum['programId']
  lot_kind: FlowSum['lotKind']
  sector: string | null
  district: string | null
  amount_won: number
  count: number
}

function flowSum(row: FlowRow): FlowSum {
  return {
    flow: row.flow,
    programId: row.program_id,
    lotKind: row.lot_kind,
    sector: row.sector,
    district: row.district,
    amountWon: won(row.amount_won),
    count: row.count,
  }
}

interface UseRow {
  program_id: WalletUse['programId']
  lot_kind: WalletUse['lotKind']
  merchant_id: WalletUse['merchantId']
  used_won: number
  count: number
}
