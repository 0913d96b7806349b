/** Rows of cashback, and what they say in the words of the room. Ids of these rows are of these kinds. */
import {
  won,
  type BusinessMonth,
  type MemberId,
  type MerchantId,
  type OperationId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import type { CancellationSeen, DueTakeBack, Earning, PaymentSeen } from '../cashback/cashback.ts'
import type { CashbackReason, CashbackSpending } from '../issuing/issuing.ts'

/** One for each share. */
export interface EarningRow {
  payment_id: OperationId
  wallet_id: WalletId
  member_id: MemberId
  merchant_id: MerchantId
  paid_at: number
  month: BusinessMonth
  revenue_won: number
  spending: CashbackSpending
  state: Earning['state']
  waits_for: Earning['waitsFor']
  attempt: number
  operation_id: OperationId | null
  program_id: ProgramId
  spent_won: number
  cancelled_won: number
  rate_basis_points: number
  earned_won: number
  taken_back_won: number
  reason: CashbackReason | null
  expires_at: number
  returned_national_won: number
  returned_province_won: number
  returned_city_won: number
}

export function earningsIn(rows: readonly EarningRow[]): Earning[] {
  return [...Map.groupBy(rows, (row) => row.payment_id).values()].map(earningOf)
}

function earningOf(rows: EarningRow[]): Earning {
  const row = rows[0]!
  return {
    paymentId: row.payment_id,
    walletId: row.wallet_id,
    memberId: row.member_id,
    merchantId: row.merchant_id,
    paidAt: row.paid_at,
    month: row.month,
    revenueWon: won(row.revenue_won),
    spending: row.spending,
    state: row.state,
    waitsFor: row.waits_for,
    attempt: row.attempt,
    operationId: row.operation_id ?? undefined,
    shares: rows.map((share) => ({
      programId: share.program_id,
      spentWon: won(share.spent_won),
      cancelledWon: won(share.cancelled_won),
      rateBasisPoints: share.rate_basis_points,
      earnedWon: won(share.earned_won),
      takenBackWon: won(share.taken_back_won),
      reason: share.reason,
      expiresAt: share.expires_at,
      returned: {
        nationalWon: won(share.returned_national_won),
        provinceWon: won(share.returned_province_won),
        cityWon: won(share.returned_city_won),
      },
    })),
  }
}

/** One for each program that an operation moved money of. */
export interface EventRow {
  operation_id: OperationId
  kind: 'payment' | 'capture' | 'cancellation'
  booked_at: number
  wallet_id: WalletId
  member_id: MemberId
  merchant_id: MerchantId
  target_id: OperationId | null
  chosen: CashbackSpending | null
  program_id: ProgramId
  spent_won: number
}

export function eventsIn(rows: readonly EventRow[]): (PaymentSeen | CancellationSeen)[] {
  return [...Map.groupBy(rows, (row) => row.operation_id).values()].map((group) => {
    const row = group[0]!
    const shares = group.map(({ program_id: programId, spent_won: spent }) => {
      return { programId, spentWon: won(spent) }
    })
    const { operation_id: operationId, booked_at: bookedAt } = row
    return row.kind === 'cancellation'
      ? { kind: 'cancellation', operationId, bookedAt, paymentId: row.target_id!, shares }
      : {
          kind: 'payment',
          operationId,
          bookedAt,
          walletId: row.wallet_id,
          memberId: row.member_id,
          merchantId: row.merchant_id,
          chosen: row.chosen,
          shares,
        }
  })
}

/** One for each program. */
export interface TakeBackRow {
  cancellation_id: OperationId
  payment_id: OperationId
  wallet_id: WalletId
  member_id: MemberId
  cancelled_at: number
  state: DueTakeBack['state']
  attempt: number
  program_id: ProgramId
  cancelled_won: number
  wanted_won: number
  taken_won: number
  paid_at: number
  earned_by: OperationId
  returned_national_won: number
  returned_province_won: number
  returned_city_won: number
}

export function takeBacksIn(rows: readonly TakeBackRow[]): DueTakeBack[] {
  return [...Map.groupBy(rows, (row) => row.cancellation_id).values()].map((group) => {
    const row = group[0]!
    return {
      cancellationId: row.cancellation_id,
      paymentId: row.payment_id,
      walletId: row.wallet_id,
      memberId: row.member_id,
      cancelledAt: row.cancelled_at,
      state: row.state,
      attempt: row.attempt,
      paidAt: row.paid_at,
      earnedBy: row.earned_by,
      returned: group.map((share) => ({
        programId: share.program_id,
        nationalWon: won(share.returned_national_won),
        provinceWon: won(share.returned_province_won),
        cityWon: won(share.returned_city_won),
      })),
      shares: group.map((share) => ({
        programId: share.program_id,
        cancelledWon: won(share.cancelled_won),
        wantedWon: won(share.wanted_won),
        takenWon: won(share.taken_won),
      })),
    }
  })
}
