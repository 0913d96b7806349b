/**
 * Which lots an amount is taken from: tender by tender, earliest expiry first, then lowest lot id. In the database the
 * posting function does the same, and one contract holds both.
 */
import { won, type Instant, type Tender, type Won } from '../base/base.ts'
import type { Leg, Lot } from './ledger.ts'

/** All that the tenders can take of the lots at an instant, in the order of taking. */
export function spendableParts(
  lots: readonly Lot[],
  tenders: readonly Tender[],
  at: Instant,
): Leg[] {
  const spendable = lots.filter((lot) => lot.remainingWon > 0 && lot.expiresAt > at)
  return tenders.flatMap((tender) =>
    spendable
      .filter((lot) => lot.programId === tender.programId && lot.kind === tender.kind)
      .toSorted(byExpiry)
      .map(({ lotId, programId, kind, remainingWon }) => {
        return { lotId, programId, kind, amountWon: remainingWon }
      }),
  )
}

/** Inside one tender: what expires first, then the lowest lot id. */
export function byExpiry(a: Lot, b: Lot): number {
  return a.expiresAt - b.expiresAt || a.lotId - b.lotId
}

/** Fills `amountWon` from the parts in their order; parts that are not needed are left out. */
export function splitOver<Each extends { readonly amountWon: Won }>(
  parts: readonly Each[],
  amountWon: Won,
): Each[] {
  let restWon = amountWon
  const split: Each[] = []
  for (const part of parts) {
    const takeWon = won(Math.min(part.amountWon, restWon))
    if (takeWon <= 0) continue
    split.push({ ...part, amountWon: takeWon })
    restWon = won(restWon - takeWon)
  }
  return split
}
