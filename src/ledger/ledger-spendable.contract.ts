/** What readers are told of sums: what can be spent, what a purchase is held against, what a merchant took. */
import assert from 'node:assert/strict'
import { HOUR_MS, id, won } from '../base/base.ts'
import { spendableParts, splitOver } from './ledger.ts'
import {
  FAR_FUTURE,
  fundedPurse,
  ids,
  issueOf,
  MONTH,
  keyed,
  newKey,
  ledgerTest,
  newPurse,
  openPurses,
  paymentOf,
  purchaseOf,
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

  ledgerTest(
    'what the lots say a payment would take is what it takes, lot by lot',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const purse = await fundedPurse(bench, 100)
      const { walletId, programId } = purse
      const lots = [
        { ...issueOf({ ...purse, lotId: ids.next('lot') }, 20, START_AT + 50), kind: 'stipend' },
        { ...issueOf({ ...purse, lotId: ids.next('lot') }, 30, START_AT + 40), kind: 'stipend' },
        issueOf({ ...purse, lotId: ids.next('lot') }, 10, START_AT + 60),
        issueOf({ ...purse, lotId: ids.next('lot') }, 500, START_AT),
        issueOf({ ...purse, programId: ids.next('prg'), lotId: ids.next('lot') }, 500),
      ] as const
      await ledger.issue(issuerId, lots, START_AT)
      const tenders = [
        { programId, kind: 'stipend' },
        { programId, kind: 'purchase' },
      ] as const
      for (const [amountWon, taken] of [
        [45, [30, 15]],
        [60, [5, 10, 45]],
        [55, [55]],
      ] as const) {
        const parts = spendableParts(await ledger.lots(issuerId, walletId), tenders, START_AT)
        const told = splitOver(parts, won(amountWon))
        const request = keyed('pay', { ...paymentOf(purse, amountWon), tenders })
        const [outcome] = await ledger.pay(issuerId, [request], START_AT)
        assert.ok(outcome?.status === 'posted')
        assert.deepEqual(told, outcome.legs)
        assert.deepEqual(
          told.map((leg) => leg.amountWon),
          taken,
        )
      }
      const rest = await ledger.lots(issuerId, walletId)
      assert.deepEqual(spendableParts(rest, tenders, START_AT), [])
    },
  )

  ledgerTest(
    'what a purchase would be held against is counted by wallet, program, month and group',
    open,
    async (bench) => {
      const { ledger, reading, issuerId, otherIssuerId } = bench
      const purse = await fundedPurse(bench, 100)
      const other = await fundedPurse(bench, 5)
      const bought = purchaseOf(purse, { faceWon: 40, quotaWon: 1_000, capWon: 1_000 })
      const waiting = purchaseOf(purse, { faceWon: 7, quotaWon: 1_000, capWon: 1_000 })
      await ledger.reservePurchases(issuerId, [bought, waiting], START_AT)
      const closure = { purchaseId: bought.operationId, closureId: newKey(), debited: true }
      await ledger.closePurchases(issuerId, [closure], START_AT)
      const { programId } = purse
      const groups = [[programId], [], [programId, id('prg', 999_999)]]
      const asked = { ...purse, month: MONTH, groups }
      const count = (change: object = {}, of = issuerId) =>
        reading.purchaseCounts(of, { ...asked, ...change }, START_AT)
      assert.deepEqual(await count(), { boughtWon: 47, soldWon: 47, heldWon: [147, 0, 147] })
      const others = await count({ walletId: other.walletId, groups: [[other.programId]] })
      assert.deepEqual([others.boughtWon, others.heldWon], [0, [5]])
      const next = await count({ month: '2031-02', groups: [] })
      assert.deepEqual(next, { boughtWon: 0, soldWon: 0, heldWon: [] })
      const elsewhere = await count({}, otherIssuerId)
      assert.deepEqual(elsewhere, { boughtWon: 0, soldWon: 0, heldWon: [0, 0, 0] })
      const { heldWon } = await reading.purchaseCounts(issuerId, asked, FAR_FUTURE)
      assert.deepEqual(heldWon, [7, 0, 7])
    },
  )

  ledgerTest('what a merchant took is summed by Korean day and outlet', open, async (bench) => {
    const { ledger, reading, issuerId, otherIssuerId } = bench
    const purse = await fundedPurse(bench, 1_000)
    const { merchantId } = purse
    // The Korean day ends at 15:00 UTC.
    const midnight = START_AT + 15 * HOUR_MS
    const first = paymentOf(purse, 100)
    await ledger.pay(issuerId, [first, paymentOf(purse, 5_000)], START_AT)
    await ledger.pay(issuerId, [paymentOf(purse, 20)], midnight - 1)
    await ledger.pay(issuerId, [paymentOf(purse, 3)], midnight)
    const content = { paymentId: first.operationId, merchantId, amountWon: won(40) }
    const cancellation = keyed('cancel', content)
    await ledger.cancel(issuerId, [cancellation], midnight)
    const days = (from: number, until: number, of = issuerId) =>
      reading.merchantDays(of, merchantId, { from, until })
    const { outletId } = first
    const none = { outletId, payments: 0, paymentsWon: 0, cancellations: 0, cancellationsWon: 0 }
    const one = { ...none, day: '2031-01-01', payments: 2, paymentsWon: 120 }
    const two = { ...none, day: '2031-01-02', payments: 1, paymentsWon: 3 }
    const whole = [one, { ...two, cancellations: 1, cancellationsWon: 40 }]
    assert.deepEqual(await days(START_AT, FAR_FUTURE), whole)
    assert.deepEqual(await days(START_AT, midnight), [one])
    assert.deepEqual(await days(midnight + 1, FAR_FUTURE), [])
    assert.deepEqual(await days(START_AT, FAR_FUTURE, otherIssuerId), [])
  })
}
