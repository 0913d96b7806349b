/** Who gets the next turn: a queue that workers of all cores share. What is in it may be lost without harm. */
import type { JobName } from './job-book.ts'

/** A turn in a worker's hands. Without a sign of life it is given to another within a minute. */
export interface HeldTurn extends JobName {
  /** The queue's own name for this holding. */
  readonly ticket: string
}

export interface TurnQueue {
  /** Puts turns at the end of the queue. One that waits or is held already is not put there twice. */
  send(turns: readonly JobName[]): Promise<void>
  /** The turn that has waited longest, of an issuer that does not hold its share of the workers already. */
  take(): Promise<HeldTurn | undefined>
  /** A sign of life. */
  keep(turn: HeldTurn): Promise<void>
  end(turn: HeldTurn): Promise<void>
  /** It comes again after a while, later each time. */
  putBack(turn: HeldTurn): Promise<void>
}
