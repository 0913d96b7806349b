/** What a job is: one bounded step after another, of one issuer, with all its memory in the database. */
import type { Instant, IssuerId } from '../base/base.ts'

/** Plain JSON that came with the job; small, and without personal data. */
export type JobData = Readonly<Record<string, string | number | boolean | null>>

/** What a step came to. */
export interface JobStep {
  /** False: there is more, and the work is to be called again at once. */
  readonly done: boolean
  /** How far the whole has come, in things of the job's own kind; for people who watch. */
  readonly progress?: { readonly done: number; readonly whole: number }
}

/**
 * One bounded step (well below a second of other people's waiting). It may be killed at any instant, repeated, and run
 * by two at once: its effects count once all the same, because their keys are made from what they are about.
 */
export type JobWork = (issuerId: IssuerId, data: JobData, now: Instant) => Promise<JobStep>
