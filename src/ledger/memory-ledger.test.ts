/**
 * The ledger in memory keeps the contract; what only it has (snapshots, sealing, assertions) is
 * tested here.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug, id, parseBusinessDate, won } from '../base/base.ts'
import {
  cardPaymentOf,
  FAR_FUTURE,
  fundedPurse,
  issueOf,
  keyed,
  newKey,
  newPurse,
  openPurses,
  paymentOf,
  purchaseOf,
  sources,
  START_AT,
  verdictOf,
} from './ledger-bench.contract.ts'
import { settlementOf } from './ledger-movements-bench.contract.ts'
import { ledgerContract } from './ledger.contract.ts'
import { createMemoryLedger, SET_SIZE_MAX, type MemoryLedger } from './ledger.ts'

const issuerId = id('iss', 1)
const otherIssuerId = id('iss', 2)

function openBench() {
  const ledger = createMemoryLedger()
  const dump = async () =>
    [issuerId, otherIssuerId].map((issuer) => {
      const { operations, ...rows } = ledger.snapshot(issuer)
      return { ...rows, transfers: operations.flatMap((operation) => operation.transfers) }
    })
  return { ledger, reading: ledger, issuerId, otherIssuerId, dump, close: async () => {} }
}

ledgerContract('the ledger in memory', async () => openBench())

function linesOf(ledger: MemoryLedger): string[] {
  const { operations } = ledger.snapshot(issuerId)
  return operations.flatMap(({ kind, transfers }) =>
    transfers.map((one) => {
      const debit = `${one.debitKind} ${one.debitId}`
      return `${kind} ${one.line}: ${debit} → ${one.creditKind} ${one.creditId}, ${one.amountWon}`
    }),
  )
}

test('transfers name the accounts of every movement', async () => {
  const bench = openBench()
  const { ledger } = bench
  const purse = newPurse()
  const { lotId, merchantId } = purse
  await openPurses(bench, [purse])
  const split = { ...sources(90), nationalWon: won(4), cityWon: won(6) }
  const grant = keyed('issue', { ...issueOf(purse, 100), sources: split })
  const hold = paymentOf(purse, 50)
  const capture = keyed('closeHolds', { holdId: hold.operationId, amountWon: won(30) })
  const cancellation = keyed('cancel', { paymentId: capture.operationId, merchantId })
  await ledger.issue(issuerId, [grant], START_AT)
  await ledger.hold(issuerId, [hold], START_AT)
  await ledger.closeHolds(issuerId, [capture], START_AT)
  await ledger.cancel(issuerId, [cancellation], START_AT)
  assert.deepEqual(linesOf(ledger), [
    `issue 1: operating_fund 0 → lot ${lotId}, 90`,
    `issue 2: subsidy_receivable 1 → lot ${lotId}, 4`,
    `issue 3: subsidy_receivable 3 → lot ${lotId}, 6`,
    `hold 1: lot ${lotId} → lot_hold ${lotId}, 50`,
    `capture 1: lot_hold ${lotId} → merchant_payable ${merchantId}, 30`,
    `capture 2: lot_hold ${lotId} → lot ${lotId}, 20`,
    `cancellation 1: merchant_payable ${merchantId} → lot ${lotId}, 30`,
  ])
})

test('transfers of cards name the clearing and the loss account, a loss last and given back first', async () => {
  const bench = openBench()
  const { ledger } = bench
  const purse = await fundedPurse(bench, 100)
  const { lotId, merchantId } = purse
  const card = { partnerId: id('prt', 7), businessDate: parseBusinessDate('2031-01-01')! }
  const hold = cardPaymentOf(purse, 40, { card })
  const capture = keyed('closeHolds', { holdId: hold.operationId, amountWon: won(30) })
  const advice = cardPaymentOf(purse, 90, { card, coverage: 'advice' })
  const cancellation = keyed('cancel', { paymentId: advice.operationId, merchantId })
  const settlement = settlementOf({ card, amountWon: won(30) })
  await ledger.hold(issuerId, [hold], START_AT)
  await ledger.closeHolds(issuerId, [capture], START_AT)
  await ledger.pay(issuerId, [advice], START_AT)
  await ledger.cancel(issuerId, [cancellation], START_AT)
  await ledger.settleCards(issuerId, [settlement], START_AT)
  assert.deepEqual(linesOf(ledger).slice(1), [
    `hold 1: lot ${lotId} → lot_hold ${lotId}, 40`,
    `capture 1: lot_hold ${lotId} → card_clearing 7, 30`,
    `capture 2: lot_hold ${lotId} → lot ${lotId}, 10`,
    `payment 1: lot ${lotId} → card_clearing 7, 70`,
    'payment 2: standin_loss 0 → card_clearing 7, 20',
    'cancellation 1: card_clearing 7 → standin_loss 0, 20',
    `cancellation 2: card_clearing 7 → lot ${lotId}, 70`,
    'card_settlement 1: card_clearing 7 → settlement_in_transit 0, 30',
  ])
})

test('what is sealed is never booked into, and expiry counts from the booking', async () => {
  const bench = openBench()
  const { ledger } = bench
  const purse = newPurse()
  await openPurses(bench, [purse])
  await ledger.issue(issuerId, [issueOf(purse, 100, START_AT + 10)], START_AT)
  ledger.seal(issuerId, START_AT + 5)
  ledger.seal(issuerId, START_AT + 3) // A boundary never moves back.
  const payment = paymentOf(purse, 1)
  const [paid] = await ledger.pay(issuerId, [payment], START_AT)
  assert.equal(paid?.status === 'posted' && paid.bookedAt, START_AT + 6)
  const [later] = await ledger.pay(issuerId, [paymentOf(purse, 1)], START_AT + 8)
  assert.equal(later?.status === 'posted' && later.bookedAt, START_AT + 8)
  ledger.seal(issuerId, START_AT + 9)
  const [expired] = await ledger.pay(issuerId, [paymentOf(purse, 1)], START_AT)
  assert.equal(verdictOf(expired), 'insufficient_funds')
  const [again] = await ledger.pay(issuerId, [payment], START_AT + 20)
  assert.equal(again?.status === 'posted' && again.bookedAt, START_AT + 6)
})

test('a snapshot and an answer are copies: changing them changes nothing', async () => {
  const bench = openBench()
  const { ledger } = bench
  const purse = await fundedPurse(bench, 100)
  const before = ledger.snapshot(issuerId)
  const copy = ledger.snapshot(issuerId)
  copy.lots[0]!.remainingWon = won(1)
  copy.operations[0]!.requestHash.fill(0)
  const [lot] = await ledger.lots(issuerId, purse.walletId)
  lot!.remainingWon = won(1)
  assert.deepEqual(ledger.snapshot(issuerId), before)
})

test('reading never makes an issuer known', async () => {
  const { ledger } = openBench()
  await ledger.lots(issuerId, newPurse().walletId)
  await ledger.find(issuerId, [newKey()])
  ledger.snapshot(issuerId)
  assert.deepEqual(ledger.issuers(), [])
  await ledger.openWallets(otherIssuerId, [], START_AT)
  await ledger.openWallets(issuerId, [], START_AT)
  assert.deepEqual(ledger.issuers(), [issuerId, otherIssuerId])
})

test('what only a bug can send stops the process and changes nothing', async () => {
  const bench = openBench()
  const { ledger } = bench
  const purse = await fundedPurse(bench, 100)
  const good = paymentOf(purse, 10)
  const twiceTendered = { ...paymentOf(purse, 10), tenders: [good.tenders[0]!, good.tenders[0]!] }
  const { merchantId: _merchantId, ...nobodyPaid } = paymentOf(purse, 10)
  const wish = purchaseOf(purse, { faceWon: 10, quotaWon: 100, capWon: 1000 })
  const overfunded = { ...wish, sources: sources(11) }
  const tooMany = Array.from({ length: SET_SIZE_MAX + 1 }, () => good)
  const opening = { walletId: purse.walletId, memberId: id('mbr', 1) }
  const before = ledger.snapshot(issuerId)
  const bugs = [
    () => ledger.pay(issuerId, [good, paymentOf(purse, 0)], START_AT),
    () => ledger.pay(issuerId, [good, twiceTendered], START_AT),
    () => ledger.hold(issuerId, [good, nobodyPaid], START_AT),
    () => ledger.pay(issuerId, tooMany, START_AT),
    () => ledger.issue(issuerId, [issueOf({ ...purse, lotId: newPurse().lotId }, 0)], START_AT),
    () => ledger.issue(issuerId, [issueOf(purse, 5, FAR_FUTURE)], START_AT), // The lot exists.
    () => ledger.reservePurchases(issuerId, [wish, overfunded], START_AT),
    () => ledger.openWallets(issuerId, [opening], START_AT), // The wallet is another member's.
  ]
  for (const bug of bugs) await assert.rejects(bug, Bug)
  assert.deepEqual(ledger.snapshot(issuerId), before)
})
