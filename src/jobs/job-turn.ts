/**
 * One turn of a job: as many steps as fit into a few seconds, each written down when it is completed. Whoever gives the
 * turns, a queue with many workers or a simulation with its own time, gets the same from it.
 */
import type { Clock, Instant } from '../base/base.ts'
import type { Job, JobBook, JobName } from './job-book.ts'
import type { JobDefinition } from './job-work.ts'

/** Then it goes behind the others that wait. */
export const TURN_MS_MAX = 2_000
export const TURN_STEPS_MAX = 50
/** So often a step is tried before the run counts as failed. */
export const ATTEMPTS_MAX = 5
/** What failed on demand is tried again after so long; what is scheduled, by its schedule. */
export const FAILED_AGAIN_MS = 3_600_000
/** A step that takes so long hangs: its worker goes on without it. */
const STEP_MS_MAX = 60_000

/** Told of turns as they go; an exception from it is a bug. */
export interface TurnListener {
  onStarted(job: Job): void
  /** The run is done. */
  onEnded(job: Job): void
  /** @param facts.isFinal no more attempts in this run */
  onFailed(job: Job, facts: { readonly error: unknown; readonly isFinal: boolean }): void
}

export interface TurnDeps {
  readonly book: JobBook
  readonly clock: Clock
  readonly sleep: (ms: number) => Promise<unknown>
  /** What is kept of an error: no secret and nobody's name. */
  readonly describe: (error: unknown) => string
  readonly listener: TurnListener
  /** Whether the worker is to come to an end after the step under way. */
  readonly isStopping?: () => boolean
}

/**
 * - `nothing`: there was nothing to do.
 * - `more`: another turn is wanted at once, behind the others.
 * - `again`: a step failed, and is to be tried again after a while.
 * - `over`: ended, well or badly.
 */
export type TurnEnd = 'nothing' | 'more' | 'again' | 'over'

export async function takeTurn(
  deps: TurnDeps,
  definition: JobDefinition,
  { issuerId, name }: JobName,
): Promise<TurnEnd> {
  const { book, clock, listener } = deps
  const at = clock()
  const job = await book.begin({ issuerId, name }, { at, failedBefore: at - FAILED_AGAIN_MS })
  if (job === undefined) return 'nothing'
  if (job.attempts > ATTEMPTS_MAX) {
    return giveUp(deps, job, new Error(`the worker died ${ATTEMPTS_MAX} times at this step`))
  }
  if (job.attempts === 1 && job.steppedAt === null) listener.onStarted(job)
  try {
    const progress = await takeSteps(deps, definition, job)
    if (progress === 'more') return 'more'
    listener.onEnded({ ...job, progress })
    // On demand there may be another key; a schedule has one.
    return job.key === '' ? 'over' : 'more'
  } catch (error) {
    const isFinal = job.attempts >= ATTEMPTS_MAX
    if (isFinal) return giveUp(deps, job, error)
    await book.fail(job, { error: deps.describe(error), isFinal, at: clock() })
    listener.onFailed(job, { error, isFinal })
    return 'again'
  }
}

/** @returns what the whole came to; `more` where the turn ended first */
async function takeSteps(
  { book, clock, sleep, isStopping }: TurnDeps,
  { work, pauseMs = 0 }: JobDefinition,
  job: Job,
): Promise<Job['progress'] | 'more'> {
  const startedAt: Instant = clock()
  let { carried, progress } = job
  for (let steps = 1; ; steps += 1) {
    const step = await inTime(work(job.issuerId, { ...job.data, ...carried }, clock()))
    await book.step(job, step, clock())
    progress = step.progress ?? progress
    carried = step.carry ?? carried
    if (step.done) return progress
    if (steps >= TURN_STEPS_MAX || clock() - startedAt >= TURN_MS_MAX) return 'more'
    if (isStopping?.() === true) return 'more'
    if (pauseMs > 0) await sleep(pauseMs)
  }
}

async function giveUp({ book, clock, describe, listener }: TurnDeps, job: Job, error: unknown) {
  await book.fail(job, { error: describe(error), isFinal: true, at: clock() })
  listener.onFailed(job, { error, isFinal: true })
  return job.key === '' ? 'over' : 'more'
}

/** A step cannot be cut off; what it does after all counts once, like any repeat. */
async function inTime<Result>(step: Promise<Result>): Promise<Result> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const sentence = `a step took longer than ${STEP_MS_MAX / 1_000} s`
  const timer = setTimeout(() => reject(new Error(sentence)), STEP_MS_MAX)
  try {
    return await Promise.race([step, late])
  } finally {
    clearTimeout(timer)
  }
}
