/**
 * The texts that are agreed to at joining, as they are shown. A consent names its text by version and hash: whoever
 * changes a text changes the version.
 */
import type { Language } from '../api/language.ts'

export const CONSENT_TEXTS_VERSION = '2026-11'

export const consentPurposes = [
  'terms_of_service',
  'personal_data',
  'third_party_municipality',
  'third_party_card_company',
  'notices',
  'location',
  'marketing',
] as const
export type Purpose = (typeof consentPurposes)[number]

interface ConsentText {
  readonly title: string
  readonly text: string
}

export const consentTexts: Readonly<Record<Language, Readonly<Record<Purpose, ConsentText>>>> = {
  ko: {
    terms_of_service: {
      title: '이용약관',
      text: [
        '상품권은 발행한 지역의 등록된 가맹점에서 쓸 수 있습니다. 할인, 한도, 유효기간, 환급은 발행 지방자치단체가 정하고, 불리하게 바뀌면 미리 알립니다. 잘못된',
        '거래는 오류정정을 요구할 수 있고, 휴대폰을 잃어버리면 바로 정지할 수 있습니다.',
      ].join(' '),
    },
    personal_data: {
      title: '개인정보 수집·이용',
      text: '이름, 생년월일, 휴대폰 번호를 본인확인과 상품권 이용을 위해 모으고, 거래 기록은 법이 정한 기간 동안 보관합니다. 동의하지 않을 수 있으나 그러면 가입할 수 없습니다.',
    },
    third_party_municipality: {
      title: '발행 지방자치단체에 제공',
      text: '상품권을 발행하고 예산을 정산하기 위해 이름과 이용 내역을 발행 지방자치단체에 제공합니다. 담당자가 내 정보를 보면 기록이 남고, 나는 그 기록을 볼 수 있습니다.',
    },
    third_party_card_company: {
      title: '카드사에 제공',
      text: '카드를 연결하면 카드 결제가 상품권에서 나가도록 연결에 필요한 정보를 카드사에 제공합니다.',
    },
    notices: {
      title: '이용 알림',
      text: '결제, 선물, 유효기간처럼 내 상품권에 관한 일을 알려 드립니다.',
    },
    location: {
      title: '위치 이용',
      text: '가까운 가맹점을 찾을 때만 위치를 쓰고 저장하지 않습니다.',
    },
    marketing: {
      title: '혜택 소식',
      text: '할인 판매와 행사 소식을 보내 드립니다. 언제든지 그만 받을 수 있습니다.',
    },
  },
  en: {
    terms_of_service: {
      title: 'Terms of service',
      text: [
        'Vouchers are used at registered shops of the municipality that issued them. It sets',
        'discount, caps, validity and refunds, and tells you before a change for the worse. You',
        'may ask for errors to be corrected, and stop everything at once if you lose your phone.',
      ].join(' '),
    },
    personal_data: {
      title: 'Personal data',
      text: [
        'Name, date of birth and mobile number are collected to identify you and to run the',
        'voucher; records are kept as long as the law says. You may refuse, but then you cannot',
        'join.',
      ].join(' '),
    },
    third_party_municipality: {
      title: 'Given to the municipality',
      text: [
        'Your name and what you do with vouchers are given to the municipality, which issues them',
        'and settles the budget. Whenever an officer looks at your data it is recorded, and you',
        'can see that record.',
      ].join(' '),
    },
    third_party_card_company: {
      title: 'Given to the card company',
      text: [
        'If you link a card, what the link needs is given to its company, so that card payments',
        'come from your vouchers.',
      ].join(' '),
    },
    notices: {
      title: 'Notices',
      text: 'We tell you what happens with your vouchers: payments, presents, dates of expiry.',
    },
    location: {
      title: 'Location',
      text: 'Your location is used only to find shops nearby, and is not kept.',
    },
    marketing: {
      title: 'News of offers',
      text: 'We send you news of sales and events. You may end this at any time.',
    },
  },
}

/** Consent to debits, given with the account. */
export const debitTexts: Readonly<Record<Language, ConsentText>> = {
  ko: {
    title: '출금 동의',
    text: '내가 상품권을 살 때마다 그 대금을 이 계좌에서 출금하는 데 동의합니다. 언제든지 철회할 수 있습니다.',
  },
  en: {
    title: 'Consent to debits',
    text: [
      'I agree that whenever I buy vouchers their price is debited from this account. I may',
      'revoke this at any time.',
    ].join(' '),
  },
}

/** SHA-256 of the text as it was shown, in hex. */
export async function hashOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
