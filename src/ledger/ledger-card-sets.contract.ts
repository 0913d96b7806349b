/** Cards in sets, in pages and in races: what tables of single commands cannot show. */
import assert from 'node:assert/strict'
import { Bug, parseBusinessDate, won, type OperationId } from '../base/base.ts'
import {
  cardPaymentOf,
  fundedPurse,
  ids,
  keyed,
  ledgerTest,
  legsWon,
  lossWon,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  persistently,
  posted,
  remainingWon,
  START_AT,
  verdictOf,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import { settlementOf } from './ledger-movements-bench.contract.ts'
import type { CardBooking } from './ledger.ts'

export function cardSetsContract(open: OpenLedger): void {
  cardSets(open)
  cardVoids(open)
  cardPages(open)
  cardBugs(open)
  cardRaces(open)
}

const cardOf = (): CardBooking => ({
  partnerId: ids.next('prt'),
  businessDate: parseBusinessDate('2031-01-01')!,
})

function cardSets(open: OpenLedger): void {
  ledgerTest('cards, advices and codes stand in one set, in input order', open, async (bench) => {
    const { ledger, reading, issuerId } = bench
    const [rich, poor] = [await fundedPurse(bench, 100), await fundedPurse(bench, 5)]
    const card = cardOf()
    const declined = cardPaymentOf(poor, 6, { card })
    const set = [
      paymentOf(rich, 10),
      cardPaymentOf(rich, 20, { card }),
      declined,
      cardPaymentOf(poor, 6, { card, coverage: 'advice', key: declined.operationId }),
      cardPaymentOf(poor, 6, { card, coverage: 'advice' }),
      cardPaymentOf(poor, 6, { card, coverage: 'partial' }),
      cardPaymentOf(rich, 99, { card, coverage: 'partial' }),
      paymentOf(rich, 1),
      cardPaymentOf(rich, 7, { card, coverage: 'advice' }),
    ]
    const outcomes = await ledger.pay(issuerId, set, START_AT)
    assert.deepEqual(outcomes.map(verdictOf), [
      'posted',
      'posted',
      'insufficient_funds',
      'key_reused',
      'posted',
      'insufficient_funds',
      'posted',
      'insufficient_funds',
      'posted',
    ])
    assert.deepEqual(outcomes.map(legsWon), [[10], [20], [], [], [5], [], [70], [], []])
    assert.deepEqual(outcomes.map(lossWon), [0, 0, 0, 0, 1, 0, 0, 0, 7])
    assert.equal(await reading.cardClearing(issuerId, card.partnerId), 20 + 6 + 70 + 7)
    assert.equal(await reading.merchantPayable(issuerId, rich.merchantId), 10)
    assert.deepEqual(await ledger.pay(issuerId, set, START_AT), outcomes.map(again))
  })

  ledgerTest('settlements in one set each see what the one before left', open, async (bench) => {
    const { ledger, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const card = cardOf()
    await ledger.pay(issuerId, [cardPaymentOf(purse, 100, { card })], START_AT)
    const settlements = [60, 60, 40, 1].map((amount) =>
      settlementOf({ card, amountWon: won(amount) }),
    )
    const twice = [...settlements, settlements[0]!]
    const outcomes = await ledger.settleCards(issuerId, twice, START_AT)
    const exceeds = 'settlement_exceeds_clearing'
    const verdicts = ['posted', exceeds, 'posted', exceeds, 'again posted']
    assert.deepEqual(outcomes.map(verdictOf), verdicts)
    assert.deepEqual(await ledger.settleCards(issuerId, [], START_AT), [])
    const beneficiary = { kind: 'card_company', id: card.partnerId } as const
    const payouts = await ledger.payouts(issuerId, { beneficiary, limit: 10 })
    assert.deepEqual(
      payouts.map(({ payoutId, amountWon, state, causedBy }) => [
        payoutId,
        amountWon,
        state,
        causedBy,
      ]),
      [settlements[0]!, settlements[2]!].map(({ payout, amountWon, operationId }) => [
        payout.payoutId,
        amountWon,
        'due',
        operationId,
      ]),
    )
    const another = settlementOf({ card, amountWon: won(60) }, settlements[0]!.operationId)
    const [repeated] = await ledger.settleCards(issuerId, [another], START_AT)
    assert.equal(verdictOf(repeated), 'again posted')
    assert.equal(await ledger.payout(issuerId, another.payout.payoutId), undefined)
  })
}

/** What the card desk relies on: whoever comes first under a key has decided for every door of the ledger. */
function cardVoids(open: OpenLedger): void {
  ledgerTest('what was voided stays so at every door, under its own hash', open, async (bench) => {
    const { ledger, reading, issuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const card = cardOf()
    const payment = cardPaymentOf(purse, 60, { card })
    const hold = cardPaymentOf(purse, 10, { card })
    const paid = cardPaymentOf(purse, 20, { card })
    await ledger.hold(issuerId, [hold], START_AT)
    await ledger.pay(issuerId, [paid], START_AT)
    const { operationId, requestHash } = payment
    const { merchantId } = purse
    const doors = (key: { operationId: OperationId; requestHash: Uint8Array }) => ({
      pay: () => ledger.pay(issuerId, [{ ...payment, ...key }], START_AT),
      hold: () => ledger.hold(issuerId, [{ ...payment, ...key }], START_AT),
      capture: () =>
        ledger.closeHolds(
          issuerId,
          [{ ...key, holdId: hold.operationId, amountWon: won(10) }],
          START_AT,
        ),
      release: () =>
        ledger.closeHolds(
          issuerId,
          [{ ...key, holdId: hold.operationId, amountWon: won(0) }],
          START_AT,
        ),
      cancel: () =>
        ledger.cancel(
          issuerId,
          [{ ...key, paymentId: paid.operationId, merchantId, card }],
          START_AT,
        ),
    })
    const refused = { ...payment, refusal: 'reversed_first' } as const
    const byHold = { ...refused, operationId: newKey() }
    const [voided] = await ledger.pay(issuerId, [refused], START_AT)
    assert.equal(verdictOf(voided), 'reversed_first')
    assert.equal(verdictOf((await ledger.hold(issuerId, [byHold], START_AT))[0]), 'reversed_first')
    const before = await ledger.find(issuerId, [operationId])
    for (const key of [{ operationId, requestHash }, byHold]) {
      for (const [door, ask] of Object.entries(doors(key))) {
        assert.equal(verdictOf((await ask())[0]), 'again reversed_first', door)
      }
    }
    const other = { operationId, requestHash: paid.requestHash }
    for (const [door, ask] of Object.entries(doors(other))) {
      assert.equal(verdictOf((await ask())[0]), 'key_reused', door)
    }
    assert.deepEqual(await ledger.find(issuerId, [operationId]), before)
    assert.equal(await remainingWon(bench, purse), 100 - 10 - 20)
    assert.equal(await reading.cardClearing(issuerId, card.partnerId), 20)
    const open = await reading.openCardHolds(issuerId, START_AT + 1, 9)
    assert.deepEqual(
      open.map((each) => each.operationId),
      [hold.operationId],
    )
  })
}

function cardPages(open: OpenLedger): void {
  ledgerTest('card operations are read in pages, open holds oldest first', open, async (bench) => {
    const { ledger, reading, issuerId, otherIssuerId } = bench
    const purse = await fundedPurse(bench, 100)
    const card = cardOf()
    const payments = Array.from({ length: 5 }, () => cardPaymentOf(purse, 1, { card }))
    await ledger.pay(issuerId, payments, START_AT)
    const keys = payments.map((payment) => payment.operationId).toSorted()
    const page = async (after: number | undefined, limit: number) => {
      const from = after === undefined ? {} : { after: keys[after]! }
      const found = await reading.cardOperations(issuerId, card, { ...from, limit })
      return found.map((operation) => keys.indexOf(operation.operationId))
    }
    assert.deepEqual(await page(undefined, 3), [0, 1, 2])
    assert.deepEqual(await page(2, 3), [3, 4])
    assert.deepEqual(await page(4, 3), [])
    assert.deepEqual(await reading.cardOperations(otherIssuerId, card, { limit: 9 }), [])

    const holds = Array.from({ length: 3 }, () => cardPaymentOf(purse, 1, { card }))
    for (const [index, hold] of holds.entries()) {
      await ledger.hold(issuerId, [hold], START_AT + 30 - index * 10)
    }
    const [third, second, first] = holds.map((hold) => hold.operationId)
    const waiting = async (before: number, limit: number) => {
      const found = await reading.openCardHolds(issuerId, before, limit)
      return found.map((operation) => operation.operationId)
    }
    assert.deepEqual(await waiting(START_AT + 30, 9), [first, second])
    assert.deepEqual(await waiting(START_AT + 31, 9), [first, second, third])
    assert.deepEqual(await waiting(START_AT + 31, 1), [first])
    assert.deepEqual(await reading.openCardHolds(otherIssuerId, START_AT + 31, 9), [])
    const [found] = await reading.openCardHolds(issuerId, START_AT + 31, 1)
    assert.deepEqual([found], await ledger.find(issuerId, [first!]))
  })
}

/** What only a caller's mistake can send; a refusal may be of anything. */
function cardBugs(open: OpenLedger): void {
  ledgerTest(
    'an advice is a payment by card, and a settlement is of something',
    open,
    async (b) => {
      const { ledger, issuerId } = b
      const purse = await fundedPurse(b, 100)
      const card = cardOf()
      const advice = cardPaymentOf(purse, 10, { card, coverage: 'advice' })
      const { card: _card, ...ofNobody } = advice
      const nothing = settlementOf({ card, amountWon: won(0) })
      const ofOne = settlementOf({ card, amountWon: won(1) })
      const { payout: _payout, ...unpaid } = ofOne
      const beneficiary = { kind: 'card_company', id: ids.next('prt') } as const
      const toAnother = { ...ofOne, payout: { ...ofOne.payout, beneficiary } }
      const bugs = [
        () => ledger.hold(issuerId, [advice], START_AT),
        () => ledger.pay(issuerId, [ofNobody], START_AT),
        () => ledger.pay(issuerId, [{ ...advice, codeStep: 7 }], START_AT),
        () => ledger.settleCards(issuerId, [nothing], START_AT),
        () => ledger.settleCards(issuerId, [unpaid], START_AT),
        () => ledger.settleCards(issuerId, [toAnother], START_AT),
      ]
      for (const bug of bugs) await assert.rejects(bug, Bug)
      assert.deepEqual(await ledger.find(issuerId, [advice.operationId]), [undefined])
      const refused = { ...ofNobody, refusal: 'reversed_first' as const }
      const [outcome] = await ledger.hold(issuerId, [refused], START_AT)
      assert.equal(verdictOf(outcome), 'reversed_first')
    },
  )
}

/** The same outcome as a repeat is given it. */
function again<Answer extends object>(outcome: Answer): Answer {
  return 'replayed' in outcome ? { ...outcome, replayed: true } : outcome
}

function cardRaces(open: OpenLedger): void {
  ledgerTest('advices at once take all there is, and lose only the rest', open, async (bench) => {
    const { ledger, reading, issuerId } = bench
    const purse = await fundedPurse(bench, 1000)
    const card = cardOf()
    const advices = Array.from({ length: 20 }, () =>
      cardPaymentOf(purse, 70, { card, coverage: 'advice' }),
    )
    const answers = await Promise.all(
      // Each is told twice at once.
      [...advices, ...advices].map((advice) =>
        persistently(() => ledger.pay(issuerId, [advice], START_AT)),
      ),
    )
    assert.equal(posted(answers.flat()).length, 40)
    const fresh = answers.flat().filter((one) => one.status === 'posted' && !one.replayed)
    assert.equal(fresh.length, 20)
    const losses = fresh.reduce((sum, outcome) => sum + lossWon(outcome), 0)
    assert.equal(losses, 20 * 70 - 1000)
    assert.equal(await remainingWon(bench, purse), 0)
    assert.equal(await reading.cardClearing(issuerId, card.partnerId), 1400)
  })

  ledgerTest('a reversal and its payment at once: one of them is first', open, async (bench) => {
    const { ledger, issuerId } = bench
    const card = cardOf()
    for (let round = 1; round <= ROUNDS; round += 1) {
      const purse = await fundedPurse(bench, 100)
      const payment = cardPaymentOf(purse, 60, { card })
      const reversed = { ...payment, refusal: 'reversed_first' as const }
      const [[paid], [undone]] = await Promise.all([
        persistently(() => ledger.pay(issuerId, [payment], START_AT)),
        persistently(() => ledger.pay(issuerId, [reversed], START_AT)),
      ])
      const verdicts = [verdictOf(paid), verdictOf(undone)].join(', ')
      const left = await remainingWon(bench, purse)
      const known = { 'posted, again posted': 40, 'again reversed_first, reversed_first': 100 }
      assert.ok(verdicts in known, verdicts)
      assert.equal(left, known[verdicts as keyof typeof known]) // Asserted the line before.
    }
  })

  ledgerTest('settlements at once never pay more than is owed', open, async (bench) => {
    const { ledger, reading, issuerId } = bench
    const purse = await fundedPurse(bench, 1000)
    const card = cardOf()
    await ledger.pay(issuerId, [cardPaymentOf(purse, 1000, { card })], START_AT)
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => {
        const settlement = settlementOf({ card, amountWon: won(300) })
        return persistently(() => ledger.settleCards(issuerId, [settlement], START_AT))
      }),
    )
    assert.equal(posted(answers.flat()).length, 3)
    assert.equal(await reading.cardClearing(issuerId, card.partnerId), 100)
  })

  ledgerTest('cancellations at once give an advice’s loss back once', open, async (bench) => {
    const { ledger, reading, issuerId } = bench
    const purse = newPurse()
    await openPurses(bench, [purse])
    const card = cardOf()
    const { merchantId } = purse
    const first = cardPaymentOf(purse, 100, { card, coverage: 'advice' })
    await ledger.pay(issuerId, [first], START_AT)
    const cancellations = Array.from({ length: 6 }, () =>
      keyed('cancel', { paymentId: first.operationId, merchantId, amountWon: won(30) }),
    )
    const answers = await Promise.all(
      cancellations.map((one) => persistently(() => ledger.cancel(issuerId, [one], START_AT))),
    )
    assert.equal(posted(answers.flat()).length, 3)
    assert.deepEqual(posted(answers.flat()).map(lossWon), [30, 30, 30])
    assert.equal(await reading.cardClearing(issuerId, card.partnerId), 10)
  })
}

/** One round meets the race now and then. */
const ROUNDS = 10
