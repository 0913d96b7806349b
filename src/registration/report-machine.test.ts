/** The machine of reports: its table in SPEC.md. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { reportActions, reportEvents, reportStages, reportTable } from './report-machine.ts'

test('SPEC.md holds the table of the code, cell for cell', () => {
  const spec = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8')
  const [head, , ...rows] = spec
    .slice(spec.indexOf('| event \\ stage'))
    .split('\n\n')[0]!
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  const written = rows.map(([event, ...row]) => [
    event,
    Object.fromEntries(row.map((cell, index) => [head![index + 1], cell])),
  ])
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
