/** What a member reads of purchases by virtual account and by standing order, in both languages. */
import type { NoticeBody, NoticeKind } from '../../registration/registration.ts'
import { declineAnswers, type Words } from '../door.ts'
import { textOf, wonOf } from './notice-facts.ts'

type Sentence = (facts: NoticeBody['facts']) => Words

export const buyingSentences = {
  deposit_paid: (facts) => {
    const [paid, face] = [wonOf(facts, 'payWon'), wonOf(facts, 'amountWon')]
    return {
      ko: `가상계좌로 ${paid}이 입금되어 ${textOf(facts, 'program')} ${face}을 충전하였습니다.`,
      en: `${paid} came to the virtual account: ${face} of ${textOf(facts, 'programEn')} is yours.`,
    }
  },
  deposit_lapsed: (facts) => ({
    ko:
      `입금되지 않아 ${textOf(facts, 'program')} ${wonOf(facts, 'amountWon')} 구매가 취소되었습니다. ` +
      '이제 그 가상계좌로 입금하지 마세요.',
    en:
      `Nothing was paid in, so the purchase of ${wonOf(facts, 'amountWon')} of ` +
      `${textOf(facts, 'programEn')} has ended. Please do not pay into that account any more.`,
  }),
  deposit_returned: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `가상계좌로 들어온 ${amount}은 구매에 쓸 수 없어 보내신 계좌로 돌려드렸습니다.`,
      en: `${amount} that came to a virtual account could not pay for anything and was sent back.`,
    }
  },
  top_up_bought: (facts) => ({
    ko:
      `자동충전으로 ${textOf(facts, 'program')} ${wonOf(facts, 'amountWon')}을 구매하였습니다. ` +
      `출금액은 ${wonOf(facts, 'payWon')}입니다.`,
    en:
      `Your standing order bought ${wonOf(facts, 'amountWon')} of ${textOf(facts, 'programEn')} ` +
      `and ${wonOf(facts, 'payWon')} was debited.`,
  }),
  top_up_refused: (facts) => {
    const why = reasonOf(facts)
    return {
      ko: `자동충전 ${wonOf(facts, 'amountWon')}을 구매하지 못했습니다. ${why.ko}`,
      en: `Your standing order could not buy ${wonOf(facts, 'amountWon')}. ${why.en}`,
    }
  },
  top_up_ended: (facts) => {
    const why = reasonOf(facts)
    return {
      ko: `${textOf(facts, 'program')} 자동충전이 멈췄습니다. ${why.ko} 다시 시작할 수 있습니다.`,
      en:
        `The standing order for ${textOf(facts, 'programEn')} buys no more. ${why.en} ` +
        'You may start it again.',
    }
  },
} as const satisfies Partial<Record<NoticeKind, Sentence>>

/** What is no decline. */
const ownReasons: Readonly<Record<string, Words>> = {
  month_full: {
    ko: '이번 달에 정하신 한도를 모두 썼습니다.',
    en: 'What you allowed for this month is used up.',
  },
  consent_revoked: { ko: '동의를 철회하셨습니다.', en: 'You revoked your consent.' },
  debit_consent_revoked: {
    ko: '계좌 출금 동의를 철회하셨습니다.',
    en: 'You revoked your consent to debits.',
  },
  account_changed: {
    ko: '연결된 계좌가 바뀌었습니다.',
    en: 'The linked account is another one now.',
  },
  member_left: { ko: '회원이 아닙니다.', en: 'You are no member any more.' },
}

function reasonOf(facts: NoticeBody['facts']): Words {
  const reason = textOf(facts, 'reason')
  const declines: Readonly<Record<string, Words>> = declineAnswers
  return ownReasons[reason] ?? declines[reason] ?? { ko: '', en: '' }
}
