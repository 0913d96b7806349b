/**
 * Coverage (지급준비율): what members, merchants and card companies are owed, held against the fund. 전자금융거래법 §25의2
 * and 시행령 §13의2 ask for 100 % of the float outside the operator's own assets, discounts counted in; 지역사랑상품권법
 * §4의2 keeps a municipality's operating fund at its treasury bank. Whether both bind one program is a legal question,
 * so the share, and whether subsidies that were not paid yet count, are rules of the issuer.
 */
import type { Won } from '../base/base.ts'
import type { AccountKind } from '../ledger/ledger.ts'
import type { AccountBalance } from './treasury-store.ts'

/**
 * Whether what stands on an account is owed to somebody who is not the issuer, and why. A new kind of account does not
 * compile until somebody has decided.
 */
export const owedAccounts = {
  // Value that members hold, at its face: §25의2 counts discounts and points that were issued.
  lot: true,
  lot_hold: true,
  offline_reserve: true,
  gift_transit: true,
  // What was paid with vouchers and has not reached a bank account yet.
  merchant_payable: true,
  card_clearing: true,
  settlement_in_transit: true,
  returned_payout: true,
  // Somebody's money, although nobody knows whose.
  unidentified_deposit: true,
  // The fund itself, and what covers it.
  operating_fund: false,
  subsidy_receivable: false,
  // The issuer's own: what expired, what merchants paid, what the fund earned; and what it has lost.
  breakage: false,
  merchant_fee: false,
  fund_interest: false,
  standin_loss: false,
} as const satisfies Record<AccountKind, boolean>

const WHOLE = 10_000

export interface CoverageRules {
  readonly fundCoverageBasisPointsMin: number
  readonly receivablesCount: boolean
}

export interface Coverage {
  readonly owedWon: Won
  readonly receivableWon: Won
  readonly coveringWon: Won
  /** Rounded down; `null` where nothing is owed. */
  readonly coverageBasisPoints: number | null
  /** What is missing of the share that the rules ask for. */
  readonly shortWon: Won
}

export interface CertainFund {
  /** What certainly lies in the fund's account. */
  readonly fundWon: Won
  /** Of it, what funders paid in and the balances still show as owed by them. */
  readonly fundersWon: Won
}

/** @param balances debits less credits, at the end of the day */
export function coverageOf(
  balances: readonly AccountBalance[],
  { fundWon, fundersWon }: CertainFund,
  { fundCoverageBasisPointsMin, receivablesCount }: CoverageRules,
): Coverage {
  const owedWon = sumOf(
    balances.filter(({ kind }) => owedAccounts[kind]).map(({ balanceWon }) => 0 - balanceWon),
  )
  // What was paid in advance lies in the fund already.
  const unpaidWon = sumOf(
    balances.filter(({ kind }) => kind === 'subsidy_receivable').map((one) => one.balanceWon),
  )
  const receivableWon = sumOf([unpaidWon - fundersWon])
  const coveringWon = sumOf([fundWon, receivablesCount ? receivableWon : 0])
  const requiredWon = shareOf(owedWon, fundCoverageBasisPointsMin)
  return {
    owedWon,
    receivableWon,
    coveringWon,
    coverageBasisPoints: owedWon === 0 ? null : ratio(coveringWon, owedWon),
    shortWon: sumOf([Math.max(0, requiredWon - coveringWon)]),
  }
}

/** Rounded up: a won that is missing is missing. Exact beyond what a double multiplies. */
function shareOf(amountWon: Won, basisPoints: number): number {
  const product = BigInt(amountWon) * BigInt(basisPoints)
  return Number((product + BigInt(WHOLE - 1)) / BigInt(WHOLE))
}

function ratio(partWon: Won, wholeWon: Won): number {
  return Number((BigInt(partWon) * BigInt(WHOLE)) / BigInt(wholeWon))
}

/** A kind that stands on the other side than it should hides no debt: it counts as nothing. */
function sumOf(amounts: readonly number[]): Won {
  return amounts.reduce((sum, amount) => sum + Math.max(0, amount), 0) as Won // Of integers.
}
