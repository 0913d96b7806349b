/** Forgets members who left when their years are over, a page of records a step. */
import type { IssuerId } from '../base/base.ts'
import { eraseStep, type RightsDeps } from '../rights/rights.ts'
import type { JobDefinition, JobWork } from './job-work.ts'

export const MEMBER_ERASURE = 'member_erasure'

export interface MemberErasureDeps {
  readonly rights: Pick<RightsDeps, 'registry' | 'issuerRules'>
  /** Told of every step that erased something. */
  readonly onErased?: (step: { readonly issuerId: IssuerId; readonly erased: number }) => void
}

export function memberErasureJob(deps: MemberErasureDeps): JobDefinition {
  return {
    name: MEMBER_ERASURE,
    schedule: { kind: 'daily', hour: 4, minute: 20 },
    of: 'each_issuer',
    work: createMemberErasure(deps),
  }
}

function createMemberErasure({ rights, onErased }: MemberErasureDeps): JobWork {
  return async (issuerId, { before = null }, now) => {
    const from = typeof before === 'number' ? before : null
    const step = await eraseStep(rights, { issuerId, before: from, now })
    if (step.erased > 0) onErased?.({ issuerId, erased: step.erased })
    return { done: step.done, carry: { before: step.before } }
  }
}
