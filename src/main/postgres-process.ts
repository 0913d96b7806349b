/** One life of the postmaster: launched, waited for until it accepts connections, and stopped. */
import { spawn, type ChildProcess } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from './bounded-wait.ts'
import { exitOf } from './child-exit.ts'
import { readIfThere } from './durable-file.ts'
import { clusterName, stopCluster } from './postgres-cluster.ts'
import { tieToThisProcess } from './postgres-lifeline.ts'
import type { RunAccount } from './run-account.ts'
import type { ServiceExit, ServiceLog } from './service.ts'
import { StartupProblem } from './startup-problem.ts'

/** Recovery replays up to max_wal_size and must not be cut off by impatience. */
const READY_TIMEOUT_MS = 15 * 60_000
const STILL_STARTING_EVERY_MS = 10_000
const COMPLAINT_CHARS_MAX = 2_000
const COMPLAINT_LINES_MAX = 5

export interface PostgresProcess {
  readonly pid: number
  readonly exited: Promise<ServiceExit>
  stop(): Promise<void>
}

/** PostgreSQL sees none of our environment: PGDATA, PGPORT or a locale would change its ways. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

export interface PostgresLaunch {
  readonly postgres: string
  /** Absolute, without symbolic links. */
  readonly clusterDirectory: string
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  readonly account: RunAccount | undefined
  readonly stopping: AbortSignal | undefined
  readonly log: ServiceLog
}

/** Resolves when connections are accepted; rejects, leaving no process, with what it complained of. */
export async function launchPostgres(launch: PostgresLaunch): Promise<PostgresProcess> {
  const { clusterDirectory, account, log } = launch
  const child = spawnPostmaster(launch)
  const complaints = collectText(child)
  const exited = exitOf(child)
  const { pid } = child
  if (pid === undefined) {
    await exited
    throw new StartupProblem(`PostgreSQL cannot be started: ${complaints()}`)
  }
  const pidFile = join(clusterDirectory, 'postmaster.pid')
  const cutLifeline = tieToThisProcess({ pid, pidFile, account })
  let isOver = false
  const isChildOver = () => isOver
  void exited.finally(() => {
    isOver = true
    cutLifeline()
  })
  let stopped: Promise<void> | undefined
  const stop = () => (stopped ??= stopCluster({ clusterDirectory, pid, isChildOver, log }))
  if (await becomesReady({ launch, pid, pidFile, isChildOver })) return { pid, exited, stop }

  await stop()
  if (launch.stopping?.aborted === true) throw new StartupProblem('told to stop while starting')
  const logged = await loggedComplaints(join(clusterDirectory, '..', 'log'))
  throw new StartupProblem(`PostgreSQL did not start: ${complaints()}\n${logged}`.trim())
}

function spawnPostmaster({ postgres, clusterDirectory, port, settings, account }: PostgresLaunch) {
  const all = { ...settings, cluster_name: clusterName(clusterDirectory) }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return spawn(postgres, ['-D', clusterDirectory, '-p', String(port), ...options], {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    cwd: '/',
    env: POSTGRES_ENVIRONMENT,
    // Its first words only: then the logging collector takes over and nothing depends on this pipe.
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C goes to the whole process group of the terminal; we stop PostgreSQL last, in order.
    detached: true,
  })
}

/** As `pg_ctl --wait` does: line 1 of the file is the pid, line 3 when, line 8 the status. */
async function becomesReady(starting: {
  launch: PostgresLaunch
  pid: number
  pidFile: string
  isChildOver: () => boolean
}): Promise<boolean> {
  const { launch, pid, pidFile, isChildOver } = starting
  // A stale file may by chance name the same pid; its clock has whole seconds.
  const startedAfterS = Math.floor(Date.now() / 1000) - 2
  let nextNoticeAt = performance.now() + STILL_STARTING_EVERY_MS
  const settled = await waitUntil(
    async () => {
      if (isChildOver()) return true
      if (performance.now() >= nextNoticeAt) {
        launch.log('postgres.still_starting', { pid })
        nextNoticeAt += STILL_STARTING_EVERY_MS
      }
      const lines = (await readIfThere(pidFile))?.split('\n') ?? []
      const isThisLife = lines[0]?.trim() === String(pid) && Number(lines[2]) >= startedAfterS
      return isThisLife && lines[7]?.trim() === 'ready'
    },
    {
      timeoutMs: READY_TIMEOUT_MS,
      ...(launch.stopping === undefined ? {} : { signal: launch.stopping }),
    },
  )
  return settled && !isChildOver()
}

/** The last grave lines of the newest log file: where its words go after its first ones. */
async function loggedComplaints(logDirectory: string): Promise<string> {
  const names = (await readdir(logDirectory)).filter((name) => name.endsWith('.log')).sort()
  const newest = names.at(-1)
  if (newest === undefined) return ''
  const lines = ((await readIfThere(join(logDirectory, newest))) ?? '').split('\n')
  const grave = lines.filter((line) => /FATAL|PANIC|could not/.test(line))
  return grave.slice(-COMPLAINT_LINES_MAX).join('\n')
}

/** The end of what the child wrote to standard error. */
function collectText(child: ChildProcess): () => string {
  let text = ''
  child.on('error', (error) => (text += error.message))
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-COMPLAINT_CHARS_MAX)
  })
  return () => text.trim()
}
