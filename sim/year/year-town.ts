/** The product on a real database, with a clock that the scenario sets: as wired in a core, without its doors. */
import { createAuthorization, type Authorization } from '../../src/authorization/authorization.ts'
import {
  createIdSource,
  won,
  type BusinessDate,
  type Clock,
  type IdSource,
  type Instant,
} from '../../src/base/base.ts'
import { koreanHolidays } from '../../src/main/korean-holidays.ts'
import { createPostgresSettlements } from '../../src/postgres/postgres-settlements.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createPostgresLedger } from '../../src/postgres/postgres-ledger.ts'
import { openPool, type PostgresPool } from '../../src/postgres/postgres-pool.ts'
import { createPostgresRegistry } from '../../src/postgres/postgres-registry.ts'
import {
  createCasebook,
  createRecordDirectory,
  createRegistration,
  followedBy,
  type PersonIndex,
  type RecordDirectory,
  type Registry,
} from '../../src/registration/registration.ts'
import { createRefunding, type Refunding } from '../../src/refunding/refunding.ts'
import { createSelling, type Selling } from '../../src/selling/selling.ts'
import {
  createSettling,
  type MerchantKnowledge,
  type Payee,
  type Settling,
} from '../../src/settlement/settlement.ts'
import { hmacSha256, sha256, signingKeyOf } from '../crypto-ports.ts'
import { createYearBank, type YearBank } from './year-bank.ts'
import { startOfDay } from './year-calendar.ts'
import type { YearDatabase } from './year-database.ts'
import { ISSUER, memberIdOf, merchantOf, openingRecords, walletOf } from './year-terms.ts'
import { townRules } from './year-town-rules.ts'

export interface YearTown {
  readonly ledger: Ledger
  readonly directory: RecordDirectory
  readonly authorization: Authorization
  readonly selling: Selling
  readonly refunding: Refunding
  readonly settling: Settling
  readonly bank: YearBank
  readonly ids: IdSource
  /** What somebody must look at; the year is meant to have none. */
  readonly cases: string[]
  now(): Instant
  /** Time only goes forward. */
  setTime(at: Instant): void
  close(): Promise<void>
}

export async function openTown(database: YearDatabase): Promise<YearTown> {
  let now = startOfDay(0)
  const clock = (): Instant => now
  const pool = openPool({ url: database.appUrl, name: 'year', connectionsMax: 4 })
  const directory = createRecordDirectory()
  const postgres = createPostgresRegistry(pool)
  const registry = followedBy(postgres, directory)
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  const ids = createIdSource({ node: 1, clock })
  await registry.openIssuer(ISSUER)
  await registry.append(ISSUER, 'system', openingRecords(), now)
  await ledger.openWallets(
    ISSUER,
    townRules.members.map((_, member) => ({
      memberId: memberIdOf(member),
      walletId: walletOf(member),
    })),
    now,
  )
  const base: TownBase = {
    pool,
    directory,
    registry,
    persons: postgres,
    ledger,
    ids,
    bank: createYearBank(),
    cases: [],
    holidays: koreanHolidays(),
    clock,
  }
  return {
    ...base,
    ...paying(base),
    ...returning(base),
    now: clock,
    setTime(at) {
      now = Math.max(now, at)
    },
    close: () => pool.close(),
  }
}

/** What all rooms of the town stand on. */
interface TownBase {
  readonly pool: PostgresPool
  readonly directory: RecordDirectory
  readonly registry: Registry
  readonly persons: PersonIndex
  readonly ledger: Ledger
  readonly ids: IdSource
  readonly bank: YearBank
  readonly cases: string[]
  readonly holidays: readonly BusinessDate[]
  readonly clock: Clock
}

function paying(base: TownBase): Pick<YearTown, 'authorization' | 'selling'> {
  const { ledger, directory, bank, ids, cases, clock } = base
  return {
    authorization: createAuthorization({
      ledger,
      issuing: directory,
      acquiring: directory,
      payerByHandle: async () => undefined,
      walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
      verify: signingKeyOf('year').verify,
      hmac: hmacSha256,
      sha256,
      clock,
    }),
    selling: createSelling({
      ledger,
      bank,
      issuing: directory,
      ids,
      sha256,
      clock,
      openCase: (problem) => cases.push(JSON.stringify(problem)),
    }),
  }
}

function returning(base: TownBase): Pick<YearTown, 'refunding' | 'settling'> {
  const { pool, directory, registry, persons, ledger, ids, holidays, clock } = base
  const { cutOffMinute, minimumPayoutWon } = townRules
  const registration = createRegistration({
    registry,
    ledger,
    persons,
    issuerRules: directory,
    ids,
    clock,
    randomHandle: () => 0,
    seedOf: () => new Uint8Array(32),
  })
  return {
    refunding: createRefunding({
      ledger,
      registry,
      casebook: createCasebook({ registry, ids, clock }),
      member: (issuerId, memberId) => registration.member(issuerId, memberId),
      issuing: directory,
      presents: { givenAwayWon: async () => won(0), sourcesOf: async () => undefined },
      announcements: { adverseChangeRuns: () => false, isAbolished: () => false },
      ids,
      sha256,
      clock,
      holidays,
      tokenBankCode: '035',
    }),
    settling: createSettling({
      store: createPostgresSettlements(pool),
      ledger,
      issuing: directory,
      rulesAt: () => ({ cutOffMinute, minimumPayoutWon: won(minimumPayoutWon) }),
      merchantIds: () => townRules.shops.map((_, shop) => merchantOf(shop)),
      holidays,
      ids,
      sha256,
      ...shopKnowledge(clock),
    }),
  }
}

/** What settlement asks about shops: their revenue, and where to pay to once they have said so. */
function shopKnowledge(clock: Clock): MerchantKnowledge {
  const numberOf = (merchantId: number): number => merchantId - merchantOf(0)
  return {
    revenuesOn: async (_issuerId, merchantIds) =>
      new Map(merchantIds.map((each) => [each, won(townRules.shops[numberOf(each)]!.revenueWon)])),
    payees: async (_issuerId, merchantIds) =>
      new Map(merchantIds.map((each) => [each, payeeOf(numberOf(each), clock())])),
  }
}

function payeeOf(shop: number, now: Instant): Payee {
  if (now < startOfDay(townRules.accountFrom[shop] ?? 0)) {
    return { status: 'held', reason: 'account_missing' }
  }
  const account = { bankCode: '011', accountNumber: `3000${shop}`, holderName: `가게${shop}` }
  return { status: 'payable', account, closed: false }
}
