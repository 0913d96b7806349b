/** Changes of programs, by the use cases of administration. */
import { unreachable, won } from '../../src/base/base.ts'
import type { Proposal, Wish } from '../../src/administration/administration.ts'
import type { Registered } from '../../src/registration/registration.ts'
import { startOfDay } from './year-calendar.ts'
import {
  declined,
  done,
  type Told,
  type WishOf,
  type YearChange,
  type YearEvent,
} from './year-events.ts'
import { ISSUER, keyOf, officerOf, programIdOf } from './year-terms.ts'
import type { YearTown } from './year-town.ts'

const REASON = '사업 운영'

export async function actAtDesk(
  town: YearTown,
  event: YearEvent,
  wish: WishOf<'propose' | 'approve' | 'turn_down' | 'stop_at_once'>,
): Promise<Told> {
  const { administration } = town
  const by = { issuerId: ISSUER, officerId: officerOf(wish.officer) }
  const requestId = keyOf(event.number)
  switch (wish.what) {
    case 'propose':
      return proposed(
        town,
        event,
        await administration.propose({ ...by, requestId, wish: wishOf(wish.change) }),
      )
    case 'stop_at_once': {
      const stop = { kind: 'stop', ...stopOf(wish) } as const
      return proposed(town, event, await administration.stopAtOnce({ ...by, requestId, stop }))
    }
    case 'approve':
    case 'turn_down': {
      const known = town.proposals.get(wish.proposal)
      if (known === undefined) return declined('proposal_unknown')
      const { proposalId, officer } = known
      const to = officer === wish.officer ? 'withdrawn' : 'rejected'
      return toldOf(
        wish.what === 'approve'
          ? await administration.approve({ ...by, proposalId })
          : await administration.turnDown({ ...by, proposalId, to, reason: REASON }),
      )
    }
    default:
      return unreachable(wish)
  }
}

type Answer = Registered<{ readonly proposal: Proposal }>

function proposed(town: YearTown, { number, wish }: YearEvent, answer: Answer): Told {
  if (answer.status === 'registered' && 'officer' in wish) {
    const { proposalId } = answer.proposal
    town.proposals.set(number, { proposalId, officer: wish.officer })
  }
  return toldOf(answer)
}

function toldOf(answer: Answer): Told {
  return answer.status === 'registered' ? done() : declined(answer.reason)
}

function wishOf(change: YearChange): Wish {
  if (change.kind === 'stop') return { kind: 'stop', ...stopOf(change) }
  const changes =
    'monthlyCapWon' in change
      ? { monthlyPurchaseCapWon: won(change.monthlyCapWon) }
      : { benefit: { rateBasisPoints: change.rateBasisPoints } }
  return {
    kind: 'change_terms',
    programId: programIdOf(change.program),
    effectiveFrom: startOfDay(change.fromDay),
    changes,
  }
}

function stopOf({
  program,
  saleStopped,
  paymentStopped,
}: Pick<WishOf<'stop_at_once'>, 'program' | 'saleStopped' | 'paymentStopped'>) {
  return { programId: programIdOf(program), saleStopped, paymentStopped, reason: REASON }
}
