/** The records that a change comes to once it is decided, all to be appended together with the decision. */
import { DAY_MS, type Instant, type IssuerId, type OperationId } from '../base/base.ts'
import { paymentsEndAt, rulesAt, type ProgramStop } from '../issuing/issuing.ts'
import {
  naturalKey,
  newRecord,
  nextIssuerRules,
  readRecord,
  STOPS_REMEMBERED_MAX,
  termsVersion,
  type AnnouncementBody,
  type NewRecord,
  type ProgramDesk,
  type ProgramBody,
  type ProposedChange,
  type Registry,
} from '../registration/registration.ts'
import type { ChangePreview } from './change-preview.ts'

export interface Decision {
  readonly issuerId: IssuerId
  readonly proposalId: number
  readonly requestId: OperationId
  readonly change: ProposedChange
  readonly preview: ChangePreview
  readonly at: Instant
}

interface CarryingDeps {
  readonly registry: Registry
  readonly directory: ProgramDesk
}

export async function carriedOut(deps: CarryingDeps, decision: Decision): Promise<NewRecord[]> {
  const { issuerId, change, requestId, at } = decision
  switch (change.kind) {
    case 'create_program': {
      const { programId, name, nameEn, terms } = change
      const body: ProgramBody = { name, nameEn }
      return [
        newRecord('program', { recordId: programId, version: 1, body }),
        termsVersion({ programId, version: 1 }, terms, requestId),
      ]
    }
    case 'change_terms': {
      const { programId, basedOn, terms } = change
      const adverseAnnouncedAt = decision.preview.demand.adverseDays === null ? null : at
      const place = { programId, version: basedOn + 1 }
      return [
        termsVersion(place, { ...terms, adverseAnnouncedAt }, requestId),
        ...announcementsOf(deps, decision),
      ]
    }
    case 'stop': {
      const { programId, saleStopped, paymentStopped, reason } = change
      const stop: ProgramStop = { from: at, saleStopped, paymentStopped, reason }
      return [await stoppedProgram(deps, issuerId, programId, stop)]
    }
    case 'abolish': {
      const { programId, lastDay, reason } = change
      const abolition = { announcedAt: at, saleEndsAt: change.saleEndsAt ?? at, lastDay, reason }
      return [
        await programVersion(deps, issuerId, programId, (body) => ({ ...body, abolition })),
        ...announcementsOf(deps, decision),
      ]
    }
    case 'set_pot': {
      const { potId, basedOn, pot } = change
      return [newRecord('funding_pot', { recordId: potId, version: basedOn + 1, body: pot })]
    }
    case 'set_rules': {
      const { effectiveFrom, rules } = change
      return [await nextIssuerRules(deps.registry, issuerId, { requestId, effectiveFrom, rules })]
    }
    default:
      return change satisfies never
  }
}

/** The program's next version with one more stop. */
export function stoppedProgram(
  deps: Pick<CarryingDeps, 'registry'>,
  issuerId: IssuerId,
  programId: number,
  stop: ProgramStop,
): Promise<NewRecord> {
  return programVersion(deps, issuerId, programId, (body) => ({
    ...body,
    stops: [...(body.stops ?? []), stop].slice(-STOPS_REMEMBERED_MAX),
  }))
}

async function programVersion(
  { registry }: Pick<CarryingDeps, 'registry'>,
  issuerId: IssuerId,
  programId: number,
  change: (body: ProgramBody) => ProgramBody,
): Promise<NewRecord> {
  const known = await readRecord(registry, issuerId, 'program', programId)
  // It was in the directory, and records never go away.
  const { version, body } = known!
  return newRecord('program', {
    recordId: programId,
    version: version + 1,
    body: change(body),
  })
}

/** What members are told, where the law asks for it. */
function announcementsOf({ directory }: CarryingDeps, decision: Decision): NewRecord[] {
  const { issuerId, proposalId, change, preview, at } = decision
  if (change.kind !== 'change_terms' && change.kind !== 'abolish') return []
  const { demand } = preview
  if (demand.earliestAt === null) return []
  const { postedDays } = rulesAt(directory.issuerRules(issuerId), at)
  const endsAt = change.kind === 'abolish' ? paymentsEndAt(change) : change.terms.effectiveFrom
  const postedUntil = Math.max(at + postedDays * DAY_MS, endsAt)
  const isAdverse = demand.adverseDays !== null
  const body: AnnouncementBody = {
    programId: change.programId,
    about:
      change.kind === 'abolish' ? 'abolition' : isAdverse ? 'adverse_change' : 'contract_change',
    announcedAt: at,
    effectiveFrom: endsAt,
    postedUntil,
    refundUntil: isAdverse ? endsAt : null,
    toldUntil: null,
    told: 0,
    state: 'telling',
  }
  const keys = [naturalKey.posted(postedUntil, proposalId)]
  return [newRecord('announcement', { recordId: proposalId, version: 1, body, keys })]
}
