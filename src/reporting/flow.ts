/** What can happen to lots, in the words of reports: one for each movement between a lot and another account. */
import type { AccountKind, OperationKind } from '../ledger/ledger.ts'
import {
  assert,
  type LotKind,
  type MerchantId,
  type OutletId,
  type ProgramId,
  type Won,
} from '../base/base.ts'

/** Every flow: its Korean and English words, and whether it adds to what is outstanding or takes from it. */
export const flows = {
  sold: { ko: '판매(회원 납부)', en: 'sold, paid by members', sign: 1 },
  supported: { ko: '판매(할인 지원)', en: 'sold, paid by funders', sign: 1 },
  granted: { ko: '정책수당 지급', en: 'stipends granted', sign: 1 },
  cashback: { ko: '캐시백 적립', en: 'cashback earned', sign: 1 },
  used_qr: { ko: '사용(QR)', en: 'used by QR', sign: -1 },
  used_card: { ko: '사용(카드)', en: 'used by card', sign: -1 },
  returned_qr: { ko: '사용 취소(QR)', en: 'QR payments cancelled', sign: 1 },
  returned_card: { ko: '사용 취소(카드)', en: 'card payments cancelled', sign: 1 },
  purchase_cancelled: { ko: '구매 취소', en: 'purchases cancelled', sign: -1 },
  refunded: { ko: '잔액 환급', en: 'refunded to members', sign: -1 },
  support_returned: { ko: '할인 지원 회수', en: 'support returned to funders', sign: -1 },
  clawed_back: { ko: '정책수당 환수', en: 'stipends clawed back', sign: -1 },
  cashback_returned: { ko: '캐시백 회수', en: 'cashback taken back', sign: -1 },
  expired: { ko: '유효기간 만료', en: 'expired', sign: -1 },
  gift_sent: { ko: '선물 보냄', en: 'gifts sent', sign: -1 },
  gift_accepted: { ko: '선물 받음', en: 'gifts accepted', sign: 1 },
  gift_returned: { ko: '선물 반환', en: 'gifts returned', sign: 1 },
} as const satisfies Record<string, { ko: string; en: string; sign: 1 | -1 }>
export type Flow = keyof typeof flows
export const flowNames = Object.keys(flows) as readonly Flow[] // The table's own keys.

/** What the journal says of a day, summed by everything that reports tell apart. */
export interface LotFlow {
  readonly operationKind: OperationKind
  readonly debitKind: AccountKind
  readonly creditKind: AccountKind
  readonly programId: ProgramId
  readonly lotKind: LotKind
  readonly merchantId: MerchantId | undefined
  readonly outletId: OutletId | undefined
  readonly amountWon: Won
  /** Operations. */
  readonly count: number
}

/** From what an account kind on the other side of a lot says, where it says it alone. */
const intoLot: Partial<Record<AccountKind, Flow>> = {
  operating_fund: 'sold',
  merchant_payable: 'returned_qr',
  card_clearing: 'returned_card',
}
const outOfLot: Partial<Record<AccountKind, Flow>> = {
  merchant_payable: 'used_qr',
  card_clearing: 'used_card',
  breakage: 'expired',
  gift_transit: 'gift_sent',
}
/** And where the kind of operation decides. */
const byOperation: Partial<Record<OperationKind, Partial<Record<AccountKind, Flow>>>> = {
  gift_acceptance: { gift_transit: 'gift_accepted' },
  gift_return: { gift_transit: 'gift_returned' },
  purchase_cancellation: {
    settlement_in_transit: 'purchase_cancelled',
    subsidy_receivable: 'support_returned',
  },
  refund: { settlement_in_transit: 'refunded', subsidy_receivable: 'support_returned' },
  clawback: { subsidy_receivable: 'clawed_back' },
  cashback_return: { subsidy_receivable: 'cashback_returned' },
}
/** What funders paid for, by what came of it. */
const funded: Readonly<Record<LotKind, Flow>> = {
  purchase: 'supported',
  stipend: 'granted',
  cashback: 'cashback',
  gift: 'granted',
}

/** The word for a movement between a lot and another account. */
export function flowOf({
  operationKind,
  debitKind,
  creditKind,
  lotKind,
}: Pick<LotFlow, 'operationKind' | 'debitKind' | 'creditKind' | 'lotKind'>): Flow {
  const isInto = creditKind === 'lot'
  const other = isInto ? debitKind : creditKind
  const flow =
    byOperation[operationKind]?.[other] ??
    (isInto && other === 'subsidy_receivable' ? funded[lotKind] : undefined) ??
    (isInto ? intoLot : outOfLot)[other]
  assert(flow !== undefined, `reports know no ${operationKind} from ${debitKind} to ${creditKind}`)
  return flow
}
