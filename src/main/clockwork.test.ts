/** What is kept of errors of jobs: enough to find the cause, and no secret. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/base.ts'
import { describeError } from './clockwork.ts'

test('an error of a job is told with its code, without passwords, people or floods of text', () => {
  const rows: readonly (readonly [unknown, string])[] = [
    [new Fault('wallet_busy', 'wlt_11 is busy'), 'wallet_busy: wlt_11 is busy'],
    [new Error('no row for 010-1234-5678'), 'no row for 010-****-5678'],
    [
      new Error('connect postgres://dure_jobs:geheim@127.0.0.1:5432/dure'),
      'connect postgres://127.0.0.1:5432/dure',
    ],
    ['thrown', 'thrown'],
    [new Error('x'.repeat(1_000)), 'x'.repeat(300)],
  ]
  for (const [error, text] of rows) assert.equal(describeError(error), text)
})
