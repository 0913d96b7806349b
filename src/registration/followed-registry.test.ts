/** What a core writes itself stands in its directory at once; what was refused does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import { followedBy } from './followed-registry.ts'
import { createMemoryRegistry } from './memory-registry.ts'
import { createRecordDirectory } from './record-directory.ts'
import { newRecord } from './record-store.ts'

test('an appended stop is in force before the writer has its answer, a refused one never', async () => {
  const issuerId = id('iss', 1)
  const directory = createRecordDirectory()
  const registry = followedBy(createMemoryRegistry(), directory)
  await registry.openIssuer(issuerId)
  const stop = (recordId: number, version: number) => {
    const body = { stopped: true, reason: '분실' }
    return registry.append(
      issuerId,
      'mbr_1',
      [newRecord('wallet_stop', { recordId, version, body })],
      1,
    )
  }
  assert.equal((await stop(1, 1)).status, 'appended')
  assert.equal(directory.walletStopped(issuerId, id('wlt', 1)), true)
  assert.equal((await stop(2, 5)).status, 'version_conflict')
  assert.equal(directory.walletStopped(issuerId, id('wlt', 2)), false)
})
