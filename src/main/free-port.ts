/** TCP ports of this machine: finding a free one, and saying clearly that one is taken. */
import { createServer } from 'node:net'
import { StartupProblem, systemErrorCode } from './startup-problem.ts'

const LOOPBACK = '127.0.0.1'

/** A port that nobody listens on at this moment; it may be taken before it is used. */
export async function freePort(host = LOOPBACK): Promise<number> {
  const { port } = await listenOnce(0, host)
  return port
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

async function listenOnce(port: number, host: string): Promise<{ port: number }> {
  const server = createServer()
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen({ port, host, exclusive: true }, () => resolve(undefined))
  await promise
  const address = server.address()
  await server[Symbol.asyncDispose]()
  if (address === null || typeof address === 'string') throw new Error('not a TCP address')
  return { port: address.port }
}
