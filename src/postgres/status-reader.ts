/** How the database and every issuer in it stand, one statement of a kind. For whoever watches, never in a payment. */
import type { BusinessDate, Instant, IssuerId } from '../base/base.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** What has no row in a map has nothing of the kind: no seal, no case, no job that failed. */
export interface StatusReader {
  server(): Promise<{ readonly version: string; readonly isPrimary: boolean }>
  seals(): Promise<ReadonlyMap<IssuerId, SealFigures>>
  /** The operator's own jobs are those of 0. */
  failedJobs(): Promise<ReadonlyMap<IssuerId, number>>
  cases(at: Instant): Promise<ReadonlyMap<IssuerId, CaseFigures>>
  fundDays(): Promise<ReadonlyMap<IssuerId, FundDayFigures>>
  runs(): Promise<ReadonlyMap<IssuerId, RunFigures>>
}

export interface SealFigures {
  /** `null`: something was booked, and nothing was ever sealed. */
  readonly newest: { readonly segment: number; readonly sealedAt: Instant } | null
  /** When the oldest operation was booked that no seal reaches; `null`: all is sealed. */
  readonly unsealedSince: Instant | null
}
export interface CaseFigures {
  readonly openCases: number
  readonly lateCases: number
}
export interface FundDayFigures {
  readonly day: BusinessDate
  readonly breaks: number
  readonly isCovered: boolean
}
export interface RunFigures {
  readonly day: BusinessDate
  readonly state: 'open' | 'closed'
  readonly heldCount: number
}

/** Throws Faults as the fault table classifies them. */
export function createStatusReader(pool: PostgresPool): StatusReader {
  return {
    async server() {
      const [row] = await pool.run(
        (sql) => sql<{ version: string; is_primary: boolean }[]>`
          select current_setting('server_version') as version,
            not pg_is_in_recovery() as is_primary`,
      )
      return { version: row?.version ?? '', isPrimary: row?.is_primary ?? false }
    },
    async seals() {
      const rows = await pool.run((sql) => sql<SealRow[]>`select * from ledger.seal_positions()`)
      return byIssuer(rows, ({ segment, until_at: sealedAt, unsealed_since: unsealedSince }) => ({
        newest: segment === null || sealedAt === null ? null : { segment, sealedAt },
        unsealedSince,
      }))
    },
    async failedJobs() {
      const rows = await pool.run((sql) => sql<FailedRow[]>`select * from clockwork.failed_jobs()`)
      return byIssuer(rows, ({ failed_jobs: failed }) => failed)
    },
    async cases(at) {
      const rows = await pool.run((sql) => sql<CaseRow[]>`select * from registry.open_cases(${at})`)
      return byIssuer(rows, ({ open_cases: openCases, late_cases: lateCases }) => ({
        openCases,
        lateCases,
      }))
    },
    async fundDays() {
      const rows = await pool.run((sql) => sql<FundRow[]>`select * from treasury.newest_days()`)
      return byIssuer(rows, ({ business_date: day, breaks, short_won: shortWon }) => ({
        day,
        breaks,
        isCovered: shortWon === 0,
      }))
    },
    async runs() {
      const rows = await pool.run((sql) => sql<RunRow[]>`select * from settlement.newest_runs()`)
      return byIssuer(rows, ({ settlement_day: day, state, held }) => ({
        day,
        state,
        heldCount: held,
      }))
    },
  }
}

interface IssuerRow {
  issuer_id: IssuerId
}
interface SealRow extends IssuerRow {
  segment: number | null
  until_at: Instant | null
  unsealed_since: Instant | null
}
interface FailedRow extends IssuerRow {
  failed_jobs: number
}
interface CaseRow extends IssuerRow {
  open_cases: number
  late_cases: number
}
interface FundRow extends IssuerRow {
  business_date: BusinessDate
  breaks: number
  short_won: number
}
interface RunRow extends IssuerRow {
  settlement_day: BusinessDate
  state: 'open' | 'closed'
  held: number
}

function byIssuer<Row extends IssuerRow, Figures>(
  rows: readonly Row[],
  figures: (row: Row) => Figures,
): ReadonlyMap<IssuerId, Figures> {
  return new Map(rows.map((row) => [row.issuer_id, figures(row)]))
}
