/**
 * Tax data for a member: what was *used* in a year, never what was bought (조세특례제한법 §126의2), by the category of the
 * program: used at traditional markets apart, for the deduction there is higher; what is not deductible is shown too.
 */
import { won, type Instant, type Won } from '../base/base.ts'
import { termsAt, type Program, type TaxCategory } from '../issuing/issuing.ts'
import type { WalletUse } from './day-figures.ts'

export interface TaxYear {
  readonly year: number
  readonly usedWon: UsedByCategory
  /** What of it was used while no number for the tax office was registered: it is missing there. */
  readonly unregisteredWon: UsedByCategory
}

export type UsedByCategory = Readonly<Record<TaxCategory, Won>>

/** `until` is the first instant that no longer belongs to it; `null`: it goes on. */
export interface RegisteredTime {
  readonly from: Instant
  readonly until: Instant | null
}

interface TaxFacts {
  readonly programs: readonly Pick<Program, 'programId' | 'terms'>[]
  /** The end of the year, or now where it is not over: whose terms say the category. */
  readonly at: Instant
}

/** @returns each category's sum; one that came below zero, by cancelling last year's use, is zero */
export function taxYear(
  year: number,
  used: { readonly uses: readonly WalletUse[]; readonly registeredUses: readonly WalletUse[] },
  facts: TaxFacts,
): TaxYear {
  const usedWon = sumsOf(used.uses, facts)
  const registeredWon = sumsOf(used.registeredUses, facts)
  const unregistered = (category: TaxCategory): Won =>
    won(Math.max(0, usedWon[category] - registeredWon[category]))
  return {
    year,
    usedWon,
    unregisteredWon: {
      general: unregistered('general'),
      traditional_market: unregistered('traditional_market'),
      not_deductible: unregistered('not_deductible'),
    },
  }
}

/** What of some times is in a year. */
export function timesWithin(
  times: readonly RegisteredTime[],
  year: { readonly from: Instant; readonly until: Instant },
): readonly { readonly from: Instant; readonly until: Instant }[] {
  return times
    .map(({ from, until }) => ({
      from: Math.max(from, year.from),
      until: Math.min(until ?? year.until, year.until),
    }))
    .filter(({ from, until }) => from < until)
}

function sumsOf(uses: readonly WalletUse[], { programs, at }: TaxFacts): UsedByCategory {
  const sums: Record<TaxCategory, number> = { general: 0, traditional_market: 0, not_deductible: 0 }
  for (const use of uses) {
    const program = programs.find(({ programId }) => programId === use.programId)
    const terms = program && (termsAt(program.terms, at) ?? program.terms[0])
    const category = terms?.taxCategory ?? 'not_deductible'
    sums[category] += use.usedWon
  }
  return {
    general: won(Math.max(0, sums.general)),
    traditional_market: won(Math.max(0, sums.traditional_market)),
    not_deductible: won(Math.max(0, sums.not_deductible)),
  }
}
