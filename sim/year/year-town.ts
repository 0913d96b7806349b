/** The product on a real database, with a clock that the scenario sets: as wired in a core, without its doors. */
import { createAuthorization, type Authorization } from '../../src/authorization/authorization.ts'
import { createIdSource, type IdSource, type Instant } from '../../src/base/base.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { createPostgresLedger } from '../../src/postgres/postgres-ledger.ts'
import { openPool } from '../../src/postgres/postgres-pool.ts'
import { createPostgresRegistry } from '../../src/postgres/postgres-registry.ts'
import {
  createRecordDirectory,
  followedBy,
  type RecordDirectory,
} from '../../src/registration/registration.ts'
import { createSelling, type Selling } from '../../src/selling/selling.ts'
import { hmacSha256, sha256, signingKeyOf } from '../crypto-ports.ts'
import { createYearBank, type YearBank } from './year-bank.ts'
import { startOfDay } from './year-calendar.ts'
import type { YearDatabase } from './year-database.ts'
import { ISSUER, memberIdOf, openingRecords, walletOf } from './year-terms.ts'
import { townRules } from './year-town-rules.ts'

export interface YearTown {
  readonly ledger: Ledger
  readonly directory: RecordDirectory
  readonly authorization: Authorization
  readonly selling: Selling
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
  const registry = followedBy(createPostgresRegistry(pool), directory)
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  const ids = createIdSource({ node: 1, clock })
  const bank = createYearBank()
  const cases: string[] = []
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
  const signing = signingKeyOf('year')
  return {
    ledger,
    directory,
    bank,
    ids,
    cases,
    authorization: createAuthorization({
      ledger,
      issuing: directory,
      acquiring: directory,
      payerByHandle: async () => undefined,
      walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
      verify: signing.verify,
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
    now: clock,
    setTime(at) {
      now = Math.max(now, at)
    },
    close: () => pool.close(),
  }
}
