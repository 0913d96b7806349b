/** Asking for a job from outside the clockwork: once for each key, however often it is asked. */
import { assert, type Clock, type IssuerId } from '../base/base.ts'
import type { JobBook } from './job-book.ts'
import type { JobData } from './job-work.ts'
import type { TurnQueue } from './turn-queue.ts'

export interface JobQueue {
  /**
   * Asks for a job of an issuer. It is written down before this resolves, and done soon after; however often it is
   * asked with one key, it is done once. @returns `other` where the key was asked with other data before
   */
  enqueue(
    name: string,
    issuerId: IssuerId,
    data: JobData,
    key: string,
  ): Promise<'new' | 'known' | 'other'>
}

export const JOB_KEY_LENGTH_MAX = 120

/** @param onError told where the queue could not be reached: the job is written down all the same, and found later */
export function createJobQueue({
  book,
  queue,
  clock,
  onError,
}: {
  readonly book: Pick<JobBook, 'order'>
  readonly queue: Pick<TurnQueue, 'send'>
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}): JobQueue {
  return {
    async enqueue(name, issuerId, data, key) {
      const isKey = key !== '' && key.length <= JOB_KEY_LENGTH_MAX
      assert(isKey, 'what is asked for has a key, and not a long one')
      const outcome = await book.order({ issuerId, name, key, data }, clock())
      if (outcome === 'new') await queue.send([{ issuerId, name }]).catch(onError)
      return outcome
    },
  }
}
