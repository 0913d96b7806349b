/**
 * What holds when many sets arrive at once. In memory the calls queue up by nature; on PostgreSQL
 * these tests meet real locks, so a busy wallet is repeated with the same keys, as clients do.
 */
import assert from 'node:assert/strict'
import { MINUTE_MS, won } from '../base/base.ts'
import {
  fundedPurse,
  keyed,
  ledgerTest,
  legsWon,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  persistently,
  posted,
  purchaseOf,
  remainingWon,
  START_AT,
  verdictOf,
  type OpenLedger,
} from './ledger-bench.contract.ts'

export function racesContract(open: OpenLedger): void {
  paymentRaces(open)
  purchaseRaces(open)
}

function paymentRaces(open: OpenLedger): void {
  ledgerTest('payments at once take exactly as many as the wallet can pay', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 1000)
    const sets = Array.from({ length: 20 }, () => [paymentOf(purse, 30), paymentOf(purse, 30)])
    const answers = await Promise.all(
      sets.map((set) => persistently(() => ledger.pay(issuerId, set, START_AT))),
    )
    assert.equal(posted(answers.flat()).length, 33) // 33 × 30 = 990.
    assert.equal(await remainingWon(bench, purse), 10)
  })

  ledgerTest(
    'payments and holds of two wallets in opposite order both finish',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const [ann, ben] = [await fundedPurse(bench, 100), await fundedPurse(bench, 100)]
      const pay = () => [paymentOf(ann, 10), paymentOf(ben, 10)]
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) => {
          const set = index % 2 === 0 ? pay() : pay().toReversed()
          return persistently(() =>
            index % 4 < 2
              ? ledger.pay(issuerId, set, START_AT)
              : ledger.hold(issuerId, set, START_AT),
          )
        }),
      )
      assert.equal(posted(answers.flat()).length, 16)
      assert.deepEqual([await remainingWon(bench, ann), await remainingWon(bench, ben)], [20, 20])
    },
  )

  ledgerTest('one request sent many times at once is posted once', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const payment = paymentOf(purse, 10)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        persistently(() => ledger.pay(issuerId, [payment], START_AT)),
      ),
    )
    const verdicts = answers.flat().map(verdictOf).toSorted()
    assert.deepEqual(verdicts, [...Array.from({ length: 7 }, () => 'again posted'), 'posted'])
    for (const [outcome] of answers) assert.deepEqual(legsWon(outcome), [10])
    assert.equal(await remainingWon(bench, purse), 90)
  })

  ledgerTest(
    'two requests at once under one key: one outcome, one key_reused',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const [ann, ben] = [await fundedPurse(bench, 100), await fundedPurse(bench, 100)]
      const key = newKey()
      const answers = await Promise.all(
        [paymentOf(ann, 10, key), paymentOf(ben, 10, key)].map((payment) =>
          persistently(() => ledger.pay(issuerId, [payment], START_AT)),
        ),
      )
      assert.deepEqual(answers.flat().map(verdictOf).toSorted(), ['key_reused', 'posted'])
      assert.equal((await remainingWon(bench, ann)) + (await remainingWon(bench, ben)), 190)
    },
  )

  ledgerTest('one code shown twice at once pays once', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const payments = Array.from({ length: 6 }, () =>
      keyed('pay', { ...paymentOf(purse, 10), codeStep: 7 }),
    )
    const answers = await Promise.all(
      payments.map((payment) => persistently(() => ledger.pay(issuerId, [payment], START_AT))),
    )
    const verdicts = answers.flat().map(verdictOf).toSorted()
    const others = Array.from({ length: 5 }, () => 'code_already_used')
    assert.deepEqual(verdicts, [...others, 'posted'])
  })

  ledgerTest('cancellations at once never give back more than was paid', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const payment = paymentOf(purse, 100)
    await ledger.pay(issuerId, [payment], START_AT)
    const target = { paymentId: payment.operationId, merchantId: purse.merchantId }
    const cancellations = Array.from({ length: 20 }, () =>
      keyed('cancel', { ...target, amountWon: won(30) }),
    )
    const answers = await Promise.all(
      cancellations.map((one) => persistently(() => ledger.cancel(issuerId, [one], START_AT))),
    )
    assert.equal(posted(answers.flat()).length, 3)
    assert.equal(await remainingWon(bench, purse), 90)
    const [found] = await ledger.find(issuerId, [payment.operationId])
    assert.equal(found?.cancelledWon, 90)
  })

  ledgerTest('a clock that was set back books no closure before its hold', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const [captured, released] = [paymentOf(purse, 60), paymentOf(purse, 40)]
    const heldAt = START_AT + 5 * MINUTE_MS
    await ledger.hold(issuerId, [captured, released], heldAt)
    const closures = [
      keyed('closeHolds', { holdId: captured.operationId, amountWon: won(60) }),
      keyed('closeHolds', { holdId: released.operationId, amountWon: won(0) }),
    ]
    await ledger.closeHolds(issuerId, closures, START_AT)
    const found = await ledger.find(
      issuerId,
      closures.map(({ operationId }) => operationId),
    )
    assert.deepEqual(
      found.map((operation) => operation?.bookedAt),
      [heldAt, heldAt],
    )
  })

  ledgerTest('a hold that is captured and released at once is closed once', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const hold = paymentOf(purse, 100)
    await ledger.hold(issuerId, [hold], START_AT)
    const closures = [70, 0, 70, 0, 100].map((amount) =>
      keyed('closeHolds', { holdId: hold.operationId, amountWon: won(amount) }),
    )
    const answers = await Promise.all(
      closures.map((one) => persistently(() => ledger.closeHolds(issuerId, [one], START_AT))),
    )
    assert.equal(posted(answers.flat()).length, 1)
    const [lot] = await ledger.lots(issuerId, purse.walletId)
    assert.equal(lot?.heldWon, 0)
    assert.ok([0, 30, 100].includes(lot.remainingWon), `left: ${lot.remainingWon}`)
  })

  ledgerTest('payments meet cancellations and no won is lost or made', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const paid = Array.from({ length: 10 }, () => paymentOf(purse, 10))
    await ledger.pay(issuerId, paid, START_AT) // The wallet is empty now.
    const { merchantId } = purse
    const [cancels, pays] = await Promise.all([
      Promise.all(
        paid.map(({ operationId: paymentId }) => {
          const cancellation = keyed('cancel', { paymentId, merchantId })
          return persistently(() => ledger.cancel(issuerId, [cancellation], START_AT))
        }),
      ),
      Promise.all(
        Array.from({ length: 15 }, () => {
          const payment = paymentOf(purse, 10)
          return persistently(() => ledger.pay(issuerId, [payment], START_AT))
        }),
      ),
    ])
    assert.equal(posted(cancels.flat()).length, 10)
    const spentWon = posted(pays.flat()).length * 10
    assert.equal(await remainingWon(bench, purse), 100 - spentWon)
  })

  ledgerTest(
    'money that comes back while payments look for it is paid once',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      for (let round = 1; round <= REFILLS; round += 1) {
        const purse = await fundedPurse(bench, 100)
        const first = paymentOf(purse, 100)
        await ledger.pay(issuerId, [first], START_AT) // The lot is empty: no payment locks it now.
        const target = { paymentId: first.operationId, merchantId: purse.merchantId }
        const pay = () => {
          const payment = paymentOf(purse, 60)
          return persistently(() => ledger.pay(issuerId, [payment], START_AT))
        }
        const cancellation = keyed('cancel', target)
        const cancel = () => ledger.cancel(issuerId, [cancellation], START_AT)
        const answers = await Promise.all([pay(), pay(), persistently(cancel), pay(), pay()])
        const payments = answers.flat().filter((_, index) => index !== 2)
        assert.equal(await remainingWon(bench, purse), 100 - 60 * posted(payments).length)
      }
    },
  )
}

/** One round meets the race now and then; twenty mostly do. */
const REFILLS = 20
const BUYERS = 1000
const BUYERS_OF_A_SET = 50

function purchaseRaces(open: OpenLedger): void {
  ledgerTest('a thousand buyers at once fill the quota exactly', open, async (bench) => {
    const { ledger, issuerId } = bench
    const { programId } = newPurse()
    const buyers = Array.from({ length: BUYERS }, () => ({ ...newPurse(), programId }))
    await openPurses(bench, buyers.slice(0, BUYERS / 2))
    await openPurses(bench, buyers.slice(BUYERS / 2))
    const wishes = buyers.map((buyer) => purchaseOf(buyer, { faceWon: 100, quotaWon: 60_000 }))
    const sets = Array.from({ length: BUYERS / BUYERS_OF_A_SET }, (_, index) =>
      wishes.slice(index * BUYERS_OF_A_SET, (index + 1) * BUYERS_OF_A_SET),
    )
    const answers = await Promise.all(
      sets.map((set) => persistently(() => ledger.reservePurchases(issuerId, set, START_AT))),
    )
    const verdicts = answers.flat().map(verdictOf)
    assert.equal(verdicts.filter((verdict) => verdict === 'posted').length, 600)
    assert.equal(verdicts.filter((verdict) => verdict === 'sold_out').length, 400)
    // What one buyer gives up, exactly one other gets.
    const given = wishes.find((_, index) => verdicts[index] === 'posted')
    const closure = { purchaseId: given!.operationId, closureId: newKey(), debited: false }
    await ledger.closePurchases(issuerId, [closure], START_AT)
    const late = [newPurse(), newPurse()].map((purse) => ({ ...purse, programId }))
    await openPurses(bench, late)
    const lateWishes = late.map((buyer) => purchaseOf(buyer, { faceWon: 100, quotaWon: 60_000 }))
    const outcomes = await ledger.reservePurchases(issuerId, lateWishes, START_AT)
    assert.deepEqual(outcomes.map(verdictOf), ['posted', 'sold_out'])
  })

  ledgerTest('one buyer with many purchases at once stays within the caps', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = newPurse()
    await openPurses(bench, [purse])
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => {
        const wish = purchaseOf(purse, { faceWon: 30, quotaWon: 9999, capWon: 100 })
        return persistently(() => ledger.reservePurchases(issuerId, [wish], START_AT))
      }),
    )
    assert.equal(posted(answers.flat()).length, 3)
  })

  ledgerTest('a purchase that ends both ways at once ends one way', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = newPurse()
    await openPurses(bench, [purse])
    const wish = purchaseOf(purse, { faceWon: 100, quotaWon: 100 })
    await ledger.reservePurchases(issuerId, [wish], START_AT)
    const { operationId: purchaseId } = wish
    const answers = await Promise.all(
      [true, false, true, false].map((debited) => {
        const closure = { purchaseId, closureId: newKey(), debited }
        return persistently(() => ledger.closePurchases(issuerId, [closure], START_AT))
      }),
    )
    const verdicts = answers.flat().map(verdictOf).toSorted()
    const expected = ['again posted', 'posted', 'purchase_closed', 'purchase_closed']
    assert.deepEqual(verdicts, expected)
    const completed = posted(answers.flat()).some((outcome) => legsWon(outcome).length > 0)
    assert.equal(await remainingWon(bench, purse), completed ? 100 : 0)
  })
}
