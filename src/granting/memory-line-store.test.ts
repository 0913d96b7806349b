/** The store of lines in memory against its contract. */
import { id } from '../base/base.ts'
import { lineStoreContract } from './line-store.contract.ts'
import { createMemoryLineStore } from './memory-line-store.ts'

lineStoreContract('MemoryLineStore', async () => ({
  store: createMemoryLineStore(),
  issuerId: id('iss', 1),
  otherIssuerId: id('iss', 2),
}))
