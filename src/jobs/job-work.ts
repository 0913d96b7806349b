/** What a job is: one bounded step after another, of one issuer, with all its memory in the database. */
import type { Instant, IssuerId } from '../base/base.ts'
import type { Schedule } from './schedule.ts'

/** Plain JSON that came with the job; small, and without personal data. */
export type JobData = Readonly<Record<string, string | number | boolean | null>>

/** What a step came to. */
export interface JobStep {
  /** False: there is more, and the work is to be called again at once. */
  readonly done: boolean
  /** How far the whole has come, in things of the job's own kind; for people who watch. */
  readonly progress?: { readonly done: number; readonly whole: number }
  /**
   * Laid over the data of the next step of this run, such as where to read on. Kept in the database and no more than a
   * convenience: a step that comes again with what was carried before, or with nothing, does no harm.
   */
  readonly carry?: JobData
}

/**
 * One bounded step (well below a second of other people's waiting). It may be killed at any instant, repeated, and run
 * by two at once: its effects count once all the same, because their keys are made from what they are about.
 */
export type JobWork = (issuerId: IssuerId, data: JobData, now: Instant) => Promise<JobStep>

export interface JobDefinition {
  /** In logs, in the database and at the doors: a noun with what is done, such as `lot-expiry`. */
  readonly name: string
  readonly work: JobWork
  readonly schedule: Schedule
  /** For each issuer, or once for the operator. */
  readonly of: 'each_issuer' | 'operator'
  /** Of each issuer: those that it is for; absent: all. */
  readonly isFor?: (issuerId: IssuerId) => boolean
  /** Between two steps, for the payments of the same database. */
  readonly pauseMs?: number
}
