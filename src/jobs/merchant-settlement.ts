/**
 * Settlement with merchants as a job: asked again and again, it does what is due, so it need not be told when a cut-off
 * has come, and a core that was away at that hour misses nothing.
 */
import type { Settling } from '../settlement/settlement.ts'
import type { JobWork } from './job-work.ts'

/** The name it is queued under. */
export const MERCHANT_SETTLEMENT = 'merchant-settlement'
/** So often it looks whether something is due; where nothing is, that costs a few reads. */
export const MERCHANT_SETTLEMENT_CRON = '*/5 * * * *'

/** What a step came to, for the log. */
export interface SettlementTold {
  readonly issuerId: number
  readonly settlementDay: string
  readonly status: 'waiting' | 'closed'
}

/** Progress is in merchants. */
export function createMerchantSettlement(
  settling: Pick<Settling, 'step'>,
  onTold: (told: SettlementTold) => void,
): JobWork {
  return async (issuerId, _data, now) => {
    const { status, settlementDay, progress } = await settling.step(issuerId, now)
    if ((status === 'waiting' || status === 'closed') && settlementDay !== undefined) {
      onTold({ issuerId, settlementDay, status })
    }
    // What waits for the sealer is asked for again by the next turn of the clock.
    const done = status === 'idle' || status === 'waiting'
    return progress === undefined ? { done } : { done, progress }
  }
}
