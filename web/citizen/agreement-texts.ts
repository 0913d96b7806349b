/**
 * The texts that members agree to in the app. What is sent is the hash of the very words that were shown, with the
 * version they bear: a change of a word is another text.
 */
import type { Language } from '../api/language.ts'

export const agreeablePurposes = [
  'terms_of_service',
  'personal_data',
  'third_party_municipality',
  'third_party_card_company',
  'notices',
  'marketing',
  'location',
] as const
export type AgreeablePurpose = (typeof agreeablePurposes)[number]
export type ConsentPurpose = AgreeablePurpose | 'account_debit' | 'automatic_top_up'

/** Of all texts below; a language is another text. */
const VERSION = '2026-11'

interface ConsentWords {
  readonly title: string
  readonly text: string
}

type WordsOfConsents = Readonly<Record<ConsentPurpose, Readonly<Record<Language, ConsentWords>>>>

export const consentWords = {
  terms_of_service: {
    ko: {
      title: '이용약관',
      text: '지역사랑상품권 이용약관에 동의합니다. 상품권은 가입한 지역의 가맹점에서 쓸 수 있고, 현금으로 바꾸기 위해 물건 없이 결제하거나 되팔 수 없습니다.',
    },
    en: {
      title: 'Terms of service',
      text:
        'I agree to the terms of service. Vouchers are used at shops of the municipality, and are ' +
        'neither resold nor paid for without goods or services.',
    },
  },
  personal_data: {
    ko: {
      title: '개인정보 수집·이용',
      text: '가입과 이용에 필요한 이름, 생년월일, 휴대폰 번호, 연결한 계좌와 카드, 이용 내역을 수집하고 이용하는 데 동의합니다. 탈퇴하면 법에서 정한 기간이 지난 뒤 파기합니다.',
    },
    en: {
      title: 'Personal data',
      text:
        'I agree that my name, birth date, mobile number, linked account and cards, and my use of ' +
        'vouchers are collected and used as the service needs them. After leaving they are destroyed ' +
        'once the time set by law is over.',
    },
  },
  third_party_municipality: {
    ko: {
      title: '지방자치단체에 제공',
      text: '상품권을 발행한 지방자치단체에 이름과 이용 내역을 제공하는 데 동의합니다. 지원금을 정산하고 부정유통을 막는 데 씁니다.',
    },
    en: {
      title: 'To the municipality',
      text:
        'I agree that the municipality that issues the voucher is told my name and my use of it, to ' +
        'account for subsidies and against misuse.',
    },
  },
  third_party_card_company: {
    ko: {
      title: '카드사에 제공',
      text: '카드를 연결하면 그 카드사에 상품권으로 결제할 수 있는지와 결제 내역을 제공하는 데 동의합니다.',
    },
    en: {
      title: 'To card companies',
      text: 'I agree that the company of a linked card is told whether the voucher may pay, and what it paid.',
    },
  },
  notices: {
    ko: {
      title: '이용 알림',
      text: '유효기간, 환급, 결제 결과 같은 이용 알림을 받는 데 동의합니다.',
    },
    en: {
      title: 'Notices',
      text: 'I agree to be told about expiry, refunds and results of payments.',
    },
  },
  marketing: {
    ko: {
      title: '행사 소식',
      text: '할인 행사와 새 상품권 소식을 받는 데 동의합니다. 동의하지 않아도 모든 기능을 쓸 수 있습니다.',
    },
    en: {
      title: 'News of events',
      text: 'I agree to be told about discounts and new vouchers. Everything works without.',
    },
  },
  location: {
    ko: {
      title: '위치 이용',
      text: '가까운 가맹점을 찾을 때 내 위치를 쓰는 데 동의합니다. 위치는 저장하지 않습니다.',
    },
    en: {
      title: 'Location',
      text: 'I agree that my position is used to find shops near me. It is not kept.',
    },
  },
  account_debit: {
    ko: {
      title: '계좌 출금',
      text: '상품권 구매 대금을 연결한 계좌에서 출금하는 데 동의합니다.',
    },
    en: {
      title: 'Debits from my account',
      text: 'I agree that what vouchers cost is debited from my linked account.',
    },
  },
  automatic_top_up: {
    ko: {
      title: '자동충전',
      text: '정한 조건이 되면 그때마다 다시 묻지 않고, 정한 한도 안에서 연결한 계좌에서 출금해 상품권을 구매하는 데 동의합니다. 언제든 중지할 수 있습니다.',
    },
    en: {
      title: 'Automatic top-up',
      text:
        'I agree that vouchers are bought and debited from my linked account whenever what I set ' +
        'comes true, within my limit and without asking again. I can stop it at any time.',
    },
  },
} as const satisfies WordsOfConsents

/** What the API is told about a text that was shown in this language. */
export async function shownText(
  purpose: ConsentPurpose,
  language: Language,
): Promise<{ textVersion: string; textHash: string }> {
  const bytes = new TextEncoder().encode(consentWords[purpose][language].text)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const textHash = [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { textVersion: `${VERSION}-${language}`, textHash }
}
