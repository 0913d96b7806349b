/**
 * May this card sale be paid by voucher, and from which wallet? Policy only, the same in the core and in stand-in:
 * balances are the ledger's, and limits of stand-in are that room's.
 *
 * Several wallets may stand behind one card: the merchant's municipality decides, and among several issuers of one
 * merchant the municipality comes before a ministry.
 */
import { eligibleTenders, type Merchant, type Outlet } from '../acquiring/acquiring.ts'
import { decidePayment } from '../authorization/authorization.ts'
import type {
  CardLinkId,
  DeclineReason,
  Instant,
  IssuerId,
  Tender,
  WalletId,
} from '../base/base.ts'
import {
  termsAt,
  type FallbackPreference,
  type IssuingDirectory,
  type ProgramTerms,
} from '../issuing/issuing.ts'
import type { CardLinkBody } from '../registration/registration.ts'
import type { CardReason } from './card-answer.ts'
import type { CardSale, CardVerdict } from './card-message.ts'

export interface CardLink extends CardLinkBody {
  readonly issuerId: IssuerId
  readonly linkId: CardLinkId
}

/** Where a sale was made, with one of the issuers that know the merchant. */
export interface SalePlace {
  readonly merchant: Merchant
  /** `undefined` where the merchant has no outlet of that number. */
  readonly outlet: Outlet | undefined
}

export interface SaleFacts {
  readonly places: readonly SalePlace[]
  /** Active links of the card with the issuers of `places`. */
  readonly links: readonly CardLink[]
  readonly issuing: Pick<IssuingDirectory, 'issuer' | 'programs'>
  readonly walletStopped: (issuerId: IssuerId, walletId: WalletId) => boolean
}

export interface EligibleSale {
  readonly ruling: 'eligible'
  readonly issuerId: IssuerId
  readonly merchant: Merchant
  readonly outlet: Outlet
  readonly link: CardLink
  /** In the order of consumption; never empty. */
  readonly tenders: readonly Tender[]
  /** The terms in force of each program among the tenders. */
  readonly terms: readonly ProgramTerms[]
  /** True where terminal, cardholder and every program allow that the account pays the rest. */
  readonly partialAllowed: boolean
  /**
   * Payment by a program whose money could pay here is suspended. It may be what the cardholder counts on, so what the
   * other money does not cover is declined and never left to the account.
   */
  readonly frozen: boolean
  readonly onUnknown: FallbackPreference
}

/**
 * `not_applicable` is a positive statement: this money has nothing to do with this sale, the account may pay.
 * `declined`: nobody shall pay.
 */
export interface RefusedSale {
  readonly ruling: 'not_applicable' | 'declined'
  readonly reason: CardReason
  /** Present where a wallet was found: the refusal is recorded under it. */
  readonly found?: {
    readonly issuerId: IssuerId
    readonly merchant: Merchant
    readonly outlet: Outlet | undefined
    readonly link: CardLink
  }
}

export type SaleRuling = EligibleSale | RefusedSale

/**
 * What each reason stands for on the card path. A reason that says something about the voucher only leaves the sale to
 * the account; what is about the person, the amount or the sale itself, or about nothing a sale could meet, lets nobody
 * pay: the account is never debited for want of a better word. Nor does it pay for money that is there and frozen.
 */
export const verdictOfReason = {
  code_invalid: 'declined',
  code_expired: 'declined',
  code_of_other_issuer: 'declined',
  amount_differs_from_code: 'declined',
  amount_missing: 'declined',
  reversed_first: 'declined',
  cardholder_chose_card: 'not_applicable',
  merchant_unknown: 'not_applicable',
  merchant_not_active: 'not_applicable',
  outlet_closed: 'not_applicable',
  wallet_unknown: 'declined',
  wallet_stopped: 'declined',
  member_too_young: 'not_applicable',
  own_shop: 'not_applicable',
  amount_above_limit: 'declined',
  merchant_not_eligible: 'not_applicable',
  program_suspended: 'declined',
  code_already_used: 'declined',
  insufficient_funds: 'not_applicable',
  payment_unknown: 'declined',
  payment_of_other_merchant: 'declined',
  cancel_exceeds_payment: 'declined',
  hold_unknown: 'declined',
  hold_closed: 'declined',
  capture_exceeds_hold: 'declined',
  settlement_exceeds_clearing: 'declined',
  program_unknown: 'declined',
  sale_not_open: 'declined',
  amount_not_offered: 'declined',
  purchase_cap_exceeded: 'declined',
  holding_cap_exceeded: 'declined',
  sold_out: 'declined',
  budget_exhausted: 'declined',
  bank_refused: 'declined',
  purchase_unknown: 'declined',
  purchase_closed: 'declined',
  key_reused: 'declined',
  merchant_not_registered: 'not_applicable',
  card_not_linked: 'not_applicable',
  standin_limit_exceeded: 'unknown',
  core_unreachable: 'unknown',
  standin_forbidden: 'unknown',
  standin_snapshot_too_old: 'unknown',
  standin_store_full: 'unknown',
  gateway_busy: 'unknown',
  signed_off: 'unknown',
  totals_differ: 'declined',
} as const satisfies Record<DeclineReason, 'not_applicable' | 'declined'> &
  Record<CardReason, CardVerdict>

/** The verdict that a decline of policy or of the ledger stands for on the card path. */
export function verdictOfDecline(reason: DeclineReason): 'not_applicable' | 'declined' {
  return verdictOfReason[reason]
}

/** Rules by the terms in force at `now`; of several places the first that is eligible is taken. */
export function ruleOnSale(sale: CardSale, facts: SaleFacts, now: Instant): SaleRuling {
  if (facts.places.length === 0) {
    return { ruling: 'not_applicable', reason: 'merchant_not_registered' }
  }
  const rulings = inOrder(facts).flatMap((place) => {
    const { issuerId } = place.merchant
    const link = facts.links.find((each) => each.issuerId === issuerId && each.active)
    return link === undefined ? [] : [ruleAt(sale, place, link, facts, now)]
  })
  const eligible = rulings.find((ruling) => ruling.ruling === 'eligible')
  if (eligible === undefined) {
    return rulings[0] ?? { ruling: 'not_applicable', reason: 'card_not_linked' }
  }
  const frozen = rulings.some((ruling) =>
    ruling.ruling === 'eligible' ? ruling.frozen : ruling.reason === 'program_suspended',
  )
  return { ...eligible, frozen, partialAllowed: eligible.partialAllowed && !frozen }
}

function inOrder({ places, issuing }: SaleFacts): readonly SalePlace[] {
  const rank = ({ merchant }: SalePlace): number =>
    issuing.issuer(merchant.issuerId)?.kind === 'municipality' ? 0 : 1
  return places.toSorted((a, b) => rank(a) - rank(b) || a.merchant.issuerId - b.merchant.issuerId)
}

function ruleAt(
  sale: CardSale,
  { merchant, outlet }: SalePlace,
  link: CardLink,
  facts: SaleFacts,
  now: Instant,
): SaleRuling {
  const { issuerId } = merchant
  const found = { issuerId, merchant, outlet, link }
  if (link.spending === 'card_first') {
    return { ruling: 'not_applicable', reason: 'cardholder_chose_card', found }
  }
  // What corporations bought may be barred from cards: then it has nothing to do with this sale.
  const programs = facts.issuing
    .programs(issuerId)
    .filter((program) => termsAt(program.terms, now)?.corporate?.payableByCard !== false)
  const { tenders, refusal } = decidePayment(
    {
      merchant,
      outlet,
      programs,
      payerPersonId: link.personId,
      walletStopped: facts.walletStopped(issuerId, link.walletId),
      amountWon: sale.amountWon,
    },
    now,
  )
  if (refusal !== undefined || outlet === undefined) {
    const reason = refusal ?? 'merchant_unknown'
    return { ruling: verdictOfDecline(reason), reason, found }
  }
  const termsInForce = programs.flatMap((program) => termsAt(program.terms, now) ?? [])
  const terms = termsInForce.filter(({ programId }) =>
    tenders.some((tender) => tender.programId === programId),
  )
  const { refused } = eligibleTenders({ merchant, outlet, termsInForce })
  return {
    ruling: 'eligible',
    ...found,
    outlet,
    tenders,
    terms,
    partialAllowed: sale.partialAllowed && terms.every((each) => each.splitTender),
    frozen: refused.some(({ because }) => because === 'payment_suspended'),
    onUnknown: link.onUnknown ?? preferenceOf(terms),
  }
}

/** Debiting somebody's account needs every program's word. */
function preferenceOf(terms: readonly ProgramTerms[]): FallbackPreference {
  return terms.every((each) => each.fallbackPreference === 'provisional_debit')
    ? 'provisional_debit'
    : 'decline'
}
