/** What this door says to each decline: a status for programs, words for the citizen and the cashier. */
import type { DeclineReason } from '../base/base.ts'

export interface DeclineAnswer {
  readonly status: 404 | 409 | 422
  readonly ko: string
  readonly en: string
}

/**
 * 404 where the thing named does not exist for the caller, 409 where its state stands against the request, 422 where
 * a rule does. A reason without an answer does not compile.
 */
export const declineAnswers = {
  code_invalid: {
    status: 422,
    ko: '결제 코드를 읽을 수 없습니다. 코드를 다시 찍어 주세요.',
    en: 'The payment code cannot be read. Please scan it again.',
  },
  code_expired: {
    status: 422,
    ko: '결제 코드의 유효 시간이 지났습니다. 새 코드를 받아 주세요.',
    en: 'The payment code has expired. Please ask for a new one.',
  },
  code_of_other_issuer: {
    status: 422,
    ko: '다른 지역의 결제 코드입니다. 그 지역의 상품권으로 결제해 주세요.',
    en: 'The code belongs to another region. Please pay with that region’s voucher.',
  },
  amount_differs_from_code: {
    status: 422,
    ko: '입력한 금액이 결제 코드의 금액과 다릅니다.',
    en: 'The amount differs from the amount in the code.',
  },
  amount_missing: {
    status: 422,
    ko: '결제 금액을 입력해 주세요. 이 코드에는 금액이 없습니다.',
    en: 'Give the amount: this code carries none.',
  },
  reversed_first: {
    status: 409,
    ko: '취소가 먼저 도착한 결제입니다. 돈은 빠져나가지 않았습니다.',
    en: 'The payment was reversed before it arrived. No money was taken.',
  },
  cardholder_chose_card: {
    status: 409,
    ko: '카드 우선 결제로 설정되어 있어 상품권을 쓰지 않았습니다.',
    en: 'The cardholder chose to pay from the account, so no voucher was used.',
  },
  merchant_unknown: {
    status: 404,
    ko: '등록되지 않은 가맹점입니다.',
    en: 'There is no such merchant.',
  },
  merchant_not_active: {
    status: 409,
    ko: '지금은 상품권을 받을 수 없는 가맹점입니다.',
    en: 'The merchant may not take vouchers at present.',
  },
  outlet_closed: {
    status: 409,
    ko: '문을 닫은 매장입니다.',
    en: 'The outlet is closed.',
  },
  wallet_unknown: {
    status: 404,
    ko: '이 지역의 지갑이 없습니다.',
    en: 'There is no such wallet with this issuer.',
  },
  wallet_stopped: {
    status: 409,
    ko: '이용이 정지된 지갑입니다. 고객센터에 문의해 주세요.',
    en: 'The wallet is stopped. Please contact the help desk.',
  },
  member_too_young: {
    status: 422,
    ko: '이용할 수 있는 나이가 아닙니다.',
    en: 'The member is below the age this programme asks for.',
  },
  own_shop: {
    status: 422,
    ko: '본인의 가게에서는 결제할 수 없습니다.',
    en: 'Nobody may pay in a shop of their own.',
  },
  amount_above_limit: {
    status: 422,
    ko: '한 번에 결제할 수 있는 금액을 넘었습니다.',
    en: 'The amount is above the limit for one payment.',
  },
  merchant_not_eligible: {
    status: 422,
    ko: '가지고 있는 상품권을 쓸 수 없는 가맹점입니다.',
    en: 'This merchant may not take the vouchers in the wallet.',
  },
  program_suspended: {
    status: 409,
    ko: '사용이 잠시 중단된 상품권입니다.',
    en: 'The programme is suspended for the time being.',
  },
  code_already_used: {
    status: 409,
    ko: '이미 사용한 결제 코드입니다. 새 코드를 보여 주세요.',
    en: 'The code has been used. Please show a new one.',
  },
  insufficient_funds: {
    status: 422,
    ko: '잔액이 부족합니다.',
    en: 'The balance is not sufficient.',
  },
  payment_unknown: {
    status: 404,
    ko: '결제 내역을 찾을 수 없습니다.',
    en: 'There is no such payment.',
  },
  payment_of_other_merchant: {
    status: 404,
    ko: '이 가맹점의 결제가 아닙니다.',
    en: 'The payment is not one of this merchant’s.',
  },
  cancel_exceeds_payment: {
    status: 422,
    ko: '취소할 수 있는 금액보다 큽니다.',
    en: 'The amount is more than what is left of the payment.',
  },
  hold_unknown: {
    status: 404,
    ko: '승인 내역을 찾을 수 없습니다.',
    en: 'There is no such hold.',
  },
  hold_closed: {
    status: 409,
    ko: '이미 처리된 승인입니다.',
    en: 'The hold is closed already.',
  },
  capture_exceeds_hold: {
    status: 422,
    ko: '승인된 금액보다 큽니다.',
    en: 'The amount is more than the hold.',
  },
  settlement_exceeds_clearing: {
    status: 409,
    ko: '카드사에 정산할 금액보다 큽니다.',
    en: 'The amount is more than what is owed to the card company.',
  },
  program_unknown: {
    status: 404,
    ko: '없는 상품권입니다.',
    en: 'There is no such programme.',
  },
  sale_not_open: {
    status: 409,
    ko: '지금은 판매 기간이 아닙니다.',
    en: 'The sale is not open now.',
  },
  amount_not_offered: {
    status: 422,
    ko: '판매하지 않는 금액입니다.',
    en: 'This amount is not offered.',
  },
  purchase_cap_exceeded: {
    status: 422,
    ko: '이번 구매 한도를 넘었습니다.',
    en: 'The purchase goes beyond the member’s cap for the period.',
  },
  holding_cap_exceeded: {
    status: 422,
    ko: '보유할 수 있는 금액을 넘었습니다.',
    en: 'The purchase goes beyond what one member may hold.',
  },
  sold_out: {
    status: 409,
    ko: '준비된 물량이 모두 판매되었습니다.',
    en: 'Everything on offer is sold.',
  },
  budget_exhausted: {
    status: 409,
    ko: '할인에 쓸 예산이 모두 소진되었습니다. 예산이 늘어나면 다시 판매합니다.',
    en: 'The budget for the benefit is used up. The sale opens again when it is raised.',
  },
  bank_refused: {
    status: 422,
    ko: '은행에서 출금을 거절했습니다. 계좌 잔액과 상태를 확인해 주세요.',
    en: 'The bank refused the debit. Please check the account.',
  },
  purchase_unknown: {
    status: 404,
    ko: '구매 내역을 찾을 수 없습니다.',
    en: 'There is no such purchase.',
  },
  purchase_closed: {
    status: 409,
    ko: '이미 끝난 구매입니다.',
    en: 'The purchase is closed already.',
  },
} as const satisfies Record<DeclineReason, DeclineAnswer>
