/** The machine of reports: its table in SPEC.md. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSpecTable } from '../../test/spec-table.ts'
import { reportActions, reportEvents, reportStages, reportTable } from './report-machine.ts'

test('SPEC.md holds the table of the code, cell for cell', () => {
  const written = readSpecTable(new URL('SPEC.md', import.meta.url), 'event \\ stage')
  const coded = reportEvents.map((event) => [
    event,
    Object.fromEntries(
      reportStages.map((stage) => {
        const step = reportTable[stage][event]
        return [stage, step.action === 'not_allowed' ? '–' : `${step.stage} / ${step.action}`]
      }),
    ),
  ])
  assert.deepEqual(written, coded)
})

test('every action is taken somewhere, every stage is reached, and what is refused stays', () => {
  const steps = reportStages.flatMap((stage) =>
    Object.values(reportTable[stage]).map((step) => ({ from: stage, ...step })),
  )
  assert.deepEqual(new Set(steps.map(({ action }) => action)), new Set(reportActions))
  assert.deepEqual(new Set(steps.map(({ stage }) => stage)), new Set(reportStages))
  for (const { from, stage, action } of steps) {
    if (action === 'not_allowed') assert.equal(stage, from)
  }
})
