/** The contract of confirmation on PostgreSQL; and that hashes and keys lie where they can be erased. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { id, type IssuerId } from '../base/base.ts'
import { confirmationContract } from '../confirmation/confirmation.contract.ts'
import { newRecord, readRecord } from '../registration/registration.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresRegistry } from './postgres-registry.ts'
import { openPool } from './postgres-pool.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
after(() => pool.close())
const registry = createPostgresRegistry(pool)
let issuers = 0
const nextIssuer = (): IssuerId => (issuers += 1) as IssuerId // Brand: they count up from one.

confirmationContract('PostgresRegistry', async () => ({
  registry,
  issuerId: nextIssuer(),
  otherIssuerId: nextIssuer(),
}))

test('what is erased is gone, and the record stands', async () => {
  const issuerId = nextIssuer()
  const memberId = id('mbr', 11)
  await registry.openIssuer(issuerId)
  const passkey = {
    passkeyId: 'a2V5',
    publicKey: 'cHVibGlj',
    name: '내 휴대전화',
    transports: [],
    createdAt: 1,
  }
  const body = { pinHash: 'scrypt$secret', passkeys: [passkey], lineage: ['1/11/1'] }
  const record = newRecord('confirmation', { recordId: memberId, version: 1, body })
  await registry.append(issuerId, 'mbr_11', [record], Date.UTC(2026, 10, 22))
  const before = await readRecord(registry, issuerId, 'confirmation', memberId)
  assert.deepEqual(before?.body, body)
  await registry.erasePersonal(issuerId, 'confirmation', [memberId])
  const after = await readRecord(registry, issuerId, 'confirmation', memberId)
  assert.deepEqual(after?.body, { pinHash: '', passkeys: [], lineage: ['1/11/1'] })
})
