/** Why confirmation says no. Values, not thrown; the door has words for each. */
import type { ConfirmationState } from './confirmation-records.ts'

/** In order of precedence, as far as several can apply. */
export const confirmationRefusals = [
  'member_unknown',
  'pin_trivial',
  'confirmation_required',
  'pin_not_set',
  'pin_blocked',
  'pin_wrong',
  'passkey_unknown',
  'passkey_name_invalid',
  'too_many_passkeys',
  'nothing_to_copy',
] as const
export type ConfirmationRefusal = (typeof confirmationRefusals)[number]

export interface ConfirmationRefused {
  readonly status: 'refused'
  readonly reason: ConfirmationRefusal
  /** Of `pin_wrong`. */
  readonly attemptsLeft?: number
}

/** What stands after a change, or why it was not made. */
export type Confirmed =
  | { readonly status: 'confirmed'; readonly state: ConfirmationState }
  | ConfirmationRefused

export function refused(reason: ConfirmationRefusal): ConfirmationRefused {
  return { status: 'refused', reason }
}
