/** The purchase machine: its table in SPEC.md, and the invariants P1–P4 that are written there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readSpecTable } from '../../test/spec-table.ts'
import { Fault } from '../base/base.ts'
import {
  nextPurchaseStep,
  purchaseActions,
  purchaseEventOfAnswer,
  purchaseEventOfFault,
  purchaseEvents,
  purchaseStates,
  purchaseTable,
  type PurchaseEvent,
  type PurchaseState,
} from './issuing.ts'

const anyEvents = fc.array(fc.constantFrom(...purchaseEvents), { maxLength: 30 })

test('SPEC.md holds the table of the code, cell for cell', () => {
  const cells = Object.fromEntries(
    readSpecTable(new URL('SPEC.md', import.meta.url), 'state \\ event'),
  )
  const coded = Object.fromEntries(
    purchaseStates.map((state) => [
      state,
      Object.fromEntries(
        purchaseEvents.map((event) => {
          const step = purchaseTable[state][event]
          return [event, `${step.state} / ${step.action}`]
        }),
      ),
    ]),
  )
  assert.deepEqual(cells, coded)
})

test('every action is taken somewhere, and every state is reached', () => {
  const steps = purchaseStates.flatMap((state) => Object.values(purchaseTable[state]))
  assert.deepEqual(new Set(steps.map((step) => step.action)), new Set(purchaseActions))
  assert.deepEqual(new Set(steps.map((step) => step.state)), new Set(purchaseStates))
})

test('P1, P3: a lot is issued at most once, and only by the word debited', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const { issued } = run(events)
      assert.ok(issued.length <= 1)
      assert.ok(issued.every((event) => event === 'bank_debited'))
    }),
  )
})

test('P2: silence of the bank moves nothing', () => {
  const silence: PurchaseEvent[] = ['debit_answer_lost', 'enquiry_failed']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...silence), { maxLength: 50 }), (events) => {
      assert.equal(run(events).state, 'reserved')
    }),
  )
})

test('P3: an end is never left', () => {
  for (const end of ['completed', 'abandoned'] as const) {
    for (const event of purchaseEvents) {
      const step = nextPurchaseStep(end, event)
      assert.equal(step.state, end)
      assert.ok(step.action === 'nothing' || step.action === 'open_case')
    }
  }
})

test('P4: the bank against the books opens a case', () => {
  assert.equal(nextPurchaseStep('abandoned', 'bank_debited').action, 'open_case')
  assert.equal(nextPurchaseStep('completed', 'bank_refused').action, 'open_case')
  assert.equal(nextPurchaseStep('completed', 'bank_never_saw_it').action, 'open_case')
})

test('an unavailable bank ends a purchase only where the debit was the call that failed', () => {
  const unavailable = new Fault('bank_unavailable', 'connection refused')
  const lost = new Fault('bank_answer_lost', 'time-out after the order was written')
  assert.equal(purchaseEventOfFault(unavailable, 'debit'), 'debit_not_sent')
  assert.equal(purchaseEventOfFault(lost, 'debit'), 'debit_answer_lost')
  assert.equal(purchaseEventOfFault(unavailable, 'enquiry'), 'enquiry_failed')
  assert.equal(purchaseEventOfFault(lost, 'enquiry'), 'enquiry_failed')
})

test('each answer of the bank is one event', () => {
  assert.equal(purchaseEventOfAnswer({ status: 'debited' }), 'bank_debited')
  assert.equal(
    purchaseEventOfAnswer({ status: 'refused', reason: 'insufficient_balance' }),
    'bank_refused',
  )
  assert.equal(purchaseEventOfAnswer({ status: 'pending' }), 'bank_pending')
  assert.equal(purchaseEventOfAnswer({ status: 'unknown_debit' }), 'bank_never_saw_it')
})

function run(events: readonly PurchaseEvent[]): { state: PurchaseState; issued: PurchaseEvent[] } {
  let state: PurchaseState = 'reserved'
  const issued: PurchaseEvent[] = []
  for (const event of events) {
    const step = nextPurchaseStep(state, event)
    if (step.action === 'issue_lot') issued.push(event)
    state = step.state
  }
  return { state, issued }
}
