import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import {
  CERTIFICATE_VALID_MS,
  openTlsMaterial,
  readTlsFiles,
  RENEW_BEFORE_MS,
  tlsFolderOf,
} from './tls-material.ts'

const NOW = Date.now()
const partners = ['hanbit', 'narae']

test('one authority signs a server for this machine and a client for each partner, by name', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const made = await openTlsMaterial({ dataDirectory, partners, now: NOW })
  assert.deepEqual(made, tlsFolderOf(dataDirectory, partners))
  const ca = new X509Certificate(await readFile(made.gateway.ca))
  const gateway = new X509Certificate(await readFile(made.gateway.certificate))
  const hanbit = new X509Certificate(await readFile(made.partners['hanbit']!.certificate))
  assert.ok(ca.ca && gateway.verify(ca.publicKey) && hanbit.verify(ca.publicKey))
  assert.equal(gateway.checkIP('127.0.0.1'), '127.0.0.1')
  assert.equal(gateway.checkHost('localhost'), 'localhost')
  assert.equal(hanbit.subject, 'CN=hanbit')
  assert.ok(!hanbit.ca)
  for (const path of [made.gateway.key, made.partners['narae']!.key]) {
    assert.equal((await stat(path)).mode & 0o777, 0o600)
  }
  assert.equal((await stat(dirname(made.gateway.key))).mode & 0o777, 0o700)
})

test('a later start keeps what is good and narrows a key that was widened', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const { gateway } = await openTlsMaterial({ dataDirectory, partners, now: NOW })
  const before = await readTlsFiles(gateway)
  await chmod(gateway.key, 0o644)
  await openTlsMaterial({ dataDirectory, partners, now: NOW })
  assert.deepEqual(await readTlsFiles(gateway), before)
  assert.equal((await stat(gateway.key)).mode & 0o777, 0o600)
})

test('what is about to expire or was spoilt is made again under the same authority', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const made = await openTlsMaterial({ dataDirectory, partners, now: NOW })
  const before = await readTlsFiles(made.gateway)
  const later = NOW + CERTIFICATE_VALID_MS - RENEW_BEFORE_MS + 1
  await openTlsMaterial({ dataDirectory, partners, now: later })
  const renewed = await readTlsFiles(made.gateway)
  assert.equal(renewed.ca, before.ca)
  assert.notEqual(renewed.certificate, before.certificate)
  assert.ok(new X509Certificate(renewed.certificate).validToDate.getTime() > later)

  await writeFile(made.partners['hanbit']!.key, renewed.key)
  await writeFile(made.partners['narae']!.certificate, 'half a file')
  await openTlsMaterial({ dataDirectory, partners, now: later })
  for (const code of partners) {
    const { certificate, key } = await readTlsFiles(made.partners[code]!)
    assert.equal(new X509Certificate(certificate).subject, `CN=${code}`)
    assert.notEqual(key, renewed.key)
  }
})

test('a gateway started by hand on an empty directory says which file is missing', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const { gateway } = tlsFolderOf(dataDirectory, partners)
  await assert.rejects(readTlsFiles(gateway), /there is no .*ca\.pem/)
})
