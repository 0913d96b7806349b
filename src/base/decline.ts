/**
 * Every reason we decline for, in order of precedence: when several apply, the first is answered.
 * A decline is an expected answer: certain, recorded under its key, and it changes no row of money.
 * The doors give each one an HTTP status and Korean and English words; a reason without them does not compile.
 */
export const declineReasons = [
  // The code that was scanned or shown.
  'code_invalid',
  'code_expired',
  'code_of_other_issuer',
  'amount_differs_from_code',
  'amount_missing',
  // Cards: the sender took it back before it arrived; the cardholder wants the account to pay.
  'reversed_first',
  'cardholder_chose_card',
  // Who is paid.
  'merchant_unknown',
  'merchant_not_active',
  'outlet_closed',
  // Who pays.
  'wallet_unknown',
  'wallet_stopped',
  'member_too_young',
  'own_shop',
  // What may be paid.
  'amount_above_limit',
  'merchant_not_eligible',
  'program_suspended',
  // What only the ledger can see.
  'code_already_used',
  'insufficient_funds',
  'payment_unknown',
  'payment_of_other_merchant',
  'cancel_exceeds_payment',
  'hold_unknown',
  'hold_closed',
  'capture_exceeds_hold',
  'settlement_exceeds_clearing',
  // Buying.
  'program_unknown',
  'sale_not_open',
  'amount_not_offered',
  'purchase_cap_exceeded',
  'holding_cap_exceeded',
  'sold_out',
  'budget_exhausted',
  'bank_refused',
  'purchase_unknown',
  'purchase_closed',
] as const
export type DeclineReason = (typeof declineReasons)[number]

/** Of several reasons, the one that is answered. */
export function firstDecline(reasons: readonly DeclineReason[]): DeclineReason | undefined {
  return declineReasons.find((reason) => reasons.includes(reason))
}
