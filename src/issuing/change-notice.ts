/** How long before a change members are told, and what they may ask back until then. */
import { addMonths, endOfDaysAfter, type Instant } from '../base/base.ts'
import type { FullRefundGround } from './full-refund-ground.ts'
import type { IssuerRuleValues } from './issuer-rules.ts'
import type { Abolition } from './program-conditions.ts'
import type { ProgramTerms } from './program-terms.ts'
import type { TermsDifference } from './terms-changes.ts'

type NoticeRules = Pick<
  IssuerRuleValues,
  'adverseNoticeDays' | 'contractAreas' | 'contractNoticeMonths'
>

/** What is asked of a change; `null`: not asked. */
export interface NoticeDemand {
  /** 전금법 §36의2: with a right to a full refund until the change takes effect. */
  readonly adverseDays: number | null
  /** 전금법 §24. */
  readonly contractMonths: number | null
  /** The first instant at which the change may take effect, were it announced now; `null`: at any. */
  readonly earliestAt: Instant | null
}

export function noticeDemand(
  differences: readonly TermsDifference[],
  rules: NoticeRules,
  announcedAt: Instant,
): NoticeDemand {
  const isAdverse = differences.some((difference) => difference.isAdverse)
  const isOfContract = differences.some(({ field }) => rules.contractAreas.includes(field.area))
  const adverseDays = isAdverse ? rules.adverseNoticeDays : null
  const contractMonths = isOfContract ? rules.contractNoticeMonths : null
  const dates = [
    ...(adverseDays === null ? [] : [afterDays(announcedAt, adverseDays)]),
    ...(contractMonths === null ? [] : [afterMonths(announcedAt, contractMonths)]),
  ]
  const earliestAt = dates.length === 0 ? null : Math.max(...dates)
  return { adverseDays, contractMonths, earliestAt }
}

/** The first day is not counted (민법 §157): what is announced on the 1st with seven days takes effect on the 9th. */
export function afterDays(announcedAt: Instant, days: number): Instant {
  return endOfDaysAfter(announcedAt, days)
}

/** Announced on 15 January with two months: from 16 March. */
export function afterMonths(announcedAt: Instant, months: number): Instant {
  return endOfDaysAfter(addMonths(announcedAt, months), 0)
}

/**
 * True while whoever held a lot before an adverse change was announced may have all of it back: 전금법 §36의2, §19②.
 * @param terms every version of the program's terms
 */
export function adverseChangeRefundOpen(
  terms: readonly Pick<ProgramTerms, 'adverseAnnouncedAt' | 'effectiveFrom'>[],
  lotIssuedAt: Instant,
  now: Instant,
): boolean {
  return terms.some(
    ({ adverseAnnouncedAt, effectiveFrom }) =>
      adverseAnnouncedAt !== null &&
      lotIssuedAt < adverseAnnouncedAt &&
      now >= adverseAnnouncedAt &&
      now < effectiveFrom,
  )
}

/** Why a lot may be paid back in full now, however much of it was used; `undefined`: for neither reason. */
export function announcedRefundGround(
  program: {
    readonly terms: readonly Pick<ProgramTerms, 'adverseAnnouncedAt' | 'effectiveFrom'>[]
    readonly abolition?: Abolition | null
  },
  lotIssuedAt: Instant,
  now: Instant,
): Extract<FullRefundGround, 'abolition' | 'adverse_change'> | undefined {
  const { abolition = null } = program
  // Once a program ends nobody can spend what is left, so this ground stays.
  if (abolition !== null && now >= abolition.announcedAt) return 'abolition'
  return adverseChangeRefundOpen(program.terms, lotIssuedAt, now) ? 'adverse_change' : undefined
}
