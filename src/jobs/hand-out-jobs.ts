/**
 * Hand-outs of corporations as jobs of each issuer: sending what was confirmed, and seeing what became of it. A step is
 * one bounded set; which hand-out and which lines are next stands in the database: a run that dies is simply the next.
 */
import type { Corporations, HandOutPlace } from '../corporate/corporate.ts'
import { MINUTE_MS, type IssuerId } from '../base/base.ts'
import type { JobData, JobDefinition, JobWork } from './job-work.ts'
import { numberOf } from './lot-cursor.ts'

export const HAND_OUT_SEND = 'hand_out_send'
export const HAND_OUT_FOLLOW = 'hand_out_follow'
/** Where nothing is to be sent, a look costs two reads. */
const SEND_EVERY_MS = MINUTE_MS
/** Each look goes through all that waits. */
const FOLLOW_EVERY_MS = 15 * MINUTE_MS
/** Between two sets of an issuer, for the payments of the same database. */
const PAUSE_MS = 100

/** @param sellsToCorporations whether an issuer sells, or sold, to corporations: others cost no turn */
export function handOutJobs(
  corporations: Pick<Corporations, 'sendStep' | 'followStep'>,
  sellsToCorporations: (issuerId: IssuerId) => boolean,
): readonly JobDefinition[] {
  const shared = { of: 'each_issuer', isFor: sellsToCorporations, pauseMs: PAUSE_MS } as const
  return [
    {
      ...shared,
      name: HAND_OUT_SEND,
      schedule: { kind: 'every', everyMs: SEND_EVERY_MS },
      work: sendWork(corporations),
    },
    {
      ...shared,
      name: HAND_OUT_FOLLOW,
      schedule: { kind: 'every', everyMs: FOLLOW_EVERY_MS },
      work: followWork(corporations),
    },
  ]
}

function sendWork({ sendStep }: Pick<Corporations, 'sendStep'>): JobWork {
  return async (issuerId, data) => {
    const { done, lines } = await sendStep(issuerId)
    const sofar = numberOf(data, 'lines') + lines
    return { done, progress: { done: sofar, whole: sofar }, carry: { lines: sofar } }
  }
}

function followWork({ followStep }: Pick<Corporations, 'followStep'>): JobWork {
  return async (issuerId, data) => {
    const { done, lines, place } = await followStep(issuerId, placeOf(data))
    const sofar = numberOf(data, 'lines') + lines
    const carry = { lines: sofar, ...place }
    return { done, progress: { done: sofar, whole: sofar }, carry }
  }
}

function placeOf(data: JobData): HandOutPlace | undefined {
  const { before, handOutId, after } = data
  const isPlace =
    typeof before === 'number' && typeof handOutId === 'number' && typeof after === 'number'
  return isPlace ? { before, handOutId, after } : undefined
}
