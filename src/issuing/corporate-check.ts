/** What of a program's rules about corporations is out of bounds. */
import { isWon, type Won } from '../base/base.ts'
import type { ProgramTerms } from './program-terms.ts'
import { termsBounds } from './terms-bounds.ts'

export function checkCorporate(
  { kind, corporate }: ProgramTerms,
  check: (field: string, holds: boolean, sentence: string) => void,
): void {
  check('corporate', corporate === null || kind === 'purchase', 'is for a program that sells')
  if (corporate === null) return
  const { corporateWonMax } = termsBounds
  const isCap = (cap: Won | null): boolean =>
    cap === null || (isWon(cap) && cap >= 1 && cap <= corporateWonMax)
  for (const name of ['monthlyPurchaseCapWon', 'holdingCapWon'] as const) {
    check(`corporate.${name}`, isCap(corporate[name]), `is 1…${corporateWonMax} won, or null`)
  }
}
