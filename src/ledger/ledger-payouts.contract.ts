/** The part of the ledger's contract that is about payouts: their steps, their files, and how they are found. */
import assert from 'node:assert/strict'
import { Bug, id, won } from '../base/base.ts'
import {
  fundedPurse,
  ids,
  ledgerTest,
  newKey,
  persistently,
  START_AT,
  type LedgerUnderTest,
  type OpenLedger,
} from './ledger-bench.contract.ts'
import {
  ACCOUNT,
  DUE_ON,
  LATER_ON,
  line,
  lotOf,
  move,
  movement,
  newPayout,
  OTHER_ACCOUNT,
  refundOf,
  stepOf,
} from './ledger-movements-bench.contract.ts'
import type { NewPayout, Payout, PayoutPage } from './ledger.ts'

export function payoutsContract(open: OpenLedger): void {
  lives(open)
  files(open)
  pages(open)
  wrongSteps(open)
}

/** A payout of a refund of 100 won. */
async function refunded(bench: LedgerUnderTest, content: Partial<NewPayout> = {}): Promise<Payout> {
  const purse = await fundedPurse(bench, 100)
  const refund = refundOf(await lotOf(bench, purse), { payout: newPayout(content) })
  assert.deepEqual(await move(bench, [refund]), ['posted 100'])
  const payout = await bench.ledger.payout(bench.issuerId, refund.payout!.payoutId)
  assert.ok(payout)
  return payout
}

function lives(open: OpenLedger): void {
  ledgerTest(
    'a payout goes by file to its end, and by its return to another try',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const payout = await refunded(bench)
      const { payoutId, causedBy } = payout
      assert.deepEqual(payout, {
        payoutId,
        beneficiary: payout.beneficiary,
        account: ACCOUNT,
        dueOn: DUE_ON,
        amountWon: won(100),
        causedBy,
        state: 'due',
        attempt: 1,
        fileName: undefined,
        reason: undefined,
        createdAt: START_AT,
        changedAt: START_AT,
      })
      const now = () => ledger.payout(issuerId, payoutId)
      const file = { name: 'a', dueUntil: DUE_ON, limit: 10 }
      assert.deepEqual(await move(bench, [stepOf(payout, { from: 'sent', to: 'paid' })]), [
        'changed',
      ])
      assert.equal(await ledger.assignFile(issuerId, file, START_AT + 1), 1)
      const sent = { ...payout, state: 'sent', fileName: 'a', changedAt: START_AT + 1 } as const
      assert.deepEqual(await now(), sent)

      const back = stepOf(payout, { from: 'sent', to: 'returned', reason: '해지 계좌' })
      const paid = stepOf(payout, { from: 'sent', to: 'paid' })
      assert.deepEqual(await move(bench, [back, paid], START_AT + 2), ['posted', 'changed'])
      const returned = {
        ...sent,
        state: 'returned',
        reason: '해지 계좌',
        changedAt: START_AT + 2,
      } as const
      assert.deepEqual(await now(), returned)

      const stale = stepOf(payout, { from: 'returned', to: 'due', attempt: 2 })
      const retry = stepOf(payout, { from: 'returned', to: 'due' })
      assert.deepEqual(await move(bench, [stale, retry], START_AT + 3), ['changed', 'posted'])
      assert.deepEqual(await move(bench, [retry], START_AT + 4), ['again posted'])
      const due = {
        ...returned,
        state: 'due',
        attempt: 2,
        account: OTHER_ACCOUNT,
        dueOn: LATER_ON,
        reason: undefined,
        changedAt: START_AT + 3,
      } as const
      assert.deepEqual(await now(), due)

      assert.equal(await ledger.assignFile(issuerId, { ...file, name: 'b' }, START_AT + 5), 0)
      const next = { name: 'b', dueUntil: LATER_ON, limit: 10 }
      assert.equal(await ledger.assignFile(issuerId, next, START_AT + 6), 1)
      const end = stepOf(payout, { from: 'sent', to: 'paid', attempt: 2 })
      const old = stepOf(payout, { from: 'sent', to: 'paid', attempt: 1 })
      assert.deepEqual(await move(bench, [old, end], START_AT + 7), ['changed', 'posted'])
      assert.deepEqual(await now(), {
        ...due,
        state: 'paid',
        fileName: 'b',
        changedAt: START_AT + 7,
      })
      assert.deepEqual(await move(bench, [back, end], START_AT + 8), [
        'again posted',
        'again posted',
      ])
    },
  )

  ledgerTest(
    'what cannot be paid is parked, and comes back when a case has decided',
    open,
    async (bench) => {
      const payout = await refunded(bench)
      const park = stepOf(payout, { from: 'due', to: 'parked', reason: 'no account' })
      const retry = stepOf(payout, { from: 'parked', to: 'due' })
      assert.deepEqual(await move(bench, [park, retry]), ['posted', 'posted'])
      const now = await bench.ledger.payout(bench.issuerId, payout.payoutId)
      assert.deepEqual([now?.state, now?.attempt], ['due', 2])
      const unknown = { ...payout, payoutId: ids.next('pay') }
      assert.deepEqual(await move(bench, [stepOf(unknown, { from: 'due', to: 'parked' })]), [
        'changed',
      ])
      assert.equal(await bench.ledger.payout(bench.issuerId, unknown.payoutId), undefined)
      assert.equal(await bench.ledger.payout(bench.otherIssuerId, payout.payoutId), undefined)
    },
  )
}

function files(open: OpenLedger): void {
  ledgerTest(
    'a file takes what is due, the lowest first, and its name takes no more',
    open,
    async (bench) => {
      const { ledger, issuerId, otherIssuerId } = bench
      const payouts: Payout[] = []
      for (const dueOn of [DUE_ON, LATER_ON, DUE_ON, DUE_ON]) {
        payouts.push(await refunded(bench, { dueOn }))
      }
      const file = { name: 'one', dueUntil: DUE_ON, limit: 2 }
      const assign = (name: string) => ledger.assignFile(issuerId, { ...file, name }, START_AT)
      const none = { ...file, dueUntil: '2031-01-01' as typeof DUE_ON }
      assert.equal(await ledger.assignFile(issuerId, none, START_AT), 0)
      assert.equal(await assign('one'), 2, 'a name that took nothing is free')
      assert.equal(await assign('one'), 2)
      assert.equal(await assign('two'), 1)
      assert.equal(await assign('three'), 0)
      assert.equal(await ledger.assignFile(otherIssuerId, file, START_AT), 0)
      const names = await Promise.all(
        payouts.map(async ({ payoutId }) => (await ledger.payout(issuerId, payoutId))?.fileName),
      )
      assert.deepEqual(names, ['one', undefined, 'one', 'two'])
    },
  )

  ledgerTest('many who write files at once tell each payout once', open, async (bench) => {
    const { ledger, issuerId } = bench
    for (let count = 1; count <= 8; count += 1) await refunded(bench)
    const assign = (name: string) =>
      persistently(() =>
        ledger.assignFile(issuerId, { name, dueUntil: DUE_ON, limit: 5 }, START_AT),
      )
    const counts = await Promise.all(['a', 'b', 'a', 'b', 'a'].map(assign))
    const inFile = async (fileName: string) =>
      (await ledger.payouts(issuerId, { fileName, limit: 100 })).length
    const [a, b] = [await inFile('a'), await inFile('b')]
    assert.equal(new Set([counts[0], counts[2], counts[4]]).size, 1)
    assert.deepEqual([a, b], [counts[0], counts[1]])
    const rest = await assign('c')
    assert.equal(a + b + rest, 8)
    assert.equal((await ledger.payouts(issuerId, { state: 'due', limit: 100 })).length, 0)
  })
}

function pages(open: OpenLedger): void {
  ledgerTest(
    'payouts are found by state, day, file and beneficiary, page by page',
    open,
    async (bench) => {
      const { ledger, issuerId, otherIssuerId } = bench
      const merchant = { kind: 'merchant', id: ids.next('mrc') } as const
      const sameNumber = { kind: 'member', id: id('mbr', merchant.id) } as const
      const made: Payout[] = []
      for (const [beneficiary, dueOn] of [
        [merchant, DUE_ON],
        [sameNumber, DUE_ON],
        [merchant, LATER_ON],
        [{ kind: 'issuer', id: 0 }, DUE_ON],
      ] as const) {
        made.push(await refunded(bench, { beneficiary, dueOn }))
      }
      await ledger.assignFile(issuerId, { name: 'f', dueUntil: DUE_ON, limit: 2 }, START_AT)
      const found = async (page: Omit<PayoutPage, 'limit'>, limit = 10) =>
        (await ledger.payouts(issuerId, { ...page, limit })).map(({ payoutId }) =>
          made.findIndex((one) => one.payoutId === payoutId),
        )
      assert.deepEqual(await found({}), [0, 1, 2, 3])
      assert.deepEqual(await found({ after: made[1]!.payoutId }, 1), [2])
      assert.deepEqual(await found({ state: 'due' }), [2, 3])
      assert.deepEqual(await found({ state: 'due' }, 1), [2])
      assert.deepEqual(await found({ state: 'due', dueUntil: DUE_ON }), [3])
      assert.deepEqual(await found({ dueUntil: DUE_ON }), [0, 1, 3])
      assert.deepEqual(await found({ fileName: 'f' }), [0, 1])
      assert.deepEqual(await found({ fileName: 'f', after: made[0]!.payoutId }), [1])
      assert.deepEqual(await found({ fileName: 'f', beneficiary: merchant }), [0])
      assert.deepEqual(await found({ fileName: 'f', state: 'due' }), [])
      assert.deepEqual(await found({ beneficiary: merchant }), [0, 2])
      assert.deepEqual(await found({ beneficiary: merchant, state: 'sent' }), [0])
      assert.deepEqual(await found({ beneficiary: merchant, dueUntil: DUE_ON }), [0])
      assert.deepEqual(await found({ beneficiary: { kind: 'issuer', id: 0 } }), [3])
      assert.deepEqual(await ledger.payouts(otherIssuerId, { limit: 10 }), [])
    },
  )
}

function wrongSteps(open: OpenLedger): void {
  ledgerTest(
    'a payout takes no step that is none, and never a part of its money',
    open,
    async (bench) => {
      const { ledger, issuerId } = bench
      const payout = await refunded(bench)
      const confirmation = stepOf(payout, { from: 'sent', to: 'paid' })
      const step = confirmation.payoutStep!
      const retry = { dueOn: DUE_ON, account: ACCOUNT }
      const { payoutStep: _step, ...stepless } = confirmation
      const wrong = [
        stepless,
        { ...confirmation, payoutStep: { ...step, from: 'due' as const } },
        { ...confirmation, payoutStep: { ...step, retry } },
        { ...confirmation, payoutStep: { ...step, to: 'returned' as const } },
        { ...stepOf(payout, { from: 'returned', to: 'due' }), payoutStep: { ...step, retry } },
        { ...stepOf(payout, { from: 'due', to: 'parked' }), lines: confirmation.lines },
        {
          ...stepOf({ ...payout, payoutId: ids.next('pay') }, { from: 'due', to: 'parked' }),
          payoutStep: step,
        },
      ]
      const before = await bench.dump?.()
      for (const request of wrong) {
        await assert.rejects(() => ledger.move(issuerId, [request], START_AT), Bug)
      }
      const part = stepOf({ ...payout, amountWon: 99 }, { from: 'due', to: 'parked' })
      const unposted = movement({
        kind: 'deposit_assignment',
        targetId: newKey(),
        lines: [line('unidentified_deposit', 0, 'subsidy_receivable', 1, 5)],
      })
      assert.deepEqual(await bench.dump?.(), before)
      // Only the books can tell.
      for (const request of [part, unposted]) {
        await assert.rejects(() => ledger.move(issuerId, [request], START_AT), Bug)
      }
    },
  )
}
