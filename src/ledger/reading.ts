/** History and figures: what members, merchants, clearing and stand-in read. One issuer a call. */
import type {
  BusinessDate,
  Instant,
  IssuerId,
  MerchantId,
  OperationId,
  OutletId,
  PartnerId,
  WalletId,
  Won,
} from '../base/base.ts'
import type { CardBooking, RecordedOperation } from './ledger.ts'

/** Where a page of history begins: strictly older than this. */
export interface OperationCursor {
  bookedAt: Instant
  operationId: OperationId
}

/** What an outlet took and gave back on one Korean day, cards too; a cancellation counts on its own day. */
export interface OutletDay {
  day: BusinessDate
  /** `undefined` where the code named none. */
  outletId: OutletId | undefined
  payments: number
  paymentsWon: Won
  cancellations: number
  cancellationsWon: Won
}

/** History, newest first unless said otherwise; one issuer a call. */
export interface LedgerReading {
  /** Whether a purchase for the wallet waits for the bank's word: money may still come. */
  awaitsPurchase(issuerId: IssuerId, walletId: WalletId): Promise<boolean>
  walletOperations(
    issuerId: IssuerId,
    walletId: WalletId,
    page: { before?: OperationCursor; limit: number },
  ): Promise<RecordedOperation[]>
  merchantOperations(
    issuerId: IssuerId,
    merchantId: MerchantId,
    page: { before?: OperationCursor; limit: number },
  ): Promise<RecordedOperation[]>
  /** Oldest first, booked after an instant: what a live feed follows. */
  merchantOperationsSince(
    issuerId: IssuerId,
    merchantId: MerchantId,
    after: Instant,
    limit: number,
  ): Promise<RecordedOperation[]>
  /** Sums from an instant until just before another, by day and then outlet; days without any are left out. */
  merchantDays(
    issuerId: IssuerId,
    merchantId: MerchantId,
    period: { from: Instant; until: Instant },
  ): Promise<OutletDay[]>
  /**
   * Captured less cancelled less paid out, in won; card payments are owed to the card company and do not count.
   */
  merchantPayable(issuerId: IssuerId, merchantId: MerchantId): Promise<Won>
}

/** What clearing, totals and stand-in read; one issuer a call. */
export interface CardReading {
  /**
   * Card operations of a partner's business date, by operation id; a page after one of them. The declined ones too, and
   * holds, releases and settlements: who sums looks at their kinds.
   */
  cardOperations(
    issuerId: IssuerId,
    card: CardBooking,
    page: { after?: OperationId; limit: number },
  ): Promise<RecordedOperation[]>
  /** Card holds booked before an instant that nothing closed, oldest first. */
  openCardHolds(issuerId: IssuerId, before: Instant, limit: number): Promise<RecordedOperation[]>
  /** What the issuer owes the partner: captured less cancelled less settled. */
  cardClearing(issuerId: IssuerId, partnerId: PartnerId): Promise<Won>
}
