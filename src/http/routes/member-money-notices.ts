/** What a member reads of notices about money beside paying, in both languages. */
import type { NoticeBody, NoticeKind } from '../../registration/registration.ts'
import type { Words } from '../door.ts'
import { textOf, wonOf } from './notice-facts.ts'

type Sentence = (facts: NoticeBody['facts']) => Words

export const memberMoneySentences = {
  refund_request_ended: (facts) => refundWords(facts),
  gift_received: (facts) => {
    const [amount, from] = [wonOf(facts, 'amountWon'), textOf(facts, 'from')]
    return {
      ko: `${from}님이 ${amount}을 선물하였습니다. 기한 안에 받아 주세요.`,
      en: `${from} gave you ${amount}. Please accept it in time.`,
    }
  },
  gift_accepted: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `선물한 ${amount}을 상대방이 받았습니다.`,
      en: `Your present of ${amount} was accepted.`,
    }
  },
  gift_returned: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `선물한 ${amount}이 받아지지 않아 지갑으로 돌아왔습니다.`,
      en: `Your present of ${amount} was not accepted and is back in your wallet.`,
    }
  },
  cashback_taken_back: (facts) => {
    const amount = wonOf(facts, 'amountWon')
    return {
      ko: `결제가 취소되어 적립된 캐시백 ${amount}을 회수하였습니다.`,
      en: `${amount} of cashback was taken back, because its payment was cancelled.`,
    }
  },
  cashback_cap_reached: (facts) => {
    const [month, program, programEn] = [
      textOf(facts, 'month'),
      textOf(facts, 'program'),
      textOf(facts, 'programEn'),
    ]
    return {
      ko: `${month} ${program} 캐시백 적립한도를 모두 채웠습니다. 다음 달부터 다시 적립됩니다.`,
      en: `You have earned all the cashback of ${programEn} that ${month} has. Next month begins anew.`,
    }
  },
} as const satisfies Partial<Record<NoticeKind, Sentence>>

function refundWords(facts: NoticeBody['facts']): Words {
  if (facts['state'] === 'paid') {
    const member = wonOf(facts, 'memberWon')
    return {
      ko: `전액 환급 신청이 받아들여져 ${member}을 연결 계좌로 보내 드립니다.`,
      en: `Your request for a full refund was granted: ${member} goes to your linked account.`,
    }
  }
  if (facts['state'] === 'refused') {
    return {
      ko: '전액 환급 신청이 받아들여지지 않았습니다. 사유는 신청 내역에서 볼 수 있습니다.',
      en: 'Your request for a full refund was not granted. The request says why.',
    }
  }
  return {
    ko: '환급할 잔액이 남아 있지 않아 전액 환급 신청이 종료되었습니다.',
    en: 'Nothing was left to refund, so your request has ended.',
  }
}
