/** What the background work is called. A job that is not known here is shown by its own name. */
const ko: Readonly<Record<string, string>> = {
  access_log_erasure: '접속기록 파기',
  case_timers: '예외 기한 알림',
  operator_case_timers: '운영사 예외 기한 알림',
  day_figures: '하루 통계',
  'expiry-notices': '만료 안내',
  'lot-expiry': '만료 처리',
  hand_out_send: '나눠주기',
  hand_out_follow: '나눠주기 확인',
  member_erasure: '탈퇴 회원 파기',
  merchant_settlement: '가맹점 정산',
  merchant_timers: '가맹점 심사 기한',
  program_announcements: '상품권 공지',
  proposal_upkeep: '결재 정리',
  stipend_grant: '정책수당 지급',
  stipend_upkeep: '정책수당 정리',
  stipend_clawback: '정책수당 환수',
  gift_return: '선물 되돌리기',
  refund_payment: '환급금 지급',
  top_ups: '자동충전',
  treasury_arrivals: '은행 명세 받기',
  virtual_accounts: '가상계좌 확인',
}

const en: Readonly<Record<string, string>> = {}

export const jobWords = { ko, en }

/** The name in words, else as it is. */
export function jobName(name: string, words: Readonly<Record<string, string>>): string {
  return words[name] ?? name.replaceAll(/[-_]/g, ' ')
}
