/**
 * How long what is personal in records is kept, and when it must be gone (전자금융거래법 §22, 시행령 §12): five years for
 * records of transactions, one year for small ones and for records of approvals; destroyed within five years of the day
 * from which it need not be kept. All periods are the issuer's rules.
 */
import { addYears, type Instant, type Won } from '../base/base.ts'
import type { IssuerRuleValues } from '../issuing/issuing.ts'
import type { MemberRecordKind } from './member-records.ts'

/**
 * - `membership`: who the member is, and what they agreed to: kept as long as any record may need it.
 * - `transaction`: money moved, or somebody asked for it to.
 * - `approval`: what the member was told and what the device was allowed.
 */
export const retentionClasses = ['membership', 'transaction', 'approval'] as const
export type RetentionClass = (typeof retentionClasses)[number]

/** Which class each kind is of; those that hold nothing personal are not in it. */
export const classOfKind = {
  member: 'membership',
  consent: 'membership',
  device: 'approval',
  gift: 'transaction',
  refund_request: 'transaction',
  appeal: 'transaction',
  report: 'transaction',
  notice: 'approval',
  tax_setting: 'transaction',
  confirmation: 'approval',
} as const satisfies Partial<Record<MemberRecordKind, RetentionClass>>
export type ErasableKind = keyof typeof classOfKind

export interface RetentionFacts {
  readonly class: RetentionClass
  /** How much it was about; absent: no amount makes it small. */
  readonly amountWon?: Won
  /** From when the years run: the end of the membership, for with it the relation ends. */
  readonly from: Instant
}

export interface Retention {
  /** It has to be kept before. */
  readonly keepUntil: Instant
  /** It has to be gone then. */
  readonly destroyBy: Instant
  /** The rule by which it is kept so long. */
  readonly rule: 'recordYears' | 'smallRecordYears'
}

export type RetentionRules = Pick<
  IssuerRuleValues,
  'recordYears' | 'smallRecordYears' | 'smallRecordWon' | 'destroyWithinYears'
>

export function retentionOf(facts: RetentionFacts, rules: RetentionRules): Retention {
  const { class: retentionClass, amountWon, from } = facts
  const isSmall = amountWon !== undefined && amountWon <= rules.smallRecordWon
  const isBrief = retentionClass === 'approval' || (retentionClass === 'transaction' && isSmall)
  const rule = isBrief ? 'smallRecordYears' : 'recordYears'
  const keepUntil = addYears(from, rules[rule])
  return { keepUntil, destroyBy: addYears(keepUntil, rules.destroyWithinYears), rule }
}
