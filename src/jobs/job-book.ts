/**
 * What has to be done, how far it has come and what went wrong: one row for each scheduled job of an issuer, and one
 * for each key on demand. It is the memory of the clockwork; the queue of turns may be lost and is filled from it.
 */
import { OPERATOR, type Instant, type IssuerId } from '../base/base.ts'
import type { JobData, JobStep } from './job-work.ts'

/** The operator's own jobs, which are of no issuer. */
export const OPERATOR_JOBS = OPERATOR

/** `failed`: tried often enough; it waits for its next schedule, or for the hour in which failures are tried again. */
export const jobStates = ['waiting', 'running', 'done', 'failed'] as const
export type JobState = (typeof jobStates)[number]

/** One thing that is to be done for one issuer. */
export interface JobName {
  readonly issuerId: IssuerId
  readonly name: string
}

export interface Job extends JobName {
  /** Empty for what is scheduled. */
  readonly key: string
  readonly state: JobState
  readonly data: JobData
  /** When it became due: a run is told from the one before by it. */
  readonly dueAt: Instant
  /** Turns begun since a step was last completed. */
  readonly attempts: number
  /** What the last step of this run carried over. */
  readonly carried: JobData
  readonly progress: { readonly done: number; readonly whole: number } | null
  readonly startedAt: Instant | null
  /** When its last step was completed. */
  readonly steppedAt: Instant | null
  readonly endedAt: Instant | null
  /** The last that went wrong, in whichever run. */
  readonly error: string | null
  readonly failedAt: Instant | null
}

export interface JobPage {
  readonly state?: JobState | undefined
  readonly after?: Pick<Job, 'issuerId' | 'name' | 'key'> | undefined
  readonly limit: number
}

/** What doors read. All of one issuer, or with `undefined` all there are, by issuer, name and key. */
export interface JobReading {
  jobs(issuerId: IssuerId | undefined, page: JobPage): Promise<readonly Job[]>
}

export interface JobBook extends JobReading {
  /**
   * Makes the scheduled job of each issuer due anew, where the run before has ended.
   * @returns how many have not, and are to be asked again
   */
  makeDue(name: string, issuerIds: readonly IssuerId[], dueAt: Instant): Promise<number>
  /** `other`: the key is known with other data. */
  order(
    ordered: JobName & { readonly key: string; readonly data: JobData },
    at: Instant,
  ): Promise<'new' | 'known' | 'other'>
  /** What has something waiting or under way, and what failed on demand at this instant or before. */
  unended(failedBefore: Instant): Promise<readonly JobName[]>
  /** The one that has been due longest, with one attempt more. */
  begin(job: JobName, times: { at: Instant; failedBefore: Instant }): Promise<Job | undefined>
  /** Nothing happens to a run that has ended, or was followed by another. */
  step(job: Job, step: JobStep, at: Instant): Promise<void>
  fail(job: Job, failure: { error: string; isFinal: boolean; at: Instant }): Promise<void>
}
