/** The purchase of a corporation, as far as it differs from a member's: who may, at which price, up to which caps. */
import {
  corporateCaps,
  decideCorporatePurchase,
  termsAt,
  type CorporateBuyer,
  type CorporateCaps,
  type ProgramTerms,
  type PurchaseDecision,
} from '../issuing/issuing.ts'
import type { PurchaseCommand, SellingDeps } from './selling.ts'

export interface CorporatePurchaseCommand extends Omit<PurchaseCommand, 'member'> {
  readonly buyer: CorporateBuyer
}

export type CorporateQuoteCommand = Pick<
  CorporatePurchaseCommand,
  'issuerId' | 'programId' | 'buyer' | 'faceWon'
>

export function decideForCorporation(
  { issuing, clock }: Pick<SellingDeps, 'issuing' | 'clock'>,
  { issuerId, programId, buyer, faceWon }: CorporateQuoteCommand,
): {
  readonly decision: PurchaseDecision
  readonly terms: ProgramTerms | undefined
  readonly caps: CorporateCaps
} {
  const now = clock()
  const program = issuing.program(issuerId, programId)
  const terms = program && termsAt(program.terms, now)
  const decision = decideCorporatePurchase({ terms, buyer, faceWon, now })
  const caps = corporateCaps({ terms, programs: issuing.programs(issuerId), buyer })
  return { decision, terms, caps }
}
