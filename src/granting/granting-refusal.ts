/** Why granting says no. Values, not thrown; each door gives every one its words. */

export const grantingRefusals = [
  'program_unknown',
  'program_grants_nothing',
  'round_malformed',
  'batch_unknown',
  'batch_state_differs',
  'other_officer_needed',
  'funder_pot_short',
  'words_missing',
  'appeal_unknown',
  'appeal_period_over',
  'appeal_open_already',
  'too_many_appeals',
  'appeal_state_differs',
  'appeal_amount_wrong',
  'appeal_over_cap',
  'grant_unknown',
  'clawback_unknown',
  'clawback_state_differs',
  'nothing_left_to_claw_back',
] as const
export type GrantingRefusal = (typeof grantingRefusals)[number]

export interface GrantingRefused {
  readonly status: 'refused'
  readonly reason: GrantingRefusal
  readonly field?: string
}

export type Granted<Result> = ({ readonly status: 'done' } & Result) | GrantingRefused

export function refusedGrant(reason: GrantingRefusal, field?: string): GrantingRefused {
  return { status: 'refused', reason, ...(field === undefined ? {} : { field }) }
}
