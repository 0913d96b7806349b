/** Cashback as a job: it follows the sealed journal, and a member sees what a payment earned within about a minute. */
import { MINUTE_MS, type IssuerId } from '../base/base.ts'
import type { Cashback } from '../cashback/cashback.ts'
import type { JobDefinition } from './job-work.ts'

export const CASHBACK = 'cashback'
const EVERY_MS = MINUTE_MS / 2
/** Between two pages, for the payments of the same database. */
const PAUSE_MS = 20

/** @param options.paysCashback whether an issuer has, or had, a program with cashback: others cost no turn */
export function cashbackJob(options: {
  readonly cashback: Pick<Cashback, 'step'>
  readonly paysCashback: (issuerId: IssuerId) => boolean
}): JobDefinition {
  const { cashback, paysCashback } = options
  return {
    name: CASHBACK,
    schedule: { kind: 'every', everyMs: EVERY_MS },
    of: 'each_issuer',
    isFor: paysCashback,
    pauseMs: PAUSE_MS,
    async work(issuerId, _data, now) {
      const { status } = await cashback.step(issuerId, now)
      return { done: status === 'idle' }
    },
  }
}
