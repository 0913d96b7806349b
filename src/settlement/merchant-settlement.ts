/**
 * What one merchant gets in one run: its lines, what was carried from before, and whether the whole is paid, carried
 * on or held back. Pure arithmetic on sealed sums.
 */
import {
  assert,
  sumWon,
  won,
  type BusinessDate,
  type Instant,
  type MerchantId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { MovementRequest, PayoutAccount } from '../ledger/ledger.ts'
import { feeOn } from './settlement-fee.ts'

/**
 * What a run finds of one merchant, one program and one day of paying. Cancellations count in the run that they are
 * booked for, and belong to the day of their payment.
 */
export interface DaySums {
  readonly programId: ProgramId
  readonly paidOn: BusinessDate
  readonly paymentsWon: Won
  readonly payments: number
  readonly cancellationsWon: Won
  readonly cancellations: number
  /** What earlier runs settled of that day: payments less cancellations, and the fee on it. */
  readonly settledWon: Won
  readonly settledFeeWon: Won
  /** The end of the day of paying, as it was closed: terms and revenue of that instant decide the fee. */
  readonly paidUntilAt: Instant
}

/** One line of a settlement: `feeWon` is below zero where a fee is given back. */
export interface SettlementLine extends Omit<
  DaySums,
  'settledWon' | 'settledFeeWon' | 'paidUntilAt'
> {
  readonly feeBasisPoints: number
  readonly feeWon: Won
}

/** What is owed to a merchant and was not moved yet: takings, and the fee on them. Either may be below zero. */
export interface Carried {
  readonly payableWon: Won
  readonly feeWon: Won
}

export const NOTHING_CARRIED: Carried = { payableWon: won(0), feeWon: won(0) }

/** How a merchant's newest settlement ended; `undefined`: it has none yet. */
export type Standing = Pick<MerchantSettlement, 'reason'> & { readonly outcome: SettlementOutcome }

/**
 * - `suspended` (가맹점 정지): the municipality suspended the merchant.
 * - `account_missing` (계좌 미등록): nobody registered where to pay to.
 * - `agent_not_named` (환전대행 미지정): the chosen exchange agent may not redeem for the merchant.
 * - `agent_account_missing` (환전대행 계좌 미등록): the agent has no account of its own.
 */
export const heldReasons = [
  'suspended',
  'account_missing',
  'agent_not_named',
  'agent_account_missing',
] as const
export type HeldReason = (typeof heldReasons)[number]

/** Where a merchant's money goes, or why it goes nowhere. */
export type Payee =
  | { readonly status: 'payable'; readonly account: PayoutAccount; readonly closed: boolean }
  | { readonly status: 'held'; readonly reason: HeldReason }

/**
 * - `due`: fixed, and not moved yet; an amount of a run that is under way.
 * - `paid`: moved out of what the merchant is owed, into a payout.
 * - `carried`: less than the minimum, or below zero; counts in the next run.
 * - `held`: counts in the next run, and is paid once the reason is gone.
 */
export const settlementOutcomes = ['due', 'paid', 'carried', 'held'] as const
export type SettlementOutcome = (typeof settlementOutcomes)[number]

export interface MerchantSettlement {
  readonly merchantId: MerchantId
  readonly carried: Carried
  readonly lines: readonly SettlementLine[]
  readonly outcome: Extract<SettlementOutcome, 'due' | 'carried' | 'held'>
  readonly reason: HeldReason | undefined
  /** Takings and fee that the run decides about: carried and lines together. */
  readonly payableWon: Won
  readonly feeWon: Won
  /** Set where it is due. */
  readonly account: PayoutAccount | undefined
}

export interface MerchantFacts {
  readonly merchantId: MerchantId
  readonly carried: Carried
  readonly standing: Standing | undefined
  readonly sums: readonly DaySums[]
  /** The rate of a program for this merchant on a day. */
  readonly feeBasisPoints: (of: Pick<DaySums, 'programId' | 'paidOn' | 'paidUntilAt'>) => number
  readonly payee: Payee
  readonly minimumPayoutWon: Won
}

/** @returns `undefined` where nothing is to be written: no lines, and everything stays as it was */
export function settleMerchant(facts: MerchantFacts): MerchantSettlement | undefined {
  const { merchantId, carried, standing, sums, payee } = facts
  const lines = sums.map((each) => lineOf(each, facts.feeBasisPoints(each)))
  const payableWon = sumWon([
    carried.payableWon,
    ...lines.map(({ paymentsWon, cancellationsWon }) => won(paymentsWon - cancellationsWon)),
  ])
  const feeWon = sumWon([carried.feeWon, ...lines.map((line) => line.feeWon)])
  const decision = decide(payoutWon({ payableWon, feeWon }), facts)
  const isAsBefore = standing?.outcome === decision.outcome && standing.reason === decision.reason
  const wasPaid = standing === undefined || standing.outcome === 'paid'
  if (lines.length === 0 && (isAsBefore || wasPaid)) return undefined
  const account =
    payee.status === 'payable' && decision.outcome === 'due' ? payee.account : undefined
  return { merchantId, carried, lines, payableWon, feeWon, account, ...decision }
}

function decide(
  amountWon: Won,
  { payee, minimumPayoutWon }: MerchantFacts,
): Pick<MerchantSettlement, 'outcome' | 'reason'> {
  if (amountWon <= 0) return { outcome: 'carried', reason: undefined }
  if (payee.status === 'held') return { outcome: 'held', reason: payee.reason }
  // A closed shop will not come to more, so the minimum no longer keeps from it what it is owed.
  const isEnough = payee.closed || amountWon >= minimumPayoutWon
  return { outcome: isEnough ? 'due' : 'carried', reason: undefined }
}

function lineOf(sums: DaySums, feeBasisPoints: number): SettlementLine {
  const { settledWon, settledFeeWon, paidUntilAt: _paidUntilAt, ...line } = sums
  const leftWon = won(settledWon + sums.paymentsWon - sums.cancellationsWon)
  const feeWon = won(feeOn(leftWon, feeBasisPoints) - settledFeeWon)
  return { ...line, feeBasisPoints, feeWon }
}

/** What goes to the bank account. A fee that is to be given back waits for the next fee that is due. */
export function payoutWon({ payableWon, feeWon }: Carried): Won {
  return won(payableWon - Math.max(0, feeWon))
}

/** What a settlement leaves for the next one. */
export function carriedAfter({
  outcome,
  payableWon,
  feeWon,
}: Carried & { readonly outcome: SettlementOutcome }): Carried {
  const isMoved = outcome === 'paid' || outcome === 'due'
  return isMoved ? { payableWon: won(0), feeWon: won(Math.min(0, feeWon)) } : { payableWon, feeWon }
}

/** How a payout moves: what the merchant is owed falls by all its takings, the fee and the rest of them. */
export function payoutLines(merchantId: MerchantId, settled: Carried): MovementRequest['lines'] {
  const payable = { debitKind: 'merchant_payable', debitId: merchantId, creditId: 0 } as const
  const amountWon = payoutWon(settled)
  assert(amountWon > 0, 'a payout is above zero')
  const lines = [{ ...payable, creditKind: 'settlement_in_transit', amountWon } as const]
  if (settled.feeWon <= 0) return lines
  return [...lines, { ...payable, creditKind: 'merchant_fee', amountWon: settled.feeWon } as const]
}
