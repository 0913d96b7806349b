/** The command is run as people run it; its proofs are checked as RFC 9449 §4.3 has it. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, type JWK } from 'jose'

const program = fileURLToPath(new URL('device-proof.ts', import.meta.url))
let folder: string
let keyFile: string
let publicJwk: JWK

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dure-device-'))
  keyFile = join(folder, 'device.jwk')
  publicJwk = JSON.parse(await run('new', keyFile))
})
after(() => rm(folder, { recursive: true }))

test('a new key is printed without its private part and kept for its owner only', async () => {
  assert.deepEqual(Object.keys(publicJwk).toSorted(), ['crv', 'kty', 'x', 'y'])
  assert.equal((await stat(keyFile)).mode & 0o777, 0o600)
  assert.match(await readFile(keyFile, 'utf8'), /"d":/)
})

test('a key that is there already is never written over', async () => {
  const before = await readFile(keyFile, 'utf8')
  await assert.rejects(run('new', keyFile), /EEXIST/)
  assert.equal(await readFile(keyFile, 'utf8'), before)
})

test('a proof verifies by the key it carries and names the request without its query', async () => {
  const proof = await run('proof', keyFile, 'post', 'http://127.0.0.1:8080/v1/pay?x=1#y', 'tok.en')
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: ['ES256'],
    maxTokenAge: 60,
  })
  assert.deepEqual(protectedHeader.jwk, publicJwk)
  assert.equal(
    await calculateJwkThumbprint(protectedHeader.jwk ?? {}),
    await calculateJwkThumbprint(publicJwk),
  )
  assert.equal(payload['htm'], 'POST')
  assert.equal(payload['htu'], 'http://127.0.0.1:8080/v1/pay')
  assert.equal(payload['ath'], createHash('sha256').update('tok.en').digest('base64url'))
  assert.equal(payload.jti?.length, 36)
})

test('without a token there is no hash of one, and no two proofs are the same', async () => {
  const [first, second] = await Promise.all([
    run('proof', keyFile, 'GET', 'http://127.0.0.1:8080/v1/me'),
    run('proof', keyFile, 'GET', 'http://127.0.0.1:8080/v1/me'),
  ])
  assert.notEqual(first, second)
  const { payload } = await jwtVerify(first, EmbeddedJWK)
  assert.deepEqual(Object.keys(payload).toSorted(), ['htm', 'htu', 'iat', 'jti'])
})

test('wrong words, a broken key and a broken address fail with one readable line', async () => {
  const broken = join(folder, 'broken.jwk')
  await writeFile(broken, '{"kty":"EC"}')
  await assert.rejects(run(), /usage:/)
  await assert.rejects(run('new'), /usage:/)
  await assert.rejects(run('proof', keyFile, 'GET'), /usage:/)
  await assert.rejects(run('proof', broken, 'GET', 'http://127.0.0.1/'), /no private P-256 key/)
  await assert.rejects(run('proof', keyFile, 'GET', 'not an address'), /Invalid URL/)
})

async function run(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words])
  return stdout.trimEnd()
}
