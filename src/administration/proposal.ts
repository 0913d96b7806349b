/** A proposal as officers see it. */
import type { IssuerId, ProposalId } from '../base/base.ts'
import type { ProposalBody, ProposalState, RecordOf } from '../registration/registration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { judgeChange, type Judgement } from './change-preview.ts'

/** So many of an issuer may wait for a decision at a time. */
export const PROPOSALS_OPEN_MAX = 200

export interface Proposal extends ProposalBody {
  readonly issuerId: IssuerId
  readonly proposalId: ProposalId
  /** What it would mean if it were decided now; `undefined` once it has been. */
  readonly judgement: Judgement | undefined
}

export interface ProposalPage {
  readonly state?: ProposalState
  readonly before?: ProposalId
  readonly limit: number
}

export function proposalOf(
  { directory, clock }: Pick<AdministrationDeps, 'directory' | 'clock'>,
  issuerId: IssuerId,
  { recordId, body }: Pick<RecordOf<'proposal'>, 'recordId' | 'body'>,
): Proposal {
  const isOpen = body.state === 'proposed' && !body.isDone
  return {
    ...body,
    issuerId,
    proposalId: recordId as ProposalId, // The record id of a proposal is the proposal's.
    judgement: isOpen ? judgeChange(directory, issuerId, body.change, clock()) : undefined,
  }
}
