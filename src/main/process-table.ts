/**
 * What the operating system knows of processes, our children or not.
 *
 * A server's processes are recognised by their command lines, which anyone may read. Working
 * directories would be more direct, but root in a container usually lacks the capability
 * (CAP_SYS_PTRACE) to see those of another user's processes.
 */
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { systemErrorCode } from './startup-problem.ts'

const runFile = promisify(execFile)
const PS_OUTPUT_BYTES_MAX = 16 * 1024 * 1024

export interface ListedProcess {
  readonly pid: number
  /** The command line, its words divided by one space; as the process itself rewrote it. */
  readonly command: string
}

/** Whether a process with this pid lives, be it ours or another user's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

/** Sends `signal`; a process that is gone already is no error. Negative pids are process groups. */
export function sendSignal(pid: number, signal: NodeJS.Signals) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (systemErrorCode(error) !== 'ESRCH') throw error
  }
}

/** All processes that we can see, without zombies and kernel threads. */
export async function listProcesses(): Promise<ListedProcess[]> {
  return process.platform === 'linux' ? listFromProc() : listFromPs()
}

async function listFromProc(): Promise<ListedProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const listed = await Promise.all(
    pids.map(async (pid) => {
      // It may end while we look.
      const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      return { pid: Number(pid), command: words.replaceAll('\0', ' ').trim() }
    }),
  )
  return listed.filter(({ command }) => command !== '')
}

async function listFromPs(): Promise<ListedProcess[]> {
  const options = { maxBuffer: PS_OUTPUT_BYTES_MAX }
  const { stdout } = await runFile('ps', ['-axww', '-o', 'pid=,command='], options)
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command] = /^\s*(\d+)\s+(.*\S)\s*$/.exec(line) ?? []
    return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }]
  })
}
