/** What funders have left for a program's benefits. */
import {
  won,
  type FundedAmount,
  type Instant,
  type IssuerId,
  type ProgramId,
} from '../base/base.ts'
import { potInForce, type PotDirectory } from '../issuing/issuing.ts'
import type { ProgramReading } from '../ledger/ledger.ts'

/** By funder, of the pots in force; `undefined` where no funder keeps a pot for the program. */
export async function potsLeft(
  { pots, reading }: { pots: PotDirectory; reading: Pick<ProgramReading, 'potUses'> },
  { issuerId, programId, at }: { issuerId: IssuerId; programId: ProgramId; at: Instant },
): Promise<readonly FundedAmount[] | undefined> {
  const kept = pots.pots(issuerId).filter((pot) => pot.programIds.includes(programId))
  if (kept.length === 0) return undefined
  const inForce = kept.filter((pot) => potInForce(pot, at))
  const used = await reading.potUses(
    issuerId,
    inForce.map(({ potId }) => potId),
  )
  return inForce.map(({ potId, funder, amountWon }) => ({
    funder,
    amountWon: won(Math.max(0, amountWon - (used.get(potId) ?? 0))),
  }))
}
