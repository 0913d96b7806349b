/** The end of a child process as a promise. */
import type { ChildProcess } from 'node:child_process'
import { settlesWithin } from './bounded-wait.ts'
import type { ServiceExit } from './service.ts'

/** Its last output comes shortly after it; a grandchild may hold the pipes open for long. */
const OUTPUT_END_TIMEOUT_MS = 100

/** Never rejects: a child that could not be started ends with neither code nor signal. */
export async function exitOf(child: ChildProcess): Promise<ServiceExit> {
  const { promise, resolve } = Promise.withResolvers<ServiceExit>()
  const closed = Promise.withResolvers<undefined>()
  child.on('error', () => {
    if (child.pid === undefined) resolve({ code: null, signal: null })
  })
  child.once('exit', (code, signal) => resolve({ code, signal }))
  child.once('close', () => closed.resolve(undefined))
  const exit = await promise
  if (child.pid !== undefined) await settlesWithin(closed.promise, OUTPUT_END_TIMEOUT_MS)
  return exit
}
