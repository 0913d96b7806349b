/**
 * Settlement with merchants as a job: asked again and again, it does what is due, so it need not be told when a cut-off
 * has come, and a core that was away at that hour misses nothing.
 */
import { MINUTE_MS, type BusinessDate, type IssuerId } from '../base/base.ts'
import type { Settling } from '../settlement/settlement.ts'
import type { JobDefinition } from './job-work.ts'

export const MERCHANT_SETTLEMENT = 'merchant_settlement'
/** So often it looks whether something is due; where nothing is, that costs a few reads. */
export const MERCHANT_SETTLEMENT_EVERY_MS = 5 * MINUTE_MS
/** Between two pages of merchants, for the payments of the same database. */
const PAUSE_MS = 20

/** What a step came to, for the log. */
export interface SettlementTold {
  readonly issuerId: IssuerId
  readonly settlementDay: BusinessDate
  readonly status: 'waiting' | 'closed'
}

/** Progress is in merchants. */
export function merchantSettlementJob(
  settling: Pick<Settling, 'step'>,
  onTold: (told: SettlementTold) => void,
): JobDefinition {
  return {
    name: MERCHANT_SETTLEMENT,
    schedule: { kind: 'every', everyMs: MERCHANT_SETTLEMENT_EVERY_MS },
    of: 'each_issuer',
    pauseMs: PAUSE_MS,
    async work(issuerId, _data, now) {
      const { status, settlementDay, progress } = await settling.step(issuerId, now)
      if ((status === 'waiting' || status === 'closed') && settlementDay !== undefined) {
        onTold({ issuerId, settlementDay, status })
      }
      // What waits for the sealer is asked for again by the next turn of the clock.
      const done = status === 'idle' || status === 'waiting'
      return progress === undefined ? { done } : { done, progress }
    },
  }
}
