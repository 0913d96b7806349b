/**
 * Work of `merchant-timers`: acts on what is due in the lives of an issuer's merchants. What is due is seen in memory,
 * and each timer is one commit that notes that it rang; so a step may be killed anywhere, repeated, or run by two.
 */
import {
  dueMerchantTimers,
  lifeOfMerchant,
  type AcquiringDirectory,
  type MerchantTimer,
} from '../acquiring/acquiring.ts'
import { MINUTE_MS, type Instant, type IssuerId, type MerchantId } from '../base/base.ts'
import { rulesAt, type IssuerRuleDirectory } from '../issuing/issuing.ts'
import type { MerchantDesk, MerchantLifeDirectory } from '../registration/registration.ts'
import type { JobDefinition, JobWork } from './job-work.ts'

export const MERCHANT_TIMERS = 'merchant_timers'
/** Most timers ring at midnight; a suspension may end at any instant. */
const EVERY_MS = 10 * MINUTE_MS
const PAUSE_MS = 50
/** Timers acted on in one step. */
export const MERCHANT_TIMERS_STEP = 20

export interface MerchantTimerDeps {
  /** Sees what `desk` writes before the writer has its answer. */
  readonly directory: Pick<AcquiringDirectory, 'merchants'> &
    MerchantLifeDirectory &
    IssuerRuleDirectory
  readonly desk: Pick<MerchantDesk, 'ring'>
}

export function merchantTimersJob(deps: MerchantTimerDeps): JobDefinition {
  return {
    name: MERCHANT_TIMERS,
    schedule: { kind: 'every', everyMs: EVERY_MS },
    of: 'each_issuer',
    pauseMs: PAUSE_MS,
    work: createMerchantTimers(deps),
  }
}

export function createMerchantTimers({ directory, desk }: MerchantTimerDeps): JobWork {
  return async (issuerId, _data, now) => {
    const due = dueTimers(directory, issuerId, now)
    let rang = 0
    for (const ring of due.slice(0, MERCHANT_TIMERS_STEP)) {
      if (await desk.ring({ issuerId, ...ring })) rang += 1
    }
    // Where nothing rang somebody else was first, or memory is behind: the next run sees the rest.
    return { done: due.length <= MERCHANT_TIMERS_STEP || rang === 0 }
  }
}

function dueTimers(
  directory: MerchantTimerDeps['directory'],
  issuerId: IssuerId,
  now: Instant,
): readonly { readonly merchantId: MerchantId; readonly timer: MerchantTimer }[] {
  const rules = rulesAt(directory.issuerRules(issuerId), now)
  return directory.merchants(issuerId).flatMap((merchant) => {
    const { merchantId, annualRevenueWon } = merchant
    const life = directory.merchantLife(issuerId, merchantId) ?? lifeOfMerchant(rules, merchant)
    const timers = dueMerchantTimers(life, rules, { now, annualRevenueWon })
    return timers.map((timer) => ({ merchantId, timer }))
  })
}
