/** Merchants as officers see them, and what their states, papers and reasons are called. */
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import type { Tone } from '../ui/telling.tsx'
import type { Dictionary } from '../ui/words.ts'
import { useCity } from './city-context.tsx'

type Base = '/v1/issuers/{issuerCode}'
export type Merchant =
  paths[`${Base}/merchants`]['get']['responses'][200]['content']['application/json']['items'][number]
export type OneMerchant =
  paths[`${Base}/merchants/{merchantId}`]['get']['responses'][200]['content']['application/json']
export type Life =
  paths[`${Base}/registrations`]['get']['responses'][200]['content']['application/json']['items'][number]
export type Registration =
  paths[`${Base}/merchants/{merchantId}/registration`]['get']['responses'][200]['content']['application/json']
export type DocumentKind = Registration['documents'][number]['kind']
export type CancellationReason = NonNullable<Life['cancellation']>['reason']

export function useMerchant(merchantId: string) {
  const { issuerCode, path } = useCity()
  return useRead({ key: ['merchants', issuerCode, merchantId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}', {
      params: { path: { ...path, merchantId } },
    }),
  )
}

export const lifeWords: Dictionary<Record<Life['state'], string>> = {
  ko: {
    applied: '심사 중',
    documents_asked: '서류 보완 중',
    registered: '등록됨',
    cancellation_noticed: '취소 사전통지',
    objected: '이의신청 검토',
    refused: '반려',
    cancelled: '등록취소',
    closed: '해지',
    lapsed: '기간 만료',
  },
  en: {
    applied: 'to be decided',
    documents_asked: 'documents asked for',
    registered: 'registered',
    cancellation_noticed: 'notice of cancellation',
    objected: 'objected',
    refused: 'refused',
    cancelled: 'cancelled',
    closed: 'given up',
    lapsed: 'lapsed',
  },
}

export const lifeTones: Record<Life['state'], Tone> = {
  applied: 'wait',
  documents_asked: 'wait',
  registered: 'good',
  cancellation_noticed: 'bad',
  objected: 'wait',
  refused: 'plain',
  cancelled: 'bad',
  closed: 'plain',
  lapsed: 'plain',
}

export const statusWords: Dictionary<Record<Merchant['status'], string>> = {
  ko: { applied: '심사 중', active: '영업 중', suspended: '정지', closed: '등록 끝남' },
  en: { applied: 'applied', active: 'active', suspended: 'suspended', closed: 'closed' },
}
export const statusTones: Record<Merchant['status'], Tone> = {
  applied: 'wait',
  active: 'good',
  suspended: 'bad',
  closed: 'plain',
}

export const documentKinds = [
  'business_registration',
  'business_permit',
  'lease',
  'shop_photo',
  'bankbook',
  'revenue_certificate',
  'other',
] as const
export const documentWords: Dictionary<Record<DocumentKind, string>> = {
  ko: {
    business_registration: '사업자등록증',
    business_permit: '영업신고증',
    lease: '임대차계약서',
    shop_photo: '매장 사진',
    bankbook: '통장 사본',
    revenue_certificate: '매출 증빙',
    objection: '의견서',
    other: '그 밖의 서류',
  },
  en: {
    business_registration: 'business registration',
    business_permit: 'business permit',
    lease: 'lease',
    shop_photo: 'photograph of the shop',
    bankbook: 'bankbook',
    revenue_certificate: 'certificate of revenue',
    objection: 'objection',
    other: 'another document',
  },
}

export const cancellationReasons = [
  'fraudulent_registration',
  'restricted_sector',
  'false_redemption',
  'refusal_of_vouchers',
  'other',
] as const
export const cancellationWords: Dictionary<Record<CancellationReason, string>> = {
  ko: {
    fraudulent_registration: '거짓이나 부정한 방법으로 등록',
    restricted_sector: '등록 제한 업종',
    false_redemption: '물품 판매 없이 받음 (부정유통)',
    refusal_of_vouchers: '상품권 결제 거절',
    other: '그 밖의 사유',
  },
  en: {
    fraudulent_registration: 'registered by false pretences',
    restricted_sector: 'a restricted sector',
    false_redemption: 'took vouchers without a sale',
    refusal_of_vouchers: 'refused vouchers',
    other: 'another reason',
  },
}
