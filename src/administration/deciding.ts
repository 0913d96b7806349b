/** What becomes of a proposal: a second officer's word, the proposer's own, or nobody's in time. */
import {
  cleanText,
  formatId,
  type Instant,
  type IssuerId,
  type OfficerId,
  type ProposalId,
} from '../base/base.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  recordOf,
  refused,
  type Change,
  type NewRecord,
  type ProposalBody,
  type RecordOf,
  type Registered,
} from '../registration/registration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { carriedOut } from './carried-out.ts'
import { judgeChange } from './change-preview.ts'
import { releasedStop } from './emergency-stop.ts'
import { PROPOSALS_OPEN_MAX, proposalOf, type Proposal } from './proposal.ts'
import { officerRefusal } from './proposing.ts'
import { REASON_LENGTH_MAX } from './wish.ts'

export interface Verdict {
  readonly issuerId: IssuerId
  readonly proposalId: ProposalId
  readonly officerId: OfficerId
}

export interface Turning extends Verdict {
  readonly to: 'rejected' | 'withdrawn'
  readonly reason: string
}

/** What one turn came to. */
export interface LapseCount {
  readonly lapsed: number
  /** Stops that nobody confirmed in time; each is a case. */
  readonly unconfirmed: number
}

type Decided = Registered<{ readonly proposal: Proposal }>

export async function approve(deps: AdministrationDeps, verdict: Verdict): Promise<Decided> {
  const { issuerId, proposalId, officerId } = verdict
  const now = deps.clock()
  const decide = async (): Promise<Change<Decided>> => {
    const known = await readRecord(deps.registry, issuerId, 'proposal', proposalId)
    if (known === undefined) return { answer: refused('proposal_unknown') }
    const { body } = known
    if (body.state === 'approved' && body.decidedBy === officerId) {
      return { answer: answerOf(deps, issuerId, known) }
    }
    const refusal = await officerRefusal(deps, issuerId, officerId)
    if (refusal !== undefined) return { answer: refusal }
    if (body.state !== 'proposed') return { answer: refused(endedAs(body)) }
    if (body.proposedBy === officerId) return { answer: refused('own_proposal') }
    if (body.isDone) return decided(deps, verdict, known, { state: 'approved', at: now })
    if (now >= body.decideBy) return lapse(known, now)
    const { preview, refusal: unfit } = judgeChange(deps.directory, issuerId, body.change, now)
    if (unfit !== undefined) return { answer: unfit }
    const { change, requestId } = body
    const decision = { issuerId, proposalId, requestId, change, preview, at: now }
    const carried = await carriedOut(deps, decision)
    return decided(deps, verdict, known, { state: 'approved', at: now, carried })
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

export async function turnDown(deps: AdministrationDeps, turning: Turning): Promise<Decided> {
  const { issuerId, proposalId, officerId, to } = turning
  const reason = cleanText(turning.reason, REASON_LENGTH_MAX)
  if (reason === undefined) return refused('field_invalid', 'reason')
  const now = deps.clock()
  const decide = async (): Promise<Change<Decided>> => {
    const known = await readRecord(deps.registry, issuerId, 'proposal', proposalId)
    if (known === undefined) return { answer: refused('proposal_unknown') }
    const { body } = known
    if (body.state === to && body.decidedBy === officerId && body.reason === reason) {
      return { answer: answerOf(deps, issuerId, known) }
    }
    const refusal = await officerRefusal(deps, issuerId, officerId)
    if (refusal !== undefined) return { answer: refusal }
    if (body.state !== 'proposed') return { answer: refused(endedAs(body)) }
    const isOwn = body.proposedBy === officerId
    if (to === 'rejected' && isOwn) return { answer: refused('own_proposal') }
    if (to === 'withdrawn' && !isOwn) return { answer: refused('proposal_of_another') }
    // To withdraw what was done would let one officer alone start again what was stopped.
    if (to === 'withdrawn' && body.isDone) return { answer: refused('own_proposal') }
    const carried = body.isDone ? await releasedStop(deps, issuerId, body, now) : []
    return decided(deps, turning, known, { state: to, at: now, reason, carried })
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

export async function lapseOverdue(
  deps: AdministrationDeps,
  issuerId: IssuerId,
): Promise<LapseCount> {
  const now = deps.clock()
  const page = { state: 'proposed', limit: PROPOSALS_OPEN_MAX }
  const stored = await deps.registry.list(issuerId, 'proposal', page)
  const overdue = stored
    .map((each) => recordOf('proposal', each))
    .filter(({ body }) => body.decideBy <= now)
  const count = { lapsed: 0, unconfirmed: 0 }
  for (const { recordId, body } of overdue) {
    if (body.isDone) {
      await openUnconfirmed(deps, issuerId, { recordId, body })
      count.unconfirmed += 1
      continue
    }
    await changeRecords(deps.registry, issuerId, now, async () => {
      const known = await readRecord(deps.registry, issuerId, 'proposal', recordId)
      // Somebody may have decided it since the list was read.
      return known?.body.state === 'proposed'
        ? lapse(known, now)
        : { answer: refused('proposal_decided') }
    })
    count.lapsed += 1
  }
  return count
}

/** One case for each stop. */
async function openUnconfirmed(
  { casebook }: AdministrationDeps,
  issuerId: IssuerId,
  { recordId, body }: Pick<RecordOf<'proposal'>, 'recordId' | 'body'>,
): Promise<void> {
  const { change, decideBy } = body
  await casebook.openCase({
    issuerId,
    caseKind: 'stop_unconfirmed',
    subject: formatId('prp', recordId as ProposalId), // The record id of a proposal is the proposal's.
    owner: 'issuer',
    openedAt: decideBy,
    facts: change.kind === 'stop' ? { programId: formatId('prg', change.programId) } : {},
  })
}

function lapse(known: RecordOf<'proposal'>, now: Instant): Change<Decided> {
  const { recordId, version } = known
  const body: ProposalBody = { ...known.body, state: 'lapsed', decidedAt: now }
  return {
    answer: refused('proposal_lapsed'),
    by: 'system',
    records: [newRecord('proposal', { recordId, version: version + 1, body })],
  }
}

/** The proposal's next version, and everything that its decision brings about. */
function decided(
  deps: AdministrationDeps,
  { issuerId, officerId }: Verdict,
  known: RecordOf<'proposal'>,
  decision: {
    readonly state: 'approved' | 'rejected' | 'withdrawn'
    readonly at: Instant
    readonly reason?: string
    readonly carried?: readonly NewRecord[]
  },
): Change<Decided> {
  const { state, at, reason = null, carried = [] } = decision
  const body: ProposalBody = {
    ...known.body,
    state,
    decidedBy: officerId,
    decidedAt: at,
    reason,
  }
  const record = { recordId: known.recordId, version: known.version + 1, body }
  return {
    answer: answerOf(deps, issuerId, record),
    by: formatId('off', officerId),
    records: [newRecord('proposal', record), ...carried],
  }
}

function endedAs({ state }: ProposalBody): 'proposal_lapsed' | 'proposal_decided' {
  return state === 'lapsed' ? 'proposal_lapsed' : 'proposal_decided'
}

function answerOf(
  deps: AdministrationDeps,
  issuerId: IssuerId,
  record: Pick<RecordOf<'proposal'>, 'recordId' | 'body'>,
): Decided {
  return { status: 'registered', proposal: proposalOf(deps, issuerId, record) }
}
