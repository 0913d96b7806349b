/** Why a payment earned no more, in both languages. */
import type { CashbackReason } from '../../issuing/issuing.ts'
import type { Words } from '../door.ts'

export const cashbackReasonWords: Readonly<Record<CashbackReason, Words>> = {
  rate_is_zero: {
    ko: '연 매출이 커서 캐시백이 적립되지 않는 가맹점입니다.',
    en: 'Paying at a merchant of so high a revenue earns nothing.',
  },
  below_one_won: {
    ko: '결제 금액이 작아 적립액이 1원 미만입니다.',
    en: 'The rate of so small a payment is less than one won.',
  },
  monthly_cap: {
    ko: '이번 달 캐시백 적립한도를 채웠습니다.',
    en: 'The cap of the month was reached.',
  },
  budget_exhausted: {
    ko: '캐시백 예산이 모두 소진되었습니다.',
    en: 'The budget for cashback is used up.',
  },
}
