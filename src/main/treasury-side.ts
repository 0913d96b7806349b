/** The treasury as a core runs it: the bank's files in the exchange directory, everything else in the database. */
import { join } from 'node:path'
import {
  businessDate,
  type BusinessDate,
  type Clock,
  type IdSource,
  type IssuerId,
} from '../base/base.ts'
import { holderNotices } from '../corporate/corporate.ts'
import {
  createClearingExchange,
  treasuryJobDefinitions,
  type JobDefinition,
  type TreasuryTold,
} from '../jobs/jobs.ts'
import type { Ledger, Payout, PayoutAccount } from '../ledger/ledger.ts'
import type { Log, Metrics } from '../observe/observe.ts'
import {
  createPostgresRegistry,
  createPostgresTreasuryStore,
  type PostgresPool,
} from '../postgres/postgres.ts'
import {
  createCasebook,
  createSettlementAccounts,
  readBody,
  tellMerchantOnce,
  type Casebook,
  type RecordDirectory,
  type Registry,
} from '../registration/registration.ts'
import { createTreasury, type DayResult, type Treasury } from '../treasury/treasury.ts'
import { EXCHANGE_FOLDER } from './clearing-side.ts'
import { sha256 } from './keys.ts'

/** In the exchange directory, beside the card companies'; a folder for each issuer's bank in it. */
export const TREASURY_FOLDER = 'treasury'

export interface TreasurySide {
  readonly treasury: Treasury
  readonly jobs: readonly JobDefinition[]
}

export function openTreasury(given: {
  readonly dataDirectory: string
  readonly log: Log
  readonly metrics: Metrics
  readonly clock: Clock
  readonly ids: IdSource
  readonly directory: RecordDirectory
  readonly ledger: Ledger
  /** Of its own: adding up a day must not keep anybody from paying. */
  readonly pool: PostgresPool
  readonly holidays: readonly BusinessDate[]
}): TreasurySide {
  const { dataDirectory, log, metrics, clock, ids, directory, ledger, pool, holidays } = given
  const registry = createPostgresRegistry(pool)
  const casebook = createCasebook({ registry, ids, clock })
  const exchange = createClearingExchange(join(dataDirectory, EXCHANGE_FOLDER, TREASURY_FOLDER))
  const treasury = createTreasury({
    ledger,
    payouts: ledger,
    store: createPostgresTreasuryStore(pool),
    registry,
    casebook,
    issuing: directory,
    issuerRules: directory,
    give: (code, name, bytes) => exchange.give(code, name, bytes),
    accountNow: (issuerId, payout) => accountNow({ registry, clock, directory }, issuerId, payout),
    tellParked: (issuerId, payout) =>
      tellParked({ casebook, registry, ids, clock }, issuerId, payout),
    holidays,
    ids,
    sha256,
  })
  const jobs = treasuryJobDefinitions({
    treasury,
    arrivals: exchange,
    codeOf: (issuerId) => directory.issuer(issuerId)?.code,
    told: toldTo(log, metrics, (issuerId) => directory.issuer(issuerId)?.code ?? ''),
  })
  return { treasury, jobs }
}

/** A member's linked account, or where a merchant or card company is paid today; others: where the payout says. */
async function accountNow(
  given: {
    readonly registry: Registry
    readonly clock: Clock
    readonly directory: Pick<RecordDirectory, 'partner'>
  },
  issuerId: IssuerId,
  { beneficiary, account }: Payout,
): Promise<PayoutAccount | undefined> {
  const { registry, clock, directory } = given
  if (beneficiary.kind === 'member') {
    const [record] = await registry.read(issuerId, 'member', [beneficiary.id])
    const token = record
      ? readBody('member', record.body).accountToken
      : await corporateToken(registry, issuerId, beneficiary.id)
    return typeof token === 'string' ? { ...account, accountNumber: token } : undefined
  }
  if (beneficiary.kind === 'card_company') {
    return directory.partner(beneficiary.id)?.settlementAccount ?? undefined
  }
  if (beneficiary.kind !== 'merchant') return undefined
  const accounts = createSettlementAccounts({ registry })
  const today = businessDate(clock())
  const payee = await accounts.settlementAccountAt(issuerId, beneficiary.id, today)
  return payee.status === 'payable' ? payee.account : undefined
}

/** Of a holder that is a corporation. */
async function corporateToken(
  registry: Registry,
  issuerId: IssuerId,
  holder: number,
): Promise<string | null> {
  const [record] = await registry.read(issuerId, 'corporation', [holder])
  return record ? readBody('corporation', record.body).accountToken : null
}

/** Whom it is for hears why its money does not come; of card companies and the issuer itself the case tells. */
async function tellParked(
  given: {
    readonly casebook: Pick<Casebook, 'notify'>
    readonly registry: Registry
    readonly ids: IdSource
    readonly clock: Clock
  },
  issuerId: IssuerId,
  { payoutId, attempt, beneficiary, amountWon, reason }: Payout,
): Promise<void> {
  const subject = `${payoutId}/${attempt}`
  const facts = { amountWon, reason: reason ?? '' }
  if (beneficiary.kind === 'member') {
    const memberId = beneficiary.id
    const notice = { memberId, noticeKind: 'payout_parked', subject, facts } as const
    await holderNotices(given.casebook, given.registry).notify(issuerId, notice)
  }
  if (beneficiary.kind === 'merchant') {
    const notice = { partyNoticeKind: 'payout_parked', subject, facts, at: given.clock() } as const
    await tellMerchantOnce(given, issuerId, beneficiary.id, notice)
  }
}

function toldTo(log: Log, metrics: Metrics, codeOf: (issuerId: IssuerId) => string): TreasuryTold {
  const days = new Map<IssuerId, DayResult>()
  const last = (): DayResult[] => [...days.values()]
  metrics.gauge(
    'dure_fund_short_issuers',
    'Issuers whose fund does not cover what is owed',
    () => last().filter(({ shortWon }) => shortWon > 0).length,
  )
  metrics.gauge('dure_fund_breaks', 'Items of funds that found no other side in time', () =>
    last().reduce((sum, { breakCount }) => sum + breakCount, 0),
  )
  metrics.gauge(
    'dure_fund_coverage_ratio_min',
    'The lowest coverage of all issuers, of what is owed',
    () =>
      Math.min(...last().map(({ coverageBasisPoints: share }) => (share ?? 10_000) / 10_000), 1),
  )
  return {
    file(issuerId, taken) {
      const facts = { issuer: codeOf(issuerId), file: taken.name, status: taken.status }
      if (taken.status === 'refused') log.warn('treasury.file_refused', facts)
      else log.info('treasury.file_taken', facts)
    },
    given: (issuerId, { name, lines, amountWon }) =>
      log.info('treasury.file_given', { issuer: codeOf(issuerId), file: name, lines, amountWon }),
    followedUp(issuerId, turn) {
      if (turn.retried + turn.silent === 0) return
      log.info('payouts.followed_up', { issuer: codeOf(issuerId), ...turn })
    },
    day(issuerId, day) {
      const known = days.get(issuerId)
      days.set(issuerId, day)
      if (known !== undefined && isSameNews(known, day)) return
      const facts = dayFacts(codeOf(issuerId), day)
      if (day.shortWon > 0) log.error('fund.short', facts)
      else if (day.breakCount > 0 || day.unexplainedWon !== 0) log.warn('fund.differed', facts)
      else log.info('fund.reconciled', facts)
    },
  }
}

/** A day is written anew at every turn; only what changed is news. */
function isSameNews(one: DayResult, other: DayResult): boolean {
  return (
    one.date === other.date &&
    one.breakCount === other.breakCount &&
    one.shortWon === other.shortWon &&
    one.unexplainedWon === other.unexplainedWon
  )
}

function dayFacts(issuer: string, day: DayResult): Record<string, string | number> {
  const { date, bankWon, ledgerWon, openWon, unexplainedWon, breakCount, owedWon, shortWon } = day
  return {
    issuer,
    date,
    bankWon,
    ledgerWon,
    openWon,
    unexplainedWon,
    breakCount,
    owedWon,
    shortWon,
    coverageBasisPoints: day.coverageBasisPoints ?? 0,
  }
}
