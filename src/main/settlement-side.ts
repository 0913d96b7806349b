/** Settlement with merchants as a core runs it: the room over the database, its job, and what its routes are given. */
import type { BusinessDate, IdSource } from '../base/base.ts'
import { createStatementPrinter, type RouteDeps, type StatementPrinter } from '../http/http.ts'
import { merchantSettlementJob, type JobDefinition } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Log } from '../observe/observe.ts'
import {
  createPostgresRegistry,
  createPostgresSettlementReading,
  createPostgresSettlements,
  type PostgresPool,
} from '../postgres/postgres.ts'
import { createSettlementAccounts, type RecordDirectory } from '../registration/registration.ts'
import { createSettling, settlementRulesAt } from '../settlement/settlement.ts'
import { sha256 } from './keys.ts'
import { merchantKnowledge } from './merchant-side.ts'

export interface SettlementSide {
  readonly job: JobDefinition
  readonly routes: Pick<RouteDeps, 'settling' | 'settlements' | 'payouts'> & {
    /** To be closed at the end. */
    readonly printer: StatementPrinter
  }
}

export function openSettlement(given: {
  readonly log: Log
  readonly directory: RecordDirectory
  readonly ledger: Pick<Ledger, 'move' | 'payout'>
  readonly ids: IdSource
  readonly holidays: readonly BusinessDate[]
  /** A day's settlement must not keep anybody from paying, nor from looking at one. */
  readonly pool: PostgresPool
  readonly reading: PostgresPool
}): SettlementSide {
  const { log, directory, ledger, pool, ids, holidays } = given
  const accounts = createSettlementAccounts({ registry: createPostgresRegistry(pool) })
  const settling = createSettling({
    store: createPostgresSettlements(pool),
    ledger,
    issuing: directory,
    rulesAt: (issuerId, now) => settlementRulesAt(directory.issuerRules(issuerId), now),
    merchantIds: (issuerId) => directory.merchants(issuerId).map(({ merchantId }) => merchantId),
    holidays,
    ids,
    sha256,
    ...merchantKnowledge(accounts, directory),
  })
  const settlements = createPostgresSettlementReading(given.reading)
  return {
    job: merchantSettlementJob(settling, ({ issuerId, settlementDay, status }) => {
      const issuer = directory.issuer(issuerId)?.code ?? ''
      log.info(`settlement.${status}`, { issuer, settlementDay })
    }),
    routes: { settling, settlements, payouts: ledger, printer: createStatementPrinter() },
  }
}
