/** The desk of merchants over the database and the bank, and what settlement asks of it. */
import { createAccountHolders } from '../bank/bank.ts'
import { businessDate, type Clock, type IdSource, type MerchantId } from '../base/base.ts'
import { createPostgresDocuments, type PostgresPool } from '../postgres/postgres.ts'
import {
  createMerchantDesk,
  type MerchantDesk,
  type RecordDirectory,
  type Registry,
} from '../registration/registration.ts'
import type { MerchantKnowledge, Payee } from '../settlement/settlement.ts'
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

/** Revenues by day and payees of now, in the words of settlement. */
export function merchantKnowledge(
  desk: Pick<MerchantDesk, 'revenuesAt' | 'settlementAccountsAt'>,
  directory: Pick<RecordDirectory, 'merchant'>,
  clock: Clock,
): MerchantKnowledge {
  return {
    revenuesAt: (issuerId, merchantIds, at) =>
      desk.revenuesAt(issuerId, merchantIds, businessDate(at)),
    async payees(issuerId, merchantIds) {
      const accounts = await desk.settlementAccountsAt(issuerId, merchantIds, businessDate(clock()))
      return new Map(
        merchantIds.map((merchantId): [MerchantId, Payee] => {
          const status = directory.merchant(issuerId, merchantId)?.status
          const account = accounts.get(merchantId)
          if (status === 'suspended') return [merchantId, { status: 'held', reason: 'suspended' }]
          if (account?.status === 'payable') {
            const closed = status === 'closed'
            return [merchantId, { status: 'payable', account: account.account, closed }]
          }
          const isMissing = account === undefined || account.because === 'account_missing'
          const reason = isMissing ? 'no_account' : 'agent_unavailable'
          return [merchantId, { status: 'held', reason }]
        }),
      )
    },
  }
}
