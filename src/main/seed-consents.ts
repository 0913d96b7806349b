/** The consents of invented people to debits from their invented accounts. */
import { createHash } from 'node:crypto'
import { id, type CaseId, type MemberId } from '../base/base.ts'
import { DEMONSTRATION_BEGINS_AT } from '../demonstration/demonstration.ts'
import { naturalKey, newRecord, type NewRecord } from '../registration/registration.ts'

/** The text that the demonstration's people agreed to. */
const TEXT = '상품권 구매 대금을 연결한 계좌에서 출금하는 데 동의합니다.'

/** A member's consent bears the member's number: each invented person has one. */
export function consentOf(memberId: MemberId): CaseId {
  return id('cas', memberId)
}

export function sampleConsent(memberId: MemberId, personId: string): NewRecord {
  const consentId = consentOf(memberId)
  return newRecord('consent', {
    recordId: consentId,
    version: 1,
    body: {
      memberId,
      purpose: 'account_debit',
      textVersion: 'demonstration',
      textHash: createHash('sha256').update(TEXT).digest('hex'),
      at: DEMONSTRATION_BEGINS_AT,
      device: 'demonstration',
      method: 'app',
      subject: `account-${personId}`,
      revokedAt: null,
    },
    keys: [naturalKey.ofMember(memberId, consentId)],
  })
}
