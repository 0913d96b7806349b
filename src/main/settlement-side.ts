/** Settlement with merchants as a core runs it: the rooms over the database, and what they know of merchants. */
import type { BusinessDate, IdSource, IssuerId, MerchantId, Won } from '../base/base.ts'
import { createStatementPrinter, type StatementPrinter } from '../http/http.ts'
import type { Ledger } from '../ledger/ledger.ts'
import {
  createPostgresSettlementReading,
  createPostgresSettlements,
  createRecordHistory,
  type PostgresPool,
  type RecordHistory,
} from '../postgres/postgres.ts'
import { readBody, type RecordDirectory } from '../registration/registration.ts'
import {
  createSettling,
  payeeOf,
  settlementRulesAt,
  type AccountAnswer,
  type Payee,
  type SettlementReading,
  type Settling,
} from '../settlement/settlement.ts'
import { sha256 } from './keys.ts'

export interface SettlementSide {
  readonly settling: Settling
  readonly settlements: SettlementReading
  readonly payouts: Pick<Ledger, 'payout'>
  readonly printer: StatementPrinter
}

export function openSettlement(given: {
  readonly directory: RecordDirectory
  readonly ledger: Pick<Ledger, 'move' | 'payout'>
  readonly ids: IdSource
  readonly holidays: readonly BusinessDate[]
  /** A day's settlement must not keep anybody from paying, nor from looking at one. */
  readonly pool: PostgresPool
  readonly reading: PostgresPool
}): SettlementSide {
  const { directory, ledger, pool, ids, holidays } = given
  const history = createRecordHistory(pool)
  const settling = createSettling({
    store: createPostgresSettlements(pool),
    ledger,
    issuing: directory,
    rulesAt: (issuerId, now) => settlementRulesAt(directory.issuerRules(issuerId), now),
    merchantIds: (issuerId) => directory.merchants(issuerId).map(({ merchantId }) => merchantId),
    holidays,
    ids,
    sha256,
    revenuesOn: (issuerId, merchantIds, { untilAt }) =>
      readRevenues(history, issuerId, merchantIds, untilAt),
    async payees(issuerId, merchantIds) {
      const payee = (merchantId: MerchantId): Payee =>
        payeeOf(directory.merchant(issuerId, merchantId)?.status, NO_ACCOUNT)
      return new Map(merchantIds.map((each) => [each, payee(each)]))
    },
  })
  return {
    settling,
    settlements: createPostgresSettlementReading(given.reading),
    payouts: ledger,
    printer: createStatementPrinter(),
  }
}

/** Where merchants are paid is not registered anywhere yet: what they are owed is held back, and said to be. */
const NO_ACCOUNT: AccountAnswer = { status: 'unpayable', because: 'account_missing' }

/** As the records said at an instant. */
async function readRevenues(
  history: RecordHistory,
  issuerId: IssuerId,
  merchantIds: readonly MerchantId[],
  at: number,
): Promise<ReadonlyMap<MerchantId, Won>> {
  const records = await history.readAt(issuerId, 'merchant', merchantIds, at)
  return new Map(
    records.map(({ recordId, body }) => [
      recordId as MerchantId, // The record id of a merchant is the merchant's.
      readBody('merchant', body).annualRevenueWon,
    ]),
  )
}
