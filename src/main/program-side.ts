/** What officers change programs by: two of them decide, and what they and buyers look at is read from the database. */
import { createAdministration, type Administration } from '../administration/administration.ts'
import type { Clock, IdSource } from '../base/base.ts'
import { holderNotices } from '../corporate/corporate.ts'
import { programUpkeepJobs, type JobDefinition } from '../jobs/jobs.ts'
import type { ProgramReading } from '../ledger/ledger.ts'
import { createPostgresProgramReading, type PostgresPool } from '../postgres/postgres.ts'
import type { Casebook, ProgramDesk, Registry } from '../registration/registration.ts'
import { createAllowance, type AskAllowance } from '../selling/selling.ts'
import { sha256 } from './keys.ts'

export interface ProgramSide {
  readonly administration: Administration
  readonly programs: ProgramDesk
  readonly programReading: ProgramReading
  readonly allowance: AskAllowance
  readonly records: Registry
  readonly programJobs: readonly JobDefinition[]
}

export function openProgramSide(given: {
  readonly registry: Registry
  readonly directory: ProgramDesk
  readonly casebook: Casebook
  readonly reading: PostgresPool
  readonly ids: IdSource
  readonly clock: Clock
}): ProgramSide {
  const { registry, directory, casebook, reading, ids, clock } = given
  const programReading = createPostgresProgramReading(reading)
  const administration = createAdministration({
    registry,
    directory,
    casebook,
    ids,
    sha256,
    clock,
  })
  const holders = programReading
  return {
    administration,
    programs: directory,
    programReading,
    allowance: createAllowance({
      issuing: directory,
      funding: directory,
      counting: programReading,
      clock,
    }),
    records: registry,
    programJobs: programUpkeepJobs({
      administration,
      registry,
      directory,
      // A corporation holds value too, and those who act for it are told.
      casebook: holderNotices(casebook, registry),
      holders,
      clock,
    }),
  }
}
