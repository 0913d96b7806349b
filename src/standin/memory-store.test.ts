/** The store in memory keeps the contract; what only it has is tested here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/base.ts'
import { createMemoryStandInStore } from './memory-store.ts'
import { storeContract } from './store.contract.ts'

storeContract('the store in memory', async () => {
  let store = createMemoryStandInStore()
  return {
    store,
    reopen: async () => (store = store.crash()),
    close: async () => store.close(),
  }
})

test('a handle of a process that died writes nothing any more', () => {
  const store = createMemoryStandInStore()
  const next = store.crash()
  assert.throws(() => store.commit(() => undefined), Fault)
  next.commit(() => undefined)
})

test('a disk that is full says so, and is well again when it is told', () => {
  const store = createMemoryStandInStore()
  for (const trouble of ['full', 'failed'] as const) {
    store.failWith(trouble)
    assert.throws(
      () => store.commit(() => assert.fail('nothing is to be written')),
      (error) => error instanceof Fault && error.code === `standin_store_${trouble}`,
    )
  }
  store.failWith(undefined)
  assert.equal(
    store.commit(() => 'written'),
    'written',
  )
})
