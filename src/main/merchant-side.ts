/** The desk of merchants over the database and the bank, and what settlement asks of it. */
import { createAccountHolders } from '../bank/bank.ts'
import type { Clock, IdSource, MerchantId } from '../base/base.ts'
import { caseTimerJobs, merchantTimersJob, type JobDefinition } from '../jobs/jobs.ts'
import { createPostgresDocuments, type PostgresPool } from '../postgres/postgres.ts'
import {
  createMerchantDesk,
  type MerchantDesk,
  type RecordDirectory,
  type Registry,
  type ReportDesk,
  type SettlementAccounts,
} from '../registration/registration.ts'
import { payeeOf, type MerchantKnowledge, type Payee } from '../settlement/settlement.ts'
import { sha256 } from './keys.ts'

const BANK_TIMEOUT_MS = 5_000

export interface MerchantSideDeps {
  readonly bankUrl: string
  /** Its writes are seen by `directory` before the writer has its answer. */
  readonly registry: Registry
  readonly directory: RecordDirectory
  readonly pool: PostgresPool
  readonly ids: IdSource
  readonly clock: Clock
}

/** @param closing gets what has to be undone at the end, last first */
export function openMerchantDesk(
  { bankUrl, registry, directory, pool, ids, clock }: MerchantSideDeps,
  closing: (() => Promise<unknown>)[],
): MerchantDesk {
  const holders = createAccountHolders({ baseUrl: bankUrl, timeoutMs: BANK_TIMEOUT_MS })
  closing.push(async () => holders.close())
  return createMerchantDesk({
    registry,
    ids,
    clock,
    issuerRules: directory,
    documents: createPostgresDocuments(pool),
    sha256,
    holders,
  })
}

/** What the clock does at the desks: deadlines of registrations, reminders of cases. */
export function deskJobs(
  directory: RecordDirectory,
  desks: { readonly merchantDesk: MerchantDesk; readonly reportDesk: ReportDesk },
): readonly JobDefinition[] {
  return [
    merchantTimersJob({ directory, desk: desks.merchantDesk }),
    ...caseTimerJobs(desks.reportDesk),
  ]
}

/** Revenues by day and payees of now, in the words of settlement. */
export function merchantKnowledge(
  accounts: SettlementAccounts,
  directory: Pick<RecordDirectory, 'merchant'>,
): MerchantKnowledge {
  return {
    async revenues(issuerId, merchantIds) {
      const revenueOn = await accounts.revenuesOf(issuerId, merchantIds)
      return (merchantId, { day }) => revenueOn(merchantId, day)
    },
    async payees(issuerId, merchantIds, settlementDay) {
      const chosen = await accounts.settlementAccountsAt(issuerId, merchantIds, settlementDay)
      const payee = (merchantId: MerchantId): Payee =>
        payeeOf(
          directory.merchant(issuerId, merchantId)?.status,
          chosen.get(merchantId) ?? { status: 'unpayable', because: 'account_missing' },
        )
      return new Map(merchantIds.map((each) => [each, payee(each)]))
    },
  }
}
