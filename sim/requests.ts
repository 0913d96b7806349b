/** What clients send to the core and what they are told, as the doors would carry it. */
import type {
  ConsumerCodePayment,
  MerchantCodePayment,
  PaymentCancellation,
} from '../src/authorization/authorization.ts'
import type { DeclineReason, FaultCode, IssuerId, OperationId, Won } from '../src/base/base.ts'
import type { IssueRequest, Leg } from '../src/ledger/ledger.ts'
import type { PurchaseCommand } from '../src/selling/selling.ts'

/** A wish for money to move, under the key that its client made. */
export type MoneyRequest =
  | { readonly kind: 'merchant_code_payment'; readonly body: MerchantCodePayment }
  | { readonly kind: 'consumer_code_payment'; readonly body: ConsumerCodePayment }
  | { readonly kind: 'cancellation'; readonly body: PaymentCancellation }
  | { readonly kind: 'purchase'; readonly body: PurchaseCommand }
  | { readonly kind: 'grant'; readonly body: IssueRequest & { readonly issuerId: IssuerId } }

/** «What became of my key?» */
export interface EnquiryRequest {
  readonly kind: 'enquiry'
  readonly about: MoneyRequest['kind']
  readonly body: { readonly issuerId: IssuerId; readonly operationId: OperationId }
}

export type CoreRequest = MoneyRequest | EnquiryRequest

export type CoreAnswer =
  | { readonly kind: 'posted'; readonly amountWon: Won; readonly legs: readonly Leg[] }
  | {
      readonly kind: 'declined'
      readonly reason: DeclineReason
      /** False for a consumer code that names no phone: there is no wallet to record it under. */
      readonly recorded: boolean
    }
  | { readonly kind: 'pending' }
  | { readonly kind: 'key_reused' }
  /** To an enquiry: the key is not known, repeat it. */
  | { readonly kind: 'key_unknown' }
  | { readonly kind: 'fault'; readonly code: FaultCode; readonly certain: boolean }

/** One line for the journal. */
export function textOfRequest(request: CoreRequest): string {
  switch (request.kind) {
    case 'merchant_code_payment':
      return `pay ${request.body.amountWon ?? 'as coded'} by merchant code`
    case 'consumer_code_payment':
      return `pay ${request.body.amountWon} by consumer code`
    case 'cancellation':
      return `cancel ${request.body.amountWon ?? 'all'} of ${request.body.paymentId}`
    case 'purchase':
      return `buy ${request.body.faceWon}`
    case 'grant':
      return `grant ${request.body.kind} lot ${request.body.lotId}`
    default:
      return `enquire ${request.about}`
  }
}

/** @see textOfRequest */
export function textOfAnswer(answer: CoreAnswer): string {
  switch (answer.kind) {
    case 'posted':
      return `posted ${answer.amountWon}`
    case 'declined':
      return `declined ${answer.reason}`
    case 'fault':
      return `fault ${answer.code}`
    default:
      return answer.kind
  }
}
