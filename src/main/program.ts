/** A TypeScript file run as a process of its own under the supervisor. */
import { spawn, type ChildProcess } from 'node:child_process'
import { settlesWithin, waitUntil } from './bounded-wait.ts'
import { exitOf } from './child-exit.ts'
import { compiledCode } from './compiled-code.ts'
import { readLines } from './line-reader.ts'
import type { ReadyFacts } from './parent-watch.ts'
import { sendSignal } from './process-table.ts'
import type { Running, Service, ServiceExit } from './service.ts'
import { StartupProblem } from './startup-problem.ts'

const READY_TIMEOUT_MS = 30_000
const STOP_TIMEOUT_MS = 10_000
const LAST_LINES_MAX = 10

export interface ProgramOptions {
  readonly name: string
  /** Absolute path of the file; it calls `stopWithParent` and `reportReady` (parent-watch.ts). */
  readonly file: string
  readonly arguments?: readonly string[]
  /** All that the program sees of the environment, besides TZ=UTC and where compiled code is kept. */
  readonly environment?: Readonly<Record<string, string>>
  /** Receives each line of the program's standard output and standard error. */
  readonly onLine: (line: string, stream: 'stdout' | 'stderr') => void
  readonly readyTimeoutMs?: number
  /** After this the program and what it started are killed. */
  readonly stopTimeoutMs?: number
}

export interface RunningProgram extends Running {
  readonly pid: number
  readonly facts: ReadyFacts
}

/** The program as a service: ready when it says so. */
export function programService(options: ProgramOptions): Service<RunningProgram> {
  return { name: options.name, start: (stopping) => startProgram(options, stopping) }
}

async function startProgram(
  options: ProgramOptions,
  stopping: AbortSignal,
): Promise<RunningProgram> {
  const { name } = options
  const child = spawnProgram(options)
  const lastLines = passLinesOn(child, options)
  const exited = exitOf(child)
  let isOver = false
  void exited.finally(() => (isOver = true))
  let facts: ReadyFacts | undefined
  child.on('message', (message) => (facts ??= readyFactsOf(message)))
  const { pid } = child
  if (pid === undefined) throw new StartupProblem(`${name} cannot be started: ${process.execPath}`)

  const stop = () => stopProgram(child, pid, exited, options.stopTimeoutMs ?? STOP_TIMEOUT_MS)
  const timeoutMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS
  await waitUntil(() => isOver || facts !== undefined, { timeoutMs, signal: stopping, pollMs: 10 })
  const kill = () => {
    if (!isOver) sendSignal(-pid, 'SIGKILL')
  }
  if (facts !== undefined && !isOver) return { pid, facts, exited, stop, kill }

  const why = isOver ? 'it ended' : `it was not ready within ${timeoutMs} ms`
  await stop()
  if (stopping.aborted) throw new StartupProblem(`${name} was told to stop while starting`)
  throw new StartupProblem(`${name} did not start: ${why}\n${lastLines().join('\n')}`.trim())
}

function spawnProgram({ file, environment, arguments: args = [] }: ProgramOptions): ChildProcess {
  return spawn(process.execPath, [file, ...args], {
    env: { TZ: 'UTC', ...compiledCode, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C goes to the whole process group of the terminal; the supervisor stops us in order.
    detached: true,
  })
}

async function stopProgram(
  child: ChildProcess,
  pid: number,
  exited: Promise<ServiceExit>,
  timeoutMs: number,
) {
  child.kill('SIGTERM')
  if (await settlesWithin(exited, timeoutMs)) return
  // Its whole group: it is the first of its own.
  sendSignal(-pid, 'SIGKILL')
  await exited
}

/** Returns what gives the last lines, for the message of a start that failed. */
function passLinesOn(child: ChildProcess, { onLine }: ProgramOptions): () => readonly string[] {
  const last: string[] = []
  const take = (stream: 'stdout' | 'stderr') => (line: string) => {
    last.push(line)
    if (last.length > LAST_LINES_MAX) last.shift()
    onLine(line, stream)
  }
  if (child.stdout !== null) readLines(child.stdout, take('stdout'))
  if (child.stderr !== null) readLines(child.stderr, take('stderr'))
  return () => last
}

/** `undefined` for any other message than the one of `reportReady`. */
function readyFactsOf(message: unknown): ReadyFacts | undefined {
  if (typeof message !== 'object' || message === null || !('ready' in message)) return undefined
  if (typeof message.ready !== 'object' || message.ready === null) return undefined
  const facts: [string, unknown][] = Object.entries(message.ready)
  return Object.fromEntries(
    facts.flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
    ),
  )
}
