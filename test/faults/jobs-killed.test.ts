/**
 * Hypothesis: a job has no memory but the database, and its keys are made from what it is about; so a worker that dies
 * between any two instructions leaves nothing half done and nothing twice.
 * Fault: kill -9 of the process that does the jobs, eight times, each at another instant of its work.
 * Promise: every effect is there exactly once; progress only grows; what a dead worker held is taken up again.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from '../../src/jobs/jobs.ts'
import { ATTEMPTS_MAX } from '../../src/jobs/job-turn.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { openTurnDatabase, type TurnDatabase } from '../../src/main/fixtures/turn-queues.ts'
import { HEARTBEAT_SECONDS } from '../../src/main/turn-queue.ts'
import { openJobWorld } from './fixtures/job-world.ts'
import { killedIssuers, killedJobs, prepareWallets, type JobWorld } from './fixtures/killed-jobs.ts'

const WORKER = join(import.meta.dirname, 'fixtures/job-worker.ts')
/** So many workers are killed at work; the next may finish it. */
const KILLS = 8
/** After a worker said that it is ready it lives so long, at most. */
const LIFE_MS_MAX = 350
const FINISH_TIMEOUT_MS = 60_000
const START_TIMEOUT_MS = 15_000
const JOBS_MAX = 100

test('workers killed at random instants do every job once', async (t) => {
  const database = await openTurnDatabase()
  const world = await openJobWorld(database.appUrl)
  const workers: ChildProcess[] = []
  const start = async (): Promise<ChildProcess> => {
    const worker = await startWorker(database)
    workers.push(worker)
    return worker
  }
  // Another core, which does no jobs here and finds the dead.
  await database.open()
  try {
    for (const issuerId of killedIssuers) {
      await prepareWallets(world, issuerId)
      for (const job of killedJobs) await job.prepare(world, issuerId)
    }
    const random = randomOf(20_310_101)
    let before: readonly Job[] = []
    let held = 0
    for (let kills = 0; kills < KILLS; kills += 1) {
      const worker = await start()
      await pause(random() * LIFE_MS_MAX)
      await passHardStep(world)
      assert.equal(worker.exitCode, null, 'it lives until it is killed')
      await kill(worker)
      held += await release(database)
      before = await assertGrown(world, before)
    }
    assert.ok(!(await isDone(world)) && before.some(({ steppedAt }) => steppedAt !== null))
    t.diagnostic(`${held} turns were in the hands of those that were killed`)
    assert.ok(held >= KILLS, 'the kills were felt')
    const last = await start()
    assert.ok(await waitUntil(() => isDone(world), { timeoutMs: FINISH_TIMEOUT_MS, pollMs: 40 }))
    await kill(last)
    await assertGrown(world, before)
    for (const issuerId of killedIssuers) {
      for (const job of killedJobs) await job.check(world, database.owner, issuerId)
    }
    const failed = await world.book.jobs(undefined, { state: 'failed', limit: JOBS_MAX })
    assert.deepEqual(failed, [])
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await world.close()
    await database.close()
  }
})

async function isDone({ book }: JobWorld): Promise<boolean> {
  const jobs = await book.jobs(undefined, { limit: JOBS_MAX })
  const isWhole = jobs.length >= killedIssuers.length * killedJobs.length
  return isWhole && jobs.every(({ state }) => state === 'done')
}

async function startWorker({ appUrl, turnsUrl }: TurnDatabase): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [WORKER], {
    env: { ...process.env, APP_URL: appUrl, TURNS_URL: turnsUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  createInterface({ input: worker.stdout }).on('line', (line) => said.push(line))
  const isReady = await waitUntil(() => said.includes('ready'), { timeoutMs: START_TIMEOUT_MS })
  assert.ok(isReady, `a worker starts: ${said.join('; ')}`)
  return worker
}

async function kill(worker: ChildProcess): Promise<void> {
  const gone = once(worker, 'exit')
  worker.kill('SIGKILL')
  await gone
}

/**
 * A step at which workers die again and again is given up, which another test is about: on a machine so slow that none
 * came to its end, this worker lives until one does.
 */
async function passHardStep({ book }: JobWorld): Promise<void> {
  const isPassed = async (): Promise<boolean> => {
    const jobs = await book.jobs(undefined, { limit: JOBS_MAX })
    return jobs.every(({ attempts }) => attempts < ATTEMPTS_MAX - 1)
  }
  assert.ok(await waitUntil(isPassed, { timeoutMs: FINISH_TIMEOUT_MS, pollMs: 10 }))
}

/** The half minute passes after which a worker counts as dead. @returns how many turns it held */
async function release({ owner, letDeadWorkersAge }: TurnDatabase): Promise<number> {
  // What it had sent may still be going on in the database.
  await pause(20)
  const isStill = async (): Promise<boolean> => {
    const [row] = await owner<{ busy: number }[]>`
      select count(*)::integer as busy from pg_stat_activity
      where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`
    return row?.busy === 0
  }
  assert.ok(await waitUntil(isStill, { timeoutMs: 10_000, pollMs: 5 }))
  const held = async (): Promise<number> =>
    (await owner`select 1 from pgboss.job where state = 'active'`).length
  const hands = await held()
  await letDeadWorkersAge(HEARTBEAT_SECONDS + 1)
  assert.ok(await waitUntil(async () => (await held()) === 0, { timeoutMs: 10_000 }))
  await owner`update pgboss.job set start_after = now() where state = 'retry'`
  return hands
}

/** What was done stays done. */
async function assertGrown({ book }: JobWorld, before: readonly Job[]): Promise<readonly Job[]> {
  const now = await book.jobs(undefined, { limit: JOBS_MAX })
  for (const old of before) {
    const job = now.find((each) => each.issuerId === old.issuerId && each.name === old.name)
    assert.ok(job !== undefined)
    // A later run begins anew.
    if (job.dueAt !== old.dueAt) continue
    assert.ok(old.state !== 'done' || job.state === 'done')
    assert.ok((job.progress?.done ?? 0) >= (old.progress?.done ?? 0), `${job.name} went back`)
    assert.ok((job.progress?.done ?? 0) <= (job.progress?.whole ?? 0))
  }
  return now
}

/** The same instants in every run, as far as the machine allows. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
