/**
 * Refunding: what a member gets back for a lot. A purchase that was not used is cancelled, what is left of a used lot
 * is refunded less the funders' support, and on the grounds of the law it is refunded in full. Rules are in `issuing`,
 * money moves in the ledger, and the payout to the member's account is made in the same commit.
 */
import type { CaseId, IssuerId, MemberId } from '../base/base.ts'
import { readRecord, recordOf, type RecordPage } from '../registration/registration.ts'
import {
  cancelPurchase,
  cancelPurchaseOf,
  type Payee,
  type PurchaseCancellation,
} from './cancel-purchase.ts'
import {
  previewRefund,
  refundLot,
  type RefundCommand,
  type RefundLook,
  type RefundPreview,
} from './refund-lot.ts'
import { payRequest, decideRequest, type RequestDecision } from './refund-decision.ts'
import { requestOf, type RefundRequest, type RequestAnswer } from './refund-request.ts'
import { requestRefund, requestsOf, type FullRefundRequest } from './refund-requests.ts'
import type { RefundingDeps } from './refunding-deps.ts'
import type { MoneyRefused, ReturnAnswer } from './return-answer.ts'

export { type Payee, type PurchaseCancellation } from './cancel-purchase.ts'
export { type RefundCommand, type RefundLook, type RefundPreview } from './refund-lot.ts'
export { type RequestDecision } from './refund-decision.ts'
export { type RefundRequest, type RequestAnswer } from './refund-request.ts'
export { type FullRefundRequest } from './refund-requests.ts'
export { type Presents, type RefundingDeps } from './refunding-deps.ts'
export { type MoneyRefused, type ReturnAnswer } from './return-answer.ts'

/** Pages of approved requests that one look at them turns; many only ever wait where wallets are stopped. */
const PAGES_MAX = 20

/** All methods throw the ledger's and the registry's Faults; a no is a value. */
export interface Refunding {
  cancelPurchase(command: PurchaseCancellation): Promise<ReturnAnswer>
  /** Of a holder who is no member, such as a corporation. */
  cancelPurchaseOf(command: PurchaseCancellation, payee: Payee): Promise<ReturnAnswer>
  preview(look: RefundLook): Promise<RefundPreview | MoneyRefused>
  refund(command: RefundCommand): Promise<ReturnAnswer>
  requestFullRefund(command: FullRefundRequest): Promise<RequestAnswer>
  decideRequest(decision: RequestDecision): Promise<RequestAnswer>
  request(issuerId: IssuerId, recordId: CaseId): Promise<RefundRequest | undefined>
  requestsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly RefundRequest[]>
  /** Newest first. */
  requests(issuerId: IssuerId, page: RecordPage): Promise<readonly RefundRequest[]>
  /** Posts requests that were approved and are not paid yet, `limit` of a page. @returns how many still wait */
  payApproved(issuerId: IssuerId, limit: number): Promise<number>
}

export function createRefunding(deps: RefundingDeps): Refunding {
  const requests = async (
    issuerId: IssuerId,
    page: RecordPage,
  ): Promise<readonly RefundRequest[]> => {
    const stored = await deps.registry.list(issuerId, 'refund_request', page)
    return stored.map((each) => requestOf(issuerId, recordOf('refund_request', each)))
  }
  return {
    cancelPurchase: (command) => cancelPurchase(deps, command),
    cancelPurchaseOf: (command, payee) => cancelPurchaseOf(deps, command, payee),
    preview: (look) => previewRefund(deps, look),
    refund: (command) => refundLot(deps, command),
    requestFullRefund: (command) => requestRefund(deps, command),
    decideRequest: (decision) => decideRequest(deps, decision),
    async request(issuerId, recordId) {
      const record = await readRecord(deps.registry, issuerId, 'refund_request', recordId)
      return record && requestOf(issuerId, record)
    },
    requestsOf: (issuerId, memberId) => requestsOf(deps, issuerId, memberId),
    requests,
    async payApproved(issuerId, limit) {
      let waiting = 0
      let before: number | undefined
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const approved = { state: 'approved', limit, ...(before === undefined ? {} : { before }) }
        const found = await requests(issuerId, approved)
        for (const request of found) {
          const paid = await payRequest(deps, request)
          if (paid.state === 'approved') waiting += 1
        }
        if (found.length < limit) break
        before = found.at(-1)?.recordId
      }
      return waiting
    },
  }
}
