/** Buying by virtual account and by standing order, as a core runs it. */
import { createVirtualAccounts } from '../bank/bank.ts'
import type { Clock, IdSource } from '../base/base.ts'
import { createBuying, type Buying } from '../buying/buying.ts'
import { buyingJobs, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createPostgresProgramReading, type PostgresPool } from '../postgres/postgres.ts'
import type {
  Casebook,
  RecordDirectory,
  Registration,
  Registry,
} from '../registration/registration.ts'
import type { Selling } from '../selling/selling.ts'
import { sha256 } from './keys.ts'

const BANK_TIMEOUT_MS = 5_000

export interface BuyingSide {
  readonly buying: Buying
  readonly buyingJobs: readonly JobDefinition[]
}

export function openBuying(
  given: {
    readonly ledger: Ledger
    readonly selling: Selling
    readonly registry: Registry
    readonly casebook: Casebook
    readonly directory: RecordDirectory
    readonly registration: Registration
    readonly reading: PostgresPool
    readonly bankUrl: string
    readonly ids: IdSource
    readonly clock: Clock
  },
  closing: (() => Promise<unknown>)[],
): BuyingSide {
  const { registration, directory, bankUrl, reading, ledger, selling, ...ports } = given
  const { registry, casebook, ids, clock } = ports
  const bank = createVirtualAccounts({ baseUrl: bankUrl, timeoutMs: BANK_TIMEOUT_MS })
  closing.push(async () => bank.end())
  const buying = createBuying({
    ledger,
    selling,
    reading: createPostgresProgramReading(reading),
    bank,
    registry,
    casebook,
    member: (issuerId, memberId) => registration.member(issuerId, memberId),
    issuing: directory,
    ids,
    sha256,
    clock,
  })
  return { buying, buyingJobs: buyingJobs(buying) }
}
