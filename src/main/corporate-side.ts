/** Corporations as a core runs them. */
import { createHash } from 'node:crypto'
import type { Clock, IdSource } from '../base/base.ts'
import { createCorporations, type Corporations } from '../corporate/corporate.ts'
import type { Gifting } from '../gifting/gifting.ts'
import { handOutJobs, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createPostgresRecipientStore, type PostgresPool } from '../postgres/postgres.ts'
import type { Refunding } from '../refunding/refunding.ts'
import type { RecordDirectory, Registration, Registry } from '../registration/registration.ts'
import type { Selling } from '../selling/selling.ts'
import { sha256 } from './keys.ts'

export interface CorporateSide {
  readonly corporations: Corporations
  readonly corporateJobs: readonly JobDefinition[]
}

export function openCorporateSide(given: {
  /** Lists of thousands must not keep anybody from buying. */
  readonly pool: PostgresPool
  readonly ledger: Ledger
  readonly registry: Registry
  readonly directory: RecordDirectory
  readonly registration: Registration
  readonly selling: Selling
  readonly gifting: Gifting
  readonly refunding: Refunding
  readonly ids: IdSource
  readonly clock: Clock
}): CorporateSide {
  const { pool, directory, registration, ...ports } = given
  const corporations = createCorporations({
    ...ports,
    issuing: directory,
    recipients: createPostgresRecipientStore(pool),
    member: (issuerId, memberId) => registration.member(issuerId, memberId),
    sha256,
    openHash: () => createHash('sha256'),
  })
  const corporateJobs = handOutJobs(corporations, (issuerId) =>
    directory
      .programs(issuerId)
      .some(({ terms }) => terms.some(({ corporate }) => corporate !== null)),
  )
  return { corporations, corporateJobs }
}
