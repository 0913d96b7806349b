/** The clockwork with a queue and a book in memory: turns, fairness, failures, orders, and time that is an argument. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, id, MINUTE_MS, type IssuerId } from '../base/base.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import { createDueRound } from './due-jobs.ts'
import { createMemoryTurnQueue } from './fixtures/memory-turn-queue.ts'
import type { JobState } from './job-book.ts'
import { createDueMaker, startClockwork } from './job-clockwork.ts'
import { createJobQueue } from './job-queue.ts'
import {
  ATTEMPTS_MAX,
  FAILED_AGAIN_MS,
  takeTurn,
  TURN_STEPS_MAX,
  type TurnDeps,
} from './job-turn.ts'
import type { JobData, JobDefinition, JobStep, JobWork } from './job-work.ts'
import { createMemoryJobBook } from './memory-job-book.ts'

const ONE = id('iss', 1)
const TWO = id('iss', 2)
const MIDNIGHT = Date.parse('2031-01-01T00:00:00+09:00')
const DAILY = { kind: 'daily', hour: 9, minute: 0 } as const

/** A book, a clock that is set by hand, and all that was told. */
function workshop() {
  const told: string[] = []
  const world = { now: MIDNIGHT + 10 * HOUR_MS }
  const book = createMemoryJobBook()
  const deps: TurnDeps = {
    book,
    clock: () => world.now,
    sleep: async () => {},
    describe: (error) => (error instanceof Error ? error.message : 'not an error'),
    listener: {
      onStarted: (job) => told.push(`started ${job.issuerId} ${job.name}${job.key}`),
      onEnded: (job) => told.push(`ended ${job.issuerId} ${job.name}${job.key}`),
      onFailed: (job, { isFinal }) => told.push(`failed ${job.issuerId} ${isFinal}`),
    },
  }
  const issuers = () => [{ issuerId: ONE }, { issuerId: TWO }]
  return { told, world, book, deps, issuers }
}

function definition(work: JobWork, more: Partial<JobDefinition> = {}): JobDefinition {
  return { name: 'work', work, schedule: DAILY, of: 'each_issuer', ...more }
}

/** Counts to a number, one each step. */
function counting(whole: number, seen: [IssuerId, number][] = []): JobWork {
  return async (issuerId, data): Promise<JobStep> => {
    const before = data['counted']
    const done = (typeof before === 'number' ? before : 0) + 1
    seen.push([issuerId, done])
    return { done: done >= whole, progress: { done, whole }, carry: { counted: done } }
  }
}

async function stateOf(book: TurnDeps['book'], issuerId: IssuerId): Promise<JobState | undefined> {
  return (await book.jobs(issuerId, { limit: 1 }))[0]?.state
}

test('a round does what is due, once for each Korean day', async () => {
  const { told, world, deps, issuers } = workshop()
  const round = createDueRound({ ...deps, definitions: [definition(counting(3))], issuers })
  world.now = MIDNIGHT
  await round()
  const first = ['started 1 work', 'ended 1 work', 'started 2 work', 'ended 2 work']
  assert.deepEqual(told.splice(0), first, 'that of yesterday was not done yet')
  world.now = MIDNIGHT + 9 * HOUR_MS - 1
  assert.equal(await round(), 0)
  world.now += 1
  assert.equal(await round(), 2)
  world.now += DAY_MS - 1
  assert.equal(await round(), 0)
  world.now += 1
  assert.equal(await round(), 2)
  world.now += 30 * DAY_MS
  assert.equal(await round(), 2, 'days on which nobody was there come to one run')
})

test('the operator’s own jobs are done once, and a new issuer’s at once', async () => {
  const { told, deps } = workshop()
  const known = [ONE]
  const definitions = [
    definition(counting(1)),
    definition(counting(1), { name: 'own', of: 'operator' }),
  ]
  const issuers = () => known.map((issuerId) => ({ issuerId }))
  const round = createDueRound({ ...deps, definitions, issuers })
  await round()
  const ends = told.splice(0).filter((text) => text.startsWith('ended'))
  assert.deepEqual(ends, ['ended 0 own', 'ended 1 work'])
  known.push(TWO)
  await round()
  assert.deepEqual(told, ['started 2 work', 'ended 2 work'])
})

test('a turn is bounded in steps and in time, and the next goes on where it ended', async () => {
  const { world, book, deps } = workshop()
  await book.makeDue('work', [ONE], world.now)
  const seen: [IssuerId, number][] = []
  const long = definition(counting(TURN_STEPS_MAX + 2, seen))
  const name = { issuerId: ONE, name: 'work' }
  assert.equal(await takeTurn(deps, long, name), 'more')
  assert.equal(seen.length, TURN_STEPS_MAX)
  assert.equal(await takeTurn(deps, long, name), 'over')
  assert.deepEqual(seen.at(-1), [ONE, TURN_STEPS_MAX + 2])
  assert.equal(await takeTurn(deps, long, name), 'nothing')
  await book.makeDue('work', [ONE], world.now + 1)
  const slow: JobWork = async () => {
    world.now += 900
    return { done: false }
  }
  const from = world.now
  assert.equal(await takeTurn(deps, definition(slow), name), 'more')
  assert.equal(world.now - from, 2_700, 'no step begins after two seconds')
})

test('an error is written down and tried again; after some attempts the run has failed until its next', async () => {
  const { told, world, book, deps, issuers } = workshop()
  let broken = true
  const work: JobWork = async (issuerId) => {
    if (broken && issuerId === ONE) throw new Error('the sea is high')
    return { done: true }
  }
  const round = createDueRound({ ...deps, definitions: [definition(work)], issuers })
  await round()
  const [job] = await book.jobs(ONE, { limit: 1 })
  assert.deepEqual(
    [job?.state, job?.attempts, job?.error, job?.failedAt],
    ['running', 1, 'the sea is high', world.now],
  )
  assert.equal(await stateOf(book, TWO), 'done', 'one issuer’s trouble is its own')
  for (let attempt = 2; attempt <= ATTEMPTS_MAX; attempt += 1) await round()
  assert.equal(await stateOf(book, ONE), 'failed')
  assert.deepEqual(
    told.filter((text) => text.startsWith('failed')),
    [...Array.from({ length: ATTEMPTS_MAX - 1 }, () => 'failed 1 false'), 'failed 1 true'],
  )
  assert.equal(await round(), 0)
  broken = false
  world.now += DAY_MS
  await round()
  const [healed] = await book.jobs(ONE, { limit: 1 })
  assert.deepEqual([healed?.state, healed?.error], ['done', 'the sea is high'])
})

test('a step that kills its workers is found out and left', async () => {
  const { book, deps } = workshop()
  await book.makeDue('work', [ONE], 1)
  const name = { issuerId: ONE, name: 'work' }
  const times = { at: 2, failedBefore: 0 }
  for (let death = 0; death < ATTEMPTS_MAX; death += 1) await book.begin(name, times)
  const work = async (): Promise<JobStep> => assert.fail('it is not tried again')
  assert.equal(await takeTurn(deps, definition(work), name), 'over')
  const [job] = await book.jobs(ONE, { limit: 1 })
  assert.equal(job?.state, 'failed')
  assert.match(job?.error ?? '', /the worker died 5 times/)
})

test('what is asked for with one key is done once, the keys in turn, and again an hour after it failed', async () => {
  const { world, book, deps, issuers } = workshop()
  const queue = createMemoryTurnQueue()
  const onError = (error: unknown): never => assert.fail(String(error))
  const jobs = createJobQueue({ book, queue, clock: deps.clock, onError })
  const done: JobData[] = []
  let broken = true
  const work: JobWork = async (_issuerId, data) => {
    if (broken && data['round'] === 2) throw new Error('no')
    done.push(data)
    return { done: true }
  }
  const definitions = [definition(work, { name: 'grant', schedule: { kind: 'on_demand' } })]
  assert.equal(await jobs.enqueue('grant', ONE, { round: 1 }, 'r1'), 'new')
  assert.equal(await jobs.enqueue('grant', ONE, { round: 1 }, 'r1'), 'known')
  assert.equal(await jobs.enqueue('grant', ONE, { round: 9 }, 'r1'), 'other')
  assert.equal(await jobs.enqueue('grant', ONE, { round: 2 }, 'r2'), 'new')
  await assert.rejects(jobs.enqueue('grant', ONE, {}, ''), /has a key/)
  assert.deepEqual(queue.waiting(), [{ issuerId: ONE, name: 'grant' }])
  const round = createDueRound({ ...deps, definitions, issuers })
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) await round()
  assert.deepEqual(done, [{ round: 1 }])
  broken = false
  world.now += FAILED_AGAIN_MS - 1
  await round()
  assert.deepEqual(done, [{ round: 1 }])
  world.now += 1
  await round()
  assert.deepEqual(done, [{ round: 1 }, { round: 2 }])
  assert.equal(await jobs.enqueue('grant', ONE, { round: 2 }, 'r2'), 'known')
  assert.equal(await round(), 0)
})

test('workers share the turns fairly: a large run costs another issuer one turn, not its place', async () => {
  const { book, deps, issuers } = workshop()
  const seen: [IssuerId, number][] = []
  const whole = (issuerId: IssuerId) => (issuerId === ONE ? TURN_STEPS_MAX * 4 : 1)
  const work: JobWork = (issuerId, data, now) =>
    counting(whole(issuerId), seen)(issuerId, data, now)
  const clockwork = startClockwork({
    ...deps,
    definitions: [definition(work)],
    book,
    queue: createMemoryTurnQueue(),
    issuers,
    workers: 1,
    askEveryMs: 1,
    lookEveryMs: 1,
    onError: (error) => assert.fail(String(error)),
  })
  const isDone = async () =>
    (await stateOf(book, ONE)) === 'done' && (await stateOf(book, TWO)) === 'done'
  assert.ok(await waitUntil(isDone, { timeoutMs: 5_000, pollMs: 1 }))
  await clockwork.stop()
  assert.equal(seen.length, TURN_STEPS_MAX * 4 + 1)
  assert.deepEqual(seen.indexOf(seen.find(([issuerId]) => issuerId === TWO)!), TURN_STEPS_MAX)
})

test('what the queue forgot is put there again, and a job of another program is left to it', async () => {
  const { world, book, deps, issuers } = workshop()
  const queue = createMemoryTurnQueue()
  await book.makeDue('work', [ONE], world.now)
  await book.makeDue('newer', [ONE], world.now)
  await queue.send([{ issuerId: ONE, name: 'work' }])
  await queue.take()
  queue.bury()
  const clockwork = startClockwork({
    ...deps,
    definitions: [definition(counting(2), { schedule: { kind: 'on_demand' } })],
    book,
    queue,
    issuers,
    askEveryMs: 1,
    lookEveryMs: 1,
    onError: (error) => assert.fail(String(error)),
  })
  const work = async () =>
    (await book.jobs(ONE, { limit: 9 })).map(({ name, state }) => [name, state])
  const isDone = async () => JSON.stringify(await work()).includes('["work","done"]')
  assert.ok(await waitUntil(isDone, { timeoutMs: 5_000, pollMs: 1 }))
  await clockwork.stop()
  assert.deepEqual(await work(), [
    ['newer', 'waiting'],
    ['work', 'done'],
  ])
})

test('a queue that fails is told of and asked again', async () => {
  const { book, deps, issuers } = workshop()
  const queue = createMemoryTurnQueue()
  let failures = 3
  const errors: unknown[] = []
  const clockwork = startClockwork({
    ...deps,
    definitions: [definition(counting(1))],
    book,
    queue: {
      ...queue,
      async take() {
        failures -= 1
        if (failures >= 0) throw new Error('away')
        return queue.take()
      },
    },
    issuers,
    workers: 1,
    askEveryMs: 1,
    lookEveryMs: 1,
    onError: (error) => errors.push(error),
  })
  assert.ok(
    await waitUntil(async () => (await stateOf(book, TWO)) === 'done', { timeoutMs: 5_000 }),
  )
  await clockwork.stop()
  assert.equal(errors.length, 3)
})

test('what comes again and again comes to each issuer at a moment of its own, and never at a start', async () => {
  const { world, book, issuers } = workshop()
  const everyMs = 10 * MINUTE_MS
  const schedule = { kind: 'every', everyMs } as const
  const definitions = [definition(counting(1), { schedule })]
  const makeDue = createDueMaker({ definitions, book, issuers, spread: true })
  const dueAt = new Map<IssuerId, number>()
  for (world.now = MIDNIGHT; world.now < MIDNIGHT + everyMs; world.now += 1_000) {
    await makeDue(world.now)
    for (const { issuerId } of await book.unended(0)) {
      if (!dueAt.has(issuerId)) dueAt.set(issuerId, world.now - MIDNIGHT)
    }
  }
  assert.deepEqual(
    [...dueAt],
    [
      [ONE, everyMs / 30],
      [TWO, (2 * everyMs) / 30],
    ],
  )
})

test('a job that is only for some issuers costs the others no turn', async () => {
  const { world, book, issuers } = workshop()
  const definitions = [{ ...definition(counting(1)), isFor: (each: IssuerId) => each === TWO }]
  const makeDue = createDueMaker({ definitions, book, issuers })
  await makeDue(world.now)
  const unended = await book.unended(0)
  assert.deepEqual(
    unended.map(({ issuerId }) => issuerId),
    [TWO],
  )
})

test('two jobs of one name are a bug', () => {
  const { book, deps, issuers } = workshop()
  const definitions = [definition(counting(1)), definition(counting(1))]
  assert.throws(() => createDueRound({ ...deps, definitions, issuers, book }), /name of its own/)
})
