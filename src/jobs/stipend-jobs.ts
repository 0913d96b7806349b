/**
 * Stipends as jobs of each issuer: dry runs and grants, what time brings, and clawback of what has expired. A step is
 * one bounded set; which batch and which lines are next stands in the database, so a run that dies is simply the next.
 */
import { HOUR_MS, MINUTE_MS, type IssuerId } from '../base/base.ts'
import type { Granting, GrantingStep } from '../granting/granting.ts'
import type { JobData, JobDefinition, JobWork } from './job-work.ts'
import { cursorOf, numberOf } from './lot-cursor.ts'

export const STIPEND_GRANT = 'stipend_grant'
export const STIPEND_UPKEEP = 'stipend_upkeep'
export const STIPEND_CLAWBACK = 'stipend_clawback'
/** Where nothing is to be done, a look costs two reads. */
export const STIPEND_GRANT_EVERY_MS = MINUTE_MS
export const STIPEND_UPKEEP_EVERY_MS = HOUR_MS
export const STIPEND_CLAWBACK_EVERY_MS = 5 * MINUTE_MS
/** Between two sets of an issuer, for the payments of the same database. */
export const STIPEND_PAUSE_MS = 100

export interface StipendJobsOptions {
  readonly granting: Pick<Granting, 'batchStep' | 'upkeepStep' | 'clawBackExpired'>
  /** Told after every set in which something was clawed back. */
  readonly onClawedBack: (set: {
    readonly issuerId: IssuerId
    readonly clawedBack: number
    readonly clawedBackWon: number
  }) => void
}

export function stipendJobs(options: StipendJobsOptions): readonly JobDefinition[] {
  const { granting } = options
  const shared = { of: 'each_issuer', pauseMs: STIPEND_PAUSE_MS } as const
  return [
    {
      ...shared,
      name: STIPEND_GRANT,
      schedule: { kind: 'every', everyMs: STIPEND_GRANT_EVERY_MS },
      work: counted((issuerId) => granting.batchStep(issuerId)),
    },
    {
      ...shared,
      name: STIPEND_UPKEEP,
      schedule: { kind: 'every', everyMs: STIPEND_UPKEEP_EVERY_MS },
      work: counted((issuerId) => granting.upkeepStep(issuerId)),
    },
    {
      ...shared,
      name: STIPEND_CLAWBACK,
      schedule: { kind: 'every', everyMs: STIPEND_CLAWBACK_EVERY_MS },
      work: clawbackWork(options),
    },
  ]
}

/** Progress is in lines; how many will follow nobody knows without counting them all. */
function counted(step: (issuerId: IssuerId) => Promise<GrantingStep>): JobWork {
  return async (issuerId, data) => {
    const { done, lines } = await step(issuerId)
    return withProgress(done, numberOf(data, 'lines') + lines)
  }
}

function withProgress(done: boolean, lines: number, more: JobData = {}) {
  return { done, progress: { done: lines, whole: lines }, carry: { lines, ...more } }
}

/** What a run leaves behind, because somebody was paying from it, is for the next run. */
function clawbackWork({ granting, onClawedBack }: StipendJobsOptions): JobWork {
  return async (issuerId, data) => {
    const set = await granting.clawBackExpired(issuerId, { after: cursorOf(data) })
    const { after, clawedBack, clawedBackWon } = set
    if (clawedBack > 0) onClawedBack({ issuerId, clawedBack, clawedBackWon })
    const place = after === undefined ? {} : { expiresAt: after.expiresAt, lotId: after.lotId }
    return withProgress(after === undefined, numberOf(data, 'lines') + clawedBack, place)
  }
}
