/** What a buyer wishes, decided as far as it can be without counting: the price, the pots, the caps. */
import { won, type Instant, type PotDraw } from '../base/base.ts'
import {
  chooseDraws,
  corporateCaps,
  decideCorporatePurchase,
  decidePurchase,
  legalHoldingCaps,
  termsAt,
  type CorporateBuyer,
  type ProgramTerms,
  type PurchaseCaps,
  type PurchaseDecision,
} from '../issuing/issuing.ts'
import type { PurchaseCommand, SellingDeps } from './selling.ts'

export interface CorporatePurchaseCommand extends Omit<PurchaseCommand, 'member'> {
  readonly buyer: CorporateBuyer
}

export type MemberWish = Pick<PurchaseCommand, 'issuerId' | 'programId' | 'faceWon' | 'member'>
export type CorporateWish = Pick<
  CorporatePurchaseCommand,
  'issuerId' | 'programId' | 'faceWon' | 'buyer'
>

export interface DecidedWish {
  readonly decision: PurchaseDecision
  readonly terms: ProgramTerms | undefined
  readonly draws: readonly PotDraw[]
  /** To which the ledger holds it. */
  readonly caps: PurchaseCaps
}

type Wished = Pick<PurchaseCommand, 'issuerId' | 'programId'>
type WishDeps = Pick<SellingDeps, 'issuing' | 'funding' | 'clock'>

export function forMember(deps: WishDeps, wish: MemberWish): DecidedWish {
  const { member, faceWon } = wish
  const now = deps.clock()
  const terms = termsOf(deps, wish, now)
  const caps = {
    purchaseCapWon: terms?.monthlyPurchaseCapWon ?? won(0),
    holdingCapWon: terms?.holdingCapWon ?? won(0),
    holdingCaps: legalHoldingCaps(deps.issuing.programs(wish.issuerId), now),
  }
  const decision = decidePurchase({ terms, member, faceWon, now })
  return { terms, caps, ...drawn(deps, { ...wish, now }, decision) }
}

export function forCorporation(deps: WishDeps, wish: CorporateWish): DecidedWish {
  const { buyer, faceWon } = wish
  const now = deps.clock()
  const terms = termsOf(deps, wish, now)
  const programs = deps.issuing.programs(wish.issuerId)
  const caps = corporateCaps({ terms, programs, buyer })
  const decision = decideCorporatePurchase({ terms, buyer, faceWon, now })
  return { terms, caps, ...drawn(deps, { ...wish, now }, decision) }
}

/** Those in force. */
export function termsOf(
  { issuing }: WishDeps,
  { issuerId, programId }: Wished,
  now: Instant,
): ProgramTerms | undefined {
  const program = issuing.program(issuerId, programId)
  return program && termsAt(program.terms, now)
}

/** The decision with what its benefit draws on; where the pots have nothing, another one. */
function drawn(
  { funding }: WishDeps,
  { issuerId, programId, now }: Wished & { readonly now: Instant },
  decision: PurchaseDecision,
): Pick<DecidedWish, 'decision' | 'draws'> {
  if (decision.outcome === 'declined') return { decision, draws: [] }
  const shares = decision.quote.fundingShares
  const choice = chooseDraws(funding.pots(issuerId), { programId, shares, now })
  return choice.status === 'drawn'
    ? { decision, draws: choice.draws }
    : { decision: { outcome: 'declined', reason: choice.status }, draws: [] }
}
