/** The offices of the town: who joins, who is granted stipends, and who changes programs. */
import { createHash } from 'node:crypto'
import {
  createAdministration,
  type Administration,
} from '../../src/administration/administration.ts'
import { createCashback, type Cashback } from '../../src/cashback/cashback.ts'
import { won } from '../../src/base/base.ts'
import type {
  AppealId,
  Clock,
  Id,
  IdPrefix,
  IdSource,
  ProposalId,
  StipendBatchId,
} from '../../src/base/base.ts'
import { createFunderPots, createGranting, type Granting } from '../../src/granting/granting.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createPostgresCashback } from '../../src/postgres/postgres-cashback.ts'
import {
  createPostgresGrantMembers,
  createPostgresLineStore,
} from '../../src/postgres/postgres-line-store.ts'
import type { PostgresPool } from '../../src/postgres/postgres-pool.ts'
import { createPostgresProgramReading } from '../../src/postgres/program-reading.ts'
import {
  createCasebook,
  createRegistration,
  type PersonIndex,
  type RecordDirectory,
  type Registration,
  type Registry,
} from '../../src/registration/registration.ts'
import { sha256 } from '../crypto-ports.ts'
import type { Officer, StipendName } from './year-events.ts'
import { memberIdOf, merchantOf, walletOf } from './year-terms.ts'
import { townRules } from './year-town-rules.ts'

/** A file that an office uploaded, and the batch that it made. */
export interface UploadedList {
  readonly program: StipendName
  readonly round: string
  readonly bytes: Uint8Array
  /** `undefined`: it was refused. */
  readonly batchId: StipendBatchId | undefined
}

export interface YearOffices {
  readonly registration: Registration
  readonly granting: Granting
  readonly cashback: Cashback
  readonly administration: Administration
  /** By the events that brought them. */
  readonly lists: Map<number, UploadedList>
  readonly appeals: Map<number, AppealId>
  readonly proposals: Map<number, { readonly proposalId: ProposalId; readonly officer: Officer }>
}

export function openOffices(given: {
  readonly pool: PostgresPool
  readonly directory: RecordDirectory
  readonly registry: Registry
  readonly persons: PersonIndex
  readonly ledger: Ledger
  readonly ids: IdSource
  readonly clock: Clock
}): YearOffices {
  const { pool, directory, registry, persons, ledger, ids, clock } = given
  const casebook = createCasebook({ registry, ids, clock })
  const reading = createPostgresProgramReading(pool)
  return {
    registration: createRegistration({
      registry,
      ledger,
      persons,
      issuerRules: directory,
      ids: numberedMembers(ids),
      clock,
      randomHandle: () => 0,
      seedOf: () => new Uint8Array(32),
    }),
    granting: createGranting({
      registry,
      casebook,
      ledger,
      issuing: directory,
      lines: createPostgresLineStore(pool),
      pots: createFunderPots({ funding: directory, reading }),
      members: createPostgresGrantMembers(pool),
      funding: directory,
      ids,
      sha256,
      openHash: () => createHash('sha256'),
      clock,
    }),
    cashback: createCashback({
      store: createPostgresCashback(pool),
      ledger,
      issuing: directory,
      revenues: async () => (merchantId) =>
        won(townRules.shops[merchantId - merchantOf(0)]!.revenueWon),
      funding: directory,
      reading,
      casebook,
      ids,
      sha256,
      clock,
    }),
    administration: createAdministration({ registry, directory, casebook, ids, sha256, clock }),
    lists: new Map(),
    appeals: new Map(),
    proposals: new Map(),
  }
}

/** Members and wallets get the next number of the town, so that a balance can be told by it. */
function numberedMembers(ids: IdSource): IdSource {
  let member = townRules.members.length
  return {
    next<Prefix extends IdPrefix>(prefix: Prefix): Id<Prefix> {
      if (prefix === 'mbr') return memberIdOf(member) as Id<string> as Id<Prefix> // As asked.
      if (prefix === 'wlt') return walletOf(member++) as Id<string> as Id<Prefix> // As asked.
      return ids.next(prefix)
    },
  }
}
