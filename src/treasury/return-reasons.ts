/**
 * Why a bank returns a payout, by the code of its result, and what follows. Banks' own numbers differ; an adapter of a
 * real bank maps them to these.
 */

export const returnSequels = ['retry', 'account'] as const
/** `retry`: tried again on the next business day. `account`: no hope until the account is another. */
export type ReturnSequel = (typeof returnSequels)[number]

export interface ReturnReason {
  readonly ko: string
  readonly en: string
  readonly sequel: ReturnSequel
}

const reason = (sequel: ReturnSequel, ko: string, en: string): ReturnReason => ({ ko, en, sequel })

export const returnReasons: Readonly<Record<string, ReturnReason>> = {
  '0001': reason('account', '해지 계좌', 'account closed'),
  '0002': reason('account', '계좌번호 없음', 'no such account'),
  '0003': reason('account', '예금주명 불일치', 'another holder’s name'),
  '0004': reason('account', '입금 정지 계좌', 'account takes no deposits'),
  '0005': reason('retry', '입금은행 점검', 'receiving bank closed'),
  '0006': reason('retry', '지급 한도 초과', 'limit of the account for a day'),
  '0007': reason('retry', '출금 잔액 부족', 'fund’s account was short'),
  '0099': reason('retry', '기타', 'other'),
}

/** Ours: what could not be written into the bank's file. */
export const NOT_WRITTEN = 'not_written'
export const PARKED_BY_OFFICER = 'officer'

/** A code that nobody knows is looked at by somebody; trying again without knowing why helps nobody. */
export function sequelOf(code: string | undefined): ReturnSequel {
  return (code === undefined ? undefined : returnReasons[code])?.sequel ?? 'account'
}
