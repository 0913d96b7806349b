/** Why a corporation's wish is refused. Values, not thrown; each door gives every one its words. */

/** In order of precedence, as far as several can apply. */
export const corporateRefusals = [
  'member_unknown',
  'corporation_unknown',
  'corporation_known',
  'corporation_state_differs',
  'corporation_not_active',
  'field_invalid',
  'account_not_linked',
  'debit_consent_missing',
  'consent_text_unknown',
  'consent_unknown',
  'authorised_unknown',
  'authorised_state_differs',
  'too_many_authorised',
  'last_authorised_stays',
  'hand_outs_open',
  'purchase_pending',
  'value_left',
  'program_unknown',
  'hand_out_unknown',
  'hand_out_state_differs',
  'hand_out_funds_short',
  'too_many_hand_outs',
  'recipient_unknown',
  'gift_closed',
] as const
export type CorporateRefusal = (typeof corporateRefusals)[number]

export interface CorporateRefused {
  readonly status: 'refused'
  readonly reason: CorporateRefusal
  /** Of `field_invalid`: the field of the command. */
  readonly field?: string
}

export type Corporate<Result> = ({ readonly status: 'done' } & Result) | CorporateRefused

export function refusedCorporate(reason: CorporateRefusal, field?: string): CorporateRefused {
  return { status: 'refused', reason, ...(field === undefined ? {} : { field }) }
}
