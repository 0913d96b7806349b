/** Starts a simulated neighbour as a child process and waits until it listens. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Starting includes replaying books; a busy machine gets time for it. */
const READY_WAIT_MS = 20_000

export interface SimulatedProcess {
  /** Where it listens, without a slash at the end. */
  readonly url: string
  /** Asks it to end and waits until it is gone. */
  stop(): Promise<void>
  /** Pulls its plug (SIGKILL) and waits until it is gone. */
  kill(): Promise<void>
}

/**
 * @param name the file in this folder, without its ending
 * @param env all of the child's environment: nothing is inherited
 * @throws Error where it exits or stays silent before it listens; its own words are on stderr
 */
export async function launchSimulated(
  name: 'bank' | 'identity' | 'card-company',
  env: Record<string, string>,
): Promise<SimulatedProcess> {
  const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const child = fork(program, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const url = await readyUrl(child, name)
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return { url, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

function readyUrl(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`${name} said nothing for ${READY_WAIT_MS} ms`))
    }, READY_WAIT_MS)
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`${name} ended with code ${code} before it was ready`))
    })
    child.once('message', (message) => {
      clearTimeout(timer)
      const url: unknown = Reflect.get(Object(Reflect.get(Object(message), 'ready')), 'url')
      if (typeof url === 'string') resolve(url)
      else reject(new Error(`${name} announced no address`))
    })
  })
}
