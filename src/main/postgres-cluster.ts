/** The server processes on one cluster directory: found, stopped, cleared away before a start. */
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from './bounded-wait.ts'
import { readIfThere } from './durable-file.ts'
import { listProcesses, sendSignal } from './process-table.ts'
import type { ServiceLog } from './service.ts'
import { StartupProblem } from './startup-problem.ts'

/** The checkpoint of a fast shutdown writes all dirty buffers: at most 1 GiB. */
const STOP_FAST_TIMEOUT_MS = 30_000
/** Immediate shutdown writes nothing; the next start recovers from the WAL. */
const STOP_IMMEDIATE_TIMEOUT_MS = 5_000
const STOP_KILLED_TIMEOUT_MS = 5_000
/** Without their postmaster idle processes go at once; a busy one would run its query to the end. */
const ORPHANS_TIMEOUT_MS = 500

/**
 * The `cluster_name` setting, which PostgreSQL shows in the titles of all its processes but the
 * first: so those that outlived their postmaster are known to belong to this directory.
 */
export function clusterName(clusterDirectory: string): string {
  return `dure-${createHash('sha256').update(clusterDirectory).digest('hex').slice(0, 12)}`
}

interface ClusterProcess {
  readonly pid: number
  /** It shows its arguments, as its children do for a moment; then they have titles. */
  readonly isPostmaster: boolean
}

/** The pids of all processes that work on the cluster. */
export async function clusterProcesses(clusterDirectory: string): Promise<number[]> {
  return (await listCluster(clusterDirectory)).map(({ pid }) => pid)
}

async function listCluster(clusterDirectory: string): Promise<ClusterProcess[]> {
  const title = `postgres: ${clusterName(clusterDirectory)}: `
  const call = `/postgres -D ${clusterDirectory} `
  return (await listProcesses()).flatMap(({ pid, command }) => {
    const isPostmaster = `${command} `.includes(call)
    return isPostmaster || command.startsWith(title) ? [{ pid, isPostmaster }] : []
  })
}

/**
 * Stops whatever runs on the cluster, our child or what a killed predecessor left, and waits until
 * nothing of it is left: fast shutdown, then immediate, then SIGKILL. `pid` is the postmaster's.
 */
export async function stopCluster(cluster: {
  clusterDirectory: string
  pid: number
  /** For our own child: whether it has exited. */
  isChildOver?: () => boolean
  log: ServiceLog
}): Promise<void> {
  const { clusterDirectory, pid, log } = cluster
  const left = async () => {
    const found = await listCluster(clusterDirectory)
    if (cluster.isChildOver?.() === false)
      return [...new Set([pid, ...found.map((one) => one.pid)])]
    const pids = found.map((one) => one.pid)
    // Another postmaster without this one: the next life has begun, and ours is long over.
    const isNextLife = !pids.includes(pid) && found.some((one) => one.isPostmaster)
    return isNextLife ? [] : pids
  }
  const isGone = async () => (await left()).length === 0
  const signalAll = async (signal: NodeJS.Signals) => {
    for (const one of await left()) sendSignal(one, signal)
  }
  const hasPostmaster = (await left()).includes(pid)
  if (hasPostmaster) sendSignal(pid, 'SIGINT')
  const patienceMs = hasPostmaster ? STOP_FAST_TIMEOUT_MS : ORPHANS_TIMEOUT_MS
  if (await waitUntil(isGone, { timeoutMs: patienceMs })) return

  log('postgres.stop_hurried', { pid })
  await signalAll('SIGQUIT')
  if (await waitUntil(isGone, { timeoutMs: STOP_IMMEDIATE_TIMEOUT_MS })) return

  log('postgres.killed', { pid })
  await signalAll('SIGKILL')
  if (await waitUntil(isGone, { timeoutMs: STOP_KILLED_TIMEOUT_MS })) return
  throw new StartupProblem(`PostgreSQL (pid ${pid}) on ${clusterDirectory} cannot be stopped`)
}

/**
 * Leaves the cluster free to be started: stops a server that outlived its program, and removes a
 * `postmaster.pid` whose pid came to mean another process, which PostgreSQL itself would refuse.
 * A stale one with a dead pid stays: PostgreSQL learns from it which shared memory to check.
 */
export async function clearCluster(clusterDirectory: string, log: ServiceLog): Promise<void> {
  const pidFile = join(clusterDirectory, 'postmaster.pid')
  const noted = Number((await readIfThere(pidFile))?.split('\n')[0])
  const left = await listCluster(clusterDirectory)
  if (left.length > 0) {
    const isNotedLeft = left.some((one) => one.pid === noted)
    const pid = isNotedLeft ? noted : (left.find((one) => one.isPostmaster)?.pid ?? noted)
    log('postgres.leftover_found', { pid })
    await stopCluster({ clusterDirectory, pid, log })
    log('postgres.leftover_stopped', { pid })
    return
  }
  // Only when we see that process and so know that it is another one.
  if ((await listProcesses()).some(({ pid }) => pid === noted)) {
    log('postgres.stale_pid_file_removed', { pid: noted })
    await rm(pidFile)
  }
}
