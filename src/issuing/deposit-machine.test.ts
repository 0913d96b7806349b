/** The machine of purchases by virtual account: its table in SPEC.md, and the invariants V1–V3 written there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readSpecTable } from '../../test/spec-table.ts'
import { Fault } from '../base/base.ts'
import {
  depositActions,
  depositEventOfAnswer,
  depositEventOfFault,
  depositEvents,
  depositStates,
  depositTable,
  nextDepositStep,
  type DepositEvent,
  type DepositState,
} from './issuing.ts'

const anyEvents = fc.array(fc.constantFrom(...depositEvents), { maxLength: 30 })

test('SPEC.md holds the table of deposits, cell for cell', () => {
  const cells = readSpecTable(new URL('SPEC.md', import.meta.url), 'deposit \\ event')
  const coded = depositStates.map((state) => [
    state,
    Object.fromEntries(
      depositEvents.map((event) => {
        const step = depositTable[state][event]
        return [event, `${step.state} / ${step.action}`]
      }),
    ),
  ])
  assert.deepEqual(cells, coded)
})

test('every action of deposits is taken somewhere, and every state is reached', () => {
  const steps = depositStates.flatMap((state) => Object.values(depositTable[state]))
  assert.deepEqual(new Set(steps.map((step) => step.action)), new Set(depositActions))
  assert.deepEqual(new Set(steps.map((step) => step.state)), new Set(depositStates))
})

test('V1: a lot is issued at most once, and only by a deposit of the amount', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const { issued } = run(events)
      assert.ok(issued.length <= 1)
      assert.ok(issued.every((event) => event === 'deposit_came'))
    }),
  )
})

test('V2: quota is given back by the bank’s word, or where the first order was never sent', () => {
  fc.assert(
    fc.property(anyEvents, (events) => {
      const { released } = run(events)
      const words = ['account_closed', 'account_refused', 'order_not_sent']
      assert.ok(released.every((event) => words.includes(event)))
    }),
  )
  assert.equal(run(['account_open', 'answer_lost', 'order_not_sent']).state, 'waiting')
  assert.equal(run(['answer_lost', 'answer_lost']).state, 'prepared')
})

test('V3: an end is never left, and what comes to one is not kept', () => {
  for (const end of ['paid', 'lapsed'] as const) {
    for (const event of depositEvents) assert.equal(nextDepositStep(end, event).state, end)
  }
  for (const state of depositStates) {
    for (const event of ['deposit_again', 'deposit_differs'] as const) {
      assert.equal(nextDepositStep(state, event).action, 'return_deposit')
    }
  }
  assert.equal(nextDepositStep('lapsed', 'deposit_came').action, 'return_deposit')
})

test('each answer and each fault of the bank is one event', () => {
  const open = { status: 'open', bankCode: '011', accountNumber: '9' } as const
  assert.equal(depositEventOfAnswer(open), 'account_open')
  assert.equal(depositEventOfAnswer({ status: 'deposited', depositId: '1' }), 'deposit_came')
  assert.equal(depositEventOfAnswer({ status: 'closed' }), 'account_closed')
  assert.equal(depositEventOfAnswer({ status: 'refused' }), 'account_refused')
  const unavailable = new Fault('bank_unavailable', 'connection refused')
  assert.equal(depositEventOfFault(unavailable, true), 'order_not_sent')
  assert.equal(depositEventOfFault(unavailable, false), 'answer_lost')
  assert.equal(depositEventOfFault(new Fault('bank_answer_lost', 'time-out'), true), 'answer_lost')
})

function run(events: readonly DepositEvent[]) {
  let state: DepositState = 'prepared'
  const issued: DepositEvent[] = []
  const released: DepositEvent[] = []
  for (const event of events) {
    const step = nextDepositStep(state, event)
    if (step.action === 'issue_lot') issued.push(event)
    if (step.action === 'release_reservation') released.push(event)
    state = step.state
  }
  return { state, issued, released }
}
