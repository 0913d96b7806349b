/** TCP ports of this machine: finding a free one, and saying clearly that one is taken. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { StartupProblem, systemErrorCode } from './startup-problem.ts'

const LOOPBACK = '127.0.0.1'

/**
 * Below the ports that Linux (32768 up) and macOS (49152 up) give to outgoing connections: a client
 * that keeps asking for a closed port up there can be given that very port, and so connects to
 * itself and keeps a server from coming back to it.
 */
const LISTENING_PORTS = { from: 20_000, below: 32_000 }
const ATTEMPTS_MAX = 100

/**
 * A port that nobody listens on, and that no other process is given by this function while ours lives:
 * between our asking and a child's listening lie seconds, in which others on this machine start, too.
 */
export async function freePort(host = LOOPBACK): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    const port = randomInt(LISTENING_PORTS.from, LISTENING_PORTS.below)
    if ((await spokenFor(port)) && (await isPortFree(port, host))) return port
  }
  throw new StartupProblem(
    `no free port was found between ${LISTENING_PORTS.from} and ${LISTENING_PORTS.below}`,
  )
}

/** So many of them, each another. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

/** Whether we could listen on `port` at this moment. */
export async function isPortFree(port: number, host = LOOPBACK): Promise<boolean> {
  try {
    await listenOnce(port, host)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'EADDRINUSE') return false
    throw error
  }
}

/** Throws what `portInUse` says when somebody listens on the port. */
export async function requireFreePort(wanted: {
  port: number
  host?: string
  variable: string
}): Promise<void> {
  if (!(await isPortFree(wanted.port, wanted.host))) throw portInUse(wanted)
}

/** For the operator; also for an EADDRINUSE that came although the port was free a moment ago. */
export function portInUse({ port, variable }: { port: number; variable: string }): StartupProblem {
  return new StartupProblem(
    `port ${port} is in use by another program: stop that program or set ${variable} to a free port`,
  )
}

/**
 * Takes the UDP port of the same number until this process ends, which leaves the TCP port to whoever is to listen
 * there. The system forgets it with the process, however that ends. False when another process has it.
 */
async function spokenFor(port: number): Promise<boolean> {
  const token = createSocket({ type: 'udp4', reuseAddr: false })
  token.unref()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  token.once('error', () => {
    token.close()
    resolve(false)
  })
  token.bind({ port, address: LOOPBACK, exclusive: true }, () => resolve(true))
  return promise
}

async function listenOnce(port: number, host: string): Promise<void> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen({ port, host, exclusive: true }, () => resolve(undefined))
  await promise
  await server[Symbol.asyncDispose]()
}
