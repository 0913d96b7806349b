/**
 * A PostgreSQL for benches: the product's own settings, durable commits, in a folder that is removed afterwards.
 * Wallets are seeded by SQL, because seeding is not what is measured.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openDataDirectory } from '../src/main/data-directory.ts'
import { startEmbeddedPostgres } from '../src/main/embedded-postgres.ts'
import { migrate } from '../src/postgres/migrator.ts'
import { progress } from './progress.ts'

/** Every wallet has two lots of one program, the second of which expires later. */
export const LOTS_PER_WALLET = 2
export const PROGRAM_ID = 1
const LOT_FACE_WON = 1_000_000_000
const APP_PASSWORD = 'bench-password-of-the-app'

export interface BenchDatabase {
  readonly appUrl: string
  readonly ownerUrl: string
  readonly owner: postgres.Sql
}

export interface BenchServer {
  /** A migrated, empty database. */
  createDatabase(name: string): Promise<BenchDatabase>
  stop(): Promise<void>
}

export async function startBenchServer(): Promise<BenchServer> {
  const directory = await mkdtemp(join(tmpdir(), 'dure-bench-'))
  await chmod(directory, 0o755) // As root the server runs as another user, who must reach it.
  const data = await openDataDirectory(join(directory, 'data'))
  const server = await startEmbeddedPostgres({
    dataDirectory: data.path,
    secrets: data.secrets,
    log: () => {},
  })
  const owners: postgres.Sql[] = []
  return {
    async createDatabase(name) {
      const admin = postgres(server.superuserUrl, { max: 1, onnotice: () => {} })
      await admin.unsafe(`create database ${name}`)
      await admin.end()
      const url = new URL(server.superuserUrl)
      url.pathname = `/${name}`
      const ownerUrl = url.href
      const owner = postgres(ownerUrl, { max: 2, onnotice: () => {} })
      owners.push(owner)
      await migrate(owner, { appPassword: APP_PASSWORD, auditPassword: APP_PASSWORD })
      url.username = 'dure_app'
      url.password = APP_PASSWORD
      return { appUrl: url.href, ownerUrl, owner }
    },
    async stop() {
      for (const owner of owners) await owner.end({ timeout: 1 })
      await server.stop()
      await data.release()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The issuer a wallet belongs to: wallets 1…n are dealt over the issuers in turn. */
export function issuerOfWallet(walletId: number, issuers: number): number {
  return (walletId % issuers) + 1
}

/** Opens wallets 1…count with two lots each, in chunks with progress. */
export async function seedWallets(
  owner: postgres.Sql,
  options: { count: number; issuers: number },
): Promise<void> {
  const { count, issuers } = options
  await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
    select g, '2026-01-01T00:00:00Z' from generate_series(1, ${issuers}::integer) g`
  const chunk = 250_000
  for (let from = 1; from <= count; from += chunk) {
    const to = Math.min(count, from + chunk - 1)
    await owner`insert into ledger.wallet (issuer_id, wallet_id, member_id, recorded_at)
      select (w % ${issuers}::integer) + 1, w, w, '2026-01-02T00:00:00Z'
      from generate_series(${from}::integer, ${to}::integer) w order by 1, 2`
    await owner`insert into ledger.lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won,
        remaining_won, held_won, expires_at, issued_by)
      select (w % ${issuers}::integer) + 1, w, w::bigint * 2 + k, ${PROGRAM_ID}, 'purchase',
        ${LOT_FACE_WON}, ${LOT_FACE_WON}, 0, timestamptz '2030-01-01' + interval '1 year' * k, gen_random_uuid()
      from generate_series(${from}::integer, ${to}::integer) w, generate_series(0, 1) k order by 1, 2, 3`
    progress(`seeded ${to.toLocaleString('en')} of ${count.toLocaleString('en')} wallets`)
  }
  await owner.unsafe('vacuum analyze')
  await owner.unsafe('checkpoint')
}
