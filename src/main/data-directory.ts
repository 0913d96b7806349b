/**
 * The one folder that holds all state of an installation, and the lock that keeps two programs
 * from using it at once.
 *
 * The surprise: the lock is SQLite's. Node has no `flock`, but `node:sqlite` comes with it and takes
 * a POSIX record lock on the file, which the kernel drops when the process dies, however it dies. So
 * there is no stale lock to recognise, no pid that came to mean another process, and it holds
 * between containers that share a volume but not their pids. The file `pid` beside it is only for
 * people. Nothing else in this process may open the file `lock`: closing it would drop the lock.
 */
import { chmod, mkdir, open, realpath, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { readIfThere, writeDurably } from './durable-file.ts'
import { openSecretFiles, type SecretFiles } from './secret-file.ts'
import { errorText, StartupProblem, systemErrorCode } from './startup-problem.ts'

export interface DataDirectory {
  /** Absolute, without symbolic links. */
  readonly path: string
  readonly secrets: SecretFiles
  /** Gives the lock back; harmless when repeated. The kernel does it too when the process ends. */
  release(): Promise<void>
}

/**
 * Makes the directory when missing (mode 0700) and takes its lock for as long as this process lives.
 * Throws a StartupProblem when another process holds it or the directory may not be used.
 */
export async function openDataDirectory(directory = '.dure'): Promise<DataDirectory> {
  const path = await makePrivateFolder(resolve(directory))
  const unlock = await takeLock(path)
  try {
    const secrets = await openSecretFiles(path)
    let released = false
    return {
      path,
      secrets,
      release: async () => {
        if (released) return
        released = true
        await rm(join(path, 'pid'), { force: true })
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

async function makePrivateFolder(path: string): Promise<string> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 })
    const { mode } = await stat(path)
    // 0710 is what the embedded PostgreSQL needs when root runs us (postgres-home.ts).
    if ((mode & 0o067) !== 0) await chmod(path, 0o700)
    return await realpath(path)
  } catch (cause) {
    throw unusable(path, cause)
  }
}

/** Keeps the garbage collector from closing, and so unlocking, what nobody else remembers. */
const heldLocks = new Set<DatabaseSync>()

/** Returns what gives the lock back. */
async function takeLock(directory: string): Promise<() => void> {
  const lockPath = join(directory, 'lock')
  const pidPath = join(directory, 'pid')
  let database: DatabaseSync
  try {
    await makeLockFile(lockPath)
    database = new DatabaseSync(lockPath)
  } catch (cause) {
    throw unusable(directory, cause)
  }
  try {
    database.exec('begin exclusive')
    await writeDurably(pidPath, `${process.pid}\n`, 0o600)
  } catch (cause) {
    database.close()
    if (!isHeldByAnother(cause)) throw unusable(directory, cause)
    const pid = (await readIfThere(pidPath))?.trim() ?? 'unknown'
    throw new StartupProblem(`another dure (pid ${pid}) runs on ${directory}`)
  }
  heldLocks.add(database)
  return () => {
    heldLocks.delete(database)
    if (database.isOpen) database.close()
  }
}

/** Made beforehand, since SQLite would make it readable for everyone. Never opens an existing one. */
async function makeLockFile(path: string) {
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST') throw error
  }
}

/** SQLITE_BUSY is 5: https://www.sqlite.org/rescode.html#busy. */
function isHeldByAnother(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}

function unusable(directory: string, cause: unknown): StartupProblem {
  const mayNot = ['EACCES', 'EPERM'].includes(systemErrorCode(cause) ?? '')
  const hint = mayNot ? '; start as the user it belongs to or set DURE_DATA to another folder' : ''
  return new StartupProblem(
    `the data directory ${directory} cannot be used: ${errorText(cause)}${hint}`,
    { cause },
  )
}
