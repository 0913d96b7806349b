/** A request for a full refund as the rooms and doors see it. */
import type { CaseId, IssuerId } from '../base/base.ts'
import type { RecordOf, RefundRequestBody } from '../registration/registration.ts'
import type { MoneyRefused } from './return-answer.ts'

/** Of what a member or an officer says about a request. */
export const WORDS_LENGTH_MAX = 400

export interface RefundRequest extends RefundRequestBody {
  readonly issuerId: IssuerId
  readonly recordId: CaseId
}

export type RequestAnswer =
  | { readonly status: 'registered'; readonly request: RefundRequest }
  | MoneyRefused
  | { readonly status: 'field_invalid'; readonly field: string }
  | { readonly status: 'key_reused' }

export function requestOf(
  issuerId: IssuerId,
  { recordId, body }: RecordOf<'refund_request'>,
): RefundRequest {
  // The record id of a request is drawn as a case's.
  return { issuerId, recordId: recordId as CaseId, ...body }
}
