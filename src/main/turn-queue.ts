/**
 * The queue of turns on pg-boss; nothing else of the product knows it. It has a schema and a role of its own, and only
 * hands out turns: what there is to do stands in our own book (src/jobs/job-book.ts), so all of it may be dropped.
 * Its surprise: pg-boss is given our pools, which follow the primary, instead of opening connections itself.
 */
import { getConstructionPlans, getMigrationPlans, PgBoss, type Db } from 'pg-boss'
import manifest from 'pg-boss/package.json' with { type: 'json' }
import { assert, type IssuerId } from '../base/base.ts'
import type { HeldTurn, TurnQueue } from '../jobs/jobs.ts'
import { ensureRole, openPool, type PostgresPool, type Sql } from '../postgres/postgres.ts'

export const TURN_ROLE = 'dure_jobs'
const SCHEMA = 'pgboss'
const QUEUE = 'turns'
/** Any number that no other application of this database locks: "turn" in ASCII. */
const INSTALLATION_LOCK = 0x7475726e

/** Without a sign of life for so long a worker counts as dead … */
export const HEARTBEAT_SECONDS = 20
/** … when somebody looks, which happens so often: together half a minute. */
export const SUPERVISE_EVERY_SECONDS = 10
/** A worker that lives and does not come to an end. */
const EXPIRE_SECONDS = 300
/** Turns that are over are of no use; the book knows what came of them. */
const DELETE_AFTER_SECONDS = 60
const MAINTENANCE_EVERY_SECONDS = 300
/** The first wait after a failure, and the longest; in between it doubles. */
const RETRY_DELAY_SECONDS = 4
const RETRY_DELAY_SECONDS_MAX = 120
/** The book counts attempts; this only ends what nobody takes any more. */
const RETRIES_MAX = 20
/** Workers that one issuer may have at one time, of all there are. */
const TURNS_OF_ISSUER_MAX = 2
const CONNECTIONS_MAX = 2
const NEVER_SECONDS = 86_400

/**
 * Brings the queue's schema to the version that this program's pg-boss knows, and its role to exactly the rights it
 * needs. @param owner a connection of the database's owner @returns whether anything of the schema changed
 */
export async function installTurnQueue(owner: Sql, password: string): Promise<boolean> {
  const reserved = await owner.reserve()
  try {
    await reserved`select pg_advisory_lock(${INSTALLATION_LOCK})`
    try {
      await ensureRole(reserved, TURN_ROLE, password)
      const hasChanged = await bringToVersion(reserved)
      await grant(reserved)
      return hasChanged
    } finally {
      await reserved`select pg_advisory_unlock(${INSTALLATION_LOCK})`
    }
  } finally {
    reserved.release()
  }
}

async function bringToVersion(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select to_regclass(${`${SCHEMA}.version`}) is not null as found`
  if (row?.found !== true) {
    await allOrNothing(sql, getConstructionPlans(SCHEMA))
    return true
  }
  const [known] = await sql<{ version: number }[]>`select version from ${sql(SCHEMA)}.version`
  if (known !== undefined && known.version >= manifest.pgboss.schema) return false
  assert(known !== undefined, 'the schema of turns has a version')
  await allOrNothing(sql, getMigrationPlans(SCHEMA, known.version))
  return true
}

/** The role reads and writes rows; it makes and drops nothing, and has no other schema. */
async function grant(sql: Sql): Promise<void> {
  await allOrNothing(
    sql,
    `begin;
    revoke all on schema ${SCHEMA} from public;
    revoke all on all tables in schema ${SCHEMA} from public, ${TURN_ROLE};
    revoke all on all functions in schema ${SCHEMA} from public, ${TURN_ROLE};
    grant usage on schema ${SCHEMA} to ${TURN_ROLE};
    grant select, insert, update, delete on all tables in schema ${SCHEMA} to ${TURN_ROLE};
    grant execute on all functions in schema ${SCHEMA} to ${TURN_ROLE};
    commit`,
  )
}

/** Statements that open and close their own transaction. */
async function allOrNothing(sql: Sql, statements: string): Promise<unknown[]> {
  try {
    return await sql.unsafe(statements)
  } catch (error) {
    // Where the connection is gone there is nothing to roll back, and the first error says why.
    await sql.unsafe('rollback').catch(() => {})
    throw error
  }
}

export interface OpenTurnQueue extends TurnQueue {
  close(): Promise<void>
}

/** @param options.url as the queue's own role */
export async function openTurnQueue(options: {
  readonly url: string
  readonly onError: (error: unknown) => void
  readonly superviseEverySeconds?: number
}): Promise<OpenTurnQueue> {
  const { url, onError, superviseEverySeconds = SUPERVISE_EVERY_SECONDS } = options
  const pool = openPool({ url, name: 'turns', connectionsMax: CONNECTIONS_MAX })
  const boss = new PgBoss({
    db: statementsOf(pool),
    schema: SCHEMA,
    migrate: false,
    createSchema: false,
    schedule: false,
    registerInstance: false,
    // Both need the owner's rights.
    reindex: false,
    monitorVacuum: false,
    superviseIntervalSeconds: superviseEverySeconds,
    monitorIntervalSeconds: superviseEverySeconds,
    maintenanceIntervalSeconds: MAINTENANCE_EVERY_SECONDS,
    // No turn depends on another.
    flowIntervalSeconds: NEVER_SECONDS,
    openTelemetry: { enabled: false },
  })
  boss.on('error', onError)
  try {
    await boss.start()
    await openQueue(boss)
  } catch (error) {
    await boss.stop({ graceful: false }).catch(onError)
    await pool.close()
    throw error
  }
  return {
    ...turnsOf(boss),
    async close() {
      await boss.stop()
      await pool.close()
    },
  }
}

async function openQueue(boss: PgBoss): Promise<void> {
  const settings = {
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deleteAfterSeconds: DELETE_AFTER_SECONDS,
    retryLimit: RETRIES_MAX,
    retryDelay: RETRY_DELAY_SECONDS,
    retryDelayMax: RETRY_DELAY_SECONDS_MAX,
    retryBackoff: true,
  }
  // Waiting, coming again or held: of each issuer and job there is one turn.
  await boss.createQueue(QUEUE, { ...settings, policy: 'exclusive' })
  await boss.updateQueue(QUEUE, settings)
}

interface TurnData {
  readonly issuerId: IssuerId
  readonly name: string
}

function turnsOf(boss: PgBoss): TurnQueue {
  return {
    async send(turns) {
      const jobs = turns.map(({ issuerId, name }) => ({
        data: { issuerId, name },
        singletonKey: `${issuerId}/${name}`,
        group: { id: String(issuerId) },
      }))
      await boss.insert(QUEUE, jobs)
    },
    async take() {
      const [job] = await boss.fetch<TurnData>(QUEUE, { groupConcurrency: TURNS_OF_ISSUER_MAX })
      if (job === undefined) return undefined
      const { issuerId, name } = job.data
      return { issuerId, name, ticket: `${job.id}/${job.retryCount}` }
    },
    async keep(turn) {
      await boss.touch(QUEUE, attemptOf(turn))
    },
    async end(turn) {
      await boss.complete(QUEUE, attemptOf(turn))
    },
    async putBack(turn) {
      await boss.fail(QUEUE, attemptOf(turn))
    },
  }
}

/** Of a turn that was given to another meanwhile, pg-boss lets nothing be said any more. */
function attemptOf({ ticket }: HeldTurn): { id: string; retryCount: number } {
  const [id = '', retryCount = ''] = ticket.split('/')
  return { id, retryCount: Number(retryCount) }
}

/** Several statements at once come as one text without values, and open and close their own transaction. */
function statementsOf(pool: PostgresPool): Db {
  return {
    executeSql: (text, values = []) =>
      pool.run(async (sql) => {
        if (values.length > 0) return { rows: await sql.unsafe(text, values as never[]) }
        const reserved = await sql.reserve()
        try {
          // One list of rows for each statement; of a single statement, its rows.
          const rows = await allOrNothing(reserved, text)
          return { rows: rows.flat() }
        } finally {
          reserved.release()
        }
      }),
  }
}
