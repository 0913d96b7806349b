/** Erases what the log of accesses need not keep any longer, a set a step. */
import type { AccessLog } from '../access/access.ts'
import { DAY_MS } from '../base/base.ts'
import { rulesAt, type IssuerRuleDirectory } from '../issuing/issuing.ts'
import type { JobDefinition, JobWork } from './job-work.ts'

export const ACCESS_LOG_ERASURE = 'access_log_erasure'
export const ERASURE_SET_SIZE = 1_000

export interface AccessLogErasureDeps {
  readonly accessLog: Pick<AccessLog, 'erase'>
  readonly issuerRules: IssuerRuleDirectory
}

export function accessLogErasureJob(deps: AccessLogErasureDeps): JobDefinition {
  return {
    name: ACCESS_LOG_ERASURE,
    schedule: { kind: 'daily', hour: 4, minute: 10 },
    of: 'each_issuer',
    work: createAccessLogErasure(deps),
  }
}

function createAccessLogErasure({ accessLog, issuerRules }: AccessLogErasureDeps): JobWork {
  return async (issuerId, _data, now) => {
    const { accessLogDays } = rulesAt(issuerRules.issuerRules(issuerId), now)
    const before = now - accessLogDays * DAY_MS
    const erased = await accessLog.erase(issuerId, before, ERASURE_SET_SIZE)
    return { done: erased < ERASURE_SET_SIZE }
  }
}
