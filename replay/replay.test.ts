import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'

const run = promisify(execFile)
const REPLAY = join(import.meta.dirname, 'replay.ts')

test('a short outage on real processes debits nobody wrongly and is reconciled', async () => {
  const { stdout } = await run(process.execPath, [REPLAY, '--json', '--quick'], {
    timeout: 240_000,
  })
  const [line, ...more] = stdout.trimEnd().split('\n')
  assert.deepEqual(more, [])
  const report: Record<string, unknown> = JSON.parse(line!)
  assert.deepEqual(Object.keys(report).slice(0, 11), [
    'answered',
    'standin_approved',
    'declined',
    'wrong_debits',
    'repaired',
    'unreconciled',
    'reconciled_s',
    'loss_won',
    'exposure_max_won',
    'exposure_bound_won',
    'without_standin',
  ])
  assert.equal(report['wrong_debits'], 0)
  assert.equal(report['unreconciled'], 0)
  assert.equal(report['answered'], report['sales'])
  assert.ok(Number(report['reconciled_s']) < 60, String(report['reconciled_s']))
  assert.ok(Number(report['exposure_max_won']) <= Number(report['exposure_bound_won']))
  // It was an outage: stand-in paid, and would have been missed.
  assert.ok(Number(report['standin_approved']) > 100)
  assert.ok(Number(Object(report['without_standin'])['wrong_debits']) > 100)
})

test('words that it does not know are answered with the usage', async () => {
  await assert.rejects(run(process.execPath, [REPLAY, '--fast']), {
    code: 2,
    stdout: '',
    stderr: /usage: npm run replay/,
  })
})
