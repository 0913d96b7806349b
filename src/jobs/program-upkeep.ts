/**
 * Upkeep of programs: what nobody decided in time lapses, a stop that nobody confirmed becomes a case, and who holds
 * value of a program that changes or ends is told, each once.
 */
import {
  announcementTurn,
  type Administration,
  type AnnouncementDeps,
} from '../administration/administration.ts'
import { MINUTE_MS } from '../base/base.ts'
import type { JobDefinition, JobWork } from './job-work.ts'

export const PROPOSAL_UPKEEP = 'proposal_upkeep'
export const PROGRAM_ANNOUNCEMENTS = 'program_announcements'
const UPKEEP_EVERY_MS = 5 * MINUTE_MS
const ANNOUNCEMENTS_EVERY_MS = MINUTE_MS
const PAUSE_MS = 50

export interface ProgramUpkeepDeps extends AnnouncementDeps {
  readonly administration: Pick<Administration, 'lapseOverdue'>
}

export function programUpkeepJobs(deps: ProgramUpkeepDeps): readonly JobDefinition[] {
  return [
    {
      name: PROPOSAL_UPKEEP,
      schedule: { kind: 'every', everyMs: UPKEEP_EVERY_MS },
      of: 'each_issuer',
      pauseMs: PAUSE_MS,
      work: createProposalUpkeep(deps),
    },
    {
      name: PROGRAM_ANNOUNCEMENTS,
      schedule: { kind: 'every', everyMs: ANNOUNCEMENTS_EVERY_MS },
      of: 'each_issuer',
      pauseMs: PAUSE_MS,
      work: createProgramAnnouncements(deps),
    },
  ]
}

/** One step: no more proposals are open at a time than it looks at. */
export function createProposalUpkeep({
  administration,
}: Pick<ProgramUpkeepDeps, 'administration'>): JobWork {
  return async (issuerId) => {
    await administration.lapseOverdue(issuerId)
    return { done: true }
  }
}

/** A page of holders in each step; how far it has come stands in the announcement. */
export function createProgramAnnouncements(deps: AnnouncementDeps): JobWork {
  return async (issuerId) => ({ done: (await announcementTurn(deps, issuerId)) === undefined })
}
