/** Cases and reports of errors as officers see them. */
import type { paths } from '../api/schema.ts'

type Base = '/v1/issuers/{issuerCode}'
export type Due =
  paths[`${Base}/cases/due`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Case =
  paths[`${Base}/cases`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Report =
  paths[`${Base}/cases/{caseId}/report`]['get']['responses'][200]['content']['application/json']
export type RefundRequest =
  paths[`${Base}/refund-requests`]['get']['responses'][200]['content']['application/json']['items'][number]

/** Whether something was said that the desk has to answer. */
export function isReport(kind: Case['kind']): boolean {
  return kind === 'error_report' || kind === 'dispute'
}
