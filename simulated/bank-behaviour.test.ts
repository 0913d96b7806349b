import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBehaviour, type Behaviour } from './bank-behaviour.ts'

function modes(behaviour: Behaviour, requests: number): string {
  return Array.from({ length: requests }, () =>
    behaviour.meet('debit', 0).mode === 'normal' ? '.' : 'x',
  ).join('')
}

test('a share is met by counting, the same in every run', () => {
  for (const [share, expected] of [
    [0, '..........'],
    [0.1, '.........x'],
    [0.3, '...x..x..x'],
    [0.5, '.x.x.x.x.x'],
    [1, 'xxxxxxxxxx'],
  ] as const) {
    const behaviour = createBehaviour()
    behaviour.set({ mode: 'fail', share }, 0)
    assert.equal(modes(behaviour, 10), expected)
  }
})

test('a count and a time end the misbehaviour', () => {
  const behaviour = createBehaviour()
  behaviour.set({ mode: 'fail', count: 2 }, 0)
  assert.equal(modes(behaviour, 4), 'xx..')
  assert.deepEqual(behaviour.current(0), { mode: 'normal' })
  behaviour.set({ mode: 'fail', forMs: 100 }, 1000)
  assert.equal(behaviour.meet('debit', 1099).mode, 'fail')
  assert.equal(behaviour.meet('debit', 1100).mode, 'normal')
})

test('enquiries are spared unless they are named', () => {
  const behaviour = createBehaviour()
  behaviour.set({ mode: 'fail' }, 0)
  assert.equal(behaviour.meet('enquiry', 0).mode, 'normal')
  assert.equal(behaviour.meet('refund', 0).mode, 'fail')
  behaviour.set({ mode: 'fail', on: ['enquiry'] }, 0)
  assert.equal(behaviour.meet('enquiry', 0).mode, 'fail')
  assert.equal(behaviour.meet('debit', 0).mode, 'normal')
})
