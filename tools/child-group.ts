/**
 * Runs a program as the leader of a process group of its own, so that it can be ended with everything it started, and
 * so that what it leaves behind can be noticed.
 */
import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'

export interface GroupEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null
  readonly timedOut: boolean
  /** Something of the group was still alive after the leader; it is gone now. */
  readonly leftBehind: boolean
  /** Standard output and standard error as they came, each cut at `OUTPUT_LENGTH_MAX` characters. */
  readonly output: string
}

/** What one program may say; the rest is dropped, since nobody reads it. */
export const OUTPUT_LENGTH_MAX = 2_000_000
/** How long after its leader a group may take to end by itself. */
const GRACE_MS = 3_000
const LOOK_AGAIN_MS = 50

const running = new Set<number>()

/** Never rejects: a program that cannot be started has exit code null and says why in its output. */
export async function runGroup(
  command: readonly [string, ...string[]],
  options: { readonly timeoutMs: number; readonly env?: NodeJS.ProcessEnv; readonly cwd?: string },
): Promise<GroupEnd> {
  const [program, ...words] = command
  const child = spawn(program, words, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { pid } = child
  if (pid !== undefined) running.add(pid)
  let output = ''
  const hear = (chunk: string) => {
    if (output.length < OUTPUT_LENGTH_MAX) output += chunk
  }
  child.stdout.setEncoding('utf8').on('data', hear)
  child.stderr.setEncoding('utf8').on('data', hear)

  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    if (pid !== undefined) killGroup(pid)
  }, options.timeoutMs)
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      hear(`${error.message}\n`)
      resolve(null)
    })
    child.once('exit', (code) => resolve(code))
  })
  clearTimeout(timer)
  const leftBehind = pid !== undefined && !(await hasEnded(pid))
  if (pid !== undefined) {
    killGroup(pid)
    running.delete(pid)
  }
  await drained(child)
  return { exitCode, timedOut, leftBehind: leftBehind && !timedOut, output }
}

/** For the moment when we are told to stop ourselves. */
export function killEveryGroup(): void {
  for (const pid of running) killGroup(pid)
}

async function drained(child: ReturnType<typeof spawn>): Promise<void> {
  const open = [child.stdout, child.stderr].filter((stream) => stream?.closed === false)
  const closed = Promise.all(
    open.map((stream) => new Promise((resolve) => stream?.once('close', resolve))),
  )
  // A process outside the group may hold the pipe; what it says is not waited for.
  await Promise.race([closed, delay(GRACE_MS, undefined, { ref: false })])
  for (const stream of open) stream?.destroy()
}

async function hasEnded(pid: number): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < GRACE_MS; waitedMs += LOOK_AGAIN_MS) {
    if (!isAlive(pid)) return true
    await delay(LOOK_AGAIN_MS)
  }
  return !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(-pid, 0)
    return true
  } catch {
    return false
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
