/** Words of a registration: its states, its checks, its papers. */
import type { DocumentKind, Registration } from './registration.ts'

interface RegistrationWords {
  readonly states: Readonly<Record<Registration['state'], string>>
  readonly checks: Readonly<Record<keyof Registration['checks'], string>>
  readonly results: Readonly<Record<'passed' | 'failed' | 'unchecked', string>>
  readonly documents: Readonly<Record<DocumentKind, string>>
}

export const registrationWords: Readonly<Record<'ko' | 'en', RegistrationWords>> = {
  ko: {
    states: {
      applied: '신청을 검토하고 있습니다',
      documents_asked: '서류를 더 내야 합니다',
      registered: '가맹점으로 등록되어 있습니다',
      cancellation_noticed: '등록취소 사전통지를 받았습니다',
      objected: '이의신청을 검토하고 있습니다',
      refused: '신청이 거절되었습니다',
      cancelled: '등록이 취소되었습니다',
      closed: '등록을 해지했습니다',
      lapsed: '등록 기간이 끝났습니다',
    },
    checks: {
      bar: '재등록 제한',
      business_number: '사업자등록번호',
      sector: '업종',
      district: '지역',
      documents: '서류',
    },
    results: { passed: '확인됨', failed: '맞지 않음', unchecked: '담당자가 확인' },
    documents: {
      business_registration: '사업자등록증',
      business_permit: '영업허가·신고증',
      lease: '임대차계약서',
      shop_photo: '매장 사진',
      bankbook: '통장 사본',
      revenue_certificate: '매출 증명',
      objection: '이의신청 자료',
      other: '그 밖의 서류',
    },
  },
  en: {
    states: {
      applied: 'The application is being looked at',
      documents_asked: 'More papers are needed',
      registered: 'The shop is registered',
      cancellation_noticed: 'The registration is to be cancelled',
      objected: 'The objection is being looked at',
      refused: 'The application was refused',
      cancelled: 'The registration was cancelled',
      closed: 'The registration was given up',
      lapsed: 'The registration has lapsed',
    },
    checks: {
      bar: 'Bar to register again',
      business_number: 'Business number',
      sector: 'Sector',
      district: 'District',
      documents: 'Papers',
    },
    results: { passed: 'Good', failed: 'Not good', unchecked: 'An officer looks' },
    documents: {
      business_registration: 'Business registration',
      business_permit: 'Business permit',
      lease: 'Lease',
      shop_photo: 'Photo of the shop',
      bankbook: 'Bankbook',
      revenue_certificate: 'Proof of revenue',
      objection: 'Papers of an objection',
      other: 'Other papers',
    },
  },
}
