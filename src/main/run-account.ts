/** PostgreSQL refuses to run as root: as whom it runs instead, and what that user can reach. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { StartupProblem } from './startup-problem.ts'

/** A user that root drops to. */
export interface RunAccount {
  readonly uid: number
  readonly gid: number
  readonly name: string
}

/** Whether this process is root and so must drop to another user to run PostgreSQL. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * As whom root runs PostgreSQL: the owner of a cluster that is there already, so that nothing
 * changes hands; else the one who called sudo; else `postgres`; else `nobody`.
 */
export async function chooseRunAccount(known: {
  clusterOwnerUid: number | undefined
  sudo: { uid: number; gid: number } | undefined
}): Promise<RunAccount> {
  const accounts = parsePasswd(await readFile('/etc/passwd', 'utf8'))
  const { clusterOwnerUid, sudo } = known
  if (clusterOwnerUid !== undefined && clusterOwnerUid !== 0) {
    const owner = accounts.find(({ uid }) => uid === clusterOwnerUid)
    return owner ?? { uid: clusterOwnerUid, gid: clusterOwnerUid, name: `uid ${clusterOwnerUid}` }
  }
  if (sudo !== undefined && sudo.uid !== 0) {
    // initdb refuses a user without a name.
    const caller = accounts.find(({ uid }) => uid === sudo.uid)
    if (caller !== undefined) return { ...sudo, name: caller.name }
  }
  for (const name of ['postgres', 'nobody']) {
    const account = accounts.find((account) => account.name === name && account.uid !== 0)
    if (account !== undefined) return account
  }
  throw new StartupProblem(
    'PostgreSQL does not run as root and there is no user `postgres` or `nobody`: start as another user',
  )
}

/** Who called sudo, from the environment that sudo sets. */
export function sudoCaller(environment: {
  SUDO_UID?: string | undefined
  SUDO_GID?: string | undefined
}): { uid: number; gid: number } | undefined {
  const { SUDO_UID: uid, SUDO_GID: gid } = environment
  if (uid === undefined || gid === undefined) return undefined
  return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** passwd(5): name:password:uid:gid:gecos:home:shell. */
function parsePasswd(text: string): RunAccount[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':')
    if (name === undefined || uid === undefined || gid === undefined) return []
    return /^\d+$/.test(uid) && /^\d+$/.test(gid)
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
      : []
  })
}

/**
 * Whether the account can enter the folder, coming from the root, and write in it. Asked of the
 * kernel by a shell that runs as the account, since mode bits do not tell of ACLs or mounts.
 */
export async function canWorkIn(account: RunAccount, folder: string): Promise<boolean> {
  const { uid, gid } = account
  const script = 'cd "$1" && test -r . && test -w .'
  const shell = spawn('/bin/sh', ['-c', script, 'sh', folder], {
    uid,
    gid,
    cwd: '/',
    stdio: 'ignore',
  })
  const [code] = await once(shell, 'exit')
  return code === 0
}
