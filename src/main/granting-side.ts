/** Granting as a core runs it, over connections of its own. */
import { createHash } from 'node:crypto'
import type { Clock, IdSource, IssuerId } from '../base/base.ts'
import { createFunderPots, createGranting, type Granting } from '../granting/granting.ts'
import {
  STIPEND_GRANT,
  STIPEND_UPKEEP,
  stipendJobs,
  type JobDefinition,
  type JobQueue,
} from '../jobs/jobs.ts'
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
import { jobFailed } from './clockwork.ts'
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

/**
 * Granting for those who wait in front of a screen: what was uploaded or decided is worked at once. The schedule finds
 * it too, so nothing is lost where the asking fails.
 */
export function promptGranting(
  granting: Granting,
  { queue, clock, log }: { readonly queue: JobQueue; readonly clock: Clock; readonly log: Log },
): Granting {
  const ask = (name: string, issuerId: IssuerId, about: string): Promise<unknown> =>
    queue.enqueue(name, issuerId, {}, `${about}/${clock()}`).catch(jobFailed(log, name))
  return {
    ...granting,
    async takeFile(taking) {
      const taken = await granting.takeFile(taking)
      if (taken.status === 'taken') await ask(STIPEND_GRANT, taking.issuerId, 'file')
      return taken
    },
    async decideBatch(decision) {
      const decided = await granting.decideBatch(decision)
      const { issuerId, batchId, event } = decision
      if (decided.status === 'done') await ask(STIPEND_GRANT, issuerId, `${event}/${batchId}`)
      return decided
    },
    async decideAppeal(decision) {
      const decided = await granting.decideAppeal(decision)
      if (decided.status === 'done') await ask(STIPEND_UPKEEP, decision.issuerId, 'appeal')
      return decided
    },
    async decideClawback(decision) {
      const decided = await granting.decideClawback(decision)
      if (decided.status === 'done') await ask(STIPEND_UPKEEP, decision.issuerId, 'clawback')
      return decided
    },
  }
}
