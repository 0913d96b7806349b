/**
 * What a buyer may still buy of a program in a month, from the caps that a purchase is held to and what was counted
 * before: for looking only. The ledger decides when it is bought, under its locks.
 */
import { won, type DeclineReason, type ProgramId, type Won } from '../base/base.ts'
import { smallestPurchaseWon, type PurchaseCaps } from './purchase-decision.ts'
import type { ProgramTerms } from './program-terms.ts'

/** A cap, what of it is used, and what is left of it: never below zero. */
export interface Allotment {
  readonly capWon: Won
  readonly usedWon: Won
  readonly leftWon: Won
}

/** What the ledger has counted. */
export interface PurchaseCounts {
  /** Reserved and bought by the wallet in the month. */
  readonly boughtWon: Won
  /** Reserved and bought by anybody in the month. */
  readonly soldWon: Won
  /** Held of the program itself, with what is being bought. */
  readonly heldWon: Won
  /** The same for the programs of each of the buyer's caps over several programs, in their order. */
  readonly heldTogetherWon: readonly Won[]
}

export interface PurchaseAllowance {
  readonly monthly: Allotment
  readonly holding: Allotment
  /** Over all programs of the class; `null` where no such cap is over this program. */
  readonly holdingTogether: Allotment | null
  readonly quota: Allotment
  /** The largest face that is offered and fits in all of these; zero: none does. */
  readonly buyableWon: Won
  /** What the smallest purchase would be declined for; `undefined`: nothing. */
  readonly refusal: DeclineReason | undefined
}

export function purchaseAllowance(request: {
  readonly programId: ProgramId
  readonly terms: Pick<ProgramTerms, 'monthlyQuotaWon' | 'purchaseWonMin' | 'purchaseUnitWon'>
  readonly caps: PurchaseCaps
  readonly counts: PurchaseCounts
}): PurchaseAllowance {
  const { programId, terms, caps, counts } = request
  const monthly = allotment(caps.purchaseCapWon, counts.boughtWon)
  const holding = allotment(caps.holdingCapWon, counts.heldWon)
  const quota = allotment(terms.monthlyQuotaWon, counts.soldWon)
  const together = caps.holdingCaps.map((cap, index) => ({
    isOver: cap.programIds.includes(programId),
    ...allotment(cap.capWon, counts.heldTogetherWon[index] ?? won(0)),
  }))
  const [over] = together.filter(({ isOver }) => isOver).toSorted((a, b) => a.leftWon - b.leftWon)
  const holdingLeftWon = Math.min(holding.leftWon, ...together.map(roomUnder))
  const smallestWon = smallestPurchaseWon(terms)
  // In the order in which the ledger looks.
  const lefts = [
    ['purchase_cap_exceeded', monthly.leftWon],
    ['holding_cap_exceeded', holdingLeftWon],
    ['sold_out', quota.leftWon],
  ] as const
  const leftWon = Math.min(...lefts.map(([, won]) => won))
  const wholeUnitsWon = leftWon - (leftWon % terms.purchaseUnitWon)
  return {
    monthly,
    holding,
    holdingTogether: over === undefined ? null : plain(over),
    quota,
    buyableWon: won(wholeUnitsWon < smallestWon ? 0 : wholeUnitsWon),
    refusal: lefts.find(([, left]) => left < smallestWon)?.[0],
  }
}

function allotment(capWon: Won, usedWon: Won): Allotment {
  return { capWon, usedWon, leftWon: won(Math.max(0, capWon - usedWon)) }
}

/** A cap over other programs refuses whoever holds more than it already, and else nobody. */
function roomUnder({ isOver, capWon, usedWon, leftWon }: Allotment & { readonly isOver: boolean }) {
  if (isOver) return leftWon
  return usedWon > capWon ? 0 : Number.POSITIVE_INFINITY
}

function plain({ capWon, usedWon, leftWon }: Allotment): Allotment {
  return { capWon, usedWon, leftWon }
}
