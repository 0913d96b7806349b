/** Card sales as an operator seeks them: what the ledger recorded of each, and who decided it. */
import type {
  BusinessDate,
  DeclineReason,
  Instant,
  IssuerId,
  MerchantId,
  OperationId,
  OutletId,
  PartnerId,
  WalletId,
  Won,
} from '../base/base.ts'

/** Of one search. */
export const CARD_SALES_MAX = 100
/** Both ends count. */
export const CARD_SALE_DAYS_MAX = 31

/**
 * - `core`: it was asked and answered, or told afterwards what it had answered.
 * - `standin`: a gateway answered for it.
 * - `partner`: the card company decided by itself and told us.
 */
export const cardSaleDeciders = ['core', 'standin', 'partner'] as const
export type CardSaleDecider = (typeof cardSaleDeciders)[number]

export interface SoughtCardSales {
  readonly issuerId: IssuerId
  readonly partnerIds: readonly PartnerId[]
  /** By the business dates of the card companies. */
  readonly from: BusinessDate
  readonly through: BusinessDate
  readonly approvalCode: string | undefined
  readonly outcome: 'approved' | 'declined' | undefined
}

export interface FoundCardSale {
  readonly operationId: OperationId
  readonly at: Instant
  /** `undefined`: it was approved. */
  readonly decline: DeclineReason | undefined
  readonly walletId: WalletId | undefined
  readonly merchantId: MerchantId | undefined
  readonly outletId: OutletId | undefined
  /** What was taken from the voucher, or asked for where it was declined. */
  readonly amountWon: Won
  readonly partnerId: PartnerId
  readonly decidedBy: CardSaleDecider
  /** Something of it was given back afterwards. */
  readonly isCancelled: boolean
}

/** At most `CARD_SALES_MAX`, the newest first. */
export type CardSaleSearch = (sought: SoughtCardSales) => Promise<readonly FoundCardSale[]>
