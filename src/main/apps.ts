/** Where the built apps lie, and building them where sources have changed: by a program of its own. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StartupProblem } from './startup-problem.ts'

const ROOT = join(import.meta.dirname, '../..')
export const APPS_FOLDER = join(ROOT, '.apps')
/** It takes seconds; on a slow disk that is new to all of it, more. */
const BUILD_TIMEOUT_MS = 120_000

/** @throws StartupProblem with what the builder said */
export async function buildApps(): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [join(ROOT, 'web/build.ts')], {
      timeout: BUILD_TIMEOUT_MS,
    })
  } catch (cause) {
    const said = String(Reflect.get(Object(cause), 'stderr') ?? '')
    throw new StartupProblem(`the apps could not be built: ${said}`, { cause })
  }
}
