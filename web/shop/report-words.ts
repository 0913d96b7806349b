/** Words of reports: what they are about, and how they stand. */
import type { paths } from '../api/schema.ts'
import type { Tone } from '../ui/telling.tsx'

type ReportsPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/reports'
export type Report =
  paths[ReportsPath]['get']['responses'][200]['content']['application/json']['items'][number]

/** What a shop reports about, the likeliest first. */
export const categories = [
  'payment',
  'cancellation',
  'settlement',
  'account',
  'card',
  'registration',
  'other',
] as const satisfies readonly Report['category'][]

interface ReportWords {
  readonly categories: Readonly<Record<Report['category'], string>>
  readonly stages: Readonly<Record<Report['stage'], string>>
  readonly outcomes: Readonly<Record<'upheld' | 'corrected' | 'rejected', string>>
}

export const reportWords: Readonly<Record<'ko' | 'en', ReportWords>> = {
  ko: {
    categories: {
      payment: '결제',
      cancellation: '결제 취소',
      card: '카드',
      account: '계좌',
      purchase: '구매',
      refund: '환급',
      stipend: '지원금',
      settlement: '정산',
      merchant_conduct: '가맹점 이용',
      registration: '가맹점 등록',
      other: '그 밖의 일',
    },
    stages: {
      opened: '접수됨',
      assigned: '담당자 확인 중',
      asked: '답을 기다림',
      answered: '답변 확인 중',
      resolved: '처리됨',
      escalated: '분쟁으로 넘김',
    },
    outcomes: { upheld: '받아들임', corrected: '고쳤음', rejected: '받아들이지 않음' },
  },
  en: {
    categories: {
      payment: 'Payment',
      cancellation: 'Cancellation',
      card: 'Card',
      account: 'Account',
      purchase: 'Purchase',
      refund: 'Refund',
      stipend: 'Stipend',
      settlement: 'Settlement',
      merchant_conduct: 'Conduct of a shop',
      registration: 'Registration',
      other: 'Something else',
    },
    stages: {
      opened: 'Received',
      assigned: 'Being looked at',
      asked: 'Waiting for your answer',
      answered: 'Your answer is read',
      resolved: 'Answered',
      escalated: 'Taken on as a dispute',
    },
    outcomes: { upheld: 'Upheld', corrected: 'Corrected', rejected: 'Not upheld' },
  },
}

export const stageTones: Readonly<Record<Report['stage'], Tone>> = {
  opened: 'wait',
  assigned: 'wait',
  asked: 'bad',
  answered: 'wait',
  resolved: 'good',
  escalated: 'plain',
}
