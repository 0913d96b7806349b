/**
 * Why a member cannot do with their money what they asked for, beside paying and buying. Nothing was asked of the
 * ledger then: no key is used up, and the same request may be made again when things have changed.
 */

/** In order of precedence, as far as several can apply. */
export const memberMoneyRefusals = [
  // Who asks, and what about.
  'member_left',
  'member_stopped',
  'account_not_linked',
  'debit_consent_missing',
  'consent_text_unknown',
  'lot_unknown',
  'purchase_unknown',
  'purchase_not_completed',
  'refund_request_unknown',
  'refund_request_decided',
  'gift_unknown',
  'gift_closed',
  // What stands against handing a lot back.
  'lot_not_refundable',
  'lot_expired',
  'lot_in_use',
  'lot_used',
  'cancel_window_over',
  'refund_ratio_not_met',
  'remainder_not_small',
  'nothing_to_refund',
  'refund_changed',
  'refund_request_open',
  // What stands against a present.
  'gifts_not_offered',
  'gifts_suspended',
  'gift_to_oneself',
  'gift_limit_exceeded',
  'gift_funds_insufficient',
  // What stands against buying by virtual account or by a standing order.
  'virtual_account_not_offered',
  'virtual_accounts_full',
  'virtual_account_unknown',
  'top_up_order_unknown',
] as const
export type MemberMoneyRefusal = (typeof memberMoneyRefusals)[number]
