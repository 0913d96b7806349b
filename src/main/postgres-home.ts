/**
 * Where the files of the embedded PostgreSQL are and as whom it runs.
 *
 * Usually `<data directory>/postgres`. The surprise: run by root below a folder that the user we
 * drop to may not traverse (a clone in /root), they are under /var/lib/dure, and a note in the data
 * directory says where. The note is obeyed for ever: permissions may change, the data must not
 * seem to be gone.
 */
import { createHash, randomBytes } from 'node:crypto'
import { chmod, chown, lchown, mkdir, readdir, realpath, rmdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeDurably } from './durable-file.ts'
import { canWorkIn, chooseRunAccount, isRoot, type RunAccount } from './run-account.ts'
import type { ServiceLog } from './service.ts'
import { StartupProblem } from './startup-problem.ts'

export interface PostgresHome {
  /** Holds `cluster` (what PostgreSQL calls PGDATA), `log` and `port`. Mode 0700. */
  readonly path: string
  /** The user to drop to; `undefined` when we are not root. */
  readonly account: RunAccount | undefined
}

const NOTE_NAME = 'postgres-is-at.txt'

/** Finds or makes the home. Nobody else may use `dataDirectory` meanwhile: hold its lock. */
export async function openPostgresHome(wanted: {
  dataDirectory: string
  sudo: { uid: number; gid: number } | undefined
  fallbackDirectory: string
  log: ServiceLog
}): Promise<PostgresHome> {
  const { dataDirectory, sudo } = wanted
  const usual = join(dataDirectory, 'postgres')
  const noted = (await readIfThere(join(dataDirectory, NOTE_NAME)))?.trim()
  const path = noted ?? usual
  const clusterOwnerUid = await ownerOf(join(path, 'cluster'))
  if (
    noted !== undefined &&
    clusterOwnerUid === undefined &&
    (await ownerOf(noted)) === undefined
  ) {
    throw new StartupProblem(
      `${join(dataDirectory, NOTE_NAME)} says that the database is at ${noted}, which is not there: ` +
        'restore it, or remove the data directory to begin anew',
    )
  }
  if (!isRoot()) {
    await mkdir(path, { recursive: true, mode: 0o700 })
    return { path: await realpath(path), account: undefined }
  }
  const account = await chooseRunAccount({ clusterOwnerUid, sudo })
  await mkdir(path, { recursive: true, mode: 0o700 })
  await handOver(path, account)
  if (path === usual) await letThrough(dataDirectory, account)
  if (await canWorkIn(account, path)) return { path: await realpath(path), account }
  if (clusterOwnerUid !== undefined) {
    throw new StartupProblem(
      `PostgreSQL runs as the user ${account.name}, who may not enter ${path}: ` +
        'let that user traverse the folders above it',
    )
  }
  if (path === usual) await rmdir(usual)
  return { path: await makeFallback(wanted, account), account }
}

async function makeFallback(
  wanted: { dataDirectory: string; fallbackDirectory: string; log: ServiceLog },
  account: RunAccount,
): Promise<string> {
  const { dataDirectory, fallbackDirectory, log } = wanted
  // Random as well: when the data directory was removed, the old database must not come back.
  const hash = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 8)
  const path = join(fallbackDirectory, `${hash}-${randomBytes(3).toString('hex')}`)
  await mkdir(fallbackDirectory, { recursive: true, mode: 0o755 })
  await mkdir(path, { mode: 0o700 })
  await chown(path, account.uid, account.gid)
  if (!(await canWorkIn(account, path))) {
    await rmdir(path)
    throw new StartupProblem(
      `PostgreSQL does not run as root, and the user ${account.name} may enter neither ` +
        `${dataDirectory} nor ${fallbackDirectory}: set DURE_DATA to a folder that user can reach`,
    )
  }
  // For the operator who finds it and wonders whether it is still needed.
  await writeDurably(join(path, 'belongs-to.txt'), `${dataDirectory}\n`, 0o600)
  await writeDurably(join(dataDirectory, NOTE_NAME), `${path}\n`, 0o600)
  log('postgres.home_moved', {
    to: path,
    because: `${account.name} may not enter the data directory`,
  })
  return realpath(path)
}

/** Gives the user's group the right to pass through root's data directory, not to list it. */
async function letThrough(dataDirectory: string, account: RunAccount) {
  const { uid } = await stat(dataDirectory)
  if (uid !== 0) return
  await chown(dataDirectory, 0, account.gid)
  await chmod(dataDirectory, 0o710)
}

/** What root made or copied becomes the account's. A home that is the account's is left alone. */
async function handOver(path: string, account: RunAccount) {
  const cluster = join(path, 'cluster')
  const owners = [await ownerOf(path), await ownerOf(cluster)]
  if (owners.every((uid) => uid === undefined || uid === account.uid)) return
  for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid)
  }
  await chown(path, account.uid, account.gid)
}

async function ownerOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.uid
}
