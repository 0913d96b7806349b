/** What is left in the pots that a program's stipends are paid from, for whoever asks before granting. */
import { funders, won, type FundedAmount } from '../base/base.ts'
import { potInForce, type PotDirectory } from '../issuing/issuing.ts'
import type { ProgramReading } from '../ledger/ledger.ts'
import type { FunderPots } from './granting-ports.ts'

export function createFunderPots(deps: {
  readonly funding: PotDirectory
  readonly reading: Pick<ProgramReading, 'potUses'>
}): FunderPots {
  const { funding, reading } = deps
  return async (issuerId, programId, at) => {
    const kept = funding.pots(issuerId).filter((pot) => pot.programIds.includes(programId))
    const uses = await reading.potUses(
      issuerId,
      kept.map(({ potId }) => potId),
    )
    return funders.flatMap((funder): FundedAmount[] => {
      const own = kept.filter((pot) => pot.funder === funder)
      if (own.length === 0) return []
      const pot = own.find((each) => potInForce(each, at))
      const leftWon = pot === undefined ? 0 : pot.amountWon - (uses.get(pot.potId) ?? 0)
      return [{ funder, amountWon: won(Math.max(0, leftWon)) }]
    })
  }
}
