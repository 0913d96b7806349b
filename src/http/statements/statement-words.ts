/** How a statement says things, in Korean: it is a paper for shops and their book-keepers. */
import { weekdayOf, type BusinessDate, type Instant } from '../../base/base.ts'
import type { PayoutAccount } from '../../ledger/ledger.ts'
import type { HeldReason, StatementRow, StatementState } from '../../settlement/settlement.ts'
import type { Words } from '../door.ts'
import { koreanTime } from '../routes/views.ts'

export const stateWords = {
  carried: { ko: '이월', en: 'Carried on' },
  held: { ko: '지급보류', en: 'Held back' },
  due: { ko: '지급예정', en: 'Due' },
  sent: { ko: '은행요청', en: 'Told to the bank' },
  paid: { ko: '지급완료', en: 'Paid' },
  returned: { ko: '은행반송', en: 'Returned by the bank' },
  parked: { ko: '확인중', en: 'Being looked at' },
} as const satisfies Record<StatementState, Words>

export const heldWords = {
  suspended: { ko: '가맹점 정지', en: 'The merchant is suspended' },
  account_missing: { ko: '정산계좌 미등록', en: 'No account is registered' },
  agent_not_named: { ko: '환전대행 미지정', en: 'The agent may not redeem for this merchant' },
  agent_account_missing: { ko: '환전대행 계좌 미등록', en: 'The agent has no account' },
} as const satisfies Record<HeldReason, Words>

/** `이월`, or `지급보류 (가맹점 정지)`. */
export function stateText({ state, reason }: Pick<StatementRow, 'state' | 'reason'>): string {
  const { ko } = stateWords[state]
  return reason === undefined ? ko : `${ko} (${heldWords[reason].ko})`
}

const shortReasons = {
  suspended: '정지',
  account_missing: '계좌 없음',
  agent_not_named: '대행 미지정',
  agent_account_missing: '대행계좌 없음',
} as const satisfies Record<HeldReason, string>

/** The same for a narrow column: `보류 · 계좌 없음`. */
export function shortStateText({ state, reason }: Pick<StatementRow, 'state' | 'reason'>): string {
  return reason === undefined ? stateWords[state].ko : `보류 · ${shortReasons[reason]}`
}

/** The last four digits and nothing else of a number. */
export function maskedAccount(account: PayoutAccount): string {
  const { bankCode, accountNumber } = account
  const hidden = '*'.repeat(Math.max(0, accountNumber.length - 4))
  return `${bankCode} ${hidden}${accountNumber.slice(-4)}`
}

/** `1234567890` → `123-45-67890`. */
export function businessNumberText(tenDigits: string): string {
  return `${tenDigits.slice(0, 3)}-${tenDigits.slice(3, 5)}-${tenDigits.slice(5)}`
}

/** `2026-12-01` → `2026. 12. 1. (화)`. */
export function dayText(day: BusinessDate): string {
  const [year, month, date] = day.split('-').map(Number)
  const weekday = '일월화수목금토'[weekdayOf(day)]!
  return `${year}. ${month}. ${date}. (${weekday})`
}

/** `2026-12-01 09:30`: when a statement was made. */
export function madeText(at: Instant): string {
  return koreanTime(at).slice(0, 16)
}

export function wonText(amountWon: number): string {
  return amountWon.toLocaleString('ko-KR')
}
