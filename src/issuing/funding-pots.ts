/**
 * Budget pots (예산 재원): what a funder has granted for the benefits of some programs in a period. A program of which a
 * funder keeps no pot is not bounded by one; one whose pots are all over has no budget.
 */
import {
  DAY_MS,
  isWon,
  startOfBusinessDate,
  cleanText,
  funders,
  type BusinessDate,
  type FundedAmount,
  type Funder,
  type Instant,
  type IssuerId,
  type PotDraw,
  type PotId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { TermsProblem } from './terms-check.ts'

export interface FundingPot {
  readonly potId: PotId
  readonly issuerId: IssuerId
  readonly name: string
  readonly funder: Funder
  readonly programIds: readonly ProgramId[]
  /** Korean days; both are in it. */
  readonly startsOn: BusinessDate
  readonly endsOn: BusinessDate
  readonly amountWon: Won
}

/** Pots as the directory holds them. */
export interface PotDirectory {
  pots(issuerId: IssuerId): readonly FundingPot[]
}

export const potBounds = { nameLengthMax: 60, programsMax: 50 } as const

export function potInForce({ startsOn, endsOn }: FundingPot, now: Instant): boolean {
  return startOfBusinessDate(startsOn) <= now && now < startOfBusinessDate(endsOn) + DAY_MS
}

export type PotChoice =
  | { readonly status: 'drawn'; readonly draws: readonly PotDraw[] }
  /** A funder's pots for the program are over, or have not begun. */
  | { readonly status: 'budget_exhausted' }

/** Which pots a benefit draws from: one for each funder that keeps any. What is left only the ledger can see. */
export function chooseDraws(
  pots: readonly FundingPot[],
  benefit: {
    readonly programId: ProgramId
    readonly shares: readonly FundedAmount[]
    readonly now: Instant
  },
): PotChoice {
  const draws: PotDraw[] = []
  for (const { funder, amountWon } of benefit.shares) {
    const kept = pots.filter(
      (pot) => pot.funder === funder && pot.programIds.includes(benefit.programId),
    )
    if (kept.length === 0 || amountWon === 0) continue
    const pot = kept.find((each) => potInForce(each, benefit.now))
    if (pot === undefined) return { status: 'budget_exhausted' }
    draws.push({ potId: pot.potId, amountWon, limitWon: pot.amountWon })
  }
  return { status: 'drawn', draws }
}

/** Two pots from which one benefit could draw: there is to be one at a time. */
export function overlappingPot(
  pots: readonly FundingPot[],
  wanted: FundingPot,
): FundingPot | undefined {
  return pots.find(
    (pot) =>
      pot.potId !== wanted.potId &&
      pot.funder === wanted.funder &&
      pot.startsOn <= wanted.endsOn &&
      wanted.startsOn <= pot.endsOn &&
      pot.programIds.some((programId) => wanted.programIds.includes(programId)),
  )
}

/** What is wrong with a pot, by field. */
export function validatePot(pot: FundingPot): readonly TermsProblem[] {
  const { nameLengthMax, programsMax } = potBounds
  const problems: TermsProblem[] = []
  const check = (field: string, holds: boolean, sentence: string): void => {
    if (!holds) problems.push({ field, sentence })
  }
  const { name, programIds, startsOn, endsOn } = pot
  const isNamed = cleanText(name, nameLengthMax) === name
  check('name', isNamed, `is clean text of 1…${nameLengthMax} characters`)
  check('funder', funders.includes(pot.funder), `is one of ${funders.join(', ')}`)
  check(
    'programIds',
    programIds.length > 0 &&
      programIds.length <= programsMax &&
      new Set(programIds).size === programIds.length,
    `names 1…${programsMax} programs, each once`,
  )
  check('endsOn', endsOn >= startsOn, 'is not before the first day')
  check('amountWon', isWon(pot.amountWon) && pot.amountWon >= 0, 'is an amount of won')
  return problems
}
