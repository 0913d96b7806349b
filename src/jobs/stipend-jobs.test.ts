/** Stipends by the clockwork: from the list to the grant, late joiners, the end, and each lot taken by one job only. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS } from '../base/base.ts'
import { EXPIRES_AT, pay } from '../granting/fixtures/granted-office.ts'
import {
  GUNSAN,
  Killed,
  lineOf,
  openOffice,
  person,
  type Office,
} from '../granting/fixtures/small-office.ts'
import { isClawedBack } from '../granting/granting.ts'
import { createDueRound } from './due-jobs.ts'
import { lotExpiryJob } from './lot-expiry.ts'
import { createMemoryJobBook } from './memory-job-book.ts'
import {
  STIPEND_GRANT,
  STIPEND_GRANT_EVERY_MS,
  stipendJobs,
  type StipendJobsOptions,
} from './stipend-jobs.ts'

const PERSONS = 5

function clockworkOf(at: Office) {
  const book = createMemoryJobBook()
  const told: number[] = []
  const failed: unknown[] = []
  const options: StipendJobsOptions = {
    granting: at.granting,
    onClawedBack: ({ clawedBackWon }) => told.push(clawedBackWon),
  }
  const issuers = () => [{ issuerId: GUNSAN }]
  const clock = () => at.time.now
  const round = createDueRound({
    sleep: async () => {},
    describe: String,
    listener: { onStarted() {}, onEnded() {}, onFailed: (_job, { error }) => failed.push(error) },
    book,
    issuers,
    clock,
    definitions: [
      lotExpiryJob({
        ledger: at.ledger,
        sha256: at.deps.sha256,
        clock,
        isClawedBack: (issuerId, lot) => isClawedBack(at.deps.issuing, issuerId, lot),
        onExpired: () => {},
      }),
      ...stipendJobs(options),
    ],
  })
  return { book, told, failed, round }
}

test('what is due is done, and each stipend goes one way', async () => {
  const at = await openOffice()
  const members = []
  for (let number = 1; number < PERSONS; number += 1) members.push(await at.join(person(number)))
  const { book, told, failed, round } = clockworkOf(at)
  const lines = Array.from({ length: PERSONS }, (_, index) =>
    lineOf(`R-${index}`, person(index + 1), 1_000),
  )
  const batchId = await at.taken(lines)
  await round()
  assert.equal((await at.batch(batchId)).state, 'checked')
  await at.release(batchId)
  at.time.now += STIPEND_GRANT_EVERY_MS
  await round()
  assert.equal((await at.batch(batchId)).state, 'done')
  const jobs = await book.jobs(GUNSAN, { limit: 10 })
  const granted = jobs.find(({ name }) => name === STIPEND_GRANT)
  assert.deepEqual(granted?.progress, { done: 4, whole: 4 })
  const late = await at.join(person(PERSONS))
  at.time.now += 2 * HOUR_MS
  await round()
  assert.equal(await at.holds(late), 1_000)
  await pay(at, late, 400)
  at.time.now = EXPIRES_AT + HOUR_MS
  await round()
  assert.equal((await at.batch(batchId)).state, 'closed')
  assert.equal(
    told.reduce((sum, amount) => sum + amount, 0),
    4_600,
  )
  assert.ok(at.ledger.snapshot(GUNSAN).operations.every(({ kind }) => kind !== 'expiry'))
  assert.deepEqual(failed, [])
  for (const memberId of [...members, late]) assert.equal(await at.holds(memberId), 0)
})

test('a job that dies in a step goes on with the next', async () => {
  const at = await openOffice()
  for (let number = 1; number <= PERSONS; number += 1) await at.join(person(number))
  const { failed, round } = clockworkOf(at)
  const lines = Array.from({ length: PERSONS }, (_, index) =>
    lineOf(`R-${index}`, person(index + 1), 1_000),
  )
  const batchId = await at.taken(lines)
  await round()
  await at.release(batchId)
  at.time.now += STIPEND_GRANT_EVERY_MS
  at.life.dieAt(8, 'after')
  await round()
  assert.ok(failed[0] instanceof Killed)
  for (let tried = 0; (await at.batch(batchId)).state !== 'done'; tried += 1) {
    assert.ok(tried < 5)
    at.time.now += HOUR_MS
    await round()
  }
  assert.deepEqual(
    await at.lines(batchId),
    lines.map((_, index) => `R-${index} granted`),
  )
  const { operations } = at.ledger.snapshot(GUNSAN)
  assert.equal(operations.filter(({ kind }) => kind === 'issue').length, PERSONS)
})
