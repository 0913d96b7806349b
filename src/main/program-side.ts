/** What officers change programs by: two of them decide, and what they look at is read from the database. */
import { createAdministration, type Administration } from '../administration/administration.ts'
import type { Clock, IdSource } from '../base/base.ts'
import type { ProgramReading } from '../ledger/ledger.ts'
import { createPostgresProgramReading, type PostgresPool } from '../postgres/postgres.ts'
import type { Casebook, ProgramDesk, Registry } from '../registration/registration.ts'
import { sha256 } from './keys.ts'

export interface ProgramSide {
  readonly administration: Administration
  readonly programs: ProgramDesk
  readonly programReading: ProgramReading
  readonly records: Registry
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
  return {
    administration: createAdministration({ registry, directory, casebook, ids, sha256, clock }),
    programs: directory,
    programReading: createPostgresProgramReading(reading),
    records: registry,
  }
}
