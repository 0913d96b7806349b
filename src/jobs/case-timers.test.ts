/** Reminders of cases: each once for its day, whatever is killed in between, and however many pages there are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, Fault } from '../base/base.ts'
import { issuerId, openBench } from '../registration/fixtures/registration-bench.ts'
import { createCasebook, createReportDesk, type Registry } from '../registration/registration.ts'
import { CASES_STEP, createCaseTimers } from './case-timers.ts'
import type { JobData } from './job-work.ts'

async function openTown(options: { readonly cases: number; readonly dieAt?: number }) {
  const bench = await openBench()
  const { registry, ids, directory, time } = bench
  const state = { appends: 0, isArmed: false }
  const mortal: Registry = {
    ...registry,
    async append(...asked) {
      const result = await registry.append(...asked)
      state.appends += 1
      if (state.isArmed && state.appends === options.dieAt) {
        throw new Fault('postgres_answer_lost', 'killed')
      }
      return result
    },
  }
  const deps = { registry: mortal, ids, clock: () => time.now, issuerRules: directory }
  const casebook = createCasebook(deps)
  for (let index = 0; index < options.cases; index += 1) {
    await casebook.openCase({
      issuerId,
      caseKind: 'standin_shortage',
      subject: `case-${index}`,
      owner: index % 2 === 0 ? 'issuer' : 'operator',
      facts: {},
      dueAt: time.now + (1 + index) * DAY_MS,
    })
  }
  state.appends = 0
  state.isArmed = true
  const work = createCaseTimers(createReportDesk(deps))
  const told = () =>
    registry
      .versions(issuerId)
      .filter(({ kind }) => kind === 'party_notice')
      .map(({ body }) => {
        const facts = Object(Reflect.get(Object(body), 'facts'))
        return `${String(Reflect.get(Object(body), 'partyNoticeKind'))} ${String(Reflect.get(facts, 'case'))}`
      })
      .toSorted()
  return { ...bench, work, told, casebook }
}

type Town = Awaited<ReturnType<typeof openTown>>

async function run({ work, time }: Pick<Town, 'work' | 'time'>): Promise<number> {
  let data: JobData = {}
  for (let steps = 1; ; steps += 1) {
    const step = await work(issuerId, data, time.now)
    if (step.done) return steps
    data = { ...data, ...step.carry }
  }
}

test('a case is told when it is due soon, and when it is late, once each', async () => {
  const town = await openTown({ cases: 10 })
  // Cases are due after 1…10 days: three days are left of the third.
  await run(town)
  assert.equal(town.told().length, 3)
  await run(town)
  assert.equal(town.told().length, 3)
  town.time.now += 4 * DAY_MS
  await run(town)
  const told = town.told()
  assert.equal(told.filter((each) => each.startsWith('case_overdue')).length, 4)
  // The fourth became late before anybody looked again.
  assert.equal(told.filter((each) => each.startsWith('case_due')).length, 3 + 3)
})

test('a closed case is told no more', async () => {
  const town = await openTown({ cases: 1 })
  const [open] = await town.casebook.cases(issuerId, { state: 'open', limit: 1 })
  const { caseId } = open!
  await town.casebook.closeCase({ issuerId, caseId, by: 'off_1', resolution: '확인' })
  await run(town)
  assert.deepEqual(town.told(), [])
})

test('pages are gone through to the last', async () => {
  const town = await openTown({ cases: CASES_STEP * 2 + 1 })
  town.time.now += 400 * DAY_MS
  assert.equal(await run(town), 3)
  assert.equal(town.told().length, CASES_STEP * 2 + 1)
})

test('killed after any notice, and run again from the beginning, each is told once', async () => {
  const whole = await openTown({ cases: 12 })
  whole.time.now += 6 * DAY_MS
  await run(whole)
  const expected = whole.told().length
  for (let dieAt = 1; dieAt <= expected; dieAt += 1) {
    const town = await openTown({ cases: 12, dieAt })
    town.time.now += 6 * DAY_MS
    await assert.rejects(run(town), Fault)
    await run(town)
    assert.equal(town.told().length, expected)
    assert.equal(new Set(town.told()).size, expected)
  }
})

test('two at once tell once', async () => {
  const town = await openTown({ cases: 12 })
  town.time.now += 6 * DAY_MS
  await Promise.all([run(town), run(town)])
  assert.equal(new Set(town.told()).size, town.told().length)
})
