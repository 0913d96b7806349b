/** Counts the days that are over, one a step, and keeps their figures: what reports are made from. */
import { MINUTE_MS, type IssuerId } from '../base/base.ts'
import { countNextDay, type CountedDay, type CountingDeps } from '../reporting/reporting.ts'
import type { JobDefinition, JobWork } from './job-work.ts'

export const DAY_FIGURES = 'day_figures'
/** A day is over at midnight, and under seal some seconds after the first booking of the next. */
const EVERY_MS = 10 * MINUTE_MS

/** @param onCounted told of every day that was kept */
export function dayFiguresJob(
  deps: CountingDeps,
  onCounted: (issuerId: IssuerId, counted: CountedDay & { status: 'counted' }) => void,
): JobDefinition {
  return {
    name: DAY_FIGURES,
    schedule: { kind: 'every', everyMs: EVERY_MS },
    of: 'each_issuer',
    work: createDayFigures(deps, onCounted),
  }
}

function createDayFigures(
  deps: CountingDeps,
  onCounted: (issuerId: IssuerId, counted: CountedDay & { status: 'counted' }) => void,
): JobWork {
  return async (issuerId, _data, now) => {
    const counted = await countNextDay(deps, issuerId, now)
    if (counted.status !== 'counted') return { done: true }
    onCounted(issuerId, counted)
    return { done: counted.daysLeft === 0 }
  }
}
