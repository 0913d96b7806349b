/** The registry in memory keeps the contract, and keeps what it was given apart from its callers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug, id } from '../base/base.ts'
import { createMemoryRegistry } from './memory-registry.ts'
import { registryContract } from './registry.contract.ts'

const issuerId = id('iss', 1)

registryContract('the registry in memory', async () => ({
  registry: createMemoryRegistry(),
  issuerId,
  otherIssuerId: id('iss', 2),
  close: async () => {},
}))

test('an issuer that nobody opened takes no records', async () => {
  await assert.rejects(createMemoryRegistry().append(issuerId, 'system', [], 1), Bug)
})

test('a body that the caller changes afterwards stays as it was recorded', async () => {
  const registry = createMemoryRegistry()
  await registry.openIssuer(issuerId)
  const body = { names: ['first'] }
  await registry.append(issuerId, 'off_1', [{ kind: 'kit', recordId: 1, version: 1, body }], 5)
  body.names.push('second')
  assert.deepEqual(registry.versions(issuerId), [
    {
      kind: 'kit',
      recordId: 1,
      version: 1,
      body: { names: ['first'] },
      recordedAt: 5,
      recordedBy: 'off_1',
    },
  ])
})
