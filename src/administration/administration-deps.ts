/** The ports of administration. */
import type { Clock, IdSource, Sha256 } from '../base/base.ts'
import type { Casebook, ProgramDesk, Registry } from '../registration/registration.ts'

export interface AdministrationDeps {
  readonly registry: Registry
  readonly directory: ProgramDesk
  readonly casebook: Pick<Casebook, 'openCase'>
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
}
