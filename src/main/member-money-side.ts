/** What members do with their money beside buying and paying, as a core runs it. */
import { HOUR_MS, MINUTE_MS, type BusinessDate, type Clock, type IdSource } from '../base/base.ts'
import { createGifting, type Gifting } from '../gifting/gifting.ts'
import { createGiftReturn, createRefundPayment, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createRefunding, type Refunding } from '../refunding/refunding.ts'
import type {
  Casebook,
  RecordDirectory,
  Registration,
  Registry,
} from '../registration/registration.ts'
import { sha256 } from './keys.ts'

export interface MemberMoneySide {
  readonly gifting: Gifting
  readonly refunding: Refunding
  readonly memberJobs: readonly JobDefinition[]
}

export function openMemberMoney(given: {
  readonly ledger: Ledger
  readonly registry: Registry
  readonly casebook: Casebook
  readonly directory: RecordDirectory
  readonly registration: Registration
  readonly ids: IdSource
  readonly clock: Clock
  readonly holidays: readonly BusinessDate[]
}): MemberMoneySide {
  const { registration, directory, holidays, ...ports } = given
  const member: Registration['member'] = (issuerId, memberId) =>
    registration.member(issuerId, memberId)
  const shared = { ...ports, issuing: directory, member, sha256 }
  const gifting = createGifting(shared)
  const refunding = createRefunding({ ...shared, presents: gifting, holidays })
  return {
    gifting,
    refunding,
    memberJobs: [
      {
        name: 'gift_return',
        work: createGiftReturn(gifting),
        schedule: { kind: 'every', everyMs: 10 * MINUTE_MS },
        of: 'each_issuer',
      },
      {
        name: 'refund_payment',
        work: createRefundPayment(refunding),
        schedule: { kind: 'every', everyMs: HOUR_MS },
        of: 'each_issuer',
      },
    ],
  }
}
