import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createBooks, STARTING_BALANCE_WON, type Books, type Entry } from './bank-books.ts'

const debit = { debitId: 'd1', accountToken: 'acc', amountWon: 1000, memo: 'iss_1' }

test('the same id with another body is a conflict, whichever part differs', () => {
  const books = createBooks()
  assert.equal(books.debit(debit, 1).outcome, 'new')
  assert.equal(books.debit(debit, 2).outcome, 'known')
  for (const other of [{ accountToken: 'b' }, { amountWon: 1001 }, { memo: 'iss_2' }]) {
    assert.equal(books.debit({ ...debit, ...other }, 3).outcome, 'conflict')
  }
  assert.equal(books.balanceWon('acc'), STARTING_BALANCE_WON - 1000)
})

test('refunds together never pass their debit, and need one', () => {
  const books = createBooks()
  books.debit(debit, 1)
  const refusals = [
    books.refund({ refundId: 'r1', debitId: 'd1', amountWon: 600 }, 2),
    books.refund({ refundId: 'r2', debitId: 'd1', amountWon: 401 }, 3),
    books.refund({ refundId: 'r3', debitId: 'd1', amountWon: 400 }, 4),
    books.refund({ refundId: 'r4', debitId: 'd2', amountWon: 1 }, 5),
  ].map((booking) => 'entry' in booking && booking.entry.refusal)
  assert.deepEqual(refusals, [null, 'exceeds_debit', null, 'debit_unknown'])
  assert.equal(books.balanceWon('acc'), STARTING_BALANCE_WON)
})

test('full books take nothing more but still know what they hold', () => {
  const books = createBooks({ entriesMax: 1 })
  books.debit(debit, 1)
  assert.equal(books.debit({ ...debit, debitId: 'd2' }, 2).outcome, 'full')
  assert.equal(books.close('d3', 3).outcome, 'full')
  assert.equal(books.debit(debit, 4).outcome, 'known')
})

const ids = fc.constantFrom('a', 'b', 'c', 'd')
const accounts = fc.constantFrom('acc-1', 'acc-2', 'poor-1', 'stopped-1')
const amounts = fc.integer({ min: 1, max: 4_000_000 })
const steps = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constantFrom('debit' as const, 'accept' as const),
      id: ids,
      account: accounts,
      amountWon: amounts,
    }),
    fc.record({ act: fc.constantFrom('decide' as const, 'close' as const), id: ids }),
    fc.record({ act: fc.constant('refund' as const), id: ids, debitId: ids, amountWon: amounts }),
  ),
  { maxLength: 40 },
)
type Step = typeof steps extends fc.Arbitrary<(infer One)[]> ? One : never

function take(books: Books, step: Step, at: number): void {
  switch (step.act) {
    case 'decide':
      books.decide(step.id, at)
      return
    case 'close':
      books.close(step.id, at)
      return
    case 'refund':
      books.refund({ refundId: step.id, debitId: step.debitId, amountWon: step.amountWon }, at)
      return
    default:
      books[step.act](
        { debitId: step.id, accountToken: step.account, amountWon: step.amountWon, memo: '' },
        at,
      )
  }
}

const watched = ['acc-1', 'acc-2', 'poor-1', 'stopped-1']

test('no account goes below nothing, no won is lost, and a closed id never moves money', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const books = createBooks()
      all.forEach((step, at) => take(books, step, at))
      const balances = watched.map((account) => books.balanceWon(account))
      assert.ok(balances.every((balanceWon) => balanceWon >= 0))
      const { debitedWon, refundedWon } = books.totals()
      const heldWon = balances.reduce((sum, balanceWon) => sum + balanceWon, 0)
      assert.equal(heldWon + debitedWon - refundedWon, 3 * STARTING_BALANCE_WON)
      const closed = new Set<string>()
      for (const entry of books.page(0, 500)) {
        if (entry.kind === 'closure') closed.add(entry.debitId)
        else assert.ok(entry.kind === 'refund' || !closed.has(entry.debitId))
      }
    }),
  )
})

test('books that are read back are the books that were written', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const books = createBooks()
      all.forEach((step, at) => take(books, step, at))
      const written: readonly Entry[] = books.page(0, 500)
      const again = createBooks()
      for (const entry of written) again.replay(entry)
      assert.deepEqual(again.page(0, 500), written)
      assert.deepEqual(again.totals(), books.totals())
      assert.deepEqual(again.undecided(), books.undecided())
      for (const account of watched) {
        assert.equal(again.balanceWon(account), books.balanceWon(account))
      }
    }),
  )
})
