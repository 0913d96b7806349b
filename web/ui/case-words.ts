/** Kinds and stages of exceptions, in words. */
import type { paths } from '../api/schema.ts'

type Dues = paths['/v1/issuers/{issuerCode}/cases/due']['get']['responses'][200]
type Due = Dues['content']['application/json']['items'][number]
export type CaseKind = Due['kind']
export type Category = NonNullable<Due['report']>['category']
export type Stage = NonNullable<Due['report']>['stage']

interface CaseWords {
  readonly kinds: Record<CaseKind, string>
  readonly categories: Record<Category, string>
  readonly stages: Record<Stage, string>
}

const ko: CaseWords = {
  kinds: {
    standin_shortage: '대행승인 잔액 부족',
    advice_mismatch: '내용이 다른 통보',
    completion_unknown: '모르는 승인의 매입',
    reversal_late: '늦은 망취소',
    wallet_not_found: '지갑을 찾지 못함',
    clearing_missing_here: '카드사에만 있는 거래',
    clearing_missing_there: '원장에만 있는 거래',
    clearing_amount_differs: '금액이 다른 거래',
    settlement_account_missing: '정산계좌 없음',
    hold_expired: '기한이 지난 승인',
    conversion_overdue: '늦은 사후전환',
    stop_unconfirmed: '확인되지 않은 중단',
    merchant_decision_due: '가맹점 심사 기한',
    merchant_decision_overdue: '가맹점 심사 지연',
    merchant_revenue_overdue: '가맹점 매출 확인 지연',
    error_report: '오류정정 신청',
    dispute: '분쟁',
    appeal_overdue: '이의신청 지연',
    cashback_missing: '회수하지 못한 캐시백',
    deposit_unreturned: '돌려주지 못한 입금',
    deposit_contradicted: '은행과 다른 입금',
    payout_parked: '보류된 지급',
    payout_silent: '답이 없는 지급',
    payout_contradicted: '은행과 다른 지급',
    fund_missing_at_bank: '은행에 없는 내역',
    fund_missing_in_ledger: '원장에 없는 내역',
    fund_amount_differs: '금액이 다른 내역',
    fund_twice: '두 번 나온 내역',
    fund_unexplained: '설명되지 않은 내역',
    fund_short: '운영자금 부족',
    statement_late: '늦은 은행 명세',
  },
  categories: {
    payment: '결제',
    cancellation: '취소',
    card: '카드',
    account: '계좌',
    purchase: '구매',
    refund: '환급',
    stipend: '정책수당',
    settlement: '정산',
    merchant_conduct: '가맹점 행위',
    registration: '가맹점 등록',
    other: '그 밖',
  },
  stages: {
    opened: '접수',
    assigned: '담당 지정',
    asked: '추가 확인 요청',
    answered: '답변 도착',
    resolved: '결과 통지',
    escalated: '이의 제기',
  },
}

const en: CaseWords = {
  kinds: {
    standin_shortage: 'Stand-in found too little',
    advice_mismatch: 'Advice with other contents',
    completion_unknown: 'Completion of nothing known',
    reversal_late: 'Late reversal',
    wallet_not_found: 'Wallet not found',
    clearing_missing_here: 'Only the card company has it',
    clearing_missing_there: 'Only the ledger has it',
    clearing_amount_differs: 'Amounts differ',
    settlement_account_missing: 'No settlement account',
    hold_expired: 'Hold expired',
    conversion_overdue: 'Late conversion',
    stop_unconfirmed: 'Unconfirmed stop',
    merchant_decision_due: 'Merchant decision due',
    merchant_decision_overdue: 'Merchant decision late',
    merchant_revenue_overdue: 'Merchant revenue unknown',
    error_report: 'Error report',
    dispute: 'Dispute',
    appeal_overdue: 'Late appeal',
    cashback_missing: 'Cashback not recovered',
    deposit_unreturned: 'Deposit not returned',
    deposit_contradicted: 'Deposit contradicted',
    payout_parked: 'Payout parked',
    payout_silent: 'Payout without an answer',
    payout_contradicted: 'Payout contradicted',
    fund_missing_at_bank: 'Not at the bank',
    fund_missing_in_ledger: 'Not in the ledger',
    fund_amount_differs: 'Fund amounts differ',
    fund_twice: 'Seen twice',
    fund_unexplained: 'Unexplained',
    fund_short: 'Fund is short',
    statement_late: 'Statement is late',
  },
  categories: {
    payment: 'Payment',
    cancellation: 'Cancellation',
    card: 'Card',
    account: 'Account',
    purchase: 'Purchase',
    refund: 'Refund',
    stipend: 'Stipend',
    settlement: 'Settlement',
    merchant_conduct: 'Conduct of a merchant',
    registration: 'Registration',
    other: 'Other',
  },
  stages: {
    opened: 'Opened',
    assigned: 'Assigned',
    asked: 'Asked',
    answered: 'Answered',
    resolved: 'Resolved',
    escalated: 'Contested',
  },
}

export const caseWords = { ko, en }
