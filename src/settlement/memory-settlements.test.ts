/** The store in memory does what a store of settlements must. */
import { id } from '../base/base.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { settledAtRandom } from './settlement-random.contract.ts'
import { settledOnce } from './settlement-killed.contract.ts'
import { createMemorySettlements } from './settlement.ts'

const open = async () => {
  const ledger = createMemoryLedger()
  const store = createMemorySettlements(ledger)
  return { issuerId: id('iss', 1), ledger, store, reading: store }
}

settledAtRandom(open, 150)
settledOnce(open)
