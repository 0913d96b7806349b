/** Counts the days that are over, one a step, and keeps their figures: what reports are made from. */
import type { IssuerId } from '../base/base.ts'
import { countNextDay, type CountedDay, type CountingDeps } from '../reporting/reporting.ts'
import type { JobWork } from './job-work.ts'

/** @param onCounted told of every day that was kept */
export function createDayFigures(
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
