/** The store in memory against the contract that the one in PostgreSQL is held to. */
import { id } from '../base/base.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { createMemoryTreasuryStore } from './memory-treasury-store.ts'
import { treasuryStoreContract } from './treasury-store.contract.ts'

treasuryStoreContract('memory', async () => {
  const ledger = createMemoryLedger()
  return {
    ledger,
    store: createMemoryTreasuryStore((issuerId) => ledger.snapshot(issuerId).operations),
    issuerId: id('iss', 1),
    otherIssuerId: id('iss', 2),
    close: async () => undefined,
  }
})
