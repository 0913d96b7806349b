/**
 * Settlements in PostgreSQL: each method is one call of one function. Throws Faults as the fault table classifies them.
 */
import type { BusinessDate, IssuerId, MerchantId, OperationId, ProgramId } from '../base/base.ts'
import type {
  ClosedDay,
  FixedSettlement,
  FoundMerchant,
  ProgramDay,
  SettlementPosition,
  SettlementStore,
} from '../settlement/settlement.ts'
import { instantArray, numberArray, textArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'
import {
  dueOf,
  foundOf,
  runOf,
  type DueRow,
  type FoundRow,
  type RunRow,
} from './settlement-rows.ts'

export function createPostgresSettlements(pool: PostgresPool): SettlementStore {
  return { ...running(pool), ...settling(pool) }
}

interface PositionRow extends RunRow {
  first_day: BusinessDate | null
  last_day: BusinessDate | null
  last_from_at: number
  last_until_at: number
}

interface ProgramDayRow {
  program_id: ProgramId
  day: BusinessDate
  from_at: number
  until_at: number
}

type Running =
  | ('position' | 'closeDays' | 'unsettledDays' | 'openRun')
  | ('sealedUntil' | 'programDaysOf' | 'closeRun')

function running(pool: PostgresPool): Pick<SettlementStore, Running> {
  return {
    async position(issuerId) {
      const [row] = await pool.run(
        (sql) => sql<PositionRow[]>`select * from settlement.position(${issuerId})`,
      )
      return positionOf(row!)
    },
    async closeDays(issuerId, days) {
      await pool.run(
        (sql) => sql`select settlement.close_days(${issuerId},
          ${wordArray(days.map(({ day }) => day))}::date[],
          ${instantArray(days.map(({ fromAt }) => fromAt))}::timestamptz[],
          ${instantArray(days.map(({ untilAt }) => untilAt))}::timestamptz[])`,
      )
    },
    async unsettledDays(issuerId, programIds) {
      const rows = await pool.run(
        (sql) => sql<ProgramDayRow[]>`select * from settlement.unsettled_days(
          ${issuerId}, ${numberArray(programIds)}::bigint[])`,
      )
      return rows.map(programDayOf)
    },
    async openRun(issuerId, { settlementDay, untilAt, minimumPayoutWon, programDays }, now) {
      await pool.run(
        (sql) => sql`select settlement.open_run(${issuerId}, ${settlementDay}, ${untilAt},
          ${minimumPayoutWon}, ${numberArray(programDays.map(({ programId }) => programId))}::bigint[],
          ${wordArray(programDays.map(({ day }) => day))}::date[], ${now})`,
      )
    },
    async sealedUntil(issuerId, at) {
      const [row] = await pool.run(
        (sql) => sql<{ sealed: boolean }[]>`
          select settlement.sealed_until(${issuerId}, ${at}) as sealed`,
      )
      return row!.sealed
    },
    async programDaysOf(issuerId, settlementDay) {
      const rows = await pool.run(
        (sql) => sql<ProgramDayRow[]>`
          select * from settlement.program_days_of(${issuerId}, ${settlementDay})`,
      )
      return rows.map(programDayOf)
    },
    async closeRun(issuerId, settlementDay, now) {
      await pool.run(
        (sql) => sql`select settlement.close_run(${issuerId}, ${settlementDay}, ${now})`,
      )
    },
  }
}

function settling(
  pool: PostgresPool,
): Pick<SettlementStore, 'findMerchants' | 'fixSettlements' | 'dueSettlements' | 'markPaid'> {
  return {
    findMerchants: (issuerId, page) => findMerchants(pool, issuerId, page),
    fixSettlements: (issuerId, page, settlements) => fix(pool, issuerId, page, settlements),
    async dueSettlements(issuerId, settlementDay, limit) {
      const rows = await pool.run(
        (sql) => sql<DueRow[]>`
          select * from settlement.due_settlements(${issuerId}, ${settlementDay}, ${limit})`,
      )
      return rows.map(dueOf)
    },
    async markPaid(issuerId, settlementDay, merchantIds) {
      await pool.run(
        (sql) => sql`select settlement.mark_paid(${issuerId}, ${settlementDay},
          ${numberArray(merchantIds)}::bigint[])`,
      )
    },
  }
}

function positionOf(row: PositionRow): SettlementPosition {
  const { first_day: firstDay, last_day: day } = row
  return {
    firstDay: firstDay ?? undefined,
    lastDay:
      day === null ? undefined : { day, fromAt: row.last_from_at, untilAt: row.last_until_at },
    run: row.settlement_day === null ? undefined : runOf(row),
  }
}

function programDayOf(row: ProgramDayRow): ProgramDay & ClosedDay {
  const { program_id: programId, day, from_at: fromAt, until_at: untilAt } = row
  return { programId, day, fromAt, untilAt }
}

async function findMerchants(
  pool: PostgresPool,
  issuerId: IssuerId,
  page: Parameters<SettlementStore['findMerchants']>[1],
): Promise<FoundMerchant[]> {
  const { programDays, after, limit } = page
  const rows = await pool.run(
    (sql) => sql<FoundRow[]>`select * from settlement.find_merchants(${issuerId},
      ${numberArray(programDays.map(({ programId }) => programId))}::bigint[],
      ${wordArray(programDays.map(({ day }) => day))}::date[],
      ${instantArray(programDays.map(({ fromAt }) => fromAt))}::timestamptz[],
      ${instantArray(programDays.map(({ untilAt }) => untilAt))}::timestamptz[],
      ${after}, ${limit})`,
  )
  return [...Map.groupBy(rows, (row) => row.merchant_id).values()].map(foundOf)
}

async function fix(
  pool: PostgresPool,
  issuerId: IssuerId,
  page: {
    readonly settlementDay: BusinessDate
    readonly after: MerchantId | 0
    readonly reached: MerchantId
  },
  settlements: readonly FixedSettlement[],
): Promise<boolean> {
  const { settlementDay, after, reached } = page
  const lines = settlements.flatMap(({ merchantId, lines }) =>
    lines.map((line) => ({ merchantId, ...line })),
  )
  const of = <Value>(read: (each: FixedSettlement) => Value): Value[] => settlements.map(read)
  const ofLines = (read: (line: (typeof lines)[number]) => number): string =>
    numberArray(lines.map(read))
  const [row] = await pool.run(
    (sql) => sql<{ fixed: boolean }[]>`select settlement.fix_settlements(
      ${issuerId}, ${settlementDay}, ${after}, ${reached},
      ${numberArray(of(({ merchantId }) => merchantId))}::bigint[],
      ${wordArray(of(({ outcome }) => outcome))}::settlement.outcome[],
      ${textArray(of(({ reason }) => reason))}::text[],
      ${numberArray(of(({ carried }) => carried.payableWon))}::bigint[],
      ${numberArray(of(({ carried }) => carried.feeWon))}::bigint[],
      ${numberArray(of(({ payout }) => payout?.payoutId))}::bigint[],
      ${wordArray(of(({ payout }): OperationId | null => payout?.payoutKey ?? null))}::uuid[],
      ${textArray(of(({ account }) => account?.bankCode))}::text[],
      ${textArray(of(({ account }) => account?.accountNumber))}::text[],
      ${textArray(of(({ account }) => account?.holderName))}::text[],
      ${ofLines(({ merchantId }) => merchantId)}::bigint[],
      ${ofLines(({ programId }) => programId)}::bigint[],
      ${wordArray(lines.map(({ paidOn }) => paidOn))}::date[],
      ${ofLines(({ paymentsWon }) => paymentsWon)}::bigint[],
      ${ofLines(({ payments }) => payments)}::integer[],
      ${ofLines(({ cancellationsWon }) => cancellationsWon)}::bigint[],
      ${ofLines(({ cancellations }) => cancellations)}::integer[],
      ${ofLines(({ feeBasisPoints }) => feeBasisPoints)}::integer[],
      ${ofLines(({ feeWon }) => feeWon)}::bigint[]) as fixed`,
  )
  return row!.fixed
}
