/**
 * A pool of connections that follows the primary. Its surprise: a server that says "read only" (25006) was demoted
 * under us, so the whole pool is replaced; and where several hosts are named, by one of the next host.
 */
import postgres from 'postgres'
import { Fault } from '../base/base.ts'
import { errorCode, isClassified, postgresFault } from './postgres-fault.ts'
import { hostUrls, isElsewhere } from './primary.ts'

export type Sql = postgres.Sql

export interface PoolOptions {
  /** One URL; several hosts may stand in it: `postgres://user@a:5432,b:5432/dure`. */
  url: string
  /** Shown in pg_stat_activity: what these connections are for. */
  name: string
  connectionsMax: number
  /** A statement that runs longer is cancelled by the server before it commits. */
  statementTimeoutMs?: number
  /** Called with errors that no table names, so that somebody looks. */
  onUnclassified?: (error: unknown) => void
}

export interface PostgresPool {
  /** Runs one statement. @throws Fault, classified by what may have happened. */
  run<Result>(statement: (sql: Sql) => PromiseLike<Result>): Promise<Result>
  usage(): PoolUsage
  close(): Promise<void>
}

export interface PoolUsage {
  readonly name: string
  readonly inUse: number
  readonly max: number
  /** Statements that stand behind others, since every connection has one. */
  readonly waiting: number
}

const CONNECT_TIMEOUT_SECONDS = 3
const CONNECTION_LIFETIME_SECONDS = 30 * 60
const STATEMENT_TIMEOUT_MS = 10_000

/** Opens a pool; nothing connects before the first statement. */
export function openPool(options: PoolOptions): PostgresPool {
  const urls = hostUrls(options.url)
  let host = 0
  let sql = connect(options, urls[0])
  let closed = false
  let underWay = 0

  /** Replaces the pool, unless another statement that met the same did. */
  const moveOn = (used: Sql): void => {
    if (sql !== used || closed) return
    host = (host + 1) % urls.length
    sql = connect(options, urls[host] ?? urls[0])
    void used.end({ timeout: 5 }).catch(() => {})
  }

  return {
    async run(statement) {
      for (let tried = 1; ; tried += 1) {
        if (closed) throw new Fault('shutting_down', `the pool ${options.name} is closed`)
        const used = sql
        underWay += 1
        try {
          return await statement(used)
        } catch (error) {
          const mayMove = isElsewhere(error, { ended: sql !== used || closed })
          if (mayMove && (urls.length > 1 || errorCode(error) === '25006')) moveOn(used)
          if (mayMove && tried < urls.length) continue
          if (!isClassified(error)) options.onUnclassified?.(error)
          throw ownSqlState(error) ?? postgresFault(error)
        } finally {
          underWay -= 1
        }
      }
    },
    usage() {
      const { name, connectionsMax: max } = options
      const inUse = Math.min(underWay, max)
      return { name, inUse, max, waiting: underWay - inUse }
    },
    async close() {
      closed = true
      await sql.end({ timeout: 5 })
    },
  }
}

/** Our own SQLSTATEs other than the race are meant for the caller as they are. */
function ownSqlState(error: unknown): unknown {
  const code = errorCode(error)
  return code !== undefined && code.startsWith('VB') && code !== 'VB001' ? error : undefined
}

function connect(options: PoolOptions, url: string): Sql {
  return postgres(url, {
    max: options.connectionsMax,
    target_session_attrs: 'read-write',
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    max_lifetime: CONNECTION_LIFETIME_SECONDS,
    idle_timeout: 0,
    backoff: (retries) => Math.min(0.05 * 2 ** retries, 1),
    onnotice: () => {},
    connection: {
      application_name: `dure-${options.name}`,
      statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: 10_000,
      TimeZone: 'UTC',
    },
    types: {
      // Amounts and ids are safe integers by construction; assert rather than hand out text.
      bigint: {
        to: 20,
        from: [20],
        serialize: (value: number) => String(value),
        parse: (text: string) => safeInteger(text),
      },
      // Instants are milliseconds inside.
      instant: {
        to: 1184,
        from: [1184],
        serialize: (value: number | string) =>
          typeof value === 'number' ? new Date(value).toISOString() : value,
        parse: (text: string) => Date.parse(text),
      },
    },
  })
}

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value))
    throw new Error('a bigint of the database is not a safe integer')
  return value
}
