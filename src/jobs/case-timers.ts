/**
 * Reminds the desks of cases that are due soon or late, page by page. Each notice bears a key made of the case and the
 * day that it was due, so a step may come again, with or without the place that was carried.
 */
import { HOUR_MS } from '../base/base.ts'
import type { ReportDesk } from '../registration/registration.ts'
import type { JobDefinition, JobWork } from './job-work.ts'
import { numberOf } from './lot-cursor.ts'

export const CASE_TIMERS = 'case_timers'
export const OPERATOR_CASE_TIMERS = 'operator_case_timers'
const EVERY_MS = HOUR_MS
const PAUSE_MS = 50
/** Cases that a step looks at: each may be a notice to write. */
export const CASES_STEP = 50

/** For the cases of each issuer, and for those of the operator itself. */
export function caseTimerJobs(desk: Pick<ReportDesk, 'remind'>): readonly JobDefinition[] {
  const work = createCaseTimers(desk)
  const often = { schedule: { kind: 'every', everyMs: EVERY_MS }, pauseMs: PAUSE_MS, work } as const
  return [
    { ...often, name: CASE_TIMERS, of: 'each_issuer' },
    { ...often, name: OPERATOR_CASE_TIMERS, of: 'operator' },
  ]
}

export function createCaseTimers(desk: Pick<ReportDesk, 'remind'>): JobWork {
  return async (issuerId, data, now) => {
    const { before } = data
    const page = typeof before === 'number' ? { before } : {}
    const reminded = await desk.remind(issuerId, { now, limit: CASES_STEP, ...page })
    const told = numberOf(data, 'told') + reminded.told
    return {
      done: reminded.before === undefined,
      progress: { done: told, whole: told },
      carry: { told, ...(reminded.before === undefined ? {} : { before: reminded.before }) },
    }
  }
}
