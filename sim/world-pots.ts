/** Pots of the simulated country: of what the city gives to a sale there is little, so that budgets run out. */
import { id, parseBusinessDate, won } from '../src/base/base.ts'
import type { FundingPot, Program } from '../src/issuing/issuing.ts'

const STARTS_ON = parseBusinessDate('2020-01-01')!
const ENDS_ON = parseBusinessDate('2099-12-31')!

/** One for each program, numbered like it; every third program's city keeps none. */
export function potsOf(programs: readonly Program[]): readonly FundingPot[] {
  return programs
    .filter(({ programId }) => programId % 3 !== 0)
    .map(({ programId, issuerId }) => ({
      potId: id('pot', programId),
      issuerId,
      name: '시비',
      funder: 'city',
      programIds: [programId],
      startsOn: STARTS_ON,
      endsOn: ENDS_ON,
      amountWon: won(5_000 + (programId % 7) * 5_000),
    }))
}
