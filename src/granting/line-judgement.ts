/** Whether a line would be granted now, and to whom. The same rule for the dry run and for the grant itself. */
import type { Instant, MemberId, Won } from '../base/base.ts'
import { ageAt, type ProgramTerms, type StipendRules } from '../issuing/issuing.ts'
import type { GrantMember } from './granting-ports.ts'
import type { LineReason, LineState } from './line-store.ts'

export interface LineQuestion {
  readonly amountWon: Won
  /** Whom the line may mean. */
  readonly candidates: readonly GrantMember[]
  /** What the one candidate's wallet holds of the program. */
  readonly holdingWon: Won
  /** Another line of the round has this member. */
  readonly isOwnedByOther: boolean
  readonly terms: Pick<ProgramTerms, 'holdingCapWon'> & {
    readonly stipend: Pick<StipendRules, 'ageMin'>
  }
  readonly at: Instant
}

export interface LineVerdict {
  readonly state: LineState
  readonly reason: LineReason | null
  readonly memberId: MemberId | null
}

export function judgeLine(question: LineQuestion): LineVerdict {
  const { amountWon, candidates, holdingWon, terms, at } = question
  const present = candidates.filter(({ status }) => status !== 'left')
  const [member] = present
  if (member === undefined) {
    return candidates.length === 0
      ? { state: 'waiting', reason: 'not_member', memberId: null }
      : { state: 'refused', reason: 'member_left', memberId: candidates[0]!.memberId }
  }
  if (present.length > 1) return { state: 'waiting', reason: 'several_members', memberId: null }
  const { memberId, status, birthDate } = member
  const waits = (reason: LineReason): LineVerdict => ({ state: 'waiting', reason, memberId })
  if (question.isOwnedByOther) return { state: 'refused', reason: 'granted_before', memberId }
  if (status === 'stopped') return waits('wallet_stopped')
  if (ageAt(birthDate, at) < terms.stipend.ageMin) return waits('too_young')
  if (holdingWon + amountWon > terms.holdingCapWon) return waits('over_cap')
  return { state: 'ready', reason: null, memberId }
}

/** The only one whom a line may mean. */
export function onlyMember(candidates: readonly GrantMember[]): GrantMember | undefined {
  const present = candidates.filter(({ status }) => status !== 'left')
  return present.length === 1 ? present[0] : undefined
}
