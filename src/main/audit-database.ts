/** The database as an auditor reads it: the one that was named, or that of the product, running or stopped. */
import { realpath } from 'node:fs/promises'
import postgres from 'postgres'
import { errorCode, findPrimary, hostUrls } from '../postgres/postgres.ts'
import { asRole } from './config.ts'
import { openDataDirectory } from './data-directory.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { secretNames } from './keys.ts'
import { sudoCaller } from './run-account.ts'
import { readRunning } from './running.ts'
import { openSecretFiles } from './secret-file.ts'
import { StartupProblem } from './startup-problem.ts'

export interface AuditDatabase {
  readonly url: string
  close(): Promise<void>
}

/** The database that was named, or that of the product; a stopped one is started for the audit alone. */
export async function openAuditDatabase(given: {
  readonly auditUrl: string | undefined
  readonly dataDirectory: string
  readonly environment: Readonly<Record<string, string | undefined>>
}): Promise<AuditDatabase> {
  const { auditUrl, dataDirectory } = given
  const close = async (): Promise<void> => {}
  if (auditUrl !== undefined) return { url: await oneHost(auditUrl), close }
  const running = await readRunning(dataDirectory)
  const url = await oneHost(running.auditUrl)
  // A restored copy names the database of the original, which may well be running beside it.
  const isCopy = running.dataDirectory !== (await realpath(dataDirectory))
  if (!isCopy && !(await isRefused(url))) return { url, close }
  const secrets = await openSecretFiles(dataDirectory)
  if (!(await secrets.has('postgres-superuser-password'))) {
    throw new StartupProblem('the database does not answer and is not one that dure could start')
  }
  const data = await openDataDirectory(dataDirectory)
  try {
    const server = await startEmbeddedPostgres({
      dataDirectory: data.path,
      secrets: data.secrets,
      log: () => {},
      sudo: sudoCaller(given.environment),
    })
    const own = new URL(server.superuserUrl)
    own.pathname = new URL(url).pathname
    const password = await data.secrets.text(secretNames.auditPassword)
    return {
      url: asRole(own.href, 'dure_audit', password),
      async close() {
        await server.stop()
        await data.release()
      },
    }
  } catch (error) {
    await data.release()
    throw error
  }
}

/** Of several hosts the primary, for the driver waits without end while all refuse. One may also be a standby. */
async function oneHost(url: string): Promise<string> {
  return hostUrls(url).length > 1 ? findPrimary(url) : url
}

/** Whether nobody listens there. Every other trouble shows itself when the audit connects. */
async function isRefused(url: string): Promise<boolean> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 5 })
  try {
    await sql`select 1`
    return false
  } catch (error) {
    return errorCode(error) === 'ECONNREFUSED'
  } finally {
    await sql.end({ timeout: 1 })
  }
}
