/**
 * The book of jobs in PostgreSQL. Its shape is the clockwork's own (src/jobs/job-book.ts), which this room does not
 * know: main brings the two together, and the compiler compares them.
 */
import type { Instant, IssuerId } from '../base/base.ts'
import { numberArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

type Data = Readonly<Record<string, string | number | boolean | null>>
type State = 'waiting' | 'running' | 'done' | 'failed'

interface Place {
  readonly issuerId: IssuerId
  readonly name: string
  readonly key: string
}

interface StoredJob extends Place {
  readonly state: State
  readonly data: Data
  readonly dueAt: Instant
  readonly attempts: number
  readonly carried: Data
  readonly progress: { readonly done: number; readonly whole: number } | null
  readonly startedAt: Instant | null
  readonly steppedAt: Instant | null
  readonly endedAt: Instant | null
  readonly error: string | null
  readonly failedAt: Instant | null
}

interface Step {
  readonly done: boolean
  readonly progress?: { readonly done: number; readonly whole: number }
  readonly carry?: Data
}

export interface PostgresJobBook {
  makeDue(name: string, issuerIds: readonly IssuerId[], dueAt: Instant): Promise<number>
  order(ordered: Place & { readonly data: Data }, at: Instant): Promise<'new' | 'known' | 'other'>
  unended(failedBefore: Instant): Promise<readonly Omit<Place, 'key'>[]>
  begin(
    job: Omit<Place, 'key'>,
    times: { readonly at: Instant; readonly failedBefore: Instant },
  ): Promise<StoredJob | undefined>
  step(job: StoredJob, step: Step, at: Instant): Promise<void>
  fail(
    job: StoredJob,
    failure: { readonly error: string; readonly isFinal: boolean; readonly at: Instant },
  ): Promise<void>
  jobs(
    issuerId: IssuerId | undefined,
    page: {
      readonly state?: State | undefined
      readonly after?: Place | undefined
      readonly limit: number
    },
  ): Promise<readonly StoredJob[]>
}

interface JobRow {
  issuer_id: number
  name: string
  key: string
  state: State
  data: Data
  due_at: number
  attempts: number
  carried: Data
  done: number | null
  whole: number | null
  started_at: number | null
  stepped_at: number | null
  ended_at: number | null
  error: string | null
  failed_at: number | null
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresJobBook(pool: PostgresPool): PostgresJobBook {
  return {
    async makeDue(name, issuerIds, dueAt) {
      if (issuerIds.length === 0) return 0
      const rows = await pool.run(
        (sql) => sql<{ behind: number }[]>`
          select clockwork.make_due(${numberArray(issuerIds)}::integer[], ${name}, ${dueAt}) as behind`,
      )
      return rows[0]!.behind
    },
    async order({ issuerId, name, key, data }, at) {
      const rows = await pool.run(
        (sql) => sql<{ outcome: 'new' | 'known' | 'other' }[]>`
          select clockwork.order_job(
            ${issuerId}, ${name}, ${key}, ${JSON.stringify(data)}::text::jsonb, ${at}) as outcome`,
      )
      return rows[0]!.outcome
    },
    async unended(failedBefore) {
      const rows = await pool.run(
        (sql) => sql<{ issuer_id: number; name: string }[]>`
          select issuer_id, name from clockwork.unended(${failedBefore})`,
      )
      return rows.map((row) => ({ issuerId: row.issuer_id as IssuerId, name: row.name }))
    },
    async begin({ issuerId, name }, { at, failedBefore }) {
      const rows = await pool.run(
        (sql) => sql<JobRow[]>`
          select * from clockwork.begin_job(${issuerId}, ${name}, ${at}, ${failedBefore})`,
      )
      return rows.map(jobOf)[0]
    },
    ...reporting(pool),
    async jobs(issuerId, { state, after, limit }) {
      const { issuerId: afterIssuer, name, key } = after ?? { issuerId: -1, name: '', key: '' }
      const rows = await pool.run(
        (sql) => sql<JobRow[]>`
          select * from clockwork.jobs(
            ${issuerId ?? null}, ${state ?? null}, ${afterIssuer}, ${name}, ${key}, ${limit})`,
      )
      return rows.map(jobOf)
    },
  }
}

function reporting(pool: PostgresPool): Pick<PostgresJobBook, 'step' | 'fail'> {
  return {
    async step({ issuerId, name, key, dueAt }, { done, progress, carry }, at) {
      const carried = carry === undefined ? null : JSON.stringify(carry)
      await pool.run(
        (sql) => sql`
          select clockwork.step_job(${issuerId}, ${name}, ${key}, ${dueAt}, ${at}, ${done},
            ${progress?.done ?? null}, ${progress?.whole ?? null}, ${carried}::text::jsonb)`,
      )
    },
    async fail({ issuerId, name, key, dueAt }, { error, isFinal, at }) {
      await pool.run(
        (sql) => sql`
          select clockwork.fail_job(
            ${issuerId}, ${name}, ${key}, ${dueAt}, ${at}, ${isFinal}, ${error})`,
      )
    },
  }
}

function jobOf(row: JobRow): StoredJob {
  const { done, whole } = row
  return {
    issuerId: row.issuer_id as IssuerId, // Written from a brand.
    name: row.name,
    key: row.key,
    state: row.state,
    data: row.data,
    dueAt: row.due_at,
    attempts: row.attempts,
    carried: row.carried,
    progress: done === null || whole === null ? null : { done, whole },
    startedAt: row.started_at,
    steppedAt: row.stepped_at,
    endedAt: row.ended_at,
    error: row.error,
    failedAt: row.failed_at,
  }
}
