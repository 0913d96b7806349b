/**
 * Makes ids that no other process makes: 32 bits of seconds since 2026, 10 bits of node number,
 * 11 bits of counter. They sort roughly by time, which keeps index pages warm.
 */
import { assert } from './assert.ts'
import { id, type Id, type IdPrefix } from './id.ts'
import type { Clock, Instant } from './time.ts'

const EPOCH_MS = Date.UTC(2026, 0, 1)
const NODES = 1024
const PER_SECOND = 2048

/** No id that was made before this instant is as high, and none that is made from it on is lower. */
export function firstIdAt(at: Instant): number {
  return Math.max(1, Math.floor((at - EPOCH_MS) / 1000)) * NODES * PER_SECOND
}

export interface IdSource {
  next<Prefix extends IdPrefix>(prefix: Prefix): Id<Prefix>
}

/**
 * @param node 0…1023; two processes that run at one time must not share it (the database hands it out).
 * A burst above 2 048 a second borrows from seconds to come; a clock set back never repeats an id.
 */
export function createIdSource(options: { node: number; clock: Clock }): IdSource {
  const { node, clock } = options
  assert(Number.isInteger(node) && node >= 0 && node < NODES, 'node is 0…1023')
  let second = 0
  let counter = 0
  return {
    next(prefix) {
      const now = Math.max(1, Math.floor((clock() - EPOCH_MS) / 1000))
      if (now > second) {
        second = now
        counter = 0
      } else if (counter === PER_SECOND) {
        second += 1
        counter = 0
      }
      const value = (second * NODES + node) * PER_SECOND + counter
      counter += 1
      return id(prefix, value)
    },
  }
}
