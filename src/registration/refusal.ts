/** Why registration says no. Values, not thrown; each door gives every one its words. */
import type { Instant } from '../base/base.ts'
import type { TermsProblem } from '../issuing/issuing.ts'

/** In order of precedence, as far as several can apply. */
export const registrationRefusals = [
  'member_unknown',
  'wallet_unknown',
  'wallet_stopped',
  'account_not_linked',
  'debit_consent_missing',
  'consent_text_unknown',
  'consent_unknown',
  'consent_missing',
  'consent_required',
  'acts_for_corporation',
  'money_on_its_way',
  'refund_first',
  'rest_not_renounced',
  'partner_unknown',
  'card_unknown',
  'link_code_unknown',
  'card_of_another_member',
  'too_many_cards',
  'case_unknown',
  'case_closed',
  'case_transition_refused',
  'case_too_early',
  'case_too_late',
  'too_many_reports',
  'operation_unknown',
  'payout_unknown',
  'payout_moves',
  'expected_payment_unknown',
  'expected_payment_claimed',
  'merchant_unknown',
  'outlet_unknown',
  'kit_unknown',
  'clerk_unknown',
  'clerk_code_used',
  'program_unknown',
  'field_invalid',
  'business_number_taken',
  'merchant_barred',
  'merchant_transition_refused',
  'merchant_check_failed',
  'merchant_too_early',
  'merchant_too_late',
  'merchant_without_validity',
  'bar_not_halved',
  'document_unknown',
  'document_type_refused',
  'documents_full',
  'account_holder_differs',
  'account_unknown_at_bank',
  'agent_unknown',
  'owner_stays',
  'terms_invalid',
  'terms_superseded',
  'officer_unknown',
  'second_officer_needed',
  'too_many_proposals',
  'proposal_unknown',
  'own_proposal',
  'proposal_of_another',
  'proposal_lapsed',
  'proposal_decided',
  'notice_too_short',
  'nothing_changes',
  'program_abolished',
  'pot_unknown',
  'pot_overlaps',
  'request_reused',
] as const
export type RegistrationRefusal = (typeof registrationRefusals)[number]

export interface Refused {
  readonly status: 'refused'
  readonly reason: RegistrationRefusal
  /** Of `field_invalid`: the field of the command. Of `consent_missing`: which. */
  readonly field?: string
  /** Until or from when, where the reason is about an instant. */
  readonly at?: Instant
  /** Of `terms_invalid`: everything that is wrong with them. */
  readonly problems?: readonly TermsProblem[]
  /** Of `notice_too_short`: the first instant at which it may take effect. */
  readonly earliestAt?: Instant
}

/** The answer of a use case: what it brought about, or why not. */
export type Registered<Result> = ({ readonly status: 'registered' } & Result) | Refused

export function refused(reason: RegistrationRefusal, field?: string): Refused {
  return { status: 'refused', reason, ...(field === undefined ? {} : { field }) }
}
