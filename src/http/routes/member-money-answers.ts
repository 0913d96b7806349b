/** What this door says where a member's wish about their money beside paying is refused. */
import type { MemberMoneyRefusal } from '../../issuing/issuing.ts'
import { declineProblem, HttpProblem, keyReused, type Words } from '../door.ts'
import type { DeclineReason } from '../../base/base.ts'
import { registrationAnswers } from './registration-answers.ts'

export interface MemberMoneyAnswer {
  readonly status: 404 | 409 | 422
  readonly title: Words
}

/** A refusal without an answer does not compile. Those that are declines or registration's too are answered as such. */
export const memberMoneyAnswers = {
  member_left: {
    status: 404,
    title: { ko: '이 지역의 회원이 아닙니다.', en: 'The caller is no member of this issuer.' },
  },
  member_stopped: 'wallet_stopped',
  account_not_linked: 'account_not_linked',
  debit_consent_missing: 'debit_consent_missing',
  consent_text_unknown: 'consent_text_unknown',
  lot_unknown: {
    status: 404,
    title: { ko: '지갑에 없는 충전건입니다.', en: 'There is no such lot in the wallet.' },
  },
  purchase_unknown: 'purchase_unknown',
  purchase_not_completed: {
    status: 409,
    title: {
      ko: '아직 끝나지 않은 구매입니다. 은행의 답을 기다려 주세요.',
      en: 'The purchase is not completed yet. Please wait for the bank.',
    },
  },
  refund_request_unknown: {
    status: 404,
    title: { ko: '없는 환급 신청입니다.', en: 'There is no such request for a refund.' },
  },
  refund_request_decided: {
    status: 409,
    title: { ko: '이미 결정된 환급 신청입니다.', en: 'The request was decided already.' },
  },
  gift_unknown: {
    status: 404,
    title: { ko: '없는 선물입니다.', en: 'There is no such present.' },
  },
  gift_closed: {
    status: 409,
    title: {
      ko: '이미 받았거나 돌려보낸 선물입니다.',
      en: 'The present was accepted or given back already, or its time is over.',
    },
  },
  lot_not_refundable: {
    status: 422,
    title: {
      ko: '환급되지 않는 상품권입니다. 받거나 적립된 상품권은 돈으로 돌려드리지 않습니다.',
      en: 'The lot is not refundable: nobody paid for what was granted, earned or given.',
    },
  },
  lot_expired: {
    status: 409,
    title: { ko: '유효기간이 지난 상품권입니다.', en: 'The lot has expired.' },
  },
  lot_in_use: {
    status: 409,
    title: {
      ko: '끝나지 않은 결제가 있습니다. 결제가 끝난 뒤 다시 시도해 주세요.',
      en: 'A payment from the lot is not finished. Please try again afterwards.',
    },
  },
  lot_used: {
    status: 409,
    title: {
      ko: '일부라도 사용한 구매는 취소할 수 없습니다. 잔액 환급을 이용해 주세요.',
      en: 'A lot that was used cannot be cancelled. A refund of the rest may be possible.',
    },
  },
  cancel_window_over: {
    status: 422,
    title: { ko: '구매를 취소할 수 있는 기간이 지났습니다.', en: 'The time to cancel is over.' },
  },
  refund_ratio_not_met: {
    status: 422,
    title: {
      ko: '잔액을 환급받으려면 정해진 비율 이상을 먼저 사용해야 합니다.',
      en: 'More of the lot has to be used before the rest is refunded.',
    },
  },
  remainder_not_small: {
    status: 422,
    title: {
      ko: '전액 환급을 받을 만큼 잔액이 적지 않습니다.',
      en: 'More is left than is refunded in full without another ground.',
    },
  },
  nothing_to_refund: {
    status: 409,
    title: { ko: '환급할 금액이 없습니다.', en: 'There is nothing to refund.' },
  },
  refund_changed: {
    status: 409,
    title: {
      ko: '환급 금액이 달라졌습니다. 새 금액을 확인해 주세요.',
      en: 'The refund is another amount now. Please look at it again.',
    },
  },
  refund_request_open: {
    status: 409,
    title: {
      ko: '같은 충전건의 환급 신청을 처리하고 있습니다.',
      en: 'A request about this lot is being decided.',
    },
  },
  gifts_not_offered: {
    status: 422,
    title: { ko: '선물할 수 없는 상품권입니다.', en: 'This voucher cannot be given to others.' },
  },
  gifts_suspended: {
    status: 409,
    title: {
      ko: '판매를 시작하는 날에는 선물하기를 쉽니다. 내일 다시 시도해 주세요.',
      en: 'No presents on a day on which a sale opens. Please try again tomorrow.',
    },
  },
  gift_to_oneself: {
    status: 422,
    title: { ko: '본인에게는 선물할 수 없습니다.', en: 'Nobody gives presents to themselves.' },
  },
  gift_limit_exceeded: {
    status: 422,
    title: {
      ko: '하루에 선물할 수 있는 횟수나 금액을 넘었습니다.',
      en: 'The present goes beyond what may be given in one day.',
    },
  },
  gift_funds_insufficient: {
    status: 422,
    title: {
      ko: '선물할 수 있는 잔액이 부족합니다.',
      en: 'There is not as much in the wallet that may be given.',
    },
  },
  virtual_account_not_offered: {
    status: 422,
    title: {
      ko: '이 금액은 가상계좌로 구매할 수 없습니다. 연결된 계좌로 구매해 주세요.',
      en: 'This amount is not bought by virtual account. Please buy from the linked account.',
    },
  },
  virtual_accounts_full: {
    status: 409,
    title: {
      ko: '입금을 기다리는 가상계좌가 너무 많습니다. 먼저 입금하거나 취소해 주세요.',
      en: 'Too many virtual accounts wait for a deposit. Please pay into one or give it up.',
    },
  },
  virtual_account_unknown: {
    status: 404,
    title: { ko: '없는 가상계좌 구매입니다.', en: 'There is no such purchase.' },
  },
  top_up_order_unknown: {
    status: 404,
    title: { ko: '없는 자동충전입니다.', en: 'There is no such standing order.' },
  },
} as const satisfies Record<MemberMoneyRefusal, MemberMoneyAnswer | DeclineReason | Registered>

/** Refusals that registration has words for. */
type Registered = 'account_not_linked' | 'debit_consent_missing' | 'consent_text_unknown'
const registeredWords: ReadonlySet<string> = new Set<Registered>([
  'account_not_linked',
  'debit_consent_missing',
  'consent_text_unknown',
])

/** @throws HttpProblem for an answer that is no */
export function throwRefusal(
  answer:
    | { readonly status: 'refused'; readonly reason: MemberMoneyRefusal }
    | { readonly status: 'declined'; readonly reason: DeclineReason }
    | { readonly status: 'field_invalid'; readonly field: string }
    | { readonly status: 'key_reused' },
): never {
  switch (answer.status) {
    case 'key_reused':
      throw keyReused()
    case 'declined':
      throw declineProblem(answer.reason)
    case 'field_invalid':
      throw new HttpProblem({
        ...registrationAnswers.field_invalid,
        code: 'field_invalid',
        field: `body.${answer.field}`,
      })
    default:
      throw refusalProblem(answer.reason)
  }
}

function refusalProblem(reason: MemberMoneyRefusal): HttpProblem {
  const words: MemberMoneyAnswer | DeclineReason | Registered = memberMoneyAnswers[reason]
  if (isRegistered(words)) return new HttpProblem({ ...registrationAnswers[words], code: words })
  if (typeof words === 'string') return declineProblem(words)
  return new HttpProblem({ ...words, code: reason })
}

function isRegistered(words: unknown): words is Registered {
  return typeof words === 'string' && registeredWords.has(words)
}
