/**
 * What must stop at once does not wait for a second officer: one stops it, and a second looks at it afterwards. Only
 * stopping is so easy; what goes on again has been decided by two.
 */
import {
  cleanText,
  HOUR_MS,
  type Instant,
  type IssuerId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import { rulesAt, stopAt, type ProgramStop } from '../issuing/issuing.ts'
import {
  changeRecords,
  readRecord,
  refused,
  type Change,
  type NewRecord,
  type ProposalBody,
  type Registered,
} from '../registration/registration.ts'
import type { AdministrationDeps } from './administration-deps.ts'
import { stoppedProgram } from './carried-out.ts'
import type { Proposal } from './proposal.ts'
import { isCrowded, knownProposal, officerRefusal, proposed, wishHash } from './proposing.ts'
import { REASON_LENGTH_MAX, type StopWish } from './wish.ts'

export interface StopCommand {
  readonly issuerId: IssuerId
  readonly officerId: OfficerId
  readonly requestId: OperationId
  readonly stop: StopWish
}

type Stopped = Registered<{ readonly proposal: Proposal }>

export async function stopAtOnce(deps: AdministrationDeps, command: StopCommand): Promise<Stopped> {
  const { issuerId, officerId, requestId, stop } = command
  const { programId, saleStopped, paymentStopped } = stop
  const reason = cleanText(stop.reason, REASON_LENGTH_MAX)
  if (reason === undefined) return refused('field_invalid', 'reason')
  const now = deps.clock()
  const asked = wishHash(deps, { officerId, wish: stop })
  const decide = async (): Promise<Change<Stopped>> => {
    const known = await knownProposal(deps, issuerId, requestId, asked)
    if (known !== undefined) return { answer: known }
    const refusal = await officerRefusal(deps, issuerId, officerId)
    if (refusal !== undefined) return { answer: refusal }
    const program = await readRecord(deps.registry, issuerId, 'program', programId)
    if (program === undefined) return { answer: refused('program_unknown') }
    const { stops = [], abolition = null } = program.body
    const before = stopAt({ stops, abolition }, now)
    const releases =
      (before?.saleStopped === true && !saleStopped) ||
      (before?.paymentStopped === true && !paymentStopped)
    if (releases) return { answer: refused('second_officer_needed') }
    const stopsMore =
      (saleStopped && before?.saleStopped !== true) ||
      (paymentStopped && before?.paymentStopped !== true)
    if (!stopsMore) return { answer: refused('nothing_changes') }
    if (await isCrowded(deps, issuerId)) return { answer: refused('too_many_proposals') }
    const { stopConfirmHours } = rulesAt(deps.directory.issuerRules(issuerId), now)
    const body: ProposalBody = {
      change: { kind: 'stop', programId, saleStopped, paymentStopped, reason },
      requestId,
      requestHash: asked,
      proposedBy: officerId,
      proposedAt: now,
      decideBy: now + stopConfirmHours * HOUR_MS,
      isDone: true,
      state: 'proposed',
      decidedBy: null,
      decidedAt: null,
      reason: null,
    }
    const step = { from: now, saleStopped, paymentStopped, reason }
    const carried = [await stoppedProgram(deps, issuerId, programId, step)]
    return proposed(deps, { issuerId, proposalId: deps.ids.next('prp'), body, carried })
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

/** A stop that a second officer rejects is as it was before, unless somebody has decided about it since. */
export async function releasedStop(
  deps: Pick<AdministrationDeps, 'registry'>,
  issuerId: IssuerId,
  { change, proposedAt }: ProposalBody,
  now: Instant,
): Promise<NewRecord[]> {
  if (change.kind !== 'stop') return []
  const program = await readRecord(deps.registry, issuerId, 'program', change.programId)
  const stops = program?.body.stops ?? []
  if (stops.at(-1)?.from !== proposedAt) return []
  const { saleStopped, paymentStopped, reason } = stops.at(-2) ?? notStopped
  const step = { from: now, saleStopped, paymentStopped, reason }
  return [await stoppedProgram(deps, issuerId, change.programId, step)]
}

const notStopped: Omit<ProgramStop, 'from'> = {
  saleStopped: false,
  paymentStopped: false,
  reason: '확인 반려',
}
