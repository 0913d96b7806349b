/** Amounts of money: integers of won and nothing else. */
import { assert } from './assert.ts'

declare const wonBrand: unique symbol

/** An integer of won (KRW has no minor unit), at most `AMOUNT_WON_MAX` in size. May be negative in sums. */
export type Won = number & { readonly [wonBrand]: true }

/** One trillion won: far above any program's budget, far below what a double counts exactly. */
export const AMOUNT_WON_MAX = 1_000_000_000_000

/** True for an integer that may stand as an amount. Negative zero is refused: it would print as "-0". */
export function isWon(value: unknown): value is Won {
  return (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    !Object.is(value, -0) &&
    Math.abs(value) <= AMOUNT_WON_MAX
  )
}

/** Brands an integer as won; anything else is our bug, because edges validate before they call. */
export function won(value: number): Won {
  assert(isWon(value), `not an amount of won: ${value}`)
  return value
}

/** Adds amounts; the sum of many amounts may not pass what a double counts exactly. */
export function sumWon(amounts: Iterable<Won>): Won {
  let total = 0
  for (const amount of amounts) total += amount
  assert(Number.isSafeInteger(total), 'sum of won is not a safe integer')
  return total as Won // The assertion above is the proof; sums may pass AMOUNT_WON_MAX.
}
