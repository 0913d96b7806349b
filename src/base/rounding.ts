/** Named rounding rules. Money is only ever rounded by one of these, and never by accident. */
import { assert } from './assert.ts'
import { won, type Won } from './amount.ts'

/** Rates are integers of basis points: 10 000 = 100 %. No float takes part in money arithmetic. */
export const BASIS_POINTS_WHOLE = 10_000

/**
 * `floor_to_won`: the part of an amount at a rate, rounded down to a whole won.
 * Used for benefits, so that a public funder never pays more than the stated rate.
 * @param rateBasisPoints 0…10 000
 */
export function floorToWon(amountWon: Won, rateBasisPoints: number): Won {
  assert(amountWon >= 0, 'floorToWon takes an amount of zero or more')
  assert(
    Number.isInteger(rateBasisPoints) &&
      rateBasisPoints >= 0 &&
      rateBasisPoints <= BASIS_POINTS_WHOLE,
    'a rate is 0…10000 basis points',
  )
  return won(Number((BigInt(amountWon) * BigInt(rateBasisPoints)) / BigInt(BASIS_POINTS_WHOLE)))
}

/**
 * `floor_share`: the part `part / whole` of an amount, rounded down to a whole won. What is rounded off stays with
 * whoever gets the rest.
 */
export function floorShare(amountWon: Won, part: number, whole: number): Won {
  assertShare(amountWon, part, whole)
  return won(Number((BigInt(amountWon) * BigInt(part)) / BigInt(whole)))
}

/** `ceil_share`: the same, rounded up: where the law gives somebody the whole of a part, no won of it is lost. */
export function ceilShare(amountWon: Won, part: number, whole: number): Won {
  assertShare(amountWon, part, whole)
  const divisor = BigInt(whole)
  return won(Number((BigInt(amountWon) * BigInt(part) + divisor - 1n) / divisor))
}

function assertShare(amountWon: Won, part: number, whole: number): void {
  assert(amountWon >= 0, 'a share is taken of an amount of zero or more')
  assert(
    Number.isSafeInteger(part) && Number.isSafeInteger(whole) && part >= 0 && part <= whole,
    'a part is within its whole',
  )
  assert(whole > 0, 'a whole is above zero')
}

/**
 * `largest_remainder`: splits an amount by weights so that the parts add up to the amount exactly.
 * Each part first gets its floor; the won that remain go one each to the largest remainders, ties to
 * the earlier part. Weights need not add up to any particular number but one must be above zero.
 */
export function splitByLargestRemainder(amountWon: Won, weights: readonly number[]): Won[] {
  assert(amountWon >= 0, 'splitByLargestRemainder takes an amount of zero or more')
  assert(
    weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0),
    'weights are integers of zero or more',
  )
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n)
  assert(whole > 0n, 'one weight must be above zero')
  const shares = weights.map((weight, index) => {
    const product = BigInt(amountWon) * BigInt(weight)
    return { index, floor: Number(product / whole), remainder: product % whole }
  })
  let rest = amountWon - shares.reduce((sum, share) => sum + share.floor, 0)
  const parts = shares.map((share) => share.floor)
  const byRemainder = shares.toSorted((a, b) =>
    a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1,
  )
  for (const share of byRemainder) {
    if (rest === 0) break
    parts[share.index]! += 1
    rest -= 1
  }
  return parts.map(won)
}
