/** What a member may still buy, by the caps and the decision that a purchase itself meets. For looking only. */
import {
  businessMonth,
  firstDecline,
  won,
  type DeclineReason,
  type IssuerId,
  type PotDraw,
  type Won,
} from '../base/base.ts'
import {
  purchaseAllowance,
  saleStateOf,
  smallestPurchaseWon,
  type PurchaseAllowance,
  type SaleState,
} from '../issuing/issuing.ts'
import type { ProgramReading } from '../ledger/ledger.ts'
import { forMember, termsOf } from './decided-wish.ts'
import type { PurchaseCommand, SellingDeps } from './selling.ts'

export type AllowanceAsked = Pick<PurchaseCommand, 'issuerId' | 'member' | 'walletId' | 'programId'>

/** `refusal`: why not even the smallest purchase would be taken now. */
export interface ToldAllowance extends PurchaseAllowance {
  readonly status: 'told'
  /** `YYYY-MM`, of now. */
  readonly month: string
  readonly saleState: SaleState
  readonly smallestWon: Won
  readonly unitWon: Won
}

export type AllowanceAnswer =
  | ToldAllowance
  | { readonly status: 'declined'; readonly reason: DeclineReason }

/** Throws the ledger's Faults. */
export type AskAllowance = (asked: AllowanceAsked) => Promise<AllowanceAnswer>

export type AllowanceDeps = Pick<SellingDeps, 'issuing' | 'funding' | 'clock'> & {
  readonly counting: Pick<ProgramReading, 'purchaseCounts' | 'potUses'>
}

export function createAllowance(deps: AllowanceDeps): AskAllowance {
  return async (asked) => {
    const { issuerId, walletId, programId } = asked
    const now = deps.clock()
    const terms = termsOf(deps, asked, now)
    if (terms === undefined) return { status: 'declined', reason: 'program_unknown' }
    const smallestWon = smallestPurchaseWon(terms)
    const { decision, draws, caps } = forMember(deps, { ...asked, faceWon: smallestWon })
    const month = businessMonth(now)
    const groups = [[programId], ...caps.holdingCaps.map(({ programIds }) => programIds)]
    const wanted = { walletId, programId, month, groups }
    const { heldWon, ...counted } = await deps.counting.purchaseCounts(issuerId, wanted, now)
    const [ownWon = won(0), ...heldTogetherWon] = heldWon
    const counts = { ...counted, heldWon: ownWon, heldTogetherWon }
    const allowance = purchaseAllowance({ programId, terms, caps, counts })
    const reasons = [
      ...(decision.outcome === 'declined' ? [decision.reason] : []),
      ...(allowance.refusal === undefined ? [] : [allowance.refusal]),
      ...((await potsHave(deps, issuerId, draws)) ? [] : (['budget_exhausted'] as const)),
    ]
    const refusal = firstDecline(reasons)
    return {
      status: 'told',
      month,
      saleState: saleStateOf(terms, now),
      smallestWon,
      unitWon: terms.purchaseUnitWon,
      ...allowance,
      refusal,
      buyableWon: refusal === undefined ? allowance.buyableWon : won(0),
    }
  }
}

/** Whether the funders' pots have what the smallest purchase draws; a larger one may still find too little. */
async function potsHave(
  { counting }: AllowanceDeps,
  issuerId: IssuerId,
  draws: readonly PotDraw[],
): Promise<boolean> {
  if (draws.length === 0) return true
  const used = await counting.potUses(
    issuerId,
    draws.map(({ potId }) => potId),
  )
  return draws.every(
    ({ potId, amountWon, limitWon }) => (used.get(potId) ?? 0) + amountWon <= limitWon,
  )
}
