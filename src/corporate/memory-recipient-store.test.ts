/** The store of recipients in memory against its contract. */
import { id } from '../base/base.ts'
import { createMemoryRecipientStore } from './corporate.ts'
import { recipientStoreContract } from './recipient-store.contract.ts'

recipientStoreContract('MemoryRecipientStore', async () => ({
  store: createMemoryRecipientStore(),
  issuerId: id('iss', 1),
  otherIssuerId: id('iss', 2),
}))
