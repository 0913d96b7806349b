/** The product on a real database, with a clock that the scenario sets: as wired in a core, without its doors. */
import { createAuthorization, type Authorization } from '../../src/authorization/authorization.ts'
import {
  createIdSource,
  won,
  type BusinessDate,
  type Clock,
  type GiftId,
  type IdSource,
  type Instant,
  type MerchantId,
} from '../../src/base/base.ts'
import { createGifting, type Gifting } from '../../src/gifting/gifting.ts'
import { koreanHolidays } from '../../src/main/korean-holidays.ts'
import { createPostgresSettlements } from '../../src/postgres/postgres-settlements.ts'
import type { Ledger, PayoutAccount, ProgramReading } from '../../src/ledger/ledger.ts'
import { createPostgresLedger } from '../../src/postgres/postgres-ledger.ts'
import { openPool, type PostgresPool } from '../../src/postgres/postgres-pool.ts'
import { createPostgresRegistry } from '../../src/postgres/postgres-registry.ts'
import { createPostgresProgramReading } from '../../src/postgres/program-reading.ts'
import { createPostgresReporting } from '../../src/postgres/reporting-store.ts'
import { createPostgresTreasuryStore } from '../../src/postgres/treasury-store.ts'
import {
  createCasebook,
  createRecordDirectory,
  followedBy,
  type Casebook,
  type PersonIndex,
  type RecordDirectory,
  type Registry,
} from '../../src/registration/registration.ts'
import { createRefunding, type Refunding } from '../../src/refunding/refunding.ts'
import type { ReportingStore } from '../../src/reporting/reporting.ts'
import { createTreasury, type Treasury } from '../../src/treasury/treasury.ts'
import { createSelling, type Selling } from '../../src/selling/selling.ts'
import {
  createSettling,
  type MerchantKnowledge,
  type Payee,
  type Settling,
} from '../../src/settlement/settlement.ts'
import { hmacSha256, sha256, signingKeyOf } from '../crypto-ports.ts'
import { createYearBank, type YearBank } from './year-bank.ts'
import { openOffices, type YearOffices } from './year-offices.ts'
import { startOfDay } from './year-calendar.ts'
import type { YearDatabase } from './year-database.ts'
import { ISSUER, memberIdOf, merchantOf, openingRecords, walletOf } from './year-terms.ts'
import { townRules } from './year-town-rules.ts'

export type { UploadedList } from './year-offices.ts'

export interface YearTown extends YearOffices {
  readonly ledger: Ledger
  readonly directory: RecordDirectory
  readonly authorization: Authorization
  readonly selling: Selling
  readonly refunding: Refunding
  readonly gifting: Gifting
  /** By the events that sent them. */
  readonly gifts: Map<number, GiftId>
  readonly settling: Settling
  readonly treasury: Treasury
  readonly reports: ReportingStore
  readonly casebook: Casebook
  readonly registry: Registry
  readonly holders: Pick<ProgramReading, 'programHolders'>
  readonly bank: YearBank
  readonly ids: IdSource
  /** What somebody must look at; the year is meant to have none. */
  readonly cases: string[]
  now(): Instant
  /** Time only goes forward. */
  setTime(at: Instant): void
  close(): Promise<void>
}

/** @param plant a mistake in the ledger, to see that it would be found */
export async function openTown(
  database: YearDatabase,
  plant: (ledger: Ledger) => Ledger = (ledger) => ledger,
): Promise<YearTown> {
  let now = startOfDay(0)
  const clock = (): Instant => now
  const pool = openPool({ url: database.appUrl, name: 'year', connectionsMax: 4 })
  const directory = createRecordDirectory()
  const postgres = createPostgresRegistry(pool)
  const registry = followedBy(postgres, directory)
  const ledger = plant(createPostgresLedger({ paying: pool, buying: pool, reading: pool }))
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
    bank: createYearBank(clock),
    cases: [],
    holidays: koreanHolidays(),
    clock,
  }
  const offices = openOffices(base)
  return {
    ...base,
    ...offices,
    holders: createPostgresProgramReading(pool),
    ...paying(base),
    ...returning(base, offices.registration),
    ...counting(base),
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
      funding: directory,
      ids,
      sha256,
      clock,
      openCase: (problem) => cases.push(JSON.stringify(problem)),
    }),
  }
}

type Returning = 'refunding' | 'gifting' | 'gifts' | 'settling'

function returning(
  base: TownBase,
  registration: YearOffices['registration'],
): Pick<YearTown, Returning> {
  const { pool, directory, registry, ledger, ids, holidays, clock } = base
  const { cutOffMinute, minimumPayoutWon } = townRules
  const shared = {
    ledger,
    registry,
    casebook: createCasebook({ registry, ids, clock }),
    member: (...[issuerId, memberId]: Parameters<typeof registration.member>) =>
      registration.member(issuerId, memberId),
    issuing: directory,
    ids,
    sha256,
    clock,
  }
  const gifting = createGifting(shared)
  return {
    gifting,
    gifts: new Map(),
    refunding: createRefunding({
      ...shared,
      presents: gifting,
      holidays,
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

function counting(base: TownBase): Pick<YearTown, 'treasury' | 'reports' | 'casebook'> {
  const { pool, directory, registry, ledger, ids, holidays, bank, clock } = base
  const settlements = createPostgresSettlements(pool)
  const casebook = createCasebook({ registry, ids, clock })
  return {
    casebook,
    treasury: createTreasury({
      ledger,
      payouts: ledger,
      store: createPostgresTreasuryStore(pool),
      registry,
      casebook,
      issuing: directory,
      issuerRules: directory,
      give: async (_issuerCode, name, bytes) => bank.take({ name, bytes }),
      accountNow: async (_issuerId, { beneficiary }) =>
        beneficiary.kind === 'merchant'
          ? accountAt(shopNumber(beneficiary.id), clock())
          : undefined,
      tellParked: async () => undefined,
      holidays,
      ids,
      sha256,
    }),
    reports: createPostgresReporting(pool, (issuerId, at) =>
      settlements.sealedUntil(issuerId, at - 1),
    ),
  }
}

/** What settlement asks about shops: their revenue, and where to pay to once they have said so. */
function shopKnowledge(clock: Clock): MerchantKnowledge {
  return {
    revenues: async () => (merchantId) => won(townRules.shops[shopNumber(merchantId)]!.revenueWon),
    payees: async (_issuerId, merchantIds) =>
      new Map(merchantIds.map((each) => [each, payeeOf(shopNumber(each), clock())])),
  }
}

function shopNumber(merchantId: MerchantId): number {
  return merchantId - merchantOf(0)
}

function payeeOf(shop: number, now: Instant): Payee {
  const isNamed = now >= startOfDay(townRules.accountFrom[shop] ?? 0)
  return isNamed
    ? { status: 'payable', account: accountAt(shop, now), closed: false }
    : { status: 'held', reason: 'account_missing' }
}

function accountAt(shop: number, now: Instant): PayoutAccount {
  const { shop: closedShop, from, until } = townRules.closedAccount
  const isOfClosed = shop === closedShop
  const isClosed = isOfClosed && now >= startOfDay(from) && now < startOfDay(until)
  const isNew = isOfClosed && now >= startOfDay(until)
  const accountNumber = isClosed ? '3000000000' : `3000${shop}${isNew ? '2' : '1'}`
  return { bankCode: '011', accountNumber, holderName: `가게${shop}` }
}
