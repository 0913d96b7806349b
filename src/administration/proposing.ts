/** An officer proposes a change. */
import {
  DAY_MS,
  formatId,
  requestHash,
  type Instant,
  type IssuerId,
  type OfficerId,
  type OperationId,
  type ProposalId,
} from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  readRecord,
  refused,
  type Change,
  type NewRecord,
  type ProposalBody,
  type ProposedChange,
  type Refused,
  type Registered,
} from '../registration/registration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { carriedOut } from './carried-out.ts'
import { judgeChange, type Judgement } from './change-preview.ts'
import { PROPOSALS_OPEN_MAX, proposalOf, type Proposal } from './proposal.ts'
import { resolveWish, type Wish } from './wish.ts'

export interface Proposing {
  readonly issuerId: IssuerId
  readonly officerId: OfficerId
  readonly requestId: OperationId
  readonly wish: Wish
}

export interface Previewed {
  readonly change: ProposedChange
  readonly judgement: Judgement
}

type Proposed = Registered<{ readonly proposal: Proposal }>

export async function preview(
  deps: AdministrationDeps,
  issuerId: IssuerId,
  wish: Wish,
): Promise<Registered<Previewed>> {
  const resolved = await resolveWish(deps, issuerId, wish)
  if (resolved.status === 'refused') return resolved
  const { change } = resolved
  const judgement = judgeChange(deps.directory, issuerId, change, deps.clock())
  return { status: 'registered', change, judgement }
}

export async function propose(deps: AdministrationDeps, proposing: Proposing): Promise<Proposed> {
  const { issuerId, officerId, requestId, wish } = proposing
  const now = deps.clock()
  const asked = wishHash(deps, proposing)
  const decide = async (): Promise<Change<Proposed>> => {
    const known = await knownProposal(deps, issuerId, requestId, asked)
    if (known !== undefined) return { answer: known }
    const refusal = await officerRefusal(deps, issuerId, officerId)
    if (refusal !== undefined) return { answer: refusal }
    const resolved = await resolveWish(deps, issuerId, wish)
    if (resolved.status === 'refused') return { answer: resolved }
    const { change } = resolved
    const judgement = judgeChange(deps.directory, issuerId, change, now)
    if (judgement.refusal !== undefined) return { answer: judgement.refusal }
    if (await isCrowded(deps, issuerId)) return { answer: refused('too_many_proposals') }
    const isAlone = !judgement.preview.needsSecondOfficer
    const proposalId = deps.ids.next('prp')
    const body: ProposalBody = {
      change,
      requestId,
      requestHash: asked,
      proposedBy: officerId,
      proposedAt: now,
      decideBy: decideBy(deps, issuerId, { change, now }),
      isDone: false,
      state: isAlone ? 'approved' : 'proposed',
      decidedBy: isAlone ? officerId : null,
      decidedAt: isAlone ? now : null,
      reason: null,
    }
    const decision = {
      issuerId,
      proposalId,
      requestId,
      change,
      preview: judgement.preview,
      at: now,
    }
    const carried = isAlone ? await carriedOut(deps, decision) : []
    return proposed(deps, { issuerId, proposalId, body, carried })
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

/** The first version of a proposal, with what comes along. */
export function proposed(
  deps: AdministrationDeps,
  written: {
    readonly issuerId: IssuerId
    readonly proposalId: ProposalId
    readonly body: ProposalBody
    readonly carried: readonly NewRecord[]
  },
): Change<Proposed> {
  const { issuerId, proposalId, body, carried } = written
  const record = { recordId: proposalId, version: 1, body }
  return {
    answer: { status: 'registered', proposal: proposalOf(deps, issuerId, record) },
    by: formatId('off', body.proposedBy),
    records: [
      newRecord('proposal', { ...record, keys: [naturalKey.request(body.requestId)] }),
      ...carried,
    ],
  }
}

/** What the request brought about before; `undefined` where it is new. */
export async function knownProposal(
  deps: AdministrationDeps,
  issuerId: IssuerId,
  requestId: OperationId,
  asked: string,
): Promise<Proposed | undefined> {
  const key = naturalKey.request(requestId)
  const known = await findRecord(deps.registry, issuerId, 'proposal', key)
  if (known === undefined) return undefined
  return known.body.requestHash === asked
    ? { status: 'registered', proposal: proposalOf(deps, issuerId, known) }
    : refused('request_reused')
}

/** Hex. */
export function wishHash(
  { sha256 }: Pick<AdministrationDeps, 'sha256'>,
  { officerId, wish }: Pick<Proposing, 'officerId' | 'wish'>,
): string {
  const bytes = requestHash(sha256, ['proposal', officerId, JSON.stringify(wish)])
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** An officer who left within the life of a session decides nothing any more. */
export async function officerRefusal(
  { registry }: Pick<AdministrationDeps, 'registry'>,
  issuerId: IssuerId,
  officerId: OfficerId,
): Promise<Refused | undefined> {
  const officer = await readRecord(registry, issuerId, 'officer', officerId)
  return officer?.body.active === true ? undefined : refused('officer_unknown')
}

export async function isCrowded(
  { registry }: Pick<AdministrationDeps, 'registry'>,
  issuerId: IssuerId,
): Promise<boolean> {
  const page = { state: 'proposed', limit: PROPOSALS_OPEN_MAX }
  return (await registry.list(issuerId, 'proposal', page)).length >= PROPOSALS_OPEN_MAX
}

function decideBy(
  { directory }: Pick<AdministrationDeps, 'directory'>,
  issuerId: IssuerId,
  { change, now }: { change: ProposedChange; now: Instant },
): Instant {
  switch (change.kind) {
    case 'create_program':
    case 'change_terms':
      return change.terms.effectiveFrom
    case 'set_rules':
      return change.effectiveFrom
    default:
      return now + rulesAt(directory.issuerRules(issuerId), now).proposalDays * DAY_MS
  }
}
