/** Members: people registered with one issuer. One person may be a member of several. */
import {
  businessDate,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'

/** `stopped` after a lost telephone or a fraud case, until released; `left` for good. */
export const memberStatuses = ['active', 'stopped', 'left'] as const
export type MemberStatus = (typeof memberStatuses)[number]

export interface Member {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  /** The identity provider's name for the human being, the same with every issuer. */
  readonly personId: string
  readonly name: string
  readonly birthDate: BusinessDate
  readonly phone: string
  readonly status: MemberStatus
}

/**
 * Full years of age (만 나이, 민법 §158) on the Korean calendar day of `now`; negative before birth.
 * Someone born on 29 February grows older on 1 March of a common year.
 */
export function ageAt(birthDate: BusinessDate, now: Instant): number {
  const today = businessDate(now)
  const years = Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return today.slice(5) >= birthDate.slice(5) ? years : years - 1
}
