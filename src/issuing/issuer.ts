/** Issuers: the public bodies whose money a voucher is. */
import type { IssuerId } from '../base/base.ts'

/** The provinces and metropolitan cities (시·도) that municipalities belong to, by short code. */
export const provinces = {
  seoul: { nameKo: '서울특별시', nameEn: 'Seoul' },
  busan: { nameKo: '부산광역시', nameEn: 'Busan' },
  daegu: { nameKo: '대구광역시', nameEn: 'Daegu' },
  incheon: { nameKo: '인천광역시', nameEn: 'Incheon' },
  gwangju: { nameKo: '광주광역시', nameEn: 'Gwangju' },
  daejeon: { nameKo: '대전광역시', nameEn: 'Daejeon' },
  ulsan: { nameKo: '울산광역시', nameEn: 'Ulsan' },
  sejong: { nameKo: '세종특별자치시', nameEn: 'Sejong' },
  gyeonggi: { nameKo: '경기도', nameEn: 'Gyeonggi-do' },
  gangwon: { nameKo: '강원특별자치도', nameEn: 'Gangwon State' },
  chungbuk: { nameKo: '충청북도', nameEn: 'Chungcheongbuk-do' },
  chungnam: { nameKo: '충청남도', nameEn: 'Chungcheongnam-do' },
  jeonbuk: { nameKo: '전북특별자치도', nameEn: 'Jeonbuk State' },
  jeonnam: { nameKo: '전라남도', nameEn: 'Jeollanam-do' },
  gyeongbuk: { nameKo: '경상북도', nameEn: 'Gyeongsangbuk-do' },
  gyeongnam: { nameKo: '경상남도', nameEn: 'Gyeongsangnam-do' },
  jeju: { nameKo: '제주특별자치도', nameEn: 'Jeju' },
} as const satisfies Record<string, { nameKo: string; nameEn: string }>
export type Province = keyof typeof provinces

export const issuerKinds = ['municipality', 'ministry'] as const
export type IssuerKind = (typeof issuerKinds)[number]

export interface Issuer {
  readonly issuerId: IssuerId
  /** Short lower-case word for URLs, unique over all issuers: `gunsan`. */
  readonly code: string
  readonly nameKo: string
  readonly nameEn: string
  /** `null` for a ministry, whose vouchers circulate in the whole country. */
  readonly province: Province | null
  readonly kind: IssuerKind
  /** The treasury bank (금고) where the operating fund lies: 지역사랑상품권법 §4의2. */
  readonly treasuryBank: string
}

const ISSUER_CODE = /^[a-z]{2,20}(-[a-z]{2,20})?$/

/** True for text that may be an issuer's code. */
export function isIssuerCode(text: string): boolean {
  return ISSUER_CODE.test(text)
}
