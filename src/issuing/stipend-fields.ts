/** The fields of a program's rules about stipends. */
import { higher, lower, type TermsField } from './change-areas.ts'

export const stipendFields: readonly TermsField[] = [
  {
    path: 'stipend',
    ko: '정책수당 조건',
    en: 'stipend rules',
    area: 'benefit',
    unit: 'list',
    isWorse: (_before, after) => after.stipend === null,
  },
  {
    path: 'stipend.ageMin',
    ko: '수당 최소 나이',
    en: 'least age of a stipend',
    area: 'benefit',
    unit: 'count',
    isWorse: higher((terms) => terms.stipend?.ageMin ?? 0),
  },
  {
    path: 'stipend.validityDays',
    ko: '수당 사용 기간(일)',
    en: 'days to spend a stipend',
    area: 'validity',
    unit: 'count',
    isWorse: lower((terms) => terms.stipend?.validityDays ?? null),
  },
  {
    path: 'stipend.joinDays',
    ko: '수당 가입 기간(일)',
    en: 'days to join for a stipend',
    area: 'benefit',
    unit: 'count',
    isWorse: lower((terms) => terms.stipend?.joinDays ?? 0),
  },
  {
    path: 'stipend.appealDays',
    ko: '수당 이의신청 기간(일)',
    en: 'days to appeal',
    area: 'benefit',
    unit: 'count',
    isWorse: lower((terms) => terms.stipend?.appealDays ?? 0),
  },
  {
    path: 'stipend.appealAnswerDays',
    ko: '이의신청 답변 기간(일)',
    en: 'days to answer an appeal',
    area: 'benefit',
    unit: 'count',
    isWorse: higher((terms) => terms.stipend?.appealAnswerDays ?? 0),
  },
  {
    path: 'stipend.clawbackAtExpiry',
    ko: '만료 잔액 환수',
    en: 'clawback at expiry',
    area: 'settlement',
    unit: 'flag',
  },
  {
    path: 'stipend.retentionDays',
    ko: '대상자 명단 보관(일)',
    en: 'days a list is kept',
    area: 'wording',
    unit: 'count',
  },
]
