/** The machine of a registration: its table in SPEC.md, and what must hold along every way through it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { readSpecTable } from '../../test/spec-table.ts'
import {
  isRegistered,
  merchantActions,
  merchantEvents,
  merchantStates,
  merchantTable,
  nextMerchantStep,
  type MerchantEvent,
  type MerchantState,
} from './acquiring.ts'

const anyEvents = fc.array(fc.constantFrom(...merchantEvents), { maxLength: 60 })
const ends: readonly MerchantState[] = ['refused', 'cancelled', 'closed', 'lapsed']

test('SPEC.md holds the table of the code, cell for cell', () => {
  const written = Object.fromEntries(
    readSpecTable(new URL('SPEC.md', import.meta.url), 'event \\ state'),
  )
  const coded = Object.fromEntries(
    merchantEvents.map((event) => [
      event,
      Object.fromEntries(
        merchantStates.map((state) => {
          const step = merchantTable[state][event]
          return [state, step.action === 'not_allowed' ? '–' : `${step.state} / ${step.action}`]
        }),
      ),
    ]),
  )
  assert.deepEqual(written, coded)
})

test('every action is taken somewhere, every state is reached', () => {
  const steps = merchantStates.flatMap((state) => Object.values(merchantTable[state]))
  assert.deepEqual(new Set(steps.map(({ action }) => action)), new Set(merchantActions))
  assert.deepEqual(new Set(steps.map(({ state }) => state)), new Set(merchantStates))
})

test('what does nothing or is not allowed stays where it is', () => {
  for (const state of merchantStates) {
    for (const step of Object.values(merchantTable[state])) {
      if (step.action === 'nothing' || step.action === 'not_allowed') {
        assert.equal(step.state, state)
      }
    }
  }
})

test('M1: a way to cancelled leads over the notice', () => {
  walk((before, event, after) => {
    if (after !== 'cancelled' || before === 'cancelled') return
    assert.equal(event, 'cancel')
    assert.ok(before === 'cancellation_noticed' || before === 'objected', before)
  })
})

test('M2: an end is left by an application only, and a registration begins by an approval only', () => {
  walk((before, event, after) => {
    if (ends.includes(before) && after !== before) {
      assert.deepEqual([event, after], ['apply', 'applied'])
    }
    if (!isRegistered(before) && isRegistered(after)) assert.equal(event, 'approve')
  })
})

test('whoever is to be cancelled cannot get past it by closing', () => {
  for (const state of ['cancellation_noticed', 'objected'] as const) {
    for (const event of ['close', 'strike_off', 'lapse'] as const) {
      assert.equal(nextMerchantStep(state, event).state, state)
    }
  }
})

function walk(
  look: (before: MerchantState, event: MerchantEvent, after: MerchantState) => void,
): void {
  fc.assert(
    fc.property(anyEvents, (events) => {
      let state: MerchantState = 'applied'
      for (const event of events) {
        const after: MerchantState = nextMerchantStep(state, event).state
        look(state, event, after)
        state = after
      }
    }),
  )
}
