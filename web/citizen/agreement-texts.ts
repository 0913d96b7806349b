/** Every text that a member may have agreed to, those of joining and those that come with an account or an order. */
import type { Language } from '../api/language.ts'
import {
  CONSENT_TEXTS_VERSION,
  consentPurposes,
  consentTexts,
  debitTexts,
  hashOf,
  type Purpose,
} from './consent-texts.ts'

export type ConsentPurpose = Purpose | 'account_debit' | 'automatic_top_up'
type ConsentText = (typeof debitTexts)[Language]

/** Consent to standing orders, given with each. */
const topUpTexts: Readonly<Record<Language, ConsentText>> = {
  ko: {
    title: '자동충전',
    text: [
      '정한 조건이 되면 그때마다 다시 묻지 않고, 정한 한도 안에서 연결한 계좌에서 출금해 상품권을 구매하는 데 동의합니다.',
      '언제든 중지할 수 있습니다.',
    ].join(' '),
  },
  en: {
    title: 'Automatic top-up',
    text: [
      'I agree that vouchers are bought and debited from my linked account whenever what I set',
      'comes true, within my limit and without asking again. I can stop it at any time.',
    ].join(' '),
  },
}

/** One may agree to these by themselves, at joining and afterwards. */
export function isAgreeable(purpose: ConsentPurpose): purpose is Purpose {
  return consentPurposes.some((one) => one === purpose)
}

export function consentText(purpose: ConsentPurpose, language: Language): ConsentText {
  if (isAgreeable(purpose)) return consentTexts[language][purpose]
  return purpose === 'account_debit' ? debitTexts[language] : topUpTexts[language]
}

/** What the API is told about a text that was shown in this language. */
export async function shownText(
  purpose: ConsentPurpose,
  language: Language,
): Promise<{ textVersion: string; textHash: string }> {
  const textHash = await hashOf(consentText(purpose, language).text)
  return { textVersion: CONSENT_TEXTS_VERSION, textHash }
}
