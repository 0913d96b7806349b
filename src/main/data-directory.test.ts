import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { sign, verify } from 'node:crypto'
import { once } from 'node:events'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDataDirectory } from './data-directory.ts'
import { atEnd } from './fixtures/cleanup.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { StartupProblem } from './startup-problem.ts'

const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

test('the data directory, its lock and its secrets are for their owner alone', async (t) => {
  const path = join(await scratchDirectory(t), 'deep', '.dure')
  const data = await openDataDirectory(path)
  atEnd(t, () => data.release())
  await data.secrets.text('session-key')
  assert.equal(await modeOf(path), '700')
  assert.equal(await modeOf(join(path, 'lock')), '600')
  assert.equal(await modeOf(join(path, 'pid')), '600')
  assert.equal(await modeOf(join(path, 'secrets')), '700')
  assert.equal(await modeOf(join(path, 'secrets', 'session-key')), '600')
})

test('a second opening is refused by name, and works once the first is released', async (t) => {
  const path = await scratchDirectory(t)
  const first = await openDataDirectory(path)
  const refusal = { name: 'StartupProblem', message: another(process.pid, path) }
  await assert.rejects(openDataDirectory(path), refusal)
  await assert.rejects(openDataDirectory(path), refusal, 'being refused must not drop the lock')
  await first.release()
  const second = await openDataDirectory(path)
  await first.release()
  await assert.rejects(openDataDirectory(path), refusal, 'a repeated release must not either')
  await second.release()
})

test('a process that was killed leaves no lock, whatever its pid file says', async (t) => {
  const path = await scratchDirectory(t)
  const script = `
    const { openDataDirectory } = await import(${JSON.stringify(import.meta.resolve('./data-directory.ts'))})
    await openDataDirectory(${JSON.stringify(path)})
    gc() // What we forget must not unlock.
    await new Promise(setImmediate)
    gc()
    console.log('locked')
    setInterval(() => undefined, 60000)`
  const holder = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  atEnd(t, async () => holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  await assert.rejects(openDataDirectory(path), { message: another(holder.pid, path) })
  holder.kill('SIGKILL')
  await once(holder, 'exit')
  // The pid may have come to mean a process that lives: ours, for example.
  await writeFile(join(path, 'pid'), `${process.ppid}\n`)
  const data = await openDataDirectory(path)
  assert.equal(await readFile(join(path, 'pid'), 'utf8'), `${process.pid}\n`)
  await data.release()
})

test('a secret stays the same, and a widened one is narrowed again', async (t) => {
  const path = await scratchDirectory(t)
  const first = await openDataDirectory(path)
  assert.equal(await first.secrets.has('pepper'), false)
  const pepper = await first.secrets.text('pepper')
  assert.equal(Buffer.from(pepper, 'base64url').length, 32)
  await first.release()
  await chmod(join(path, 'secrets', 'pepper'), 0o644)
  const second = await openDataDirectory(path)
  assert.equal(await second.secrets.text('pepper'), pepper)
  assert.equal(await modeOf(join(path, 'secrets', 'pepper')), '600')
  assert.notEqual(await second.secrets.text('salt'), pepper)
  await second.release()
})

test('a signing key pair stays the same and its halves fit', async (t) => {
  const path = await scratchDirectory(t)
  const data = await openDataDirectory(path)
  const { secrets } = data
  atEnd(t, () => data.release())
  const pair = await secrets.signingKeyPair('seal')
  assert.deepEqual(await secrets.signingKeyPair('seal'), pair)
  const message = Buffer.from('두레')
  const signature = sign(null, message, pair.privateKeyPem)
  assert.ok(verify(null, message, pair.publicKeyPem, signature))
})

test('a damaged secret is refused, never made anew', async (t) => {
  const path = await scratchDirectory(t)
  const data = await openDataDirectory(path)
  const { secrets } = data
  atEnd(t, () => data.release())
  await writeFile(join(path, 'secrets', 'empty'), '')
  await assert.rejects(secrets.text('empty'), StartupProblem)
  await writeFile(join(path, 'secrets', 'seal-private-pem'), 'not a key')
  await assert.rejects(secrets.signingKeyPair('seal'), /is not a private key in PEM/)
  await assert.rejects(secrets.text('../lock'), /not a name of a secret/)
})

test('a data directory that cannot be made is named', async (t) => {
  const file = join(await scratchDirectory(t), 'file')
  await writeFile(file, '')
  await assert.rejects(openDataDirectory(join(file, '.dure')), {
    name: 'StartupProblem',
    message: new RegExp(`^the data directory ${file}/.dure cannot be used: ENOTDIR`),
  })
})

function another(pid: number | undefined, path: string): string {
  return `another dure (pid ${pid}) runs on ${path}`
}
