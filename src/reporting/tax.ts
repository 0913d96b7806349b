/**
 * Tax data for a member: what was *used* in a year, never what was bought (조세특례제한법 §126의2), by the category of the
 * program: used at traditional markets apart, for the deduction there is higher; what is not deductible is shown too.
 */
import { won, type Instant, type Won } from '../base/base.ts'
import { termsAt, type Program, type TaxCategory } from '../issuing/issuing.ts'
import type { WalletUse } from './day-figures.ts'

export interface TaxYear {
  readonly year: number
  readonly usedWon: Readonly<Record<TaxCategory, Won>>
}

/**
 * @param at the end of the year, or now where it is not over: whose terms say the category
 * @returns each category's sum; one that came below zero, by cancelling last year's use, is zero
 */
export function taxYear(
  year: number,
  uses: readonly WalletUse[],
  facts: {
    readonly programs: readonly Pick<Program, 'programId' | 'terms'>[]
    readonly at: Instant
  },
): TaxYear {
  const sums: Record<TaxCategory, number> = { general: 0, traditional_market: 0, not_deductible: 0 }
  for (const use of uses) {
    const program = facts.programs.find(({ programId }) => programId === use.programId)
    const terms = program && (termsAt(program.terms, facts.at) ?? program.terms[0])
    const category = terms?.taxCategory ?? 'not_deductible'
    sums[category] += use.usedWon
  }
  return {
    year,
    usedWon: {
      general: won(Math.max(0, sums.general)),
      traditional_market: won(Math.max(0, sums.traditional_market)),
      not_deductible: won(Math.max(0, sums.not_deductible)),
    },
  }
}
