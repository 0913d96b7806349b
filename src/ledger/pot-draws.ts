/** What requests may take of funders' pots; what breaks these rules is a Bug of the caller. */
import { assert, type PotDraw } from '../base/base.ts'

/** Of an issue or a purchase: it takes, and gives back only by what undoes it. */
export function assertDraws(draws: readonly PotDraw[] = []): void {
  assertPots(draws)
  const isTaking = draws.every(({ amountWon }) => amountWon > 0)
  assert(isTaking, 'a benefit draws more than nothing')
}

/** Of a movement, which may give back. */
export function assertPots(draws: readonly PotDraw[] = []): void {
  const potIds = draws.map((draw) => draw.potId)
  assert(new Set(potIds).size === potIds.length, 'a request is about a pot once')
  const isMoving = draws.every(({ amountWon }) => amountWon !== 0)
  assert(isMoving, 'a draw takes or gives back')
}
