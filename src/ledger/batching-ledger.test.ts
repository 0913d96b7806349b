/** Natural batching: what waits while a set is under way is the next set, for every kind of request that tills send. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won, type IssuerId } from '../base/base.ts'
import {
  fundedPurse,
  keyed,
  paymentOf,
  persistently,
  posted,
  START_AT,
  type LedgerUnderTest,
} from './ledger-bench.contract.ts'
import { createBatchingLedger, createMemoryLedger, type Outcome } from './ledger.ts'

const issuerId = id('iss', 1)
const otherIssuerId = id('iss', 2)
type Gathered = 'pay' | 'hold' | 'closeHolds' | 'cancel'

/** A ledger whose sets are counted and wait until they are let through. */
function openBench() {
  const memory = createMemoryLedger()
  const sets: { method: Gathered; issuerId: IssuerId; size: number }[] = []
  let gate = Promise.withResolvers<void>()
  const slow =
    <Request extends object>(
      method: Gathered,
      post: (issuer: IssuerId, requests: readonly Request[], at: number) => Promise<Outcome[]>,
    ): typeof post =>
    async (issuer, requests, at) => {
      sets.push({ method, issuerId: issuer, size: requests.length })
      await gate.promise
      return post(issuer, requests, at)
    }
  const ledger = createBatchingLedger(
    {
      ...memory,
      pay: slow('pay', memory.pay),
      hold: slow('hold', memory.hold),
      closeHolds: slow('closeHolds', memory.closeHolds),
      cancel: slow('cancel', memory.cancel),
    },
    {
      paying: { lanes: 2, setSizeMax: 4, waitingMax: 9, clock: () => START_AT },
      buying: { lanes: 1, setSizeMax: 4, waitingMax: 9, clock: () => START_AT },
    },
  )
  const bench: LedgerUnderTest = {
    ledger: memory,
    reading: memory,
    issuerId,
    otherIssuerId,
    close: async () => {},
  }
  return {
    bench,
    ledger,
    sets,
    open: () => gate.resolve(),
    shut: () => (gate = Promise.withResolvers<void>()),
  }
}

test('holds, their closures and cancellations are gathered into sets like payments', async () => {
  const { bench, ledger, sets, open, shut } = openBench()
  const purse = await fundedPurse(bench, 1000)
  const holds = Array.from({ length: 7 }, () => paymentOf(purse, 10))
  const send = {
    hold: () => holds.map((hold) => ledger.hold(issuerId, [hold], START_AT)),
    closeHolds: () =>
      holds.map(({ operationId: holdId }) =>
        ledger.closeHolds(
          issuerId,
          [keyed('closeHolds', { holdId, amountWon: won(10) })],
          START_AT,
        ),
      ),
    pay: () => holds.map(() => ledger.pay(issuerId, [paymentOf(purse, 10)], START_AT)),
    cancel: () =>
      holds.map(({ operationId: paymentId }) =>
        ledger.cancel(
          issuerId,
          [keyed('cancel', { paymentId, merchantId: purse.merchantId })],
          START_AT,
        ),
      ),
  }
  for (const method of ['hold', 'closeHolds', 'pay', 'cancel'] as const) {
    shut()
    sets.length = 0
    const answers = send[method]()
    await Promise.resolve()
    open()
    const outcomes = (await Promise.all(answers)).flat()
    assert.equal(outcomes.length, 7)
    if (method !== 'cancel') assert.equal(posted(outcomes).length, 7)
    assert.deepEqual(
      sets.map(({ size }) => size),
      [4, 3],
      method,
    )
  }
})

test('one issuer has one set of a kind under way, and what is too much is refused for certain', async () => {
  const { bench, ledger, sets, open } = openBench()
  const purse = await fundedPurse(bench, 1000)
  const there = await fundedPurse({ ...bench, issuerId: otherIssuerId }, 1000)
  const hold = () => ledger.hold(issuerId, [paymentOf(purse, 10)], START_AT)
  const first = hold()
  await Promise.resolve()
  const waiting = Array.from({ length: 9 }, hold)
  await assert.rejects(hold(), { code: 'queue_full' })
  const elsewhere = ledger.hold(otherIssuerId, [paymentOf(there, 10)], START_AT)
  await Promise.resolve()
  assert.deepEqual(
    sets.map((set) => [set.issuerId, set.size]),
    [
      [issuerId, 1],
      [otherIssuerId, 1],
    ],
  )
  open()
  await Promise.all([first, elsewhere, ...waiting])
  assert.deepEqual(
    sets.map(({ size }) => size),
    [1, 1, 4, 4, 1],
  )
  const again = await persistently(hold)
  assert.equal(posted(again).length, 1)
})
