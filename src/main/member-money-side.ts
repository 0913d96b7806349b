/** What members do with their money beside buying and paying, as a core runs it. */
import { HOUR_MS, MINUTE_MS, type BusinessDate, type Clock, type IdSource } from '../base/base.ts'
import type { Cashback } from '../cashback/cashback.ts'
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
import type { PostgresPool } from '../postgres/postgres.ts'
import { openCashback } from './cashback-side.ts'
import { sha256 } from './keys.ts'

export interface MemberMoneySide {
  readonly cashback: Cashback
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
  readonly reading: PostgresPool
  readonly jobs: PostgresPool
}): MemberMoneySide {
  const { registration, directory, holidays, reading, jobs, ...ports } = given
  const member: Registration['member'] = (issuerId, memberId) =>
    registration.member(issuerId, memberId)
  const shared = { ...ports, issuing: directory, member, sha256 }
  const gifting = createGifting(shared)
  const refunding = createRefunding({ ...shared, presents: gifting, holidays })
  const { cashback, job } = openCashback({ ...ports, directory, reading, jobs })
  return {
    cashback,
    gifting,
    refunding,
    memberJobs: [
      job,
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
