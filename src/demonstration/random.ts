/** A seeded generator, so that one seed always makes one city. Not for secrets. */
import { assert, Bug } from '../base/base.ts'

export interface Random {
  /** An integer from `min` to `max`, both included. */
  integer(min: number, max: number): number
  /** One of the items, each as likely as the other. */
  pick<Item>(items: readonly Item[]): Item
  /** One of the items, as likely as its weight. */
  pickWeighted<Item>(items: readonly (readonly [Item, number])[]): Item
  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean
}

/**
 * Mulberry32 by Tommy Ettinger (public domain): 32 bits of state, good enough for names and sums.
 */
export function createRandom(seed: number): Random {
  let state = seed | 0
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const random: Random = {
    integer(min, max) {
      assert(Number.isSafeInteger(min) && Number.isSafeInteger(max) && min <= max, 'min ≤ max')
      return min + Math.floor(next() * (max - min + 1))
    },
    pick(items) {
      assert(items.length > 0, 'there is something to pick')
      return items[random.integer(0, items.length - 1)]!
    },
    pickWeighted(items) {
      const whole = items.reduce((sum, [, weight]) => sum + weight, 0)
      let rest = random.integer(1, whole)
      for (const [item, weight] of items) {
        rest -= weight
        if (rest <= 0) return item
      }
      throw new Bug('the weights do not add up to their sum')
    },
    chance(percent) {
      return random.integer(1, 100) <= percent
    },
  }
  return random
}
