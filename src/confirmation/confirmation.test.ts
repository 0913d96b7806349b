/** The contract of confirmation on the registry in memory. */
import { id } from '../base/base.ts'
import { createMemoryRegistry } from '../registration/registration.ts'
import { confirmationContract } from './confirmation.contract.ts'

confirmationContract('MemoryRegistry', async () => ({
  registry: createMemoryRegistry(),
  issuerId: id('iss', 1),
  otherIssuerId: id('iss', 2),
}))
