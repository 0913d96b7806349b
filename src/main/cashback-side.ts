/** Cashback as a core runs it: its job over connections of its own, and what members and officers ask of it. */
import type { Clock, IdSource, IssuerId } from '../base/base.ts'
import { createCashback, type Cashback } from '../cashback/cashback.ts'
import { cashbackJob, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  createPostgresCashback,
  createPostgresProgramReading,
  createPostgresRegistry,
  type PostgresPool,
} from '../postgres/postgres.ts'
import {
  createCasebook,
  createSettlementAccounts,
  type RecordDirectory,
} from '../registration/registration.ts'
import { sha256 } from './keys.ts'

export interface CashbackSide {
  readonly cashback: Cashback
  readonly job: JobDefinition
}

export function openCashback(given: {
  readonly ledger: Ledger
  readonly directory: RecordDirectory
  readonly ids: IdSource
  readonly clock: Clock
  /** What members and officers ask must not wait for the job, nor the job for them. */
  readonly reading: PostgresPool
  readonly jobs: PostgresPool
}): CashbackSide {
  const { directory } = given
  return {
    cashback: roomOver(given, given.reading),
    job: cashbackJob({
      cashback: roomOver(given, given.jobs),
      paysCashback: (issuerId: IssuerId) =>
        directory
          .programs(issuerId)
          .some(({ terms }) => terms.some(({ cashback }) => cashback !== null)),
    }),
  }
}

function roomOver(
  { ledger, directory, ids, clock }: Omit<Parameters<typeof openCashback>[0], 'reading' | 'jobs'>,
  pool: PostgresPool,
): Cashback {
  const registry = createPostgresRegistry(pool)
  const accounts = createSettlementAccounts({ registry })
  return createCashback({
    store: createPostgresCashback(pool),
    ledger,
    issuing: directory,
    revenues: (issuerId, merchantIds) => accounts.revenuesOf(issuerId, merchantIds),
    funding: directory,
    reading: createPostgresProgramReading(pool),
    casebook: createCasebook({ registry, ids, clock }),
    ids,
    sha256,
    clock,
  })
}
