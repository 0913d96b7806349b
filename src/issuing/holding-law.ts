/**
 * What one member may hold of one issuer's prepaid value, by law: over all programs of a class together, because the
 * decree speaks of the issuer (전자금융거래법 §23, 시행령 §13). Dated, so that a new decree is a new row.
 */
import type { Instant, ProgramId, Won } from '../base/base.ts'
import type { Program } from './directory.ts'
import { prepaidClasses, termsAt, type PrepaidClass } from './program-terms.ts'
import { HOLDING_WON_MAX } from './terms-bounds.ts'

export interface HoldingLaw {
  readonly prepaidClass: PrepaidClass
  readonly effectiveFrom: Instant
  readonly version: number
  readonly capWon: Won
}

/** Programs whose value is counted together, and the most that may be held of them. */
export interface LegalHoldingCap {
  readonly programIds: readonly ProgramId[]
  readonly capWon: Won
}

/** The decree's amounts, in force since before the first program here. */
export const holdingLaw: readonly HoldingLaw[] = prepaidClasses.map((prepaidClass) => ({
  prepaidClass,
  effectiveFrom: 0,
  version: 1,
  capWon: HOLDING_WON_MAX[prepaidClass],
}))

/** The cap of each class that the issuer has programs of; at every instant the law of that day. */
export function legalHoldingCaps(
  programs: readonly Pick<Program, 'programId' | 'terms'>[],
  now: Instant,
  law: readonly HoldingLaw[] = holdingLaw,
): readonly LegalHoldingCap[] {
  return prepaidClasses.flatMap((prepaidClass) => {
    const programIds = programs
      .filter(({ terms }) => (termsAt(terms, now) ?? terms[0])?.prepaidClass === prepaidClass)
      .map(({ programId }) => programId)
    const rule = termsAt(
      law.filter((row) => row.prepaidClass === prepaidClass),
      now,
    )
    return rule === undefined || programIds.length === 0
      ? []
      : [{ programIds, capWon: rule.capWon }]
  })
}
