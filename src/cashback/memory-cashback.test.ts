/** Cashback over the ledger and the store in memory. */
import { id } from '../base/base.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { earnsCashback } from './cashback.contract.ts'
import { createMemoryCashback } from './cashback.ts'
import type { OpenBench } from './fixtures/street.ts'
import { earnsOnce } from './killed.contract.ts'
import { spendsCashback } from './spending.contract.ts'

const open: OpenBench = async () => {
  const ledger = createMemoryLedger()
  return { issuerId: id('iss', 1), ledger, store: createMemoryCashback(ledger) }
}

earnsCashback(open)
spendsCashback(open)
earnsOnce(open)
