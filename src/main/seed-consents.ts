/** What invented people agreed to: the texts that every member agrees to, and debits from their invented accounts. */
import { createHash } from 'node:crypto'
import { id, type CaseId, type MemberId } from '../base/base.ts'
import { DEMONSTRATION_BEGINS_AT } from '../demonstration/demonstration.ts'
import {
  consentKeys,
  naturalKey,
  newRecord,
  type AgreeablePurpose,
  type ConsentPurpose,
  type NewRecord,
} from '../registration/registration.ts'

/** The texts that the demonstration's people agreed to. */
const texts = {
  account_debit: '상품권 구매 대금을 연결한 계좌에서 출금하는 데 동의합니다.',
  terms_of_service: '두레 지역사랑상품권 이용약관에 동의합니다.',
  personal_data: '가입과 이용에 필요한 개인정보를 수집하고 이용하는 데 동의합니다.',
  third_party_municipality: '이용 내역을 발행 지방자치단체에 제공하는 데 동의합니다.',
} as const satisfies Partial<Record<ConsentPurpose, string>>
const required = [
  'terms_of_service',
  'personal_data',
  'third_party_municipality',
] as const satisfies readonly AgreeablePurpose[]
/** Above every number of an invented member, below every number that an id source makes. */
const CONSENTS_BEGIN = 1_000_000

/** A member's consent to debits bears the member's number: each invented person has one. */
export function consentOf(memberId: MemberId): CaseId {
  return id('cas', memberId)
}

export function sampleConsents(memberId: MemberId, personId: string): NewRecord[] {
  const debitId = consentOf(memberId)
  return [
    newRecord('consent', {
      recordId: debitId,
      version: 1,
      body: bodyOf(memberId, 'account_debit', `account-${personId}`),
      keys: [naturalKey.ofMember(memberId, debitId)],
    }),
    ...required.map((purpose, index) => {
      const consentId = id('cas', CONSENTS_BEGIN * (index + 1) + memberId)
      return newRecord('consent', {
        recordId: consentId,
        version: 1,
        body: bodyOf(memberId, purpose, null),
        keys: consentKeys(memberId, purpose, consentId, 0),
      })
    }),
  ]
}

function bodyOf(memberId: MemberId, purpose: keyof typeof texts, subject: string | null) {
  return {
    memberId,
    purpose,
    textVersion: 'demonstration',
    textHash: createHash('sha256').update(texts[purpose]).digest('hex'),
    at: DEMONSTRATION_BEGINS_AT,
    device: 'demonstration',
    method: 'app' as const,
    subject,
    revokedAt: null,
    revokedBy: null,
  }
}
