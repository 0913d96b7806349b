/** A merchant's settlements in a period, with what became of each payout: what a statement (정산내역서) says. */
import { sumWon, won, type BusinessDate, type Instant, type Won } from '../base/base.ts'
import {
  payoutStates,
  type Payout,
  type PayoutAccount,
  type PayoutState,
} from '../ledger/ledger.ts'
import { payoutWon, type HeldReason } from './merchant-settlement.ts'
import type { SettlementRecord } from './settlement-store.ts'

/** A statement is about so many days at most. */
export const STATEMENT_DAYS_MAX = 366

/** A settlement that was not paid out, or where its payout is. */
export const statementStates = ['carried', 'held', ...payoutStates] as const
export type StatementState = 'carried' | 'held' | PayoutState

export interface StatementRow {
  readonly settlementDay: BusinessDate
  readonly payments: number
  readonly paymentsWon: Won
  readonly cancellations: number
  readonly cancellationsWon: Won
  readonly feeWon: Won
  /** From settlements before: takings less fee. */
  readonly carriedWon: Won
  /** What went to the bank account; zero where it is carried or held. */
  readonly payoutWon: Won
  /** The day on which the bank is told. */
  readonly payoutOn: BusinessDate | undefined
  readonly state: StatementState
  readonly reason: HeldReason | undefined
}

export interface Statement {
  readonly issuerName: string
  readonly merchantName: string
  readonly businessNumber: string
  readonly from: BusinessDate
  readonly until: BusinessDate
  readonly madeAt: Instant
  /** Of the newest payout. */
  readonly account: PayoutAccount | undefined
  /** The oldest first. */
  readonly rows: readonly StatementRow[]
  readonly totals: Pick<
    StatementRow,
    ('payments' | 'paymentsWon' | 'cancellations') | ('cancellationsWon' | 'feeWon' | 'payoutWon')
  >
}

/** @param records of the period, in any order, each with its payout where it has one */
export function statementOf(
  head: Pick<
    Statement,
    'issuerName' | 'merchantName' | 'businessNumber' | 'from' | 'until' | 'madeAt'
  >,
  records: readonly {
    readonly record: SettlementRecord
    readonly payout: Payout | undefined
  }[],
): Statement {
  const inOrder = records.toSorted((one, other) =>
    one.record.settlementDay < other.record.settlementDay ? -1 : 1,
  )
  const rows = inOrder.map(rowOf)
  return {
    ...head,
    account: inOrder.findLast(({ record }) => record.account !== undefined)?.record.account,
    rows,
    totals: {
      payments: rows.reduce((sum, row) => sum + row.payments, 0),
      paymentsWon: sumWon(rows.map((row) => row.paymentsWon)),
      cancellations: rows.reduce((sum, row) => sum + row.cancellations, 0),
      cancellationsWon: sumWon(rows.map((row) => row.cancellationsWon)),
      feeWon: sumWon(rows.map((row) => row.feeWon)),
      payoutWon: sumWon(rows.map((row) => row.payoutWon)),
    },
  }
}

function rowOf({
  record,
  payout,
}: {
  readonly record: SettlementRecord
  readonly payout: Payout | undefined
}): StatementRow {
  const { outcome, carried, settlementDay, reason } = record
  const isMoved = outcome === 'due' || outcome === 'paid'
  return {
    settlementDay,
    payments: record.payments,
    paymentsWon: record.paymentsWon,
    cancellations: record.cancellations,
    cancellationsWon: record.cancellationsWon,
    feeWon: record.lineFeeWon,
    carriedWon: won(carried.payableWon - carried.feeWon),
    payoutWon: isMoved ? payoutWon(record) : won(0),
    payoutOn: payout?.dueOn,
    // Between fixing and moving there is no payout yet; it is due.
    state: isMoved ? (payout?.state ?? 'due') : outcome,
    reason,
  }
}
