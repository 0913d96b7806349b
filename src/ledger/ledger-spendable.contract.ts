/** What can be spent of a program, for many wallets in one reading. */
import assert from 'node:assert/strict'
import { won } from '../base/base.ts'
import {
  FAR_FUTURE,
  fundedPurse,
  ledgerTest,
  newPurse,
  openPurses,
  paymentOf,
  START_AT,
  type OpenLedger,
} from './ledger-bench.contract.ts'

export function spendableContract(open: OpenLedger): void {
  ledgerTest(
    'what can be spent is told in the order asked, per program, until a lot expires',
    open,
    async (bench) => {
      const { ledger, reading, issuerId, otherIssuerId } = bench
      const [rich, poor, empty] = [
        await fundedPurse(bench, 100),
        await fundedPurse(bench, 5),
        newPurse(),
      ]
      await openPurses(bench, [empty])
      await ledger.pay(issuerId, [paymentOf(rich, 30)], START_AT)
      const asked = [poor, empty, rich, { ...rich, programId: poor.programId }, poor]
      const told = await reading.spendable(issuerId, asked, START_AT)
      const samePrograms = rich.programId === poor.programId
      assert.deepEqual(
        told,
        [5, 0, 70, samePrograms ? 70 : 0, 5].map((each) => won(each)),
      )
      assert.deepEqual(await reading.spendable(issuerId, [], START_AT), [])
      assert.deepEqual(await reading.spendable(otherIssuerId, [rich], START_AT), [0])
      assert.deepEqual(await reading.spendable(issuerId, [rich], FAR_FUTURE - 1), [70])
      assert.deepEqual(await reading.spendable(issuerId, [rich], FAR_FUTURE), [0])
    },
  )
}
