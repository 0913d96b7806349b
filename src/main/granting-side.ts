/** Granting as a core runs it, over connections of its own. */
import { createHash } from 'node:crypto'
import type { Clock, IdSource } from '../base/base.ts'
import { createFunderPots, createGranting, type Granting } from '../granting/granting.ts'
import { stipendJobs, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../observe/observe.ts'
import {
  createPostgresGrantMembers,
  createPostgresLineStore,
  createPostgresProgramReading,
  createPostgresRegistry,
  type PostgresPool,
} from '../postgres/postgres.ts'
import { createCasebook, type RecordDirectory } from '../registration/registration.ts'
import { sha256 } from './keys.ts'

export function openGranting(given: {
  /** A hundred thousand lines must not keep anybody from buying. */
  readonly pool: PostgresPool
  readonly ledger: Ledger
  readonly directory: RecordDirectory
  readonly ids: IdSource
  readonly clock: Clock
}): Granting {
  const { pool, ledger, directory, ids, clock } = given
  const registry = createPostgresRegistry(pool)
  return createGranting({
    registry,
    casebook: createCasebook({ registry, ids, clock }),
    ledger,
    issuing: directory,
    lines: createPostgresLineStore(pool),
    pots: createFunderPots({ funding: directory, reading: createPostgresProgramReading(pool) }),
    members: createPostgresGrantMembers(pool),
    funding: directory,
    ids,
    sha256,
    openHash: () => createHash('sha256'),
    clock,
  })
}

export function grantingJobs(granting: Granting, log: Log): readonly JobDefinition[] {
  return stipendJobs({
    granting,
    onClawedBack: (set) => log.info('stipends.clawed_back', { ...set }),
  })
}
