/** Rows of settlements, and what they say in the words of the room. Ids of these rows are of these kinds. */
import {
  won,
  type BusinessDate,
  type MerchantId,
  type OperationId,
  type PayoutId,
  type ProgramId,
} from '../base/base.ts'
import type { PayoutAccount } from '../ledger/ledger.ts'
import {
  carriedAfter,
  NOTHING_CARRIED,
  type DaySums,
  type DueSettlement,
  type FoundMerchant,
  type HeldReason,
  type RunTotals,
  type SettlementOutcome,
  type SettlementRecord,
  type SettlementRun,
} from '../settlement/settlement.ts'

export interface RunRow {
  settlement_day: BusinessDate | null
  state: SettlementRun['state']
  until_at: number
  minimum_payout_won: number
  reached: MerchantId | 0
  opened_at: number
  closed_at: number | null
}

export function runOf(row: RunRow): SettlementRun {
  return {
    settlementDay: row.settlement_day!,
    state: row.state,
    untilAt: row.until_at,
    minimumPayoutWon: won(row.minimum_payout_won),
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
    reached: row.reached,
  }
}

export interface RunTotalsRow extends RunRow {
  merchants: number
  paid: number
  held: number
  carried_on: number
  payments_won: number
  cancellations_won: number
  fee_won: number
  payouts_won: number
  held_won: number
}

export function runTotalsOf(row: RunTotalsRow): RunTotals {
  const { merchants, paid, held, carried_on: carriedOn } = row
  return {
    ...runOf(row),
    merchants,
    paid,
    held,
    carriedOn,
    paymentsWon: won(row.payments_won),
    cancellationsWon: won(row.cancellations_won),
    feeWon: won(row.fee_won),
    payoutsWon: won(row.payouts_won),
    heldWon: won(row.held_won),
  }
}

interface AccountRow {
  bank_code: string | null
  account_number: string | null
  holder_name: string | null
}

function accountOf(row: AccountRow): PayoutAccount | undefined {
  const { bank_code: bankCode, account_number: accountNumber, holder_name: holderName } = row
  if (bankCode === null || accountNumber === null || holderName === null) return undefined
  return { bankCode, accountNumber, holderName }
}

export interface DueRow extends AccountRow {
  settlement_day: BusinessDate
  merchant_id: MerchantId
  payable_won: number
  fee_won: number
  payout_id: PayoutId
  payout_key: OperationId
}

export function dueOf(row: DueRow): DueSettlement {
  return {
    settlementDay: row.settlement_day,
    merchantId: row.merchant_id,
    payableWon: won(row.payable_won),
    feeWon: won(row.fee_won),
    payoutId: row.payout_id,
    payoutKey: row.payout_key,
    account: accountOf(row)!, // The table holds it to that where it is due.
  }
}

/** One row for each day and program of a merchant, or one without them. */
export interface FoundRow {
  merchant_id: MerchantId
  outcome: SettlementOutcome | null
  reason: HeldReason | null
  payable_won: number
  fee_won: number
  program_id: ProgramId | null
  paid_on: BusinessDate
  paid_until_at: number
  payments_won: number
  payments: number
  cancellations_won: number
  cancellations: number
  settled_won: number
  settled_fee_won: number
}

export function foundOf(rows: readonly FoundRow[]): FoundMerchant {
  const { merchant_id: merchantId, outcome, reason, payable_won: payable, fee_won: fee } = rows[0]!
  const sums = rows.flatMap((row) => (row.program_id === null ? [] : sumsOf(row, row.program_id)))
  if (outcome === null) {
    return { merchantId, carried: NOTHING_CARRIED, standing: undefined, sums }
  }
  const carried = carriedAfter({ outcome, payableWon: won(payable), feeWon: won(fee) })
  return { merchantId, carried, standing: { outcome, reason: reason ?? undefined }, sums }
}

function sumsOf(row: FoundRow, programId: ProgramId): DaySums {
  return {
    programId,
    paidOn: row.paid_on,
    paidUntilAt: row.paid_until_at,
    paymentsWon: won(row.payments_won),
    payments: row.payments,
    cancellationsWon: won(row.cancellations_won),
    cancellations: row.cancellations,
    settledWon: won(row.settled_won),
    settledFeeWon: won(row.settled_fee_won),
  }
}

export interface SettlementRow extends AccountRow {
  settlement_day: BusinessDate
  merchant_id: MerchantId
  outcome: SettlementOutcome
  reason: HeldReason | null
  carried_payable_won: number
  carried_fee_won: number
  payments_won: number
  payments: number
  cancellations_won: number
  cancellations: number
  line_fee_won: number
  payable_won: number
  fee_won: number
  payout_id: PayoutId | null
}

export function recordOf(row: SettlementRow): SettlementRecord {
  return {
    settlementDay: row.settlement_day,
    merchantId: row.merchant_id,
    outcome: row.outcome,
    reason: row.reason ?? undefined,
    carried: {
      payableWon: won(row.carried_payable_won),
      feeWon: won(row.carried_fee_won),
    },
    paymentsWon: won(row.payments_won),
    payments: row.payments,
    cancellationsWon: won(row.cancellations_won),
    cancellations: row.cancellations,
    lineFeeWon: won(row.line_fee_won),
    payableWon: won(row.payable_won),
    feeWon: won(row.fee_won),
    payoutId: row.payout_id ?? undefined,
    account: accountOf(row),
  }
}
