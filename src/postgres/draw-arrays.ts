/** Draws from funders' pots as flat arrays, each with the place of its request in the set. */
import type { PotDraw } from '../base/base.ts'
import { numberArray } from './array-literal.ts'

export interface DrawArrays {
  positions: string
  potIds: string
  amountsWon: string
  limitsWon: string
}

/** Of what policy refused nothing is drawn. */
export function drawArrays(
  requests: readonly { readonly refusal?: string; readonly draws?: readonly PotDraw[] }[],
): DrawArrays {
  const placed = requests.flatMap(({ refusal, draws = [] }, index) =>
    refusal === undefined ? draws.map((draw) => ({ position: index + 1, ...draw })) : [],
  )
  return {
    positions: numberArray(placed.map(({ position }) => position)),
    potIds: numberArray(placed.map(({ potId }) => potId)),
    amountsWon: numberArray(placed.map(({ amountWon }) => amountWon)),
    limitsWon: numberArray(placed.map(({ limitWon }) => limitWon)),
  }
}
