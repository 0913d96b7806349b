/** The accounts of an issuer, and the one way in which money moves between them. */
import type { Funder, Won } from '../base/base.ts'

/**
 * Account kinds and what their id means: `lot`, `lot_hold`: the lot; `merchant_payable`: the merchant;
 * `subsidy_receivable`: the funder (1 national, 2 province, 3 city); `card_clearing`: the partner; `gift_transit`: the
 * gift; `returned_payout`: the payout; the others stand once per issuer, id 0.
 */
export const accountKinds = [
  'operating_fund',
  'subsidy_receivable',
  'lot',
  'lot_hold',
  'offline_reserve',
  'merchant_payable',
  'settlement_in_transit',
  'card_clearing',
  'breakage',
  'standin_loss',
  'merchant_fee',
  'gift_transit',
  'returned_payout',
  'unidentified_deposit',
  'fund_interest',
] as const
export type AccountKind = (typeof accountKinds)[number]

/** The ids of `subsidy_receivable`. */
export const funderAccountIds = {
  national: 1,
  province: 2,
  city: 3,
} as const satisfies Record<Funder, number>

/** One debit and one credit of one amount; lines of an operation stand in the order of taking. */
export interface Transfer {
  line: number
  debitKind: AccountKind
  debitId: number
  creditKind: AccountKind
  creditId: number
  amountWon: Won
}
