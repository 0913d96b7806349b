/** What a member reads of a notice, in both languages; an app may say it in its own way from the facts. */
import { businessDate } from '../../base/base.ts'
import type { NoticeBody, NoticeKind } from '../../registration/registration.ts'
import type { Words } from '../door.ts'
import { buyingSentences } from './buying-notices.ts'
import { memberMoneySentences } from './member-money-notices.ts'
import { reportSentences, textOf, wonOf } from './notice-facts.ts'

const sentences: Readonly<Record<NoticeKind, (facts: NoticeBody['facts']) => Words>> = {
  ...memberMoneySentences,
  ...buyingSentences,
  ...reportSentences,
  retro_conversion: (facts) => {
    const account = wonOf(facts, 'accountWon')
    const voucher = wonOf(facts, 'voucherWon')
    const refunded = wonOf(facts, 'refundedWon')
    return {
      ko:
        `시스템 장애로 계좌에서 출금된 ${account} 중 ${voucher}을 상품권 결제로 바꾸었습니다. ` +
        `카드사가 ${refunded}을 계좌로 돌려 드립니다.`,
      en:
        `Of ${account} that your account paid during a failure of the system, ${voucher} was ` +
        `moved to your voucher. The card company returns ${refunded} to your account.`,
    }
  },
  retro_conversion_refused: (facts) => {
    const account = wonOf(facts, 'accountWon')
    return {
      ko:
        `시스템 장애로 계좌에서 출금된 ${account}은 상품권 결제로 바꿀 수 없어 그대로 둡니다. ` +
        '상품권 잔액은 바뀌지 않았습니다.',
      en:
        `${account} that your account paid during a failure of the system could not be moved to ` +
        'your voucher and stays as it is. Your voucher was not touched.',
    }
  },
  expiry_ahead: (facts) => {
    const left = wonOf(facts, 'leftWon')
    const lastDay = textOf(facts, 'lastDay')
    return {
      ko:
        `${textOf(facts, 'program')} ${left}의 사용 기한이 ${lastDay}까지입니다. ` +
        '기한이 지나면 사용할 수 없습니다.',
      en:
        `${left} of ${textOf(facts, 'programEn')} can be spent until ${lastDay}, ` +
        'and not afterwards.',
    }
  },
  standin_payment: (facts) => {
    const voucher = wonOf(facts, 'voucherWon')
    return {
      ko: `시스템 장애 중에 승인된 상품권 카드 결제 ${voucher}이 처리되었습니다.`,
      en:
        `A card payment of ${voucher} by voucher that was approved during a failure of the ` +
        'system has been booked.',
    }
  },
  terms_change: (facts) => {
    const { ko: from, en: fromEn } = dayOf(facts, 'effectiveFrom')
    const asksBack = facts['refundUntil'] !== undefined
    return {
      ko:
        `${textOf(facts, 'programName')}의 조건이 ${from}부터 바뀝니다. 바뀌는 내용은 공지를 확인해 주세요.` +
        (asksBack ? ' 원하지 않으시면 그 전까지 남은 금액을 전액 환급받을 수 있습니다.' : ''),
      en:
        `The terms of ${textOf(facts, 'programNameEn')} change from ${fromEn}; the announcement says how.` +
        (asksBack ? ' Until then you may have all that is left paid back.' : ''),
    }
  },
  program_ends: (facts) => {
    const { ko: from, en: fromEn } = dayOf(facts, 'effectiveFrom')
    return {
      ko:
        `${textOf(facts, 'programName')} 사업이 끝납니다. ${from}부터 결제할 수 없으며, ` +
        '남은 금액은 전액 환급받을 수 있습니다.',
      en:
        `${textOf(facts, 'programNameEn')} ends. Nothing can be paid with it from ${fromEn}; ` +
        'all that is left is paid back on request.',
    }
  },
  payout_parked: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `${amount}을 계좌로 보내지 못했습니다. 연결된 계좌를 확인하고, 다른 계좌라면 다시 연결해 주세요.`,
      en:
        `${amount} could not be sent to your account. Please check the account that is linked, ` +
        'and link another one if it is closed.',
    }
  },
  stipend_granted: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    const until = textOf(facts, 'usableUntil')
    return {
      ko: `정책수당 ${amount}이 지급되었습니다. ${until}까지 사용할 수 있습니다.`,
      en: `A stipend of ${amount} was granted to you. It can be spent until ${until}.`,
    }
  },
  stipend_clawed_back: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `정책수당 중 남아 있던 ${amount}이 환수되었습니다. 문의는 발행기관에 해 주세요.`,
      en: `${amount} that was left of a stipend was taken back. Please ask the issuer about it.`,
    }
  },
  appeal_accepted: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `이의신청이 받아들여져 정책수당 ${amount}이 지급되었습니다.`,
      en: `Your appeal was accepted, and a stipend of ${amount} was granted to you.`,
    }
  },
  appeal_refused: (facts) => {
    const answer = textOf(facts, 'answer')
    return {
      ko: `이의신청이 받아들여지지 않았습니다. 사유: ${answer}`,
      en: `Your appeal was not accepted. The reason: ${answer}`,
    }
  },
}

export function noticeWords({
  noticeKind,
  facts,
}: Pick<NoticeBody, 'noticeKind' | 'facts'>): Words {
  return sentences[noticeKind](facts)
}

/** The Korean day of an instant, in words. */
function dayOf(facts: NoticeBody['facts'], name: string): Words {
  const date = businessDate(Number(facts[name] ?? 0))
  const [year, month, day] = date.split('-').map(Number)
  return { ko: `${year}년 ${month}월 ${day}일`, en: date }
}
