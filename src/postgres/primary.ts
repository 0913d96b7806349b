/**
 * Which of several hosts is the primary. The surprise: the driver is only ever given one host, for with several it
 * never gives up while all refuse: statements would wait without end instead of failing.
 */
import postgres from 'postgres'
import { errorCode } from './postgres-fault.ts'

/** Met before the statement was sent: the host is away, still starting, or no primary. */
const ELSEWHERE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'CONNECT_TIMEOUT',
  '57P03', // cannot_connect_now
  '25006', // read_only_sql_transaction
])
/** How the driver ends a connection that is not `read-write`; also one that its own `end` cuts off. */
const ENDED = 'CONNECTION_DESTROYED'

const CONNECT_TIMEOUT_SECONDS = 3

/** `postgres://user@a:5432,b:5432/dure` as one URL for each host. */
export function hostUrls(url: string): readonly [string, ...string[]] {
  const [, before = '', hosts = '', rest = ''] =
    /^([a-z]+:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/.exec(url) ?? []
  const [first, ...others] = hosts.split(',').map((host) => `${before}${host}${rest}`)
  return hosts === '' || first === undefined ? [url] : [first, ...others]
}

/** Whether the statement certainly did not run and another host may be the primary. */
export function isElsewhere(error: unknown, { ended }: { ended: boolean }): boolean {
  const code = errorCode(error)
  return code !== undefined && (ELSEWHERE.has(code) || (code === ENDED && !ended))
}

/**
 * The URL with the one host that is the primary now.
 * @throws Error that names what each host said
 */
export async function findPrimary(url: string): Promise<string> {
  const complaints: string[] = []
  for (const one of hostUrls(url)) {
    const sql = postgres(one, {
      max: 1,
      onnotice: () => {},
      connect_timeout: CONNECT_TIMEOUT_SECONDS,
      target_session_attrs: 'read-write',
    })
    try {
      await sql`select 1`
      return one
    } catch (error) {
      const code = errorCode(error)
      const reason = error instanceof Error ? error.message : 'an unknown error'
      const { host } = new URL(one)
      complaints.push(`${host}: ${code === ENDED ? 'it is not the primary' : reason}`)
    } finally {
      await sql.end({ timeout: 1 }).catch(() => {})
    }
  }
  throw new Error(complaints.join('; '))
}
