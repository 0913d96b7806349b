/**
 * What holds within one set of requests, and between issuers: order, repeats, independence, and the
 * largest set.
 */
import assert from 'node:assert/strict'
import { won } from '../base/base.ts'
import {
  fundedPurse,
  issueOf,
  keyed,
  ledgerTest,
  legsWon,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  purchaseOf,
  remainingWon,
  START_AT,
  verdictOf,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import { DEPOSIT_TOKEN, SET_SIZE_MAX } from './ledger.ts'

export function setsContract(open: OpenLedger): void {
  ledgerTest(
    'outcomes stand in input order, whatever the requests come to',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const [rich, poor] = [await fundedPurse(bench, 100), await fundedPurse(bench, 5)]
      const earlier = paymentOf(rich, 1)
      await ledger.pay(issuerId, [earlier], START_AT)
      const reused = paymentOf(rich, 2, earlier.operationId)
      const refused = keyed('pay', { ...paymentOf(rich, 3), refusal: 'own_shop' as const })
      const set = [
        paymentOf(poor, 6),
        paymentOf(rich, 10),
        earlier,
        reused,
        paymentOf(poor, 5),
        refused,
        paymentOf(rich, 90),
        paymentOf(rich, 89),
        paymentOf(poor, 1),
      ]
      const outcomes = await ledger.pay(issuerId, set, START_AT)
      assert.deepEqual(outcomes.map(verdictOf), [
        'insufficient_funds',
        'posted',
        'again posted',
        'key_reused',
        'posted',
        'own_shop',
        'insufficient_funds',
        'posted',
        'insufficient_funds',
      ])
      assert.deepEqual(outcomes.map(legsWon), [[], [10], [1], [], [5], [], [], [89], []])
    },
  )

  ledgerTest(
    'requests of one wallet in one set are decided in input order',
    open,
    async (bench) => {
      const purse = await fundedPurse(bench, 100)
      const set = [60, 50, 30, 20, 10].map((amount) => paymentOf(purse, amount))
      const outcomes = await bench.ledger.pay(bench.issuerId, set, START_AT)
      assert.deepEqual(outcomes.map(legsWon), [[60], [], [30], [], [10]])
      assert.equal(await remainingWon(bench, purse), 0)
    },
  )

  ledgerTest('cancellations of one payment in one set share what is left', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const payment = paymentOf(purse, 100)
    await ledger.pay(issuerId, [payment], START_AT)
    const target = { paymentId: payment.operationId, merchantId: purse.merchantId }
    const set = [40, 70, 50, undefined, undefined].map((amount) =>
      keyed('cancel', { ...target, ...(amount !== undefined && { amountWon: won(amount) }) }),
    )
    const outcomes = await ledger.cancel(issuerId, set, START_AT)
    assert.deepEqual(outcomes.map(legsWon), [[40], [], [50], [10], []])
  })

  ledgerTest('a hold is closed once in a set, by the first that can', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const hold = paymentOf(purse, 100)
    await ledger.hold(issuerId, [hold], START_AT)
    const set = [101, 30, 0].map((amount) =>
      keyed('closeHolds', { holdId: hold.operationId, amountWon: won(amount) }),
    )
    const outcomes = await ledger.closeHolds(issuerId, set, START_AT)
    const verdicts = ['capture_exceeds_hold', 'posted', 'hold_closed']
    assert.deepEqual(outcomes.map(verdictOf), verdicts)
  })

  ledgerTest(
    'the quota goes to buyers in input order; a smaller wish still fits',
    open,
    async (b) => {
      const [ann, ben, cho] = [newPurse(), newPurse(), newPurse()]
      const buyers = [ann, ben, cho].map((purse) => ({ ...purse, programId: ann.programId }))
      await openPurses(b, buyers)
      const [first, second, third] = buyers
      const buy = (purse: typeof first, faceWon: number) =>
        purchaseOf(purse!, { faceWon, quotaWon: 100, capWon: 1000 })
      // The first buyer's second wish stands before the others' first ones.
      const set = [buy(first, 40), buy(first, 40), buy(second, 30), buy(third, 20), buy(second, 1)]
      const outcomes = await b.ledger.reservePurchases(b.issuerId, set, START_AT)
      const verdicts = ['posted', 'posted', 'sold_out', 'posted', 'sold_out']
      assert.deepEqual(outcomes.map(verdictOf), verdicts)
    },
  )

  ledgerTest(
    'a repeat in one set is a replay; another request is key_reused',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const [purse, other] = [await fundedPurse(bench, 100), await fundedPurse(bench, 100)]
      const first = paymentOf(purse, 10)
      const changed = paymentOf(purse, 20, first.operationId)
      const otherWallet = paymentOf(other, 10, first.operationId)
      const declined = paymentOf(purse, 999)
      const set = [first, changed, first, otherWallet, declined, declined]
      const outcomes = await ledger.pay(issuerId, set, START_AT)
      const verdicts = ['posted', 'key_reused', 'again posted', 'key_reused']
      const declines = ['insufficient_funds', 'again insufficient_funds']
      assert.deepEqual(outcomes.map(verdictOf), [...verdicts, ...declines])
      assert.deepEqual(legsWon(outcomes[2]), [10])
      assert.equal(await remainingWon(bench, purse), 90)
      assert.equal(await remainingWon(bench, other), 100)
    },
  )

  ledgerTest('every kind of request is repeated within its set', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 1000)
    const [grant, hold, payment] = [
      issueOf({ ...purse, lotId: newPurse().lotId }, 7),
      paymentOf(purse, 50),
      paymentOf(purse, 60),
    ]
    const release = keyed('closeHolds', { holdId: hold.operationId, amountWon: won(0) })
    const { merchantId } = purse
    const cancellation = keyed('cancel', { paymentId: payment.operationId, merchantId })
    const purchase = purchaseOf(purse, { faceWon: 10, quotaWon: 10, capWon: 5000 })
    const ending = { purchaseId: purchase.operationId, closureId: newKey(), debited: true }
    const twice = [
      await ledger.issue(issuerId, [grant, grant], START_AT),
      await ledger.hold(issuerId, [hold, hold], START_AT),
      await ledger.closeHolds(issuerId, [release, release], START_AT),
      await ledger.pay(issuerId, [payment, payment], START_AT),
      await ledger.cancel(issuerId, [cancellation, cancellation], START_AT),
      await ledger.reservePurchases(issuerId, [purchase, purchase], START_AT),
      await ledger.closePurchases(issuerId, [ending, ending], START_AT),
    ]
    for (const outcomes of twice) {
      assert.deepEqual(outcomes.map(verdictOf), ['posted', 'again posted'])
      assert.deepEqual(legsWon(outcomes[0]), legsWon(outcomes[1]))
    }
    assert.equal(await remainingWon(bench, purse), 1000 + 7 + 10)
  })

  independenceContract(open)
  enquiryContract(open)
}

function independenceContract(open: OpenLedger): void {
  ledgerTest('one key under two issuers is two operations', open, async (bench) => {
    const { ledger, issuerId, otherIssuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const there = { ...bench, issuerId: otherIssuerId }
    const otherPurse = await fundedPurse(there, 100)
    const key = newKey()
    const pay = paymentOf(purse, 10, key)
    const payThere = paymentOf(otherPurse, 20, key)
    assert.deepEqual((await ledger.pay(issuerId, [pay], START_AT)).map(verdictOf), ['posted'])
    const outcomes = await ledger.pay(otherIssuerId, [payThere], START_AT)
    assert.deepEqual(outcomes.map(legsWon), [[20]])
    const [here] = await ledger.find(issuerId, [key])
    const [other] = await ledger.find(otherIssuerId, [key])
    assert.deepEqual([here?.amountWon, other?.amountWon], [10, 20])
    // Nor does an issuer see the other's wallets and payments.
    assert.deepEqual(await ledger.lots(otherIssuerId, purse.walletId), [])
    const paymentId = paymentOf(purse, 1).operationId
    assert.deepEqual(await ledger.find(otherIssuerId, [paymentId]), [undefined])
  })
}

function enquiryContract(open: OpenLedger): void {
  ledgerTest('a payment to nobody is refused, and recorded so', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const { merchantId: _merchantId, outletId: _outletId, ...unaddressed } = paymentOf(purse, 10)
    const refused = keyed('pay', { ...unaddressed, refusal: 'code_invalid' as const })
    const outcomes = await ledger.pay(issuerId, [refused, refused], START_AT)
    assert.deepEqual(outcomes.map(verdictOf), ['code_invalid', 'again code_invalid'])
    const [found] = await ledger.find(issuerId, [refused.operationId])
    assert.deepEqual([found?.merchantId, found?.outletId], [undefined, undefined])
  })

  ledgerTest(
    'purchases are read one by one, and as what still awaits the bank',
    open,
    async (b) => {
      const { ledger, reading, issuerId } = b
      const purse = newPurse()
      const poor = newPurse()
      await openPurses(b, [purse, poor])
      const awaits = ({ walletId: wallet }: typeof purse) =>
        reading.awaitsPurchase(issuerId, wallet)
      assert.equal(await awaits(purse), false)
      const wish = () => purchaseOf(purse, { faceWon: 10, quotaWon: 40, capWon: 40 })
      const wishes = [wish(), wish(), wish(), wish(), wish()]
      for (const [index, request] of wishes.entries()) {
        // The last one is sold out. Times fall, so that the order is not the order of arrival.
        await ledger.reservePurchases(issuerId, [request], START_AT - index)
      }
      const [newest, second, third, oldest, declined] = wishes.map((request) => request.operationId)
      const waiting = async (before: number, limit: number) => {
        const purchases = await ledger.reservedPurchases(issuerId, before, limit)
        return purchases.map((purchase) => purchase.purchaseId)
      }
      assert.deepEqual(await waiting(START_AT, 9), [oldest, third, second])
      assert.deepEqual(await waiting(START_AT + 1, 9), [oldest, third, second, newest])
      assert.deepEqual(await waiting(START_AT + 1, 2), [oldest, third])
      const deposits = () => ledger.reservedPurchases(issuerId, START_AT + 1, 9, 'deposit')
      assert.deepEqual(await deposits(), [])
      const byDeposit = purchaseOf(purse, { faceWon: 10, quotaWon: 90, capWon: 90 })
      byDeposit.accountToken = DEPOSIT_TOKEN
      await ledger.reservePurchases(issuerId, [byDeposit], START_AT)
      assert.deepEqual(
        (await deposits()).map(({ purchaseId, accountToken }) => [purchaseId, accountToken]),
        [[byDeposit.operationId, DEPOSIT_TOKEN]],
      )
      assert.deepEqual(await waiting(START_AT + 1, 9), [oldest, third, second, newest])
      assert.deepEqual([await awaits(purse), await awaits(poor)], [true, false])
      const endings = [
        { purchaseId: oldest!, closureId: newKey(), debited: true },
        { purchaseId: second!, closureId: newKey(), debited: false },
      ]
      await ledger.closePurchases(issuerId, endings, START_AT)
      assert.deepEqual(await waiting(START_AT, 9), [third])

      const keys = [oldest!, second!, third!, declined!, newKey()]
      const purchases = await Promise.all(keys.map((key) => ledger.purchase(issuerId, key)))
      const states = ['completed', 'abandoned', 'reserved', undefined, undefined]
      assert.deepEqual(
        purchases.map((purchase) => purchase?.state),
        states,
      )
      const { walletId, programId } = purse
      const { lotId, faceWon, accountToken, expiresAt } = wishes[2]!
      assert.deepEqual(purchases[2], {
        purchaseId: third,
        walletId,
        programId,
        lotId,
        faceWon,
        payWon: faceWon,
        accountToken,
        state: 'reserved',
        reservedAt: START_AT - 2,
        expiresAt,
      })
      const rest = [third!, newest!, byDeposit.operationId].map((purchaseId) => ({
        purchaseId,
        closureId: newKey(),
        debited: false,
      }))
      await ledger.closePurchases(issuerId, rest, START_AT)
      assert.equal(await awaits(purse), false)
    },
  )

  ledgerTest(
    'find answers in the order of asking, also for keys it does not know',
    open,
    async (b) => {
      const purse = await fundedPurse(b, 100)
      const [first, second] = [paymentOf(purse, 10), paymentOf(purse, 200)]
      await b.ledger.pay(b.issuerId, [first, second], START_AT)
      const asked = [second.operationId, newKey(), first.operationId, second.operationId]
      const found = await b.ledger.find(b.issuerId, asked)
      assert.deepEqual(
        found.map((operation) => operation?.decline ?? operation?.amountWon),
        ['insufficient_funds', undefined, 10, 'insufficient_funds'],
      )
      const { walletId, merchantId, lotId, programId } = purse
      assert.deepEqual(found[2], {
        operationId: first.operationId,
        kind: 'payment',
        channel: 'mpm_static',
        bookedAt: START_AT,
        decline: undefined,
        walletId,
        merchantId,
        outletId: first.outletId,
        amountWon: 10,
        targetId: undefined,
        actor: undefined,
        legs: [{ lotId, programId, kind: 'purchase', amountWon: 10 }],
        cancelledWon: 0,
      })
    },
  )

  ledgerTest('an empty set has no outcomes', open, async ({ ledger, issuerId }) => {
    await ledger.openWallets(issuerId, [], START_AT)
    const answers = [
      await ledger.issue(issuerId, [], START_AT),
      await ledger.pay(issuerId, [], START_AT),
      await ledger.hold(issuerId, [], START_AT),
      await ledger.closeHolds(issuerId, [], START_AT),
      await ledger.cancel(issuerId, [], START_AT),
      await ledger.reservePurchases(issuerId, [], START_AT),
      await ledger.closePurchases(issuerId, [], START_AT),
      await ledger.find(issuerId, []),
    ]
    for (const answer of answers) assert.deepEqual(answer, [])
  })

  ledgerTest('the largest set is posted whole', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purses = Array.from({ length: SET_SIZE_MAX }, newPurse)
    await openPurses(bench, purses)
    const grants = purses.map((purse) => issueOf(purse, 10))
    await ledger.issue(issuerId, grants, START_AT)
    const payments = purses.map((purse, index) => paymentOf(purse, 1 + (index % 11)))
    const outcomes = await ledger.pay(issuerId, payments, START_AT)
    const expected = purses.map((_, index) => (index % 11 === 10 ? [] : [1 + (index % 11)]))
    assert.deepEqual(outcomes.map(legsWon), expected)
  })

  ledgerTest('a decline changes no lot, no purchase and no counter', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const { merchantId } = purse
    const [payment, hold] = [paymentOf(purse, 10), paymentOf(purse, 20)]
    const purchase = purchaseOf(purse, { faceWon: 50, quotaWon: 50, capWon: 500 })
    await ledger.pay(issuerId, [payment], START_AT)
    await ledger.hold(issuerId, [hold], START_AT)
    await ledger.reservePurchases(issuerId, [purchase], START_AT)
    const state = async () => [await ledger.lots(issuerId, purse.walletId), await bench.dump?.()]
    const before = await state()

    const { operationId: holdId } = hold
    const { operationId: paymentId } = payment
    const grant = issueOf(newPurse(), 10)
    const capture = keyed('closeHolds', { holdId, amountWon: won(21) })
    const cancellation = keyed('cancel', { paymentId, merchantId, amountWon: won(11) })
    const wish = purchaseOf(purse, { faceWon: 1, quotaWon: 50, capWon: 500 })
    const ending = { purchaseId: newKey(), closureId: newKey(), debited: true }
    const outcomes = [
      ...(await ledger.issue(issuerId, [grant], START_AT)),
      ...(await ledger.pay(issuerId, [paymentOf(purse, 71)], START_AT)),
      ...(await ledger.hold(issuerId, [paymentOf(purse, 71)], START_AT)),
      ...(await ledger.closeHolds(issuerId, [capture], START_AT)),
      ...(await ledger.cancel(issuerId, [cancellation], START_AT)),
      ...(await ledger.reservePurchases(issuerId, [wish], START_AT)),
      ...(await ledger.closePurchases(issuerId, [ending], START_AT)),
      // Nor do a repeat and a reused key.
      ...(await ledger.pay(issuerId, [payment, paymentOf(purse, 1, paymentId)], START_AT)),
    ]
    assert.deepEqual(outcomes.map(verdictOf), [
      'wallet_unknown',
      'insufficient_funds',
      'insufficient_funds',
      'capture_exceeds_hold',
      'cancel_exceeds_payment',
      'sold_out',
      'purchase_unknown',
      'again posted',
      'key_reused',
    ])
    assert.deepEqual(await state(), before)
  })
}
