/** What buying needs beside the requests: deposits are taken, and standing orders buy. */
import { MINUTE_MS } from '../base/base.ts'
import type { Buying } from '../buying/buying.ts'
import type { JobDefinition } from './job-work.ts'

const MINUTES_OF_HOUR = 60

export function buyingJobs(
  buying: Pick<Buying, 'depositTurn' | 'topUpTurn'>,
): readonly JobDefinition[] {
  return [
    {
      name: 'virtual_accounts',
      async work(issuerId, _data, now) {
        // Once an hour, each issuer at a minute of its own: a bank that hangs must not hang for all of them at once.
        const isThorough =
          Math.floor(now / MINUTE_MS) % MINUTES_OF_HOUR === issuerId % MINUTES_OF_HOUR
        return { done: (await buying.depositTurn(issuerId, isThorough)).done }
      },
      schedule: { kind: 'every', everyMs: MINUTE_MS },
      of: 'each_issuer',
    },
    {
      name: 'top_ups',
      async work(issuerId, data) {
        const last = data['before']
        const { before } = await buying.topUpTurn(
          issuerId,
          typeof last === 'number' ? last : undefined,
        )
        // Carried on from the newest again where it is over: a run ends, and the next begins anew.
        return { done: before === undefined, carry: { before: before ?? null } }
      },
      schedule: { kind: 'every', everyMs: MINUTE_MS },
      of: 'each_issuer',
    },
  ]
}
