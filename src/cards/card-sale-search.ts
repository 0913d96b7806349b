/** Card sales as an operator seeks them: what the ledger recorded of each, and what that meant where it was paid. */
import {
  formatId,
  type BusinessDate,
  type CaseId,
  type DeclineReason,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type OutletId,
  type PartnerId,
  type Won,
} from '../base/base.ts'
import { approvalCode, cardActors, wasTold } from './card-operation.ts'
import { verdictOfDecline } from './sale-policy.ts'

/** Both ends count. */
export const CARD_SALE_DAYS_MAX = 31

/**
 * - `core`: it was asked and answered, or told afterwards what it had answered.
 * - `standin`: a gateway answered for it.
 * - `partner`: the card company decided by itself and told us.
 * - `later`: nobody at the till: what came of an earlier sale, such as its completion, or its conversion.
 */
export const cardSaleDeciders = ['core', 'standin', 'partner', 'later'] as const
export type CardSaleDecider = (typeof cardSaleDeciders)[number]

/**
 * What paid. Of an approved sale it is the voucher, and perhaps the account for a rest that the books do not have.
 * `unknown`: the till had heard an approval before the wallet turned out not to have the money.
 */
export const cardSaleSources = ['voucher', 'account', 'none', 'unknown'] as const
export type CardSaleSource = (typeof cardSaleSources)[number]

export interface SoughtCardSales {
  readonly issuerId: IssuerId
  readonly partnerIds: readonly PartnerId[]
  /** By the business dates of the card companies. */
  readonly from: BusinessDate
  readonly through: BusinessDate
  readonly approvalCode: string | undefined
  /** Of a card that the payer has, or had, with the company. */
  readonly lastFour: string | undefined
  readonly outcome: 'approved' | 'declined' | undefined
  readonly before: CardSalePlace | undefined
  readonly limit: number
}

/** Where a page ended. */
export type CardSalePlace = Pick<FoundCardSale, 'at' | 'operationId'>

export interface FoundCardSale {
  readonly operationId: OperationId
  readonly at: Instant
  /** `undefined`: it was approved. */
  readonly decline: DeclineReason | undefined
  readonly merchantId: MerchantId | undefined
  readonly outletId: OutletId | undefined
  /** What was taken from the voucher, or asked for where it was declined. */
  readonly amountWon: Won
  readonly partnerId: PartnerId
  readonly actor: string | undefined
  /** Something of it was given back afterwards. */
  readonly isCancelled: boolean
  /** Of the payer's cards with that company: more than one where the books cannot tell which of them it was. */
  readonly lastFours: readonly string[]
  readonly caseIds: readonly CaseId[]
}

/** At most `limit`, the newest first. */
export type CardSaleSearch = (sought: SoughtCardSales) => Promise<readonly FoundCardSale[]>

export function deciderOf({
  actor,
  partnerId,
}: Pick<FoundCardSale, 'actor' | 'partnerId'>): CardSaleDecider {
  if (actor === cardActors.standin) return 'standin'
  if (actor === cardActors.partner) return 'partner'
  return actor === cardActors.core || actor === formatId('prt', partnerId) ? 'core' : 'later'
}

export function sourceOf({ actor, decline }: FoundCardSale): CardSaleSource {
  if (decline === undefined) return 'voucher'
  if (wasTold(actor)) return 'unknown'
  return verdictOfDecline(decline) === 'not_applicable' ? 'account' : 'none'
}

/** What stands on the slip: refusals have none, and of what came later it is not to be had from the books. */
export function approvalCodeOf(sale: FoundCardSale): string | undefined {
  const isOnSlip = sale.decline === undefined || wasTold(sale.actor)
  return isOnSlip && deciderOf(sale) !== 'later' ? approvalCode(sale.operationId) : undefined
}
