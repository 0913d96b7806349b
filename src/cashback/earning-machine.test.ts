/** The table of states and the page that describes it are one. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSpecTable } from '../../test/spec-table.ts'
import { earningEvents, earningStates, nextEarningState } from './cashback.ts'

test('SPEC.md has the table of the code', () => {
  const rows = readSpecTable(new URL('SPEC.md', import.meta.url), 'state \\ event')
  assert.deepEqual(
    rows.map(([state]) => state),
    earningStates,
  )
  for (const [name, cells] of rows) {
    const state = earningStates.find((each) => each === name)!
    assert.deepEqual(Object.keys(cells), earningEvents)
    for (const event of earningEvents) {
      assert.equal(cells[event], nextEarningState(state, event) ?? '', `${state}, ${event}`)
    }
  }
})

test('what was posted, refused, cancelled or lapsed stays so', () => {
  for (const state of ['nothing', 'posted', 'refused', 'cancelled', 'lapsed'] as const) {
    for (const event of earningEvents) assert.equal(nextEarningState(state, event), undefined)
  }
})
