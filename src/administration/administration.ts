/**
 * Administration: how an issuer starts and changes its programs. An officer proposes, a second one decides, and the
 * decision and what it brings about are one writing: terms, a pot or a stop never stand without who approved them.
 */
import type { IssuerId, ProposalId } from '../base/base.ts'
import { recordOf, type Registered } from '../registration/registration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import {
  approve,
  lapseOverdue,
  turnDown,
  type LapseCount,
  type Turning,
  type Verdict,
} from './deciding.ts'
import { stopAtOnce, type StopCommand } from './emergency-stop.ts'
import { proposalOf, type Proposal, type ProposalPage } from './proposal.ts'
import { preview, propose, type Previewed, type Proposing } from './proposing.ts'

export type { AdministrationDeps } from './administration-deps.ts'
export { announcementTurn, type AnnouncementDeps, type Telling } from './announcing.ts'
export { judgeChange, type ChangePreview, type Judgement } from './change-preview.ts'
export { type LapseCount, type Turning, type Verdict } from './deciding.ts'
export { type StopCommand } from './emergency-stop.ts'
export { PROPOSALS_OPEN_MAX, type Proposal, type ProposalPage } from './proposal.ts'
export { type Previewed, type Proposing } from './proposing.ts'
export { REASON_LENGTH_MAX, type StopWish, type Wish } from './wish.ts'

/** All methods throw the registry's Faults; a no is a value. */
export interface Administration {
  /** What a wish would come to, were it decided now; nothing is written. */
  preview(issuerId: IssuerId, wish: Proposing['wish']): Promise<Registered<Previewed>>
  /** Carried out at once where the issuer asks for no second officer. */
  propose(proposing: Proposing): Promise<Registered<{ readonly proposal: Proposal }>>
  /** By a second officer of the issuer, never the proposer. */
  approve(verdict: Verdict): Promise<Registered<{ readonly proposal: Proposal }>>
  /** Rejected by another officer, or withdrawn by the proposer. */
  turnDown(turning: Turning): Promise<Registered<{ readonly proposal: Proposal }>>
  /** One officer stops selling or paying at once; a second confirms it afterwards. */
  stopAtOnce(command: StopCommand): Promise<Registered<{ readonly proposal: Proposal }>>
  proposal(issuerId: IssuerId, proposalId: ProposalId): Promise<Proposal | undefined>
  /** Newest first. */
  proposals(issuerId: IssuerId, page: ProposalPage): Promise<readonly Proposal[]>
  /** Ends what nobody decided in time, and makes a case of every stop that nobody confirmed. */
  lapseOverdue(issuerId: IssuerId): Promise<LapseCount>
}

export function createAdministration(deps: AdministrationDeps): Administration {
  return {
    preview: (issuerId, wish) => preview(deps, issuerId, wish),
    propose: (proposing) => propose(deps, proposing),
    approve: (verdict) => approve(deps, verdict),
    turnDown: (turning) => turnDown(deps, turning),
    stopAtOnce: (command) => stopAtOnce(deps, command),
    async proposal(issuerId, proposalId) {
      const [stored] = await deps.registry.read(issuerId, 'proposal', [proposalId])
      return stored && proposalOf(deps, issuerId, recordOf('proposal', stored))
    },
    async proposals(issuerId, page) {
      const stored = await deps.registry.list(issuerId, 'proposal', page)
      return stored.map((each) => proposalOf(deps, issuerId, recordOf('proposal', each)))
    },
    lapseOverdue: (issuerId) => lapseOverdue(deps, issuerId),
  }
}
