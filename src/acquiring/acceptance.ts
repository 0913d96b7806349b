/**
 * Which money a merchant may take. The rules come from a program's terms, which this room does not
 * know: it names only the shape that it reads.
 */
import type { IssuerId, LotKind, ProgramId, Tender, Won } from '../base/base.ts'
import type { Merchant, Outlet } from './merchant.ts'

/** Where a program's money may be spent; `ProgramTerms.merchantRules` of issuing has this shape. */
export interface AcceptanceRules {
  readonly revenueWonMax: Readonly<Record<LotKind, Won | null>>
  readonly sectorsRefused: readonly string[]
  readonly districtsAllowed: readonly string[] | null
}

/**
 * Why a merchant may not take a lot, in order of precedence; detail beside
 * `merchant_not_eligible`.
 */
export const acceptanceRefusals = [
  'sector_refused',
  'district_not_allowed',
  'revenue_above_limit',
] as const
export type AcceptanceRefusal = (typeof acceptanceRefusals)[number]

/**
 * Why `merchant` may not take lots of `kind` at `outlet`; `undefined` where it may. The district
 * is the outlet's, not that of the merchant's seat. Whether merchant and outlet are active is
 * asked elsewhere.
 */
export function accepts(
  rules: AcceptanceRules,
  merchant: Pick<Merchant, 'sector' | 'annualRevenueWon'>,
  outlet: Pick<Outlet, 'district'>,
  kind: LotKind,
): AcceptanceRefusal | undefined {
  if (rules.sectorsRefused.includes(merchant.sector)) return 'sector_refused'
  if (rules.districtsAllowed !== null && !rules.districtsAllowed.includes(outlet.district)) {
    return 'district_not_allowed'
  }
  const revenueWonMax = rules.revenueWonMax[kind]
  if (revenueWonMax !== null && merchant.annualRevenueWon > revenueWonMax) {
    return 'revenue_above_limit'
  }
  return undefined
}

/** What this room reads of the terms in force of one program. */
export interface AcceptingProgram {
  readonly programId: ProgramId
  readonly issuerId: IssuerId
  readonly kind: LotKind
  readonly tenderRank: number
  readonly paymentSuspended: boolean
  readonly merchantRules: AcceptanceRules
}

/**
 * The kinds of lots that a program of a kind brings forth, in the order in which they are consumed:
 * what was given goes before what was bought, because only the bought can be paid back.
 */
export const kindsOfProgram: Readonly<Record<LotKind, readonly LotKind[]>> = {
  purchase: ['cashback', 'gift', 'purchase'],
  stipend: ['stipend'],
  cashback: ['cashback'],
  gift: ['gift'],
}

export interface RefusedTender extends Tender {
  readonly because: AcceptanceRefusal | 'payment_suspended'
}

export interface EligibleTenders {
  /** In the order in which a payment consumes them, where the member chose no other. */
  readonly tenders: readonly Tender[]
  readonly refused: readonly RefusedTender[]
}

/**
 * Sorts the issuer's money into what may be spent at an outlet and what may not, by the programs'
 * tender rank and then by program id. Programs of other issuers are left out.
 * @param request.termsInForce one version for each program, the one in force
 */
export function eligibleTenders(request: {
  readonly merchant: Merchant
  readonly outlet: Outlet
  readonly termsInForce: readonly AcceptingProgram[]
}): EligibleTenders {
  const { merchant, outlet } = request
  const tenders: Tender[] = []
  const refused: RefusedTender[] = []
  const programs = request.termsInForce
    .filter((program) => program.issuerId === merchant.issuerId)
    .toSorted((a, b) => a.tenderRank - b.tenderRank || a.programId - b.programId)
  for (const program of programs) {
    for (const kind of kindsOfProgram[program.kind]) {
      const tender: Tender = { programId: program.programId, kind }
      // Suspended is only what could be spent here otherwise: that money is frozen, the rest was never for this shop.
      const because =
        accepts(program.merchantRules, merchant, outlet, kind) ??
        (program.paymentSuspended ? 'payment_suspended' : undefined)
      if (because === undefined) tenders.push(tender)
      else refused.push({ ...tender, because })
    }
  }
  return { tenders, refused }
}
