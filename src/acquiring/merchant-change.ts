/** One change in the life of a merchant: an event with its facts gives the next life, or says why not. */
import {
  addYears,
  businessDate,
  endOfDaysAfter,
  startOfBusinessDate,
  unreachable,
  type Instant,
} from '../base/base.ts'
import {
  beginLife,
  renewalWindow,
  type LifeRules,
  type MerchantChange,
  type MerchantLife,
  type Suspension,
} from './merchant-life.ts'
import { nextMerchantStep, type MerchantAction } from './merchant-machine.ts'
import { barEndsAt } from './re-registration-bar.ts'
import { withRevenue } from './revenue-history.ts'

/** Why a change is refused beside what the table says, each with the instant it is about. */
export const lifeRefusals = [
  'not_allowed',
  'too_early',
  'too_late',
  'no_validity',
  'bar_not_halved',
  'end_passed',
] as const
export type LifeRefusal = (typeof lifeRefusals)[number]

export type LifeChange =
  | { readonly status: 'changed'; readonly life: MerchantLife; readonly action: MerchantAction }
  /** Already so. */
  | { readonly status: 'unchanged' }
  | { readonly status: 'refused'; readonly reason: LifeRefusal; readonly at?: Instant }

export function changeLife(
  life: MerchantLife,
  change: MerchantChange,
  rules: LifeRules,
  now: Instant,
): LifeChange {
  const { state, action } = nextMerchantStep(life.state, change.event)
  if (action === 'nothing') return { status: 'unchanged' }
  if (action === 'not_allowed') return { status: 'refused', reason: 'not_allowed' }
  const refusal = refusalOf(life, change, rules, now)
  if (refusal === 'unchanged') return { status: 'unchanged' }
  if (refusal !== undefined) return { status: 'refused', ...refusal }
  const next = { ...takeChange(life, change, rules, now), state }
  return { status: 'changed', life: next, action }
}

type Refusal = { readonly reason: LifeRefusal; readonly at?: Instant }

/** What stands against a change that the table allows. */
function refusalOf(
  life: MerchantLife,
  change: MerchantChange,
  rules: LifeRules,
  now: Instant,
): Refusal | 'unchanged' | undefined {
  switch (change.event) {
    case 'suspend':
      if (change.until !== null && change.until <= now) return { reason: 'end_passed' }
      return isSameSuspension(life.suspension, change) ? 'unchanged' : undefined
    case 'lift_suspension':
      return life.suspension === null ? 'unchanged' : undefined
    case 'object':
      return atOrAfter(now, life.cancellation?.objectUntil, 'too_late')
    case 'cancel':
      if (change.halved && !rules.barMayBeHalved) return { reason: 'bar_not_halved' }
      // Whoever has objected has been heard.
      return life.state === 'objected'
        ? undefined
        : before(now, life.cancellation?.objectUntil, 'too_early')
    case 'renew': {
      if (life.validUntil === null) return { reason: 'no_validity' }
      const { opensAt, closesAt } = renewalWindow(life.validUntil, rules)
      return before(now, opensAt, 'too_early') ?? atOrAfter(now, closesAt, 'too_late')
    }
    case 'lapse':
      return life.validUntil === null ? 'unchanged' : before(now, life.validUntil, 'too_early')
    default:
      return undefined
  }
}

function before(now: Instant, at: Instant | undefined, reason: LifeRefusal): Refusal | undefined {
  return at !== undefined && now < at ? { reason, at } : undefined
}

function atOrAfter(
  now: Instant,
  at: Instant | undefined,
  reason: LifeRefusal,
): Refusal | undefined {
  return at !== undefined && now >= at ? { reason, at } : undefined
}

function isSameSuspension(
  known: Suspension | null,
  wanted: { readonly words: string; readonly until: Instant | null },
): boolean {
  return known !== null && known.reason === wanted.words && known.until === wanted.until
}

/** What is about the decision that is over. */
const decided = {
  decideBy: null,
  stoppedAt: null,
  askedAt: null,
  answerBy: null,
  documentsAsked: [],
  rung: [],
} as const satisfies Partial<MerchantLife>

function takeChange(
  life: MerchantLife,
  change: MerchantChange,
  rules: LifeRules,
  now: Instant,
): Omit<MerchantLife, 'state'> {
  switch (change.event) {
    case 'apply': {
      const { revenue, takenOver } = change
      const begun = beginLife(
        rules,
        now,
        takenOver === undefined ? { revenue } : { revenue, takenOver },
      )
      return { ...begun, round: life.round + 1, revenues: withRevenue(life.revenues, revenue) }
    }
    case 'ask_documents':
      return {
        ...life,
        words: change.words,
        documentsAsked: change.documents,
        askedAt: now,
        answerBy: endOfDaysAfter(now, rules.documentsAnswerDays),
        stoppedAt: rules.documentsStopClock ? (life.stoppedAt ?? now) : null,
        rung: life.rung.filter((timer) => timer !== 'documents_overdue'),
      }
    case 'complete_documents':
      return { ...life, ...resumed(life, now) }
    case 'approve':
      return {
        ...life,
        ...decided,
        words: null,
        registeredAt: now,
        suspension: null,
        cancellation: null,
        validUntil: validityFrom(rules, now),
      }
    case 'suspend':
      return { ...life, suspension: { reason: change.words, from: now, until: change.until } }
    case 'lift_suspension':
      return { ...life, suspension: null }
    case 'renew':
      return {
        ...life,
        validUntil:
          life.validUntil === null || rules.registrationYears === null
            ? null
            : addYears(life.validUntil, rules.registrationYears),
        rung: life.rung.filter((timer) => timer !== 'renewal_open'),
      }
    case 'lapse':
      return { ...life, ...decided, endedAt: now, suspension: null }
    case 'refuse':
    case 'close':
    case 'strike_off':
      return { ...life, ...decided, words: change.words, endedAt: now, suspension: null }
    case 'withdraw_cancellation':
      return { ...life, ...decided, words: change.words, cancellation: null }
    case 'notice_cancellation':
    case 'object':
    case 'cancel':
      return takeCancellation(life, change, rules, now)
    default:
      return unreachable(change)
  }
}

function takeCancellation(
  life: MerchantLife,
  change: Extract<MerchantChange, { event: 'notice_cancellation' | 'object' | 'cancel' }>,
  rules: LifeRules,
  now: Instant,
): Omit<MerchantLife, 'state'> {
  const { cancellation } = life
  switch (change.event) {
    case 'notice_cancellation':
      return {
        ...life,
        cancellation: {
          reason: change.reason,
          words: change.words,
          noticedAt: now,
          objectUntil: endOfDaysAfter(now, rules.objectionDays),
          objection: null,
          objectedAt: null,
          cancelledAt: null,
          barredUntil: null,
        },
      }
    case 'object':
      return {
        ...life,
        ...decided,
        decideBy: endOfDaysAfter(now, rules.objectionDecisionDays),
        cancellation: cancellation && { ...cancellation, objection: change.words, objectedAt: now },
      }
    default: {
      const { words, halved } = change
      return {
        ...life,
        ...decided,
        words,
        endedAt: now,
        suspension: null,
        cancellation: cancellation && {
          ...cancellation,
          cancelledAt: now,
          barredUntil: barEndsAt(rules, { reason: cancellation.reason, from: now, halved }),
        },
      }
    }
  }
}

/** The days that rested are added to the end of those of the decision. */
function resumed(
  { decideBy, stoppedAt }: Pick<MerchantLife, 'decideBy' | 'stoppedAt'>,
  now: Instant,
): Partial<MerchantLife> {
  const rested = stoppedAt === null ? 0 : now - stoppedAt
  return {
    decideBy: decideBy === null ? null : decideBy + rested,
    stoppedAt: null,
    askedAt: null,
    answerBy: null,
    documentsAsked: [],
  }
}

/** Whole years to the end of the Korean day before. */
function validityFrom(rules: Pick<LifeRules, 'registrationYears'>, now: Instant): Instant | null {
  if (rules.registrationYears === null) return null
  return addYears(startOfBusinessDate(businessDate(now)), rules.registrationYears)
}
