/** The store of documents in memory, held to the contract of the database's. */
import { id } from '../base/base.ts'
import { documentStoreContract } from './document-store.contract.ts'
import { createMemoryDocuments } from './registration.ts'

documentStoreContract('MemoryDocuments', async () => ({
  store: createMemoryDocuments(),
  issuerId: id('iss', 1),
  otherIssuerId: id('iss', 2),
}))
